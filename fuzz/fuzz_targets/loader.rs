//! One pipeline of a sound project is whatever the fuzzer says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ml_connector::project::mistake;
use ml_connector::project::render::{self, Colour};
use ml_connector::run::{lint, stories};

fuzz_target!(|bytes: &[u8]| {
    let Ok(folder) = tempfile::tempdir() else { return };
    for (path, text) in mistake::sound() {
        let path = folder.path().join(path);
        let _ = path.parent().map(std::fs::create_dir_all);
        let _ = std::fs::write(path, text);
    }
    // The first byte says which file it is.
    let Some((which, bytes)) = bytes.split_first() else { return };
    let paths = ["pipelines/payroll-journal.yaml", "project.yaml", "tests/story.yaml", "scripts/check.rhai"];
    let path = folder.path().join(paths[usize::from(*which) % paths.len()]);
    let _ = path.parent().map(std::fs::create_dir_all);
    let _ = std::fs::write(path, bytes);
    let linted = lint::lint(folder.path(), None);
    let _ = render::human(&linted.findings, &linted.sources, Colour::Never);
    let _ = linted.generation.as_ref().map(|generation| stories::tell(generation, None));
});
