//! `fmt` and `upgrade`: the project's YAML laid out, and taken to the newest format.

use super::args::Global;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, good};
use super::plan_view::count;
use crate::project::files::write_whole;
use crate::project::shape::FileKind;
use crate::project::source::{Content, Files, Unsaved};
use crate::project::tidy::tidy;
use crate::project::upgrade::{CURRENT, Upgraded, upgrade};
use anyhow::anyhow;
use clap::Args;
use std::path::Path;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct FmtArgs {
    /// Write nothing; end with 1 when a file is not laid out.
    #[arg(long)]
    pub check: bool,
}

/// A project's YAML files, with what they are.
fn yaml_files(folder: &Path) -> Result<Vec<(Arc<str>, FileKind)>, Failure> {
    let mut findings = Vec::new();
    let files = Files::read(folder, &Unsaved::new(), &mut findings);
    if files.contents.is_empty() {
        let why = findings.first().map_or_else(String::new, |finding| finding.message.clone());
        return Err(Failure::new(Exit::DoesNotLoad, anyhow!("{why}")).hint("name the project's folder with -C"));
    }
    let kind = |path: &str| match path.split('/').next() {
        _ if !path.ends_with(".yaml") => None,
        Some("project.yaml") => Some(FileKind::Project),
        Some("environments") => Some(FileKind::Environment),
        Some("pipelines") => Some(FileKind::Pipeline),
        Some("tables") => Some(FileKind::Table),
        Some("tests") => Some(FileKind::Story),
        _ => None,
    };
    let texts = files.contents.iter().filter(|(_, content)| matches!(content, Content::Text(_)));
    Ok(texts.filter_map(|(path, _)| Some((Arc::clone(path), kind(path)?))).collect())
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::new(Exit::DoesNotLoad, anyhow!("{}: {error}", path.display())))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    write_whole(path, text).map_err(|error| Failure::new(Exit::DoesNotLoad, anyhow!("{}: {error}", path.display())))
}

/// Lays out every file.
///
/// # Errors
/// A folder that is no project, or a file that cannot be written.
pub fn fmt(global: &Global, args: &FmtArgs, output: &Output) -> Result<Exit, Failure> {
    let (mut other, mut left) = (Vec::new(), 0);
    let files = yaml_files(&global.project)?;
    for (file, _) in &files {
        let path = global.project.join(&**file);
        let text = read(&path)?;
        match tidy(&text) {
            Ok(new) if new == text => {}
            Ok(new) => {
                if !args.check {
                    write(&path, &new)?;
                }
                output.line(format!("{} {file}", if args.check { bad("is not laid out:") } else { care("wrote") }));
                other.push(file);
            }
            Err(why) => {
                left += 1;
                output.note(format!("{} {file}: {why}", bad("left alone:")));
            }
        }
    }
    output.line(format!("{}, {} laid out anew", count(files.len(), "file"), other.len()));
    Ok(if left > 0 || (args.check && !other.is_empty()) { Exit::Findings } else { Exit::Done })
}

/// Takes every file to the newest format.
///
/// # Errors
/// A folder that is no project, or a file that cannot be written.
pub fn to_newest(global: &Global, output: &Output) -> Result<Exit, Failure> {
    let files = yaml_files(&global.project)?;
    let (mut written, mut refused) = (0, 0);
    // A table is a list without a format.
    for (file, kind) in files.iter().filter(|(_, kind)| *kind != FileKind::Table) {
        let path = global.project.join(&**file);
        match upgrade(*kind, &read(&path)?) {
            Upgraded::Already => {}
            Upgraded::Text(text) => {
                write(&path, &text)?;
                written += 1;
                output.line(format!("{} {file}", care("wrote")));
            }
            Upgraded::Newer(format) => {
                refused += 1;
                output.note(format!("{file} is of format {format}: a newer ml-connector is needed"));
            }
            Upgraded::Unreadable => {
                refused += 1;
                output.note(format!("{file} says no `format` that can be read: `ml-connector lint` says where"));
            }
        }
    }
    if refused > 0 {
        return Ok(Exit::Findings);
    }
    let what = count(files.len(), "file");
    output.line(match written {
        0 => format!("{} {what} of format {CURRENT}, which is the newest", good("nothing to do:")),
        _ => {
            format!("{written} of {what} written; `ml-connector lint` and `impact --against HEAD` show what that means")
        }
    });
    Ok(Exit::Done)
}
