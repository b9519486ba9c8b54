//! A generation that was loaded with what the one before left is the one that is loaded without.

use super::folder::Folder;
use crate::random::Random;
use ml_connector::project::Generation;
use ml_connector::project::mistake;
use ml_connector::project::reuse::Reuse;

/// Everything that a load gives, compiled terms and the tables' rows among it.
fn shown(reuse: Option<&mut Reuse>, folder: &std::path::Path) -> String {
    let loaded = match reuse {
        Some(reuse) => Generation::load_reusing(folder, None, reuse),
        None => Generation::load(folder, None),
    };
    match loaded {
        Ok(generation) => format!("{generation:#?}"),
        Err(broken) => format!("{broken:#?}"),
    }
}

#[test]
fn reuse_changes_nothing_whatever_was_loaded_before() {
    let mut random = Random::of("ML_CONNECTOR_RELOAD_SEED", 7);
    let mut reuse = Reuse::default();
    let mut folder = Folder::new();
    for _ in 0..60 {
        match random.below(4) {
            0 => folder.breaks(&mut random),
            _ => {
                let state = folder.next_state(&mut random);
                folder.write_all(&state);
            }
        }
        assert_eq!(shown(Some(&mut reuse), folder.path()), shown(None, folder.path()));
    }
}

/// One mistake after the other over the same cache: tables are declared, moved, renamed and broken in many ways there.
#[test]
fn reuse_changes_nothing_from_mistake_to_mistake() {
    let mut reuse = Reuse::default();
    for mistake in mistake::all().unwrap() {
        let folder = tempfile::tempdir().unwrap();
        mistake.write(folder.path()).unwrap();
        let (reused, fresh) = (shown(Some(&mut reuse), folder.path()), shown(None, folder.path()));
        assert!(reused == fresh, "{}:\n{reused}\nis not\n{fresh}", mistake.path);
    }
}
