//! What a delivery is answered. BambooHR takes 2xx for done, never repeats what got a 4xx, and repeats after 5, 10, 20, 40 and
//! 80 minutes what got a 5xx (bamboohr.md §5.4). So: 200 once the delivery is durable, 5xx for whatever may heal, and 4xx
//! only for what is nobody's delivery.

use super::key::{DeliveryKey, Signature};
use crate::bamboohr::delivery::{Event, SIGNATURE_HEADER, TIMESTAMP_HEADER, What, parse};
use crate::clock::Clock;
use crate::store::{DeliveryStore, Happened, NewDelivery, Told, ToldChange};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Refused deliveries are told once in so long: anybody who finds the address can send them.
const TELL: SignedDuration = SignedDuration::from_mins(10);

/// What one sender may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body, in bytes.
    pub body: usize,
    /// How long a body may take to arrive; a connection ends after twice that, whatever is going on in it.
    pub patience: Duration,
    /// Connections at once; more wait.
    pub at_once: usize,
}

/// A delivery by events is some hundred bytes and one with fields some thousand.
impl Default for Limits {
    fn default() -> Limits {
        Limits { body: 1 << 20, patience: Duration::from_secs(10), at_once: 32 }
    }
}

/// What came since the port was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Deliveries that were kept, unreadable ones among them.
    pub kept: u64,
    /// Deliveries whose body waited already.
    pub repeated: u64,
    /// Signed, and neither JSON nor a form of BambooHR's.
    pub unreadable: u64,
    /// Unsigned, signed by another key, or changed on the way.
    pub refused: u64,
    /// Too large, too slow, or cut.
    pub broken: u64,
    /// Good ones that could not be kept; BambooHR repeats them.
    pub not_kept: u64,
}

#[derive(Default)]
struct Counters {
    kept: AtomicU64,
    repeated: AtomicU64,
    unreadable: AtomicU64,
    refused: AtomicU64,
    broken: AtomicU64,
    not_kept: AtomicU64,
}

/// What every request shares.
pub(super) struct Intake {
    pub(super) key: DeliveryKey,
    pub(super) store: Arc<dyn DeliveryStore>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) wake: Arc<Notify>,
    pub(super) limits: Limits,
    counters: Counters,
    told: Mutex<Option<Timestamp>>,
}

impl Intake {
    pub(super) fn new(
        key: DeliveryKey,
        store: Arc<dyn DeliveryStore>,
        clock: Arc<dyn Clock>,
        wake: Arc<Notify>,
        limits: Limits,
    ) -> Intake {
        Intake { key, store, clock, wake, limits, counters: Counters::default(), told: Mutex::default() }
    }

    pub(super) fn counts(&self) -> Counts {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let all = &self.counters;
        Counts {
            kept: of(&all.kept),
            repeated: of(&all.repeated),
            unreadable: of(&all.unreadable),
            refused: of(&all.refused),
            broken: of(&all.broken),
            not_kept: of(&all.not_kept),
        }
    }

    async fn take(&self, headers: &HeaderMap, body: Body) -> StatusCode {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (timestamp, signature) = (text(TIMESTAMP_HEADER), text(SIGNATURE_HEADER));
        if timestamp.is_empty() || signature.is_empty() {
            return self.refuse();
        }
        let announced = text(CONTENT_LENGTH.as_str()).parse::<usize>();
        let body = match announced {
            Ok(length) if length > self.limits.body => Err(StatusCode::PAYLOAD_TOO_LARGE),
            _ => self.whole(body).await,
        };
        let body = match body {
            Ok(body) => body,
            Err(status) => {
                add(&self.counters.broken);
                tracing::info!(status = status.as_u16(), "a delivery did not come whole");
                return status;
            }
        };
        match self.key.check(timestamp, &body, signature, self.clock.as_ref()).await {
            Signature::Bad => self.refuse(),
            Signature::Good { fingerprint } => self.keep(fingerprint, parsed(text(CONTENT_TYPE.as_str()), &body)).await,
        }
    }

    /// All of the body. A slow or broken one may be better the next time: that is no 4xx.
    async fn whole(&self, body: Body) -> Result<Vec<u8>, StatusCode> {
        let read = async {
            let (mut bytes, mut chunks) = (Vec::new(), body.into_data_stream());
            while let Some(chunk) = chunks.next().await {
                bytes.extend_from_slice(&chunk.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?);
                if bytes.len() > self.limits.body {
                    return Err(StatusCode::PAYLOAD_TOO_LARGE);
                }
            }
            Ok(bytes)
        };
        tokio::time::timeout(self.limits.patience, read).await.unwrap_or(Err(StatusCode::SERVICE_UNAVAILABLE))
    }

    async fn keep(&self, fingerprint: String, told: Told) -> StatusCode {
        let is_unreadable = told == Told::Something;
        if is_unreadable {
            add(&self.counters.unreadable);
            tracing::warn!(
                "a delivery of BambooHR's was signed and cannot be read: it is taken as a change of somebody"
            );
        }
        let delivery = NewDelivery { received_at: self.clock.now(), fingerprint, told };
        match self.store.keep_delivery(delivery).await {
            Ok(is_new) => {
                add(if is_new { &self.counters.kept } else { &self.counters.repeated });
                // Also for one that waited already: a wake that was lost is made up for.
                self.wake.notify_one();
                StatusCode::OK
            }
            Err(error) => {
                add(&self.counters.not_kept);
                tracing::warn!(%error, "a delivery could not be kept: BambooHR will repeat it");
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    fn refuse(&self) -> StatusCode {
        let refused = add(&self.counters.refused);
        let now = self.clock.now();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|before| now.duration_since(before) >= TELL) {
            *told = Some(now);
            tracing::warn!(
                refused,
                "somebody sent what BambooHR did not sign with this key; if it was BambooHR: ml-connector webhook register"
            );
        }
        StatusCode::UNAUTHORIZED
    }
}

/// Counts, and gives how many there are now.
fn add(counter: &AtomicU64) -> u64 {
    counter.fetch_add(1, Ordering::Relaxed) + 1
}

fn parsed(content_type: &str, body: &[u8]) -> Told {
    parse(content_type, body).map_or(Told::Something, |events| Told::Changes(events.into_iter().map(change).collect()))
}

/// Only who and which fields: what the fields hold is not kept.
fn change(event: Event) -> ToldChange {
    let happened = match event.what {
        What::Created => Happened::Created,
        What::Updated => Happened::Updated,
        What::Deleted => Happened::Deleted,
    };
    ToldChange { happened, employee_id: event.employee_id, fields: event.changed_fields }
}

/// The two addresses. Everything else is 404, another method 405.
pub(super) fn router(intake: Arc<Intake>) -> Router {
    Router::new()
        .route("/webhooks/bamboohr", post(delivery))
        .route("/health", get(health))
        .with_state(intake)
        .layer(axum::middleware::map_response(closing))
}

async fn delivery(State(intake): State<Arc<Intake>>, headers: HeaderMap, body: Body) -> StatusCode {
    intake.take(&headers, body).await
}

/// For a monitor or the proxy: that somebody listens, and nothing else.
async fn health() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(CONTENT_TYPE, "application/json")], "{\"status\":\"ok\"}\n")
}

/// One request a connection: none waits for a second one while others have no place.
async fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
