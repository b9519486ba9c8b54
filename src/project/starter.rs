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
    folders.into_iter().filter(|folder| !NO_PACKS.contains(&folder.as_str())).collect()
}

/// The first sentence of a pack's README: what it is for.
pub fn about(pack: &str) -> String {
    let readme = Mappings::get(&format!("{pack}/README.md"));
    let text = readme.map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default();
    let paragraph: Vec<&str> = text
        .lines()
        .skip_while(|line| line.starts_with('#') || line.trim().is_empty())
        .take_while(|line| !line.trim().is_empty())
        .collect();
    let paragraph = paragraph.join(" ");
    paragraph.split_inclusive(". ").next().unwrap_or_default().trim().to_owned()
}

/// What a project has around it beside its pack: checks of every change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    Github,
    Gitlab,
    Azure,
}

/// Writes the checks of these build servers, a hook for git and what git leaves out. Gives the files written.
///
/// # Errors
/// A file that cannot be written.
pub fn write_around(folder: &Path, servers: &[Around]) -> Result<Vec<String>, StarterError> {
    let mut files = vec![("gitignore", ".gitignore"), ("pre-commit.sh", "hooks/pre-commit")];
    files.extend(servers.iter().map(|server| match server {
        Around::Github => ("github.yml", ".github/workflows/ml-connector.yml"),
        Around::Gitlab => ("gitlab.yml", ".gitlab-ci.yml"),
        Around::Azure => ("azure.yml", "azure-pipelines.yml"),
    }));
    let mut written = Vec::new();
    for (from, to) in files {
        let Some(content) = Mappings::get(&format!("ci/{from}")) else { continue };
        put(folder, to, &content.data)?;
        if to.starts_with("hooks/") {
            executable(&folder.join(to));
        }
        written.push(to.to_owned());
    }
    Ok(written)
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), StarterError> {
    let path = folder.join(name);
    let failed = |source| StarterError::Write { path: path.clone(), source };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    fs::write(&path, bytes).map_err(failed)
}

/// Where files have that right; elsewhere git runs a hook without it.
fn executable(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A hook that git does not run is told by git itself.
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o755));
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Folders of `mappings/` that are no packs.
const NO_PACKS: [&str; 2] = ["dialects", "ci"];

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
    if files.is_empty() || NO_PACKS.contains(&pack) {
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
        put(folder, &name, fill(&String::from_utf8_lossy(&content.data), answers).as_bytes())?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{Generation, render};

    #[test]
    fn a_written_pack_loads_without_findings() {
        for pack in packs() {
            let folder = tempfile::tempdir().unwrap();
            let project = folder.path().join("new");
            let answers = [("project".to_owned(), "Zoë's bikes".to_owned())].into();
            let written = write(&pack, &project, &answers).unwrap();
            assert!(written.contains(&"project.yaml".to_owned()));
            // The dialect that the pack names ships with the program.
            fs::create_dir_all(project.join("dialects")).unwrap();
            fs::write(project.join("dialects/sba.yaml"), "format: 1\n").unwrap();
            match Generation::load(&project, Some("test")) {
                Ok(generation) => {
                    assert_eq!(render::concise(&generation.warnings), "");
                    assert_eq!(generation.project.name, "Zoë's bikes");
                    assert!(!generation.stories.is_empty(), "{pack} has a story");
                }
                Err(refused) => panic!("{pack}: {}", render::concise(&refused.findings)),
            }
        }
    }

    #[test]
    fn a_folder_that_holds_something_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine.txt"), "mine").unwrap();
        let refused = write("monthly-salaried", folder.path(), &BTreeMap::new()).unwrap_err();
        assert!(matches!(refused, StarterError::NotEmpty { .. }));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_unknown_pack_names_the_known_ones() {
        let folder = tempfile::tempdir().unwrap();
        let refused = write("weekly", folder.path(), &BTreeMap::new()).unwrap_err();
        assert!(refused.to_string().contains("monthly-salaried"), "{refused}");
        let bad = [("project".to_owned(), "a\"\nb".to_owned())].into();
        assert!(matches!(write("monthly-salaried", folder.path(), &bad), Err(StarterError::BadAnswer { .. })));
    }
}
