//! Rules of the house that a compiler does not know: arrows between rooms, files that stay small, docs that name every code.

use ml_connector::plan::hold::HoldCode;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Which rooms a room may use. `clock`, `signature`, `sheet` and `vault` are leaves.
const MAY_USE: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("signature", &[]),
    ("sheet", &[]),
    ("vault", &[]),
    ("hr", &[]),
    ("ledger", &[]),
    ("project", &["hr", "ledger", "sheet", "vault"]),
    ("plan", &["hr", "ledger", "project"]),
    ("bamboohr", &["hr", "ledger", "project", "plan", "clock", "signature"]),
    ("register", &["hr", "ledger", "project", "plan", "sheet"]),
    ("gp", &["hr", "ledger", "project", "plan", "clock"]),
    ("store", &["hr", "ledger", "project", "plan", "vault"]),
    ("sandbox", &["hr", "ledger", "project", "plan", "clock", "signature"]),
    ("run", &["hr", "ledger", "project", "plan", "clock", "sheet", "bamboohr", "register", "gp", "store", "vault"]),
    ("service", &["hr", "project", "plan", "clock", "bamboohr", "gp", "store", "vault", "run"]),
    ("lsp", &["ledger", "project", "gp", "run"]),
    (
        "cli",
        &[
            "hr", "ledger", "project", "plan", "clock", "bamboohr", "register", "gp", "store", "sandbox", "run",
            "service", "lsp", "vault",
        ],
    ),
];

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The rooms that a file names as `crate::room`.
fn rooms_named(text: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        if text[line_start..at].trim_start().starts_with("//") {
            continue;
        }
        let room: String =
            text[at + "crate::".len()..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
        if MAY_USE.iter().any(|(known, _)| *known == room) {
            named.insert(room);
        }
    }
    named
}

#[test]
fn arrows_point_down_only() {
    let src = Path::new(ROOT).join("src");
    let mut wrong = Vec::new();
    for file in source_files(&src) {
        let relative = file.strip_prefix(&src).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let room = first.trim_end_matches(".rs");
        let Some((_, may_use)) = MAY_USE.iter().find(|(known, _)| *known == room) else {
            assert!(matches!(room, "lib" | "main"), "{room} is a room without a rule: add it to MAY_USE");
            continue;
        };
        for named in rooms_named(&fs::read_to_string(&file).unwrap()) {
            if named != room && !may_use.contains(&named.as_str()) {
                wrong.push(format!("{} uses {named}", relative.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that point up or across:\n{}", wrong.join("\n"));
}

#[test]
fn a_file_stays_small_enough_to_read() {
    let mut long = Vec::new();
    for file in source_files(&Path::new(ROOT).join("src")) {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        if lines > 500 {
            long.push(format!("{} has {lines} lines", file.strip_prefix(ROOT).unwrap().display()));
        }
    }
    assert!(long.is_empty(), "one idea a file, please:\n{}", long.join("\n"));
}

#[test]
fn the_core_awaits_nothing_and_reads_nothing() {
    let src = Path::new(ROOT).join("src");
    let mut wrong = Vec::new();
    for room in ["hr", "ledger", "plan"] {
        for file in source_files(&src.join(room)) {
            let text = fs::read_to_string(&file).unwrap();
            for forbidden in ["async ", ".await", "std::fs", "std::net", "std::env", "tokio", "reqwest", "rusqlite"] {
                if text.contains(forbidden) {
                    wrong.push(format!("{} has `{forbidden}`", file.strip_prefix(ROOT).unwrap().display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn docs_name_every_hold_with_its_remedy() {
    let page = fs::read_to_string(Path::new(ROOT).join("docs/holds.md")).unwrap();
    let missing: Vec<&str> =
        HoldCode::ALL.iter().map(|code| code.code()).filter(|code| !page.contains(&format!("`{code}`"))).collect();
    assert!(missing.is_empty(), "docs/holds.md does not name {}", missing.join(", "));
}

/// Warning codes are plain texts in the code, so they are found there.
#[test]
fn docs_name_every_warning() {
    let page = fs::read_to_string(Path::new(ROOT).join("docs/holds.md")).unwrap();
    let mut missing = BTreeSet::new();
    for room in ["plan", "run", "bamboohr", "gp"] {
        for file in source_files(&Path::new(ROOT).join("src").join(room)) {
            let text = fs::read_to_string(&file).unwrap();
            for (at, key) in text.match_indices("code: \"") {
                let code: String = text[at + key.len()..].chars().take_while(|c| *c != '"').collect();
                if !page.contains(&format!("`{code}`")) {
                    missing.insert(code);
                }
            }
        }
    }
    assert!(missing.is_empty(), "docs/holds.md does not name {missing:?}");
}

/// Schemas are snapshots of the Rust types: stale is red, `ML_CONNECTOR_UPDATE=1` writes them.
#[test]
fn schemas_are_fresh() {
    let folder = Path::new(ROOT).join("schemas");
    let update = std::env::var_os("ML_CONNECTOR_UPDATE").is_some();
    let mut stale = Vec::new();
    for (kind, text) in ml_connector::cli::schema::all() {
        let path = folder.join(format!("{kind}.schema.json"));
        if update {
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            stale.push(kind);
        }
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run the tests once with ML_CONNECTOR_UPDATE=1 and look at the difference"
    );
}
