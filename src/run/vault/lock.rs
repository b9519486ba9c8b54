//! One command at a time changes tokens or the master key, across tasks and processes. The system lets go of the lock even
//! when its process is killed.

use crate::run::systems::RunError;
use std::fs::{File, TryLockError};
use std::path::Path;

/// The lock, held until it is dropped.
pub struct Held {
    _file: File,
}

/// Takes the lock, waiting for whoever holds it.
///
/// # Errors
/// When its file cannot be used.
pub async fn hold(path: &Path) -> Result<Held, RunError> {
    let cannot = |why: String| RunError::Write { what: format!("the lock {}", path.display()), why };
    let file = File::create(path).map_err(|error| cannot(error.to_string()))?;
    match file.try_lock() {
        Ok(()) => return Ok(Held { _file: file }),
        Err(TryLockError::WouldBlock) => tracing::info!("another command changes the vault: waiting for it"),
        Err(TryLockError::Error(error)) => return Err(cannot(error.to_string())),
    }
    let waiting = tokio::task::spawn_blocking(move || file.lock().map(|()| Held { _file: file }));
    let held = waiting.await.map_err(|error| cannot(error.to_string()))?;
    held.map_err(|error| cannot(error.to_string()))
}
