//! One immutable, fully checked and compiled state of a project.

use super::connections::{BamboohrConnection, GpConnection};
use super::files::ProjectFiles;
use super::finding::Finding;
use super::pipeline::Pipeline;
use std::path::Path;

/// A project that loaded. Named by the hash of the bytes that can change a plan (line ends do not count).
#[derive(Debug)]
pub struct Generation {
    /// 64 hex digits.
    pub id: String,
    pub project: Project,
    /// By name.
    pub pipelines: Vec<Pipeline>,
    /// What it was compiled from.
    pub files: ProjectFiles,
    /// Warnings; errors keep a generation from being made.
    pub warnings: Vec<Finding>,
}

/// What `project.yaml` says.
#[derive(Debug)]
pub struct Project {
    pub name: String,
    pub about: String,
    /// IANA name.
    pub time_zone: String,
    /// Absent while a project is only planned offline.
    pub bamboohr: Option<BamboohrConnection>,
    pub gp: Option<GpConnection>,
}

/// A project that does not load: at least one finding is an error.
#[derive(Debug)]
pub struct DoesNotLoad {
    pub findings: Vec<Finding>,
}

impl Generation {
    /// Loads the project in `folder`, with the settings of `environments/<environment>.yaml` when one is named.
    ///
    /// # Errors
    /// All findings at once, errors and warnings, when there is at least one error. A folder or file that cannot be
    /// read is a finding as well.
    pub fn load(_folder: &Path, _environment: Option<&str>) -> Result<Generation, DoesNotLoad> {
        todo!()
    }

    pub fn pipeline(&self, name: &str) -> Option<&Pipeline> {
        self.pipelines.iter().find(|pipeline| pipeline.name == name)
    }
}
