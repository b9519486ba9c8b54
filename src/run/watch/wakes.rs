//! When to look: on events of the file system, and every second.

use super::{Current, Reload, SETTLE};
use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How often the folder is looked at without an event.
const NET: Duration = Duration::from_secs(1);

/// Wakes when the folder may have changed.
pub struct Wakes {
    folder: PathBuf,
    tell: mpsc::Sender<()>,
    events: mpsc::Receiver<()>,
    watcher: Option<RecommendedWatcher>,
    /// Whether an event came since the last verdict.
    told: bool,
}

impl Wakes {
    /// Watches `folder`. Where the system gives no events, the one-second net does it alone.
    pub fn new(folder: &Path) -> Wakes {
        let (tell, events) = mpsc::channel(1);
        let watcher = watch(folder, &tell);
        Wakes { folder: folder.to_owned(), tell, events, watcher, told: false }
    }

    /// The net alone, as on a network share that gives no events.
    pub fn without_events(folder: &Path) -> Wakes {
        let (tell, events) = mpsc::channel(1);
        Wakes { folder: folder.to_owned(), tell, events, watcher: None, told: true }
    }

    /// Waits for the next event or for the net; what is `unsettled` is looked at again as soon as it may have settled.
    pub async fn next(&mut self, unsettled: bool) {
        if unsettled {
            tokio::time::sleep(SETTLE).await;
            self.told |= self.events.try_recv().is_ok();
            return;
        }
        tokio::select! {
            Some(()) = self.events.recv() => self.told = true,
            () = tokio::time::sleep(NET) => {}
        }
    }

    /// Something changed. When no event told of it, the folder may be another one of the same name, which was deleted and
    /// made again, and nobody watches that: it is watched anew.
    fn changed(&mut self) {
        if !std::mem::take(&mut self.told) && self.watcher.is_some() {
            self.watcher = watch(&self.folder, &self.tell);
        }
    }
}

fn watch(folder: &Path, tell: &mpsc::Sender<()>) -> Option<RecommendedWatcher> {
    let tell = tell.clone();
    let handler = move |event: notify::Result<Event>| {
        // A look opens and reads every file: woken by that, it would look for ever.
        let is_reading = matches!(
            event,
            Ok(Event { kind: EventKind::Access(how), .. }) if how != AccessKind::Close(AccessMode::Write)
        );
        if !is_reading {
            // A full channel already has a wake waiting.
            let _ = tell.try_send(());
        }
    };
    let mut watcher = notify::recommended_watcher(handler).ok()?;
    watcher.watch(folder, RecursiveMode::Recursive).ok()?;
    Some(watcher)
}

/// Looks whenever it is woken, and hands on what is new, for as long as `tell` takes it. A run that is going on does not
/// keep it from looking.
pub async fn follow(current: Arc<Current>, mut wakes: Wakes, mut tell: impl FnMut(Reload) -> bool) {
    let mut unsettled = true;
    loop {
        wakes.next(unsettled).await;
        let looking = Arc::clone(&current);
        let Ok(reload) = tokio::task::spawn_blocking(move || looking.look(Instant::now())).await else { return };
        unsettled = matches!(reload, Reload::Unsettled);
        match reload {
            Reload::Unchanged | Reload::Unsettled => {}
            new => {
                wakes.changed();
                if !tell(new) {
                    return;
                }
            }
        }
    }
}
