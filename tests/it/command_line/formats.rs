//! Colour, JSON, completions and the manual.

use crate::meadow::{Meadow, RUN, program, ran};
use serde_json::Value;

#[test]
fn nothing_is_coloured_where_nobody_looks_or_nobody_wants_it() {
    let meadow = Meadow::open();
    for arguments in [&["lint"][..], &["plan", "--pipeline", "payroll-journal"], &["status"], &["plan"]] {
        let piped = meadow.ran(arguments);
        assert!(!piped.all().contains('\u{1b}'), "{arguments:?}: {piped:?}");
        let always = meadow.ran(&[arguments, &["--color", "always"]].concat());
        assert!(always.all().contains('\u{1b}'), "{arguments:?}: {always:?}");
        let no_color = meadow.ran_with(arguments, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "0")]);
        assert!(!no_color.all().contains('\u{1b}'), "{arguments:?}: {no_color:?}");
    }
}

#[test]
fn json_is_json_and_nothing_else_on_stdout() {
    let meadow = Meadow::open();
    let choice = ["--pipeline", "payroll-journal", "--for", "2013-11"];
    let with_choice = |command: &'static str| [&[command][..], &choice].concat();
    let commands: Vec<Vec<&str>> = vec![
        vec!["lint"],
        vec!["test"],
        with_choice("observe"),
        with_choice("plan"),
        RUN.to_vec(),
        vec!["held"],
        with_choice("approve"),
        with_choice("send"),
        RUN.to_vec(),
        vec!["explain", "80000001"],
        with_choice("replay"),
        vec!["status"],
        vec!["audit"],
    ];
    for arguments in commands {
        let ran = meadow.ran(&[&arguments[..], &["--format", "json"]].concat());
        let parsed: Result<Value, _> = serde_json::from_str(&ran.out);
        assert!(parsed.is_ok(), "{arguments:?}: {ran:?}");
    }
    meadow.assert_sent_once("all in JSON");
    // A broken project is JSON too.
    meadow.edit("pipelines/payroll-journal.yaml", "one_per: period", "one_per: colour");
    let findings = meadow.json(&["lint"]);
    assert_eq!(findings[0]["code"], "unknown-name", "{findings}");
}

#[test]
fn schemas_are_printed_as_they_lie_in_the_repository() {
    let kinds = ran(program(&["schema"])).out;
    assert!(kinds.lines().count() >= 7, "{kinds}");
    for kind in kinds.lines() {
        let printed = ran(program(&["schema", kind]));
        let path = format!("{}/schemas/{kind}.schema.json", env!("CARGO_MANIFEST_DIR"));
        assert_eq!(printed.out.trim_end(), std::fs::read_to_string(path).unwrap().trim_end(), "{kind}");
    }
}

#[test]
fn completions_and_the_manual_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = ran(program(&["completions", shell]));
        assert!(script.code == 0 && script.out.contains("ml-connector") && script.out.contains("approve"), "{shell}");
    }
    let page = ran(program(&["man"]));
    assert!(page.code == 0 && page.out.contains(".TH ml-connector 1"), "{}", page.out);
    let folder = tempfile::tempdir().unwrap();
    let written = ran(program(&["man", "--folder", folder.path().to_str().unwrap()]));
    assert_eq!(written.code, 0, "{written:?}");
    assert!(folder.path().join("ml-connector-approve.1").is_file());
}

#[test]
fn the_version_is_told() {
    assert_eq!(ran(program(&["--version"])).out, format!("ml-connector {}\n", env!("CARGO_PKG_VERSION")));
}
