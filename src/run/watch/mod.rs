//! The newest good generation of a project folder, while it is edited.
//!
//! A content hash decides; file events only wake ([`wakes`]). A broken edit is refused whole and the old generation goes
//! on; an emptied folder is broken, never "no pipelines". The folder is also looked at every second, because network
//! shares and editors that replace files lose events.
//!
//! A folder that is read while several files are being written can hold a mixture of two states, each of which is good,
//! and the mixture may load. So only what stands still is judged ([`mod@stamp`]): its bytes and its files' times are the same
//! at two looks that are [`SETTLE`] apart, and again after it was compiled. [`state`] tells others what is in force.

mod stamp;
pub mod state;
mod wakes;

pub use wakes::{Wakes, follow};

use super::lint::dialect_findings;
use crate::project::generation::DoesNotLoad;
use crate::project::reuse::Reuse;
use crate::project::{Finding, Generation};
use arc_swap::ArcSwap;
use stamp::{Stamp, git_is_writing, stamp};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a folder stands still before it is judged. Editors write in several steps, and a checkout writes many files.
pub const SETTLE: Duration = Duration::from_millis(250);
/// How long a folder in which git says that it is writing has to stand still: git may have been killed and have left its
/// lock behind.
pub const SETTLE_DESPITE_GIT: Duration = Duration::from_secs(10);

/// What a look at the folder found.
#[derive(Debug)]
pub enum Reload {
    /// Nothing that was not told before.
    Unchanged,
    /// The folder is being written, or has not stood still for long enough: look again after [`SETTLE`].
    Unsettled,
    /// A new generation is in force.
    Swapped(Arc<Generation>),
    /// The folder does not load: the old generation goes on.
    Refused(Arc<DoesNotLoad>),
    /// What was refused is gone: the folder is again what is in force.
    TakenBack,
}

/// Holds the generation in force. A run takes it once and keeps it to its end.
pub struct Current {
    folder: PathBuf,
    environment: Option<String>,
    generation: ArcSwap<Generation>,
    seen: Mutex<Seen>,
}

/// A folder before its first generation is in force.
pub struct Opening {
    folder: PathBuf,
    environment: Option<String>,
    standing: Standing,
    reuse: Reuse,
}

impl Opening {
    pub fn new(folder: &Path, environment: Option<&str>) -> Opening {
        let (folder, environment) = (folder.to_owned(), environment.map(str::to_owned));
        Opening { folder, environment, standing: None, reuse: Reuse::default() }
    }

    /// What the folder holds, loaded; `None` while it does not stand still: look again after [`SETTLE`].
    pub fn look(&mut self, now: Instant) -> Option<Result<Current, DoesNotLoad>> {
        let Opening { folder, environment, standing, reuse } = self;
        let (judged, loaded) = settled(folder, environment.as_deref(), standing, reuse, now)?;
        Some(loaded.map(|generation| Current {
            folder: folder.clone(),
            environment: environment.clone(),
            generation: ArcSwap::from_pointee(generation),
            seen: Mutex::new(Seen {
                judged,
                standing: None,
                latest: Some(now),
                refused: None,
                reuse: std::mem::take(reuse),
            }),
        }))
    }
}

/// What the looks so far found.
struct Seen {
    /// The content that was judged last.
    judged: u64,
    standing: Standing,
    /// The time of the last look.
    latest: Option<Instant>,
    /// Why the newest content is not in force.
    refused: Option<Arc<DoesNotLoad>>,
    reuse: Reuse,
}

impl Current {
    /// Waits until the folder stands still, and loads what it holds then.
    ///
    /// # Errors
    /// All findings, those of the dialect among them.
    pub async fn open(folder: &Path, environment: Option<&str>) -> Result<Current, DoesNotLoad> {
        let mut opening = Opening::new(folder, environment);
        loop {
            if let Some(opened) = opening.look(Instant::now()) {
                return opened;
            }
            tokio::time::sleep(SETTLE).await;
        }
    }

    /// The generation in force now.
    pub fn generation(&self) -> Arc<Generation> {
        self.generation.load_full()
    }

    /// Why the newest content of the folder is not in force, when it is not.
    pub fn refused(&self) -> Option<Arc<DoesNotLoad>> {
        self.seen().refused.clone()
    }

    /// Looks at the folder; compiles and swaps when its bytes changed and have stood still.
    pub fn look(&self, now: Instant) -> Reload {
        let mut guard = self.seen();
        let seen = &mut *guard;
        // Whoever waited here for another's look comes with a `now` from before it: what is found now would seem to stand
        // since then.
        let now = seen.latest.map_or(now, |latest| now.max(latest));
        seen.latest = Some(now);
        if stamp(&self.folder, seen.reuse.asked()).content == seen.judged {
            seen.standing = None;
            return Reload::Unchanged;
        }
        let environment = self.environment.as_deref();
        match settled(&self.folder, environment, &mut seen.standing, &mut seen.reuse, now) {
            None => Reload::Unsettled,
            Some((content, loaded)) => {
                seen.judged = content;
                self.judge(loaded, seen)
            }
        }
    }

    fn judge(&self, loaded: Result<Generation, DoesNotLoad>, seen: &mut Seen) -> Reload {
        match loaded {
            Ok(new) => {
                let had_refused = seen.refused.take().is_some();
                let held = self.generation.load();
                if new.id == held.id && new.files == held.files {
                    return if had_refused { Reload::TakenBack } else { Reload::Unchanged };
                }
                let new = Arc::new(new);
                self.generation.store(Arc::clone(&new));
                Reload::Swapped(new)
            }
            Err(broken) => {
                let told = |before: &Arc<DoesNotLoad>| before.findings == broken.findings;
                // Another file changed beside the broken one: the same mistakes were told already.
                if seen.refused.as_ref().is_some_and(told) {
                    return Reload::Unchanged;
                }
                let broken = Arc::new(broken);
                seen.refused = Some(Arc::clone(&broken));
                Reload::Refused(broken)
            }
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What has been standing in a folder since when, and is not judged yet.
type Standing = Option<(Stamp, Instant)>;

/// What a folder loads as, with its content; `None` while it has not stood still for long enough.
fn settled(
    folder: &Path,
    environment: Option<&str>,
    standing: &mut Standing,
    reuse: &mut Reuse,
    now: Instant,
) -> Option<(u64, Result<Generation, DoesNotLoad>)> {
    let found = stamp(folder, reuse.asked());
    let since = match standing {
        Some((before, since)) if *before == found => *since,
        _ => now,
    };
    *standing = Some((found, since));
    let needed = if git_is_writing(folder) { SETTLE_DESPITE_GIT } else { SETTLE };
    if now.saturating_duration_since(since) < needed {
        return None;
    }
    let asked = reuse.asked().clone();
    let loaded = load(folder, environment, reuse);
    // It may read other files than the generation before: these have to stand still as well.
    let after = stamp(folder, reuse.asked());
    if after != found || *reuse.asked() != asked {
        *standing = Some((after, now));
        return None;
    }
    *standing = None;
    Some((found.content, loaded))
}

/// A generation that a run can use: a dialect that cannot be read, or cannot do what the pipelines want, is as bad as a
/// broken pipeline.
fn load(folder: &Path, environment: Option<&str>, reuse: &mut Reuse) -> Result<Generation, DoesNotLoad> {
    let generation = Generation::load_reusing(folder, environment, reuse)?;
    let findings: Vec<Finding> = dialect_findings(&generation);
    if findings.is_empty() {
        return Ok(generation);
    }
    let mut sources = generation.sources;
    if let Some(gp) = &generation.project.gp {
        sources.add(&gp.dialect_file, &gp.dialect_text);
    }
    Err(DoesNotLoad { findings, sources })
}
