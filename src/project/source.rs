//! The project's files, read once. What the folder holds while it is read is what a generation is made of.

use super::files::ProjectFiles;
use super::finding::{Finding, Place, closest};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// Largest file of text in a language (YAML, scripts, templates). A parser never sees more.
pub const LARGEST_TEXT: u64 = 1024 * 1024;
/// Largest table or declared list: about a quarter of a million rows.
pub const LARGEST_TABLE: u64 = 16 * 1024 * 1024;
/// Where a project keeps the fields of its BambooHR account, as `ml-connector record --fields` writes them. Only lint
/// reads it: it changes no plan.
pub const FIELDS_FILE: &str = "bamboohr-fields.csv";
/// Files one project may have in its folders.
const MOST_FILES: usize = 2_000;

/// The folders that a project has, with the endings that are read there.
pub const FOLDERS: &[(&str, &[&str])] = &[
    ("environments", &["yaml"]),
    ("tables", &["csv", "xlsx", "yaml"]),
    ("pipelines", &["yaml"]),
    ("scripts", &["rhai"]),
    ("dialects", &["yaml"]),
    ("tests", &["yaml"]),
];

/// The texts of a project's files by path, for code frames.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    texts: BTreeMap<Arc<str>, Arc<str>>,
}

impl Sources {
    pub fn text(&self, file: &str) -> Option<&str> {
        self.texts.get(file).map(|text| &**text)
    }

    /// Every text with its path, in the order of paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.texts.iter().map(|(file, text)| (&**file, text))
    }

    /// Replaces what stands at a place by stars: a written secret is not shown again.
    pub fn mask(&mut self, place: &Place) {
        let Some(text) = self.texts.get(&place.file) else { return };
        let (first, length) = (place.column.saturating_sub(1) as usize, place.length as usize);
        let masked: Vec<String> = text
            .split('\n')
            .enumerate()
            .map(|(number, line)| {
                if number + 1 != place.line as usize {
                    return line.to_owned();
                }
                let hidden = |at: usize| at >= first && (length == 0 || at < first + length);
                line.chars().enumerate().map(|(at, letter)| if hidden(at) { '*' } else { letter }).collect()
            })
            .collect();
        self.texts.insert(Arc::clone(&place.file), Arc::from(masked.join("\n")));
    }

    /// Shows lines of a file otherwise: `None` leaves one as it is.
    pub fn rewrite(&mut self, file: &str, line: impl Fn(&str) -> Option<String>) {
        let Some(text) = self.texts.get_mut(file) else { return };
        if text.lines().any(|own| line(own).is_some()) {
            let lines = text.split('\n').map(|own| line(own).unwrap_or_else(|| own.to_owned()));
            *text = Arc::from(lines.collect::<Vec<_>>().join("\n"));
        }
    }

    /// Adds a text that did not come from the folder (a built-in dialect, an invented project in a test).
    pub fn add(&mut self, file: &str, text: &str) {
        self.texts.insert(Arc::from(file), Arc::from(text));
    }
}

/// One file's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// UTF-8 without byte-order mark, line ends `\n`.
    Text(Arc<str>),
    /// A spreadsheet.
    Bytes(Arc<[u8]>),
    /// Already reported.
    Unreadable,
}

/// All files of a project folder.
#[derive(Debug, Default)]
pub struct Files {
    pub contents: BTreeMap<Arc<str>, Content>,
    pub sources: Sources,
    /// Every path that was asked for by its name, whether there is such a file or not.
    pub asked: BTreeSet<String>,
    unsaved: Unsaved,
}

/// Texts that an editor holds and nobody has saved yet, by their path in the project folder: each stands for its file,
/// and is there even where the file is not.
pub type Unsaved = BTreeMap<String, Arc<str>>;

impl Files {
    /// Reads project.yaml and the project's folders. Everything else in the folder is none of ours.
    pub fn read(folder: &Path, unsaved: &Unsaved, findings: &mut Vec<Finding>) -> Files {
        let mut files = Files { unsaved: unsaved.clone(), ..Files::default() };
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let place = Place::file(&Arc::from("."));
                let message = format!("the project folder {} cannot be read: {error}", folder.display());
                findings
                    .push(Finding::error("missing-file", place, message).help("name a folder that holds project.yaml"));
                return files;
            }
        };
        let names = names(entries, files.unsaved.keys().filter_map(|path| path.split('/').next()));
        if names.iter().any(|name| name == "project.yaml") {
            files.read_one(folder, "project.yaml", findings);
        } else {
            let place = Place::file(&Arc::from("project.yaml"));
            let mut finding = Finding::error("missing-file", place, "there is no project.yaml in this folder");
            finding.help = Some(match names.iter().find(|name| *name == "project.yml") {
                Some(_) => "rename project.yml to project.yaml".to_owned(),
                None => "`ml-connector init` writes one".to_owned(),
            });
            findings.push(finding);
        }
        files.read_one(folder, FIELDS_FILE, findings);
        for name in &names {
            let begun =
                files.unsaved.keys().any(|path| path.strip_prefix(name.as_str()).is_some_and(|p| p.starts_with('/')));
            if name.starts_with('.') || !(begun || folder.join(name).is_dir()) {
                continue;
            }
            if let Some((folder_name, endings)) = FOLDERS.iter().find(|(known, _)| known == name) {
                files.read_folder(folder, folder_name, endings, findings);
            } else if name == "rules" || name == "templates" {
                let place = Place::file(&Arc::from(name.as_str()));
                let message = format!("the folder `{name}` is not read by this version");
                findings.push(Finding::warning("not-yet-supported", place, message));
            } else if let Some(meant) = closest(name, FOLDERS.iter().map(|(known, _)| *known)) {
                let place = Place::file(&Arc::from(name.as_str()));
                let message = format!("the folder `{name}` is not read");
                findings
                    .push(Finding::warning("file-not-read", place, message).help(format!("did you mean `{meant}`?")));
            }
        }
        files
    }

    fn read_folder(&mut self, root: &Path, folder: &str, endings: &[&str], findings: &mut Vec<Finding>) {
        let prefix = format!("{folder}/");
        let unsaved = self.unsaved.keys().filter_map(|path| path.strip_prefix(&prefix));
        let unsaved = unsaved.filter(|name| !name.contains('/'));
        let names = names(fs::read_dir(root.join(folder)).into_iter().flatten(), unsaved);
        for name in names {
            let path = format!("{folder}/{name}");
            // Editors leave `.x.swp` and `x~` beside the file they hold.
            if name.starts_with('.') || name.ends_with('~') || root.join(&path).is_dir() {
                continue;
            }
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            if endings.contains(&ending) {
                if self.contents.len() >= MOST_FILES {
                    let message = format!("a project has at most {MOST_FILES} files");
                    findings.push(Finding::error("too-many-files", Place::file(&Arc::from(path.as_str())), message));
                    return;
                }
                self.read_file(root, &path, findings);
            } else if !ending.eq_ignore_ascii_case("md") {
                let place = Place::file(&Arc::from(path.as_str()));
                let list = endings.iter().map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(", ");
                findings.push(
                    Finding::warning("file-not-read", place, format!("`{name}` is not read"))
                        .help(format!("files in `{folder}` end in {list}")),
                );
            }
        }
    }

    /// Reads one file unless it has been read. False when there is no such file.
    pub fn read_one(&mut self, root: &Path, path: &str, findings: &mut Vec<Finding>) -> bool {
        self.asked.insert(path.to_owned());
        self.read_file(root, path, findings)
    }

    fn read_file(&mut self, root: &Path, path: &str, findings: &mut Vec<Finding>) -> bool {
        if self.contents.contains_key(path) {
            return true;
        }
        let full = root.join(path);
        let file: Arc<str> = Arc::from(path);
        let bytes = match self.unsaved.get(path) {
            Some(text) => within_limit(text.len() as u64, &file).map(|()| text.as_bytes().to_vec()),
            None if full.is_file() => read_limited(&full, &file),
            None => return false,
        };
        let content = match bytes {
            Ok(bytes) if path.ends_with(".xlsx") => Content::Bytes(Arc::from(bytes)),
            Ok(bytes) => match text(&bytes, &file) {
                Ok(text) => {
                    let text: Arc<str> = Arc::from(text);
                    self.sources.texts.insert(Arc::clone(&file), Arc::clone(&text));
                    Content::Text(text)
                }
                Err(finding) => {
                    findings.push(*finding);
                    Content::Unreadable
                }
            },
            Err(finding) => {
                findings.push(*finding);
                Content::Unreadable
            }
        };
        self.contents.insert(file, content);
        true
    }

    /// The files of one folder, in the order of their names.
    pub fn in_folder(&self, folder: &str) -> Vec<(Arc<str>, Content)> {
        let prefix = format!("{folder}/");
        let all = self.contents.iter().filter(|(path, _)| path.starts_with(&prefix));
        all.map(|(path, content)| (Arc::clone(path), content.clone())).collect()
    }

    /// The bytes that were read, to be stored with plans.
    pub fn kept(&self, environment: Option<&str>) -> ProjectFiles {
        let mut kept = ProjectFiles::default();
        kept.environment = environment.map(str::to_owned);
        for (path, content) in &self.contents {
            match content {
                // Shared, not copied: tables are large.
                Content::Text(text) => kept.insert(path, Arc::<[u8]>::from(Arc::clone(text))),
                Content::Bytes(bytes) => kept.insert(path, Arc::clone(bytes)),
                Content::Unreadable => {}
            }
        }
        kept
    }

    /// 64 hex digits over everything that can change a plan: all files but environments, tests and recorded fields, which name where
    /// things are and what is expected; line ends and a byte-order mark are already gone.
    pub fn generation_id(&self) -> String {
        let mut hash = Sha256::new();
        for (path, content) in &self.contents {
            if path.starts_with("environments/") || path.starts_with("tests/") || &**path == FIELDS_FILE {
                continue;
            }
            let bytes: &[u8] = match content {
                Content::Text(text) => text.as_bytes(),
                Content::Bytes(bytes) => bytes,
                Content::Unreadable => continue,
            };
            for part in [path.as_bytes(), bytes] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
        }
        hex::encode(hash.finalize())
    }
}

/// Names in a folder, on the disk and not saved yet, each once and in order.
fn names<'u>(
    entries: impl Iterator<Item = std::io::Result<fs::DirEntry>>,
    unsaved: impl Iterator<Item = &'u str>,
) -> BTreeSet<String> {
    let saved = entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().into_string().ok());
    saved.chain(unsaved.map(str::to_owned)).collect()
}

fn read_limited(path: &Path, file: &Arc<str>) -> Result<Vec<u8>, Box<Finding>> {
    let unreadable = |error: std::io::Error| {
        Box::new(Finding::error("missing-file", Place::file(file), format!("this file cannot be read: {error}")))
    };
    within_limit(fs::metadata(path).map_err(unreadable)?.len(), file)?;
    fs::read(path).map_err(unreadable)
}

fn within_limit(size: u64, file: &Arc<str>) -> Result<(), Box<Finding>> {
    let limit = if file.ends_with(".csv") || file.ends_with(".xlsx") { LARGEST_TABLE } else { LARGEST_TEXT };
    if size > limit {
        let message =
            format!("this file has {} MiB; at most {} MiB are read", size.div_ceil(1024 * 1024), limit / 1024 / 1024);
        return Err(Box::new(
            Finding::error("file-too-large", Place::file(file), message).help("is it the right file?"),
        ));
    }
    Ok(())
}

/// UTF-8 with `\n` line ends and without a byte-order mark.
fn text(bytes: &[u8], file: &Arc<str>) -> Result<String, Box<Finding>> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let finding = Finding::error("not-utf-8", Place::file(file), "this file is UTF-16, not UTF-8");
        return Err(Box::new(finding.help("save it as UTF-8")));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() => {
            Err(Box::new(Finding::error("empty-file", Place::file(file), "this file is empty")))
        }
        Ok(text) if text.contains('\r') => Ok(text.replace("\r\n", "\n")),
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let good = &bytes[..error.valid_up_to()];
            let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
            let last_line = good.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
            let column = String::from_utf8_lossy(last_line).chars().count() + 1;
            let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
            let place = Place {
                line: u32::try_from(line).unwrap_or(u32::MAX),
                column: u32::try_from(column).unwrap_or(1),
                ..Place::file(file)
            };
            let message = format!("byte 0x{byte:02X} at offset {} is not UTF-8", error.valid_up_to());
            Err(Box::new(
                Finding::error("not-utf-8", place, message)
                    .help("the file looks like Latin-1 or Windows-1252: save it as UTF-8 (in Excel: \"CSV UTF-8\")"),
            ))
        }
    }
}
