//! The one writer: a thread that gathers whatever waits into one commit.
//!
//! With `synchronous=FULL` a commit waits for the disk; a hundred waiting writes then cost one wait instead of a hundred
//! (dependencies.md §3: 27 times the rows a second). Each write runs in a savepoint of its own, so that one that fails
//! takes nothing else with it, and is answered only after the commit.

use crate::store::StoreError;
use rusqlite::Connection;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// At most this many writes share a commit, so that the first of them does not wait long.
const GATHER: usize = 100;

/// Runs inside the transaction (`None`: none could be begun, so do nothing); what it returns is called with whether the
/// commit held.
type Job = Box<dyn FnOnce(Option<&Connection>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A handle on the writer thread; dropping it ends the thread after the writes that wait.
pub struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on its own connection.
    pub fn start(connection: Connection) -> Writer {
        let (jobs, waiting) = channel();
        let thread = std::thread::spawn(move || work(&connection, &waiting));
        Writer { jobs: Some(jobs), thread: Some(thread) }
    }

    /// Runs `write` in a transaction; durable when this returns.
    ///
    /// # Errors
    /// What `write` gives (then nothing of it is stored), or that the commit failed.
    pub async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = connection.map(|connection| in_savepoint(connection, write));
            Box::new(move |committed| {
                let result = result.unwrap_or_else(|| Err(ended()));
                // Nobody waits any more when the caller was dropped; the write itself stands.
                let _ = answer.send(committed.and(result));
            })
        });
        self.jobs.as_ref().and_then(|jobs| jobs.send(job).ok()).ok_or_else(ended)?;
        answered.await.map_err(|_| ended())?
    }
}

fn ended() -> StoreError {
    StoreError::Unusable { path: String::new(), why: "the writer has ended".to_owned() }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn work(connection: &Connection, waiting: &Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let begun = connection.execute_batch("BEGIN IMMEDIATE").map_err(super::unusable);
        let usable = begun.is_ok().then_some(connection);
        let mut answers = vec![first(usable)];
        while answers.len() < GATHER
            && let Ok(next) = waiting.try_recv()
        {
            answers.push(next(usable));
        }
        let committed = begun.and_then(|()| connection.execute_batch("COMMIT").map_err(super::unusable));
        if committed.is_err() && usable.is_some() {
            // A failed commit leaves the transaction open; nothing of it may stay.
            let _ = connection.execute_batch("ROLLBACK");
        }
        let why = committed.err().map(|error| error.to_string());
        for answer in answers {
            answer(match &why {
                None => Ok(()),
                Some(why) => Err(StoreError::Unusable { path: String::new(), why: why.clone() }),
            });
        }
    }
}

fn in_savepoint<T>(
    connection: &Connection,
    write: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.execute_batch("SAVEPOINT one").map_err(super::unusable)?;
    let result = write(connection);
    let end = if result.is_ok() { "RELEASE one" } else { "ROLLBACK TO one; RELEASE one" };
    connection.execute_batch(end).map_err(super::unusable)?;
    result
}
