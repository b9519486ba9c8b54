//! What `run --watch` and `serve` tell others: which generation is in force, and why a newer one is not.
//!
//! One small file a watch, written whole by renaming, beside a lock that the watch holds for as long as it runs. The
//! system lets go of the lock even when the process is killed, so a file without one is of a watch that has ended.

use super::Current;
use crate::project::Severity;
use crate::project::files::write_whole;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Watches of one project that may run side by side, one a pipeline.
const MOST: usize = 100;

/// One watch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What it runs; `None`: the only pipeline, and of a service all that run by themselves.
    pub pipeline: Option<String>,
    #[serde(default)]
    pub is_service: bool,
    pub environment: Option<String>,
    /// The generation in force.
    pub generation: String,
    /// Since when.
    pub since: Timestamp,
    /// Why the folder's newest content is not in force, when it is not.
    pub refused: Option<Refused>,
}

/// An edit that does not load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub since: Timestamp,
    /// How many errors it has.
    pub errors: usize,
    /// The first of them.
    pub code: String,
    pub place: String,
    pub message: String,
}

impl State {
    /// As of `now`, a change of which is only written where something else changed.
    pub fn of(current: &Current, before: Option<&State>, now: Timestamp) -> State {
        let generation = current.generation().id.clone();
        let refused = current.refused().and_then(|broken| {
            let mut errors = broken.findings.iter().filter(|finding| finding.severity == Severity::Error);
            let first = errors.next()?;
            let (code, place, message) = (first.code.to_owned(), first.place.to_string(), first.message.clone());
            let refused = Refused { since: now, errors: 1 + errors.count(), code, place, message };
            let same = before.and_then(|before| before.refused.clone());
            Some(same.filter(|same| *same == Refused { since: same.since, ..refused.clone() }).unwrap_or(refused))
        });
        let since = before.filter(|before| before.generation == generation).map_or(now, |before| before.since);
        let (pipeline, is_service, environment) = before
            .map(|before| (before.pipeline.clone(), before.is_service, before.environment.clone()))
            .unwrap_or_default();
        State { pipeline, is_service, environment, generation, since, refused }
    }
}

/// Where one watch tells its state. Dropping it takes the file away.
#[derive(Debug)]
pub struct Board {
    file: PathBuf,
    _lock: File,
}

impl Board {
    /// Takes the first place that no other watch has. `stem` is the path of the files without their number and ending.
    ///
    /// # Errors
    /// When the folder cannot be written, or too many watches run.
    pub fn open(stem: &Path) -> io::Result<Board> {
        if let Some(folder) = stem.parent() {
            fs::create_dir_all(folder)?;
        }
        for place in 1..=MOST {
            let lock = File::create(path(stem, place, "lock"))?;
            match lock.try_lock() {
                Ok(()) => return Ok(Board { file: path(stem, place, "json"), _lock: lock }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Err(io::Error::other(format!("{MOST} watches of this project are running")))
    }

    /// Writes the state whole: a reader finds the one before or this one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, state: &State) -> io::Result<()> {
        write_whole(&self.file, serde_json::to_vec_pretty(state)?)
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

/// The states of all watches that are running.
pub fn running(stem: &Path) -> Vec<State> {
    (1..=MOST).filter_map(|place| read(stem, place)).collect()
}

fn read(stem: &Path, place: usize) -> Option<State> {
    let lock = File::open(path(stem, place, "lock")).ok()?;
    // Shared: two who only ask are no watch to each other.
    match lock.try_lock_shared() {
        Err(TryLockError::WouldBlock) => serde_json::from_slice(&fs::read(path(stem, place, "json")).ok()?).ok(),
        Ok(()) | Err(TryLockError::Error(_)) => None,
    }
}

fn path(stem: &Path, place: usize, ending: &str) -> PathBuf {
    let name = stem.file_name().unwrap_or_default().to_string_lossy();
    stem.with_file_name(format!("{name}-{place}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(generation: &str) -> State {
        let since = Timestamp::UNIX_EPOCH;
        State {
            pipeline: None,
            is_service: false,
            environment: None,
            generation: generation.to_owned(),
            since,
            refused: None,
        }
    }

    #[test]
    fn what_an_ended_watch_left_is_no_running_one() {
        let folder = tempfile::tempdir().unwrap();
        let stem = folder.path().join("state/watch");
        assert_eq!(running(&stem), []);
        let (first, second) = (Board::open(&stem).unwrap(), Board::open(&stem).unwrap());
        first.write(&state("a")).unwrap();
        second.write(&state("b")).unwrap();
        assert_eq!(running(&stem), [state("a"), state("b")]);
        drop(first);
        assert_eq!(running(&stem), [state("b")]);
        // A killed process leaves its file behind, and its lock with the system.
        fs::write(folder.path().join("state/watch-1.json"), serde_json::to_vec(&state("a")).unwrap()).unwrap();
        assert_eq!(running(&stem), [state("b")]);
        let third = Board::open(&stem).unwrap();
        third.write(&state("c")).unwrap();
        assert_eq!(running(&stem), [state("c"), state("b")]);
    }
}
