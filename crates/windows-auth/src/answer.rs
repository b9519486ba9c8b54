//! An answer, whose connection goes back to its pool once it is read to its end.

use crate::connection::{Connection, reason};
use crate::login::Mechanism;
use crate::pool::Pool;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

/// The head of an answer, and its body as it arrives.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub mechanism: Mechanism,
    pub body: Body,
}

/// A body as it arrives. Dropped before its end, it takes its connection with it.
pub struct Body {
    incoming: Incoming,
    lease: Option<Lease>,
}

/// A connection on loan.
pub(crate) struct Lease {
    pub(crate) pool: Arc<Pool>,
    pub(crate) connection: Connection,
    pub(crate) _permit: OwnedSemaphorePermit,
}

impl Body {
    pub(crate) fn new(incoming: Incoming, lease: Lease) -> Body {
        let mut body = Body { incoming, lease: Some(lease) };
        if http_body::Body::is_end_stream(&body.incoming) {
            body.give_back();
        }
        body
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// Why it was cut, in words.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, String> {
        loop {
            let Some(lease) = &self.lease else { return Ok(None) };
            let patience = lease.pool.limits().answer;
            let frame = match timeout(patience, self.incoming.frame()).await {
                Ok(frame) => frame,
                Err(_) => {
                    self.lease = None;
                    return Err(format!("nothing more within {} ms", patience.as_millis()));
                }
            };
            match frame {
                None => {
                    self.give_back();
                    return Ok(None);
                }
                Some(Err(error)) => {
                    self.lease = None;
                    return Err(reason(&error));
                }
                Some(Ok(frame)) => {
                    // Trailers are nobody's.
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }

    fn give_back(&mut self) {
        if let Some(Lease { pool, connection, _permit }) = self.lease.take() {
            pool.keep(connection);
        }
    }
}
