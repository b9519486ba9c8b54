//! Facts on disk: a folder that `observe --save` writes and `plan --facts` reads.

use super::systems::RunError;
use crate::plan::facts::Facts;
use crate::plan::facts_csv::read::{GivenFile, Unreadable, read, split};
use crate::plan::facts_csv::write;
use crate::project::fact_files::FACT_FILES;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Why a facts folder does not load.
#[derive(Debug, thiserror::Error)]
#[error("the facts in {folder} cannot be used")]
pub struct FactsUnreadable {
    pub folder: String,
    pub unreadable: Vec<Unreadable>,
}

/// Reads a facts folder. Files of other names in it are left alone.
///
/// # Errors
/// Every missing file or column and every unreadable cell at once.
pub fn load(folder: &Path) -> Result<Facts, FactsUnreadable> {
    let (mut files, mut unreadable) = (Vec::<GivenFile>::new(), Vec::new());
    let whole = |name: &str, message: String, remedy: &str| Unreadable {
        file: format!("{name}.csv"),
        line: 0,
        message,
        remedy: remedy.to_owned(),
    };
    if !folder.is_dir() {
        let remedy = "Name a folder that `ml-connector observe --save FOLDER` recorded.";
        let missing = Unreadable {
            file: folder.display().to_string(),
            line: 0,
            message: "there is no such folder".to_owned(),
            remedy: remedy.to_owned(),
        };
        return Err(FactsUnreadable { folder: folder.display().to_string(), unreadable: vec![missing] });
    }
    for file in FACT_FILES {
        let path = folder.join(format!("{}.csv", file.name));
        match fs::read(&path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => match split(file.name, &text) {
                    Ok(given) => files.push(given),
                    Err(errors) => unreadable.extend(errors),
                },
                Err(_) => {
                    unreadable.push(whole(file.name, "is not UTF-8".to_owned(), "Save the file as CSV UTF-8."));
                }
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => unreadable.push(whole(file.name, error.to_string(), "Make the file readable.")),
        }
    }
    match read(&files) {
        Ok(facts) if unreadable.is_empty() => Ok(facts),
        Ok(_) => Err(FactsUnreadable { folder: folder.display().to_string(), unreadable }),
        Err(errors) => {
            // A file that could not be split was reported already: it is not missing.
            let known: Vec<String> = unreadable.iter().map(|error| error.file.clone()).collect();
            unreadable.extend(errors.into_iter().filter(|error| error.line > 0 || !known.contains(&error.file)));
            Err(FactsUnreadable { folder: folder.display().to_string(), unreadable })
        }
    }
}

/// Writes a facts folder, making it when it is not there.
///
/// # Errors
/// When a file cannot be written.
pub fn save(facts: &Facts, folder: &Path) -> Result<(), RunError> {
    let failed = |what: &Path, error: std::io::Error| RunError::Write {
        what: what.display().to_string(),
        why: error.to_string(),
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (name, file) in write::file_names() {
        let path = folder.join(file);
        let written = fs::File::create(&path).and_then(|file| {
            let mut out = BufWriter::new(file);
            write::write(name, facts, &mut out)?;
            out.flush()
        });
        written.map_err(|error| failed(&path, error))?;
    }
    Ok(())
}
