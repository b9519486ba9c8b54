//! A project and a facts folder to plan from, both in a temporary folder.

use crate::meadow::{Ran, cases, copy, program, ran};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A temporary copy of a project with a folder of facts beside it.
pub struct Workbench {
    folder: TempDir,
}

impl Workbench {
    /// The company of four people.
    pub fn meadow() -> Workbench {
        let bench = Workbench::of(&cases("meadow/project"));
        copy(&cases("meadow/facts"), &bench.facts());
        bench
    }

    /// A project without facts.
    pub fn of(project: &Path) -> Workbench {
        let folder = tempfile::tempdir().unwrap();
        for inner in ["project", "facts"] {
            fs::create_dir(folder.path().join(inner)).unwrap();
        }
        copy(project, &folder.path().join("project"));
        Workbench { folder }
    }

    pub fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    pub fn facts(&self) -> PathBuf {
        self.folder.path().join("facts")
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.facts().join(name)
    }

    /// Writes a facts file.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.file(name), text).unwrap();
    }

    /// Replaces a text in a facts file; it must be there.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.file(name)).unwrap();
        assert!(text.contains(from), "{name} has no `{from}`");
        self.write(name, &text.replace(from, to));
    }

    /// Runs `plan` of a pipeline for November with more arguments.
    pub fn ran(&self, pipeline: &str, more: &[&str]) -> Ran {
        let facts = self.facts();
        let fixed = ["plan", "--pipeline", pipeline, "--for", "2013-11", "--facts", facts.to_str().unwrap()];
        let mut command = program(&[&fixed, more].concat());
        command.current_dir(self.project());
        ran(command)
    }

    /// The plan of a pipeline as JSON; it must end with `code`, and be as its schema says.
    pub fn plan(&self, pipeline: &str, code: i32) -> Value {
        let ran = self.ran(pipeline, &["--format", "json"]);
        assert_eq!(ran.code, code, "{ran:?}");
        let plan = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
        assert_fits_schema(&plan);
        plan
    }

    /// The payroll journal's plan.
    pub fn journal(&self, code: i32) -> Value {
        self.plan("payroll-journal", code)
    }
}

/// Asserts that a plan is as `schemas/plan.schema.json` says.
pub fn assert_fits_schema(plan: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/plan.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(plan).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

/// The lines of a document as `account debit credit`.
pub fn lines(document: &Value) -> Vec<String> {
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let lines = document["lines"].as_array().unwrap().iter();
    lines.map(|line| ["account", "debit", "credit"].map(|name| text(line, name)).join(" ")).collect()
}

/// The codes and subjects of what is held.
pub fn held(plan: &Value) -> Vec<String> {
    let held = plan["held"].as_array().unwrap().iter();
    held.map(|hold| format!("{} {}", hold["code"].as_str().unwrap(), hold["subject"].as_str().unwrap())).collect()
}
