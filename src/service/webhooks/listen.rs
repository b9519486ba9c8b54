//! The port of webhooks: opened, and ended with everything that is in it answered.

use super::doors::Doors;
use super::intake::{Counts, Intake, Limits, router};
use super::key::DeliveryKey;
use crate::clock::Clock;
use crate::project::Generation;
use crate::run::systems::{RunError, Secrets};
use crate::store::DeliveryStore;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Why nothing can be received.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("webhooks cannot be received at {address}: {why}")]
    Address { address: SocketAddr, why: String },
    #[error(transparent)]
    Key(#[from] RunError),
}

/// What receives deliveries.
pub struct Receiver {
    pub key: DeliveryKey,
    pub store: Arc<dyn DeliveryStore>,
    pub clock: Arc<dyn Clock>,
    /// Woken after each delivery that is durable; a wake while nobody waits is not lost.
    pub wake: Arc<Notify>,
    pub limits: Limits,
}

/// An open port. Dropping it ends it as [`Listening::stop`] does, without waiting.
pub struct Listening {
    address: SocketAddr,
    intake: Arc<Intake>,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

/// Opens the port that the generation's project names; `None` where it names none.
///
/// # Errors
/// When the key is not there, or the port cannot be opened.
pub async fn listen_for(
    generation: &Generation,
    secrets: &Secrets<'_>,
    store: Arc<dyn DeliveryStore>,
    clock: Arc<dyn Clock>,
    wake: Arc<Notify>,
) -> Result<Option<Listening>, ListenError> {
    let Some(named) = generation.project.webhook() else { return Ok(None) };
    let key = DeliveryKey::named(named, secrets).await?;
    listen(named.listen, Receiver { key, store, clock, wake, limits: Limits::default() }).await.map(Some)
}

/// Opens a port and receives in a task of its own. Port 0 takes a free one.
///
/// # Errors
/// When the port cannot be opened, for example because somebody has it.
pub async fn listen(address: SocketAddr, receiver: Receiver) -> Result<Listening, ListenError> {
    let cannot = |error: std::io::Error| ListenError::Address { address, why: error.to_string() };
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    let bound = listener.local_addr().map_err(cannot)?;
    let Receiver { key, store, clock, wake, limits } = receiver;
    let intake = Arc::new(Intake::new(key, store, clock, wake, limits));
    let doors = Doors::new(listener, limits.at_once, limits.patience * 2);
    let stop = CancellationToken::new();
    let serve = axum::serve(doors, router(Arc::clone(&intake))).with_graceful_shutdown(stop.clone().cancelled_owned());
    let task = tokio::spawn(async move {
        if let Err(error) = serve.await {
            tracing::warn!(%error, "webhooks are no longer received");
        }
    });
    Ok(Listening { address: bound, intake, stop, task: Some(task) })
}

impl Listening {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What came since it was opened.
    pub fn counts(&self) -> Counts {
        self.intake.counts()
    }

    /// Takes nobody else in, waits until whoever is in has their answer (at most [`Limits::patience`] twice), and closes
    /// the port.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            // A task that panicked has closed its port, too.
            let _ = task.await;
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
