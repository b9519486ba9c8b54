//! What a project's files are at one moment, as two numbers.

use crate::project::source::{FOLDERS, LARGEST_TABLE};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The state of a project's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Every path and byte.
    pub content: u64,
    /// The same with each file's time of change: a file that was written and written back differs here, so that what is
    /// equal at two moments was there all the time between them.
    pub times: u64,
}

/// Reads everything that loading the project may read: its folders, and the files that were `asked` for by name. What
/// else is in the folder (an export, a log that is being written) is none of ours.
pub fn stamp(folder: &Path, asked: &BTreeSet<String>) -> Stamp {
    let mut files = Hashes { content: DefaultHasher::new(), times: DefaultHasher::new() };
    for name in names(folder) {
        let path = folder.join(&name);
        let is_ours = FOLDERS.iter().any(|(own, _)| *own == name);
        if is_ours || path.is_dir() || name.starts_with("project.") {
            files.add(&name);
        }
        for inner in names(&path).filter(|_| is_ours) {
            files.add(&inner);
            files.file(&path.join(inner));
        }
    }
    for path in asked.iter().map(String::as_str).chain(["project.yaml"]) {
        files.add(path);
        files.file(&folder.join(path));
    }
    Stamp { content: files.content.finish(), times: files.times.finish() }
}

/// What is in a folder, in order; hidden files left out.
fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| !name.starts_with('.')).collect::<BTreeSet<String>>().into_iter()
}

struct Hashes {
    content: DefaultHasher,
    times: DefaultHasher,
}

impl Hashes {
    fn add(&mut self, known: impl Hash) {
        known.hash(&mut self.content);
        known.hash(&mut self.times);
    }

    fn file(&mut self, path: &Path) {
        let Ok(about) = std::fs::metadata(path) else { return self.add("nothing") };
        about.modified().ok().hash(&mut self.times);
        if about.is_dir() {
            return self.add("folder");
        }
        self.add(about.len());
        // No larger file is read: its size is its finding.
        if about.len() <= LARGEST_TABLE {
            match std::fs::read(path) {
                Ok(bytes) => self.add(bytes),
                Err(error) => self.add(error.kind()),
            }
        }
    }
}

/// Whether git is writing into the folder: it holds this lock from before the first file of a checkout to after the last.
pub fn git_is_writing(folder: &Path) -> bool {
    let Ok(folder) = std::fs::canonicalize(folder) else { return false };
    folder.ancestors().map(|above| above.join(".git")).find(|git| git.exists()).is_some_and(|git| {
        let git = if git.is_dir() { Some(git) } else { linked_worktree(&git) };
        git.is_some_and(|git| git.join("index.lock").exists())
    })
}

/// In a linked worktree `.git` is a file that says where git's own folder is.
fn linked_worktree(file: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(file).ok()?;
    let target = text.strip_prefix("gitdir:")?.trim();
    Some(file.parent()?.join(target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn bytes_decide_and_times_are_known() {
        let folder = tempfile::tempdir().unwrap();
        let now = || stamp(folder.path(), &BTreeSet::from(["data/rates.csv".to_owned()]));
        let path = folder.path().join("tables/a.csv");
        fs::create_dir(folder.path().join("tables")).unwrap();
        fs::write(&path, "one").unwrap();
        let first = now();
        assert_eq!(now(), first);
        fs::File::options().write(true).open(&path).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
        assert_eq!(now().content, first.content);
        assert_ne!(now().times, first.times);
        fs::write(&path, "two").unwrap();
        assert_ne!(now().content, first.content);
        fs::write(&path, "one").unwrap();
        assert_eq!(now().content, first.content);
        fs::rename(&path, folder.path().join("tables/b.csv")).unwrap();
        assert_ne!(now().content, first.content, "a name counts");
    }

    #[test]
    fn what_loading_does_not_read_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        let asked = BTreeSet::from(["data/rates.csv".to_owned()]);
        let first = stamp(folder.path(), &asked);
        fs::write(folder.path().join("watch.log"), "a line").unwrap();
        fs::write(folder.path().join("data/export.csv"), "a,b").unwrap();
        fs::write(folder.path().join(".hidden"), "x").unwrap();
        assert_eq!(stamp(folder.path(), &asked), first);
        fs::write(folder.path().join("data/rates.csv"), "a,b").unwrap();
        assert_ne!(stamp(folder.path(), &asked).content, first.content, "a file that was missed came");
    }

    #[test]
    fn gits_lock_is_seen_from_a_folder_below_and_in_a_linked_worktree() {
        let folder = tempfile::tempdir().unwrap();
        let (git, project) = (folder.path().join(".git"), folder.path().join("customers/acme"));
        fs::create_dir_all(&git).unwrap();
        fs::create_dir_all(&project).unwrap();
        assert!(!git_is_writing(&project));
        fs::write(git.join("index.lock"), "").unwrap();
        assert!(git_is_writing(&project));
        let linked = tempfile::tempdir().unwrap();
        fs::write(linked.path().join(".git"), format!("gitdir: {}\n", git.display())).unwrap();
        assert!(git_is_writing(linked.path()));
    }
}
