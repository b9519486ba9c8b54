//! What machines read of lint and of the stories, and what `--fix` writes.

use crate::meadow::{Ran, program, ran};
use ml_connector::project::mistake::{self, Mistake};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn mistake(path: &str) -> (tempfile::TempDir, Mistake) {
    let mistake = mistake::all().unwrap().into_iter().find(|mistake| mistake.path == path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    mistake.write(&folder.path().join("pro ject")).unwrap();
    (folder, mistake)
}

fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = program(arguments);
    command.current_dir(folder);
    ran(command)
}

fn lint(folder: &Path, arguments: &[&str]) -> Ran {
    run_in(folder, &[&["lint", "-C", "pro ject"], arguments].concat())
}

fn sarif_schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contracts/sarif-2.1.0.schema.json");
    let mut schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    // The published pattern of a run's language closes a bracket that it never opens; we write no language.
    for part in ["run", "toolComponent"] {
        schema["definitions"][part]["properties"]["language"].as_object_mut().unwrap().remove("pattern");
    }
    jsonschema::validator_for(&schema).unwrap()
}

/// Every mistake of the corpus, and no mistake at all, is a SARIF log that the standard's own schema accepts.
#[test]
fn sarif_is_what_the_standard_says() {
    let schema = sarif_schema();
    let mut findings = Vec::new();
    for mistake in mistake::all().unwrap() {
        let folder = tempfile::tempdir().unwrap();
        mistake.write(folder.path()).unwrap();
        findings.extend(ml_connector::run::lint::lint(folder.path(), None).findings);
    }
    for findings in [&findings[..], &[]] {
        let log: Value = serde_json::from_str(&ml_connector::project::render::sarif(findings, "a b/é")).unwrap();
        let wrong: Vec<String> = schema.iter_errors(&log).map(|error| error.to_string()).take(5).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), findings.len());
    }
    let mut broken: Value = serde_json::from_str(&ml_connector::project::render::sarif(&findings, "")).unwrap();
    broken["runs"][0]["results"][0]["level"] = Value::from("fatal");
    assert!(!schema.is_valid(&broken), "the schema refuses something");
}

#[test]
fn reports_name_files_from_where_the_command_was_started() {
    let (folder, _) = mistake("slips-of-consultants/checks-in-the-plural.txt");
    let sarif: Value = serde_json::from_str(&lint(folder.path(), &["--format", "sarif"]).out).unwrap();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "pro%20ject/pipelines/payroll-journal.yaml");
    assert_eq!(place["region"], serde_json::json!({ "startLine": 24, "startColumn": 1, "endColumn": 7 }));
    let replacement = &sarif["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "check");
    let github = lint(folder.path(), &["--format", "github"]);
    github.assert(1, &[]);
    assert_eq!(
        github.out,
        "::error file=pro ject/pipelines/payroll-journal.yaml,line=24,col=1,endColumn=7,title=unknown-key::there is no key \
         `checks`: did you mean `check`?\n"
    );
    let gitlab: Value = serde_json::from_str(&lint(folder.path(), &["--format", "gitlab"]).out).unwrap();
    assert_eq!(gitlab[0]["location"]["lines"]["begin"], 24);
    assert_eq!(gitlab[0]["severity"], "major");
    assert_eq!(gitlab[0]["fingerprint"].as_str().unwrap().len(), 32);
    let junit = lint(folder.path(), &["--format", "junit"]).out;
    assert!(junit.contains("<testsuites tests=\"1\" failures=\"1\">"), "{junit}");
    assert!(junit.contains("classname=\"pro ject/pipelines/payroll-journal.yaml\""), "{junit}");
}

#[test]
fn a_clean_project_is_a_report_too() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in mistake::sound() {
        let path = folder.path().join("pro ject").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    for (format, shown) in [("github", ""), ("gitlab", "[]\n"), ("json", "[]\n")] {
        let ran = lint(folder.path(), &["--format", format, "--deny", "warnings"]);
        ran.assert(0, &[]);
        assert_eq!(ran.out, shown, "{format}");
    }
    assert!(lint(folder.path(), &["--format", "junit"]).out.contains("failures=\"0\""));
}

#[test]
fn stories_are_a_junit_report() {
    let ran =
        run_in(Path::new(env!("CARGO_MANIFEST_DIR")), &["test", "-C", "examples/harbor-supply", "--format", "junit"]);
    ran.assert(0, &["<testsuite name=\"ml-connector test\" tests=\"5\" failures=\"0\">", "classname=\"tests/"]);
}

/// What is certain is written, and nothing else; a second run has nothing to write.
#[test]
fn certain_slips_are_mended() {
    let (folder, _) = mistake("slips-of-consultants/a-lookup-in-one-word.txt");
    let file = folder.path().join("pro ject/pipelines/payroll-journal.yaml");
    let text =
        fs::read_to_string(&file).unwrap().replace("employment_status", "Employment_status").replace("take:", "taek:");
    fs::write(&file, &text).unwrap();
    let ran = lint(folder.path(), &["--fix"]);
    ran.assert(0, &["loads, no findings", "lookup → look_up", "Employment_status → employment_status", "taek → take"]);
    let sound = mistake::sound();
    assert_eq!(fs::read_to_string(&file).unwrap(), sound["pipelines/payroll-journal.yaml"]);
    lint(folder.path(), &["--fix"]).assert(0, &["loads, no findings"]);
}

/// Whatever the corpus has: `--fix` either leaves a file alone or writes the sound project, never a third thing.
#[test]
fn a_mend_never_means_something_else() {
    let sound = mistake::sound();
    let mut mended = 0;
    for mistake in mistake::all().unwrap() {
        let folder = tempfile::tempdir().unwrap();
        mistake.write(folder.path()).unwrap();
        let findings = ml_connector::run::lint::lint(folder.path(), None).findings;
        let before = findings.len();
        if ml_connector::project::mend::mend(folder.path(), &findings).unwrap().is_empty() {
            continue;
        }
        mended += 1;
        let after = ml_connector::run::lint::lint(folder.path(), None).findings;
        assert!(after.len() < before || after.is_empty(), "{}: {after:#?}", mistake.path);
        for (path, text) in &sound {
            let now = fs::read_to_string(folder.path().join(path)).unwrap();
            let lines = now.lines().count().abs_diff(text.lines().count());
            assert!(now == *text || lines < 20, "{}: {path} is\n{now}", mistake.path);
        }
    }
    assert!(mended >= 15, "{mended} mistakes are mended");
}

#[test]
fn accepted_warnings_are_counted_and_not_told() {
    let (folder, _) = mistake("tables-that-a-pipeline-cannot-use/an-unused-table.txt");
    lint(folder.path(), &["--deny", "warnings"]).assert(1, &["unused-table"]);
    let file = folder.path().join("pro ject/project.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let ignore = "ignore:\n  - { code: unused-table, file: tables/other.csv, reason: kept for the auditors }\n";
    fs::write(&file, format!("{text}{ignore}")).unwrap();
    let ran = lint(folder.path(), &["--deny", "warnings"]);
    ran.assert(0, &["1 warning accepted by `ignore` in project.yaml", "no findings"]);
    assert!(!ran.out.contains("unused-table"), "{}", ran.out);
    fs::write(&file, format!("{text}{}", ignore.replace("other", "another"))).unwrap();
    lint(folder.path(), &["--deny", "warnings"]).assert(1, &["stale-ignore", "unused-table"]);
}

#[test]
fn a_code_is_explained_with_an_example() {
    let folder = tempfile::tempdir().unwrap();
    run_in(folder.path(), &["lint", "--explain", "case-twins"]).assert(
        0,
        &["case-twins · warning of lint · Tables", "For example", "+ sales,TX,0430,,", "warning[case-twins]"],
    );
    run_in(folder.path(), &["lint", "--explain", "period-closed"])
        .assert(0, &["hold of a plan", "remedy: open it in GP"]);
    run_in(folder.path(), &["lint", "--explain", "case-twin"])
        .assert(2, &["there is no code `case-twin`", "did you mean `case-twins`?"]);
}

/// A key that is misspelt and has a secret behind it is told, mended, and its value shown nowhere.
#[test]
fn a_secret_behind_a_misspelt_key_is_not_shown() {
    for key in ["pasword", "pass", "GpPassword"] {
        let (folder, _) = mistake("slips-of-consultants/checks-in-the-plural.txt");
        let file = folder.path().join("pro ject/project.yaml");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("password: { env: GP_PASSWORD }", &format!("{key}: canary-5c1e"))).unwrap();
        for arguments in [&[][..], &["--fix"], &["--format", "sarif"], &["--format", "json"], &["--format", "github"]] {
            let ran = lint(folder.path(), arguments);
            assert!(!ran.all().contains("canary-5c1e"), "{key} {arguments:?}:\n{}", ran.all());
            assert_eq!(ran.code, 1, "{}", ran.all());
        }
    }
}
