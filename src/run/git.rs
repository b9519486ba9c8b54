//! A project as git keeps it at another commit.

use super::systems::RunError;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Writes the project's folder, as it was at `commit`, into a folder that lives as long as the answer.
///
/// # Errors
/// When git is not there, the folder is in no repository, or it does not know the commit.
pub fn checked_out(project: &Path, commit: &str) -> Result<TempDir, RunError> {
    let failed = |why: String| RunError::Read { what: format!("the project at `{commit}`"), why };
    // A name that begins with a dash would be an option.
    if commit.starts_with('-') {
        return Err(failed("this is not a commit".to_owned()));
    }
    let answer = Command::new("git")
        .arg("-C")
        .arg(project)
        .args(["archive", "--format=tar", commit, "."])
        .output()
        .map_err(|error| failed(format!("git cannot be started: {error}")))?;
    if !answer.status.success() {
        let words = String::from_utf8_lossy(&answer.stderr);
        return Err(failed(words.lines().next().unwrap_or("git says nothing").to_owned()));
    }
    let folder = tempfile::tempdir().map_err(|error| failed(error.to_string()))?;
    tar::Archive::new(answer.stdout.as_slice()).unpack(folder.path()).map_err(|error| failed(error.to_string()))?;
    Ok(folder)
}
