//! The newest good generation of a project folder, while it is edited.
//!
//! A content hash decides; file events only wake. A broken edit is refused whole and the old generation goes on; an
//! emptied folder is broken, never "no pipelines". The folder is also hashed every second, because network shares and
//! editors that replace files lose events.

use crate::project::generation::DoesNotLoad;
use crate::project::{Finding, Generation};
use arc_swap::ArcSwap;
use notify::{RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How often the folder is looked at without an event.
const NET: Duration = Duration::from_secs(1);
/// Editors write in several steps; a burst of events is one edit.
const SETTLE: Duration = Duration::from_millis(50);

/// What a look at the folder found.
#[derive(Debug)]
pub enum Reload {
    /// The same bytes as before.
    Unchanged,
    /// A new generation is in force.
    Swapped(Arc<Generation>),
    /// The folder does not load: the old generation goes on.
    Refused(DoesNotLoad),
}

/// Holds the generation in force. A run takes it once and keeps it to its end.
pub struct Current {
    folder: PathBuf,
    environment: Option<String>,
    generation: ArcSwap<Generation>,
    seen: std::sync::Mutex<Seen>,
}

/// What the last look found, so that a broken edit is told once.
#[derive(Default)]
struct Seen {
    fingerprint: u64,
    refused: Vec<Finding>,
}

impl Current {
    /// Begins with a generation that loaded from `folder`.
    pub fn new(folder: &Path, environment: Option<&str>, generation: Generation) -> Current {
        Current {
            seen: std::sync::Mutex::new(Seen { fingerprint: fingerprint(folder), refused: Vec::new() }),
            folder: folder.to_owned(),
            environment: environment.map(str::to_owned),
            generation: ArcSwap::from_pointee(generation),
        }
    }

    /// The generation in force now.
    pub fn generation(&self) -> Arc<Generation> {
        self.generation.load_full()
    }

    /// Looks at the folder; compiles and swaps when its bytes changed.
    pub fn look(&self) -> Reload {
        let now = fingerprint(&self.folder);
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.fingerprint == now {
            return Reload::Unchanged;
        }
        seen.fingerprint = now;
        match Generation::load(&self.folder, self.environment.as_deref()) {
            Ok(new) if new.id == self.generation.load().id && new.files == self.generation.load().files => {
                Reload::Unchanged
            }
            Ok(new) => {
                seen.refused.clear();
                let new = Arc::new(new);
                self.generation.store(Arc::clone(&new));
                Reload::Swapped(new)
            }
            // Another file changed beside the broken one: the same mistakes were told already.
            Err(broken) if broken.findings == seen.refused => Reload::Unchanged,
            Err(broken) => {
                seen.refused.clone_from(&broken.findings);
                Reload::Refused(broken)
            }
        }
    }
}

/// A hash of every path and byte under the folder, hidden folders left out.
fn fingerprint(folder: &Path) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = rustc_hash::FxHasher::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if hidden {
                continue;
            }
            path.hash(&mut hasher);
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                bytes.hash(&mut hasher);
            }
        }
    }
    hasher.finish()
}

/// Wakes when the folder may have changed.
pub struct Wakes {
    events: mpsc::Receiver<()>,
    _watcher: Option<notify::RecommendedWatcher>,
}

impl Wakes {
    /// Watches `folder`. Where the system gives no events, the one-second net does it alone.
    pub fn new(folder: &Path) -> Wakes {
        let (tell, events) = mpsc::channel(1);
        let handler = move |_: notify::Result<notify::Event>| {
            // A full channel already has a wake waiting.
            let _ = tell.try_send(());
        };
        let watcher = notify::recommended_watcher(handler).ok().and_then(|mut watcher| {
            watcher.watch(folder, RecursiveMode::Recursive).ok()?;
            Some(watcher)
        });
        Wakes { events, _watcher: watcher }
    }

    /// Waits for the next event (and lets a burst settle) or for the net.
    pub async fn next(&mut self) {
        tokio::select! {
            Some(()) = self.events.recv() => tokio::time::sleep(SETTLE).await,
            () = tokio::time::sleep(NET) => {}
        }
    }
}
