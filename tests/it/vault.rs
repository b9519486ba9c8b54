//! The vault through the command line: what opens, what is refused, and what nobody ever sees.

mod canary;
mod keeping;
mod rotation;
pub mod sign_in;
pub mod stopping;
mod tokens;

pub use sign_in::Application;

use crate::meadow::{KEY, Meadow, PASSWORD, Ran, USER};
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// Meadow Goods with all its secrets in the vault, and its key file elsewhere.
pub struct Guarded {
    pub meadow: Meadow,
    keys: TempDir,
}

impl Guarded {
    pub fn open() -> Guarded {
        let guarded = Guarded::empty();
        for (name, value) in [("bamboohr-key", KEY), ("gp-user", USER), ("gp-password", PASSWORD)] {
            guarded.meadow.fed(&["vault", "set", name], value).assert(0, &[&format!("set {name}, version 1")]);
        }
        for (from, to) in [
            ("{ env: BAMBOOHR_API_KEY }", "{ vault: bamboohr-key }"),
            ("{ env: GP_USER }", "{ vault: gp-user }"),
            ("{ env: GP_PASSWORD }", "{ vault: gp-password }"),
        ] {
            guarded.meadow.edit("project.yaml", from, to);
        }
        guarded
    }

    /// With a vault, and nothing in it.
    pub fn empty() -> Guarded {
        let guarded = Guarded { meadow: Meadow::open(), keys: tempfile::tempdir().unwrap() };
        guarded.meadow.ran(&["vault", "init", "--master-key", &guarded.place()]).assert(0, &["made a vault"]);
        guarded
    }

    pub fn key_file(&self) -> PathBuf {
        self.keys.path().canonicalize().unwrap().join("meadow.key")
    }

    pub fn place(&self) -> String {
        format!("file:{}", self.key_file().display())
    }

    pub fn store_file(&self) -> PathBuf {
        self.meadow.project().join(".ml-connector/store.db")
    }

    /// A command without the variables that the project no longer names.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.meadow.command(arguments);
        command.envs([("BAMBOOHR_API_KEY", ""), ("GP_USER", ""), ("GP_PASSWORD", "")]);
        command
    }

    pub fn ran(&self, arguments: &[&str]) -> Ran {
        crate::meadow::ran(self.command(arguments))
    }
}
