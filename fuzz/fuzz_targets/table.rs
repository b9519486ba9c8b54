//! A table of a sound project as CSV, YAML or XLSX: whatever the fuzzer says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ml_connector::project::Generation;
use ml_connector::project::mistake;

fuzz_target!(|bytes: &[u8]| {
    let Ok(folder) = tempfile::tempdir() else { return };
    for (path, text) in mistake::sound().into_iter().filter(|(path, _)| !path.starts_with("tables/")) {
        let path = folder.path().join(path);
        let _ = path.parent().map(std::fs::create_dir_all);
        let _ = std::fs::write(path, text);
    }
    let Some((which, bytes)) = bytes.split_first() else { return };
    let ending = ["csv", "yaml", "xlsx"][usize::from(*which) % 3];
    let _ = std::fs::create_dir_all(folder.path().join("tables"));
    let _ = std::fs::write(folder.path().join(format!("tables/cost-centres.{ending}")), bytes);
    let _ = Generation::load(folder.path(), None);
});
