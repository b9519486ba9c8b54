//! What ships with the program: starter packs that `init` copies, and dialects that a project can name.

use rust_embed::Embed;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The folder `mappings/` of this repository.
#[derive(Embed)]
#[folder = "mappings/"]
struct Mappings;

/// Why a starter pack was not written.
#[derive(Debug, thiserror::Error)]
pub enum StarterError {
    #[error("there is no starter pack `{pack}`; there is: {}", known.join(", "))]
    UnknownPack { pack: String, known: Vec<String> },
    #[error("the folder {} is not empty: nothing was written", folder.display())]
    NotEmpty { folder: PathBuf },
    #[error("`{value}` cannot be written as the answer `{name}`: it holds a line break or a quote")]
    BadAnswer { name: String, value: String },
    #[error("{} cannot be written", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// The names of the starter packs.
pub fn packs() -> Vec<String> {
    let folders: BTreeSet<String> =
        Mappings::iter().filter_map(|path| path.split_once('/').map(|(folder, _)| folder.to_owned())).collect();
    folders.into_iter().filter(|folder| folder != "dialects").collect()
}

/// Writes a pack into an empty or new folder, each `<<name>>` in it replaced by its answer. Gives the files written,
/// relative to the folder.
///
/// # Errors
/// When there is no such pack, when the folder holds anything, or when a file cannot be written.
pub fn write(pack: &str, folder: &Path, answers: &BTreeMap<String, String>) -> Result<Vec<String>, StarterError> {
    let prefix = format!("{pack}/");
    let mut files: Vec<String> =
        Mappings::iter().filter(|path| path.starts_with(&prefix)).map(|path| path.into_owned()).collect();
    files.sort();
    if files.is_empty() || pack == "dialects" {
        return Err(StarterError::UnknownPack { pack: pack.to_owned(), known: packs() });
    }
    let bad = answers.iter().find(|(_, value)| value.contains(['\n', '\r', '"', '\\']) || value.contains("<<"));
    if let Some((name, value)) = bad {
        return Err(StarterError::BadAnswer { name: name.clone(), value: value.clone() });
    }
    if folder.exists() && fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_some()) {
        return Err(StarterError::NotEmpty { folder: folder.to_owned() });
    }
    let mut written = Vec::new();
    for file in files {
        let Some(content) = Mappings::get(&file) else { continue };
        let name = file.trim_start_matches(&prefix).to_owned();
        let path = folder.join(&name);
        let failed = |source| StarterError::Write { path: path.clone(), source };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(&path, fill(&String::from_utf8_lossy(&content.data), answers)).map_err(failed)?;
        written.push(name);
    }
    Ok(written)
}

/// Puts answers into `<<name>>` and the pack's own words into `<<name|words>>` where there is no answer.
fn fill(text: &str, answers: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<<") {
        filled.push_str(before);
        let Some((hole, after)) = after.split_once(">>") else {
            filled.push_str("<<");
            rest = after;
            continue;
        };
        let (name, default) = hole.split_once('|').unwrap_or((hole, ""));
        filled.push_str(answers.get(name).map_or(default, String::as_str));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The text of a dialect that ships with the program.
pub fn built_in_dialect(name: &str) -> Option<String> {
    let file = Mappings::get(&format!("dialects/{name}.yaml"))?;
    Some(String::from_utf8_lossy(&file.data).into_owned())
}

/// The names of those dialects.
pub fn built_in_dialects() -> Vec<String> {
    let names =
        Mappings::iter().filter_map(|path| path.strip_prefix("dialects/")?.strip_suffix(".yaml").map(str::to_owned));
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}
