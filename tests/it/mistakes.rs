//! The corpus of mistakes: each gives one or two findings, at its place, with its remedy, and never a cascade.
//!
//! `ML_CONNECTOR_UPDATE=1 cargo test --test it mistakes` writes what lint shows into the corpus, to be read in the diff.

use ml_connector::project::codes;
use ml_connector::project::desk::Desk;
use ml_connector::project::mistake::{self, Mistake};
use ml_connector::project::render::{self, Colour};
use ml_connector::run::lint;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

fn corpus() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mistakes"))
}

fn lint(mistake: &Mistake) -> String {
    let folder = tempfile::tempdir().unwrap();
    mistake.write(folder.path()).unwrap();
    shown(folder.path())
}

/// What `lint` shows, mistakes of the dialect among it.
fn shown(folder: &Path) -> String {
    let linted = lint::lint(folder, None);
    render::human(&linted.findings, &linted.sources, Colour::Never)
}

#[test]
fn every_mistake_gives_its_finding_and_no_other() {
    let update = std::env::var_os("ML_CONNECTOR_UPDATE").is_some();
    let mistakes = mistake::all().unwrap();
    assert!(mistakes.len() >= 200, "{} mistakes", mistakes.len());
    let mut wrong = Vec::new();
    for mistake in &mistakes {
        let shown = lint(mistake);
        let findings = shown.lines().filter(|line| line.starts_with("error[") || line.starts_with("warning[")).count();
        if !(1..=2).contains(&findings) {
            wrong.push(format!("{} gives {findings} findings:\n{shown}", mistake.path));
        } else if update && shown.trim() != mistake.screen {
            let path = corpus().join(&mistake.path);
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, format!("{}\n{}\n", Mistake::head(&text).unwrap(), shown.trim())).unwrap();
        } else if shown.trim() != mistake.screen {
            wrong.push(format!("{} is told otherwise:\n{shown}", mistake.path));
        }
    }
    assert!(wrong.is_empty(), "{} of {} mistakes:\n{}", wrong.len(), mistakes.len(), wrong.join("\n"));
}

/// One desk for all of them, and no file on the disk: what an editor holds is found the same, whatever was there before.
#[test]
fn a_mistake_that_nobody_saved_is_told_as_a_saved_one() {
    let (nothing, mut desk) = (tempfile::tempdir().unwrap(), Desk::default());
    for mistake in mistake::all().unwrap() {
        let saved = tempfile::tempdir().unwrap();
        mistake.write(saved.path()).unwrap();
        desk.unsaved = mistake.files.iter().map(|(path, text)| (path.clone(), Arc::from(text.as_str()))).collect();
        // The second time with everything that can be used again.
        for _ in 0..2 {
            let unsaved = lint::lint_with(nothing.path(), None, &mut desk);
            assert_eq!(unsaved.findings, lint::lint(saved.path(), None).findings, "{}", mistake.path);
        }
    }
}

#[test]
fn the_project_that_mistakes_are_made_in_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let sound = Mistake { files: mistake::sound(), ..mistake::all().unwrap().remove(0) };
    sound.write(folder.path()).unwrap();
    assert_eq!(shown(folder.path()), "no findings\n");
}

/// A code without a mistake that gives it is a code of which nobody knows that it can be found.
#[test]
fn every_code_has_its_mistake() {
    let mistakes = mistake::all().unwrap();
    let all = codes::of_lint();
    let without: BTreeSet<&str> =
        all.iter().map(|code| code.code).filter(|code| !mistakes.iter().any(|mistake| mistake.gives(code))).collect();
    for mistake in &mistakes {
        for secret in ["0123456789abcdef", "p4ss w0rd", "me:secret@"] {
            assert!(!mistake.screen.contains(secret), "{} shows a secret", mistake.path);
        }
    }
    // Bytes that no text can hold, and what the dialect lacks: tests of their own.
    let elsewhere = ["cannot-reverse", "file-too-large", "not-utf-8", "too-many-files", "yaml-too-deep"].into();
    assert_eq!(without, elsewhere);
}
