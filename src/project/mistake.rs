//! The corpus of mistakes (`tests/mistakes/`): small changes of a sound project, each with what lint shows for it.
//!
//! The tests read it, so that no mistake is missed and none is told at the wrong place; `lint --explain` reads it, so that
//! a code is explained by an example that is known to give it.

use rust_embed::Embed;
use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// The folder `tests/mistakes/` of this repository.
#[derive(Embed)]
#[folder = "tests/mistakes/"]
struct Corpus;

/// Begins what lint shows.
const SCREEN: &str = "=== lint";

/// One mistake: a project that is sound but for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Path in `tests/mistakes/`.
    pub path: String,
    /// What somebody did.
    pub what: String,
    /// All files of the project.
    pub files: BTreeMap<String, String>,
    /// The lines that were changed, as the corpus writes them: `- ` before, `+ ` after.
    pub change: String,
    /// What lint shows, as code frames.
    pub screen: String,
}

/// Why a file of the corpus is not a mistake.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct NoMistake {
    path: String,
    reason: String,
}

impl Mistake {
    /// Whether lint's answer names this code.
    pub fn gives(&self, code: &str) -> bool {
        ["error", "warning"].iter().any(|severity| self.screen.contains(&format!("{severity}[{code}]")))
    }

    /// The corpus' file up to and with the line that begins lint's answer.
    pub fn head(text: &str) -> Option<&str> {
        text.find(SCREEN).map(|at| &text[..at + SCREEN.len()])
    }

    /// Writes the project into an empty folder.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        for (path, content) in &self.files {
            let path = folder.join(path);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(path, content)?;
        }
        Ok(())
    }
}

/// The sound project that every mistake is made in.
pub fn sound() -> BTreeMap<String, String> {
    let files = Corpus::iter().filter_map(|path| {
        let file = Corpus::get(&path)?;
        Some((path.strip_prefix("project/")?.to_owned(), String::from_utf8_lossy(&file.data).into_owned()))
    });
    files.collect()
}

/// All mistakes, by path.
///
/// # Errors
/// A file that is not written as the corpus is: a line to change that the sound project does not have.
pub fn all() -> Result<Vec<Mistake>, NoMistake> {
    let sound = sound();
    let mut paths: Vec<String> = Corpus::iter().map(|path| path.into_owned()).collect();
    paths.sort();
    let paths = paths.into_iter().filter(|path| !path.starts_with("project/") && path.ends_with(".txt"));
    paths.map(|path| read(&sound, path)).collect()
}

fn read(sound: &BTreeMap<String, String>, path: String) -> Result<Mistake, NoMistake> {
    let file = Corpus::get(&path).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default();
    let refuse = |reason: String| NoMistake { path: path.clone(), reason };
    let Some((head, screen)) = file.split_once(SCREEN) else {
        return Err(refuse(format!("there is no line `{SCREEN}`")));
    };
    let (what, change) = head.split_once('\n').unwrap_or((head, ""));
    let mut files = sound.clone();
    for part in change.split("\n@ ").skip(1) {
        let (name, lines) = part.split_once('\n').unwrap_or((part, ""));
        change_file(&mut files, name, lines).map_err(refuse)?;
    }
    let (what, change, screen) = (what.to_owned(), change.trim().to_owned(), screen.trim().to_owned());
    Ok(Mistake { path, what, files, change, screen })
}

/// Applies what stands under one `@ path`.
fn change_file(files: &mut BTreeMap<String, String>, name: &str, lines: &str) -> Result<(), String> {
    if let Some(name) = name.strip_suffix(" (removed)") {
        return files.remove(name).map(drop).ok_or_else(|| format!("there is no {name} to remove"));
    }
    if let Some(name) = name.strip_suffix(" (new)") {
        let text: String = marked(lines.trim_end(), &['+']).iter().map(|line| format!("{line}\n")).collect();
        files.insert(name.to_owned(), text);
        return Ok(());
    }
    let mut text = files.get(name).cloned().ok_or_else(|| format!("there is no {name} to change"))?;
    for hunk in lines.trim_end().split("\n\n").filter(|hunk| !hunk.trim().is_empty()) {
        let whole = |lines: Vec<&str>| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let (was, is) = (whole(marked(hunk, &[' ', '-'])), whole(marked(hunk, &[' ', '+'])));
        let at_line_start = |(at, _): &(usize, &str)| *at == 0 || text[..*at].ends_with('\n');
        let found: Vec<usize> = text.match_indices(&was).filter(at_line_start).map(|(at, _)| at).collect();
        let [at] = found.as_slice() else {
            return Err(format!("these lines stand {} times in {name}, not once:\n{was}", found.len()));
        };
        text.replace_range(*at..at + was.len(), &is);
    }
    files.insert(name.to_owned(), text);
    Ok(())
}

/// The lines of a hunk that carry one of these marks, without it.
fn marked<'h>(hunk: &'h str, marks: &[char]) -> Vec<&'h str> {
    let line = |line: &'h str| {
        let rest = line.strip_prefix(marks)?;
        Some(rest.strip_prefix(' ').unwrap_or(rest))
    };
    hunk.lines().filter_map(line).collect()
}
