//! One HTTP/1.1 connection that is ours alone, because a Windows sign-in holds for a connection and not for a request.

use crate::certificate::ServerCertificate;
use crate::connect::{Server, connect};
use crate::login::Mechanism;
use crate::pool::Limits;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};

/// An answer within a sign-in is a page that nobody reads; a longer one is not worth its connection.
const LONGEST_REFUSAL: usize = 256 << 10;

/// An open connection, used by one request at a time.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    driver: AbortHandle,
    /// What was sent last was not taken whole.
    is_stuck: Arc<AtomicBool>,
    pub(crate) certificate: Option<ServerCertificate>,
    pub(crate) signed_in: Option<Mechanism>,
    opened: Instant,
    used: Instant,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Why one request on a connection has no answer.
pub(crate) enum Cut {
    /// Certain that nothing of it left.
    NotSent {
        why: String,
    },
    /// It left, or may have.
    Silent {
        why: String,
    },
    Slow,
}

impl Connection {
    /// Opens one. The error is a reason in words.
    pub(crate) async fn open(server: &Server, limits: &Limits) -> Result<Connection, String> {
        let connected = timeout(limits.connect, connect(server)).await;
        let (stream, certificate) =
            connected.map_err(|_| format!("no connection within {} ms", limits.connect.as_millis()))??;
        let is_stuck = Arc::clone(&stream.is_stuck);
        let (sender, driver) = handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
        // Ends with the connection; its error is the request's, too.
        let driver = tokio::spawn(async move {
            let _ = driver.await;
        });
        let now = Instant::now();
        let driver = driver.abort_handle();
        Ok(Connection { sender, driver, is_stuck, certificate, signed_in: None, opened: now, used: now })
    }

    /// Whether it may be used again.
    pub(crate) fn is_good(&self, limits: &Limits) -> bool {
        let is_open = !self.sender.is_closed() && !self.is_stuck.load(Ordering::Relaxed);
        is_open && self.used.elapsed() < limits.idle && self.opened.elapsed() < limits.age
    }

    pub(crate) fn used_now(&mut self) {
        self.used = Instant::now();
    }

    /// Sends one request and waits for the head of its answer.
    pub(crate) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
        limits: &Limits,
    ) -> Result<Response<Incoming>, Cut> {
        if self.is_stuck.load(Ordering::Relaxed) {
            return Err(Cut::NotSent {
                why: "the server answered, and did not take the rest of the request".to_owned(),
            });
        }
        match timeout(limits.connect, self.sender.ready()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(Cut::NotSent { why: "the server closed the connection".to_owned() }),
            Err(_) => return Err(Cut::NotSent { why: "the last answer has no end".to_owned() }),
        }
        match timeout(limits.answer, self.sender.try_send_request(request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => {
                // The request comes back only where no byte of it was written.
                let is_ours = error.message().is_some();
                let why = reason(error.error());
                Err(if is_ours { Cut::NotSent { why } } else { Cut::Silent { why } })
            }
            Err(_) => Err(Cut::Slow),
        }
    }
}

/// The innermost reason, without addresses.
pub(crate) fn reason(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

/// Reads what nobody wants, so that the connection can go on; false when it cannot.
pub(crate) async fn drain(response: Response<Incoming>, limits: &Limits) -> bool {
    let mut body = response.into_body();
    let mut length = 0;
    let all = async {
        while let Some(frame) = body.frame().await {
            length += frame.ok()?.data_ref().map_or(0, Bytes::len);
            if length > LONGEST_REFUSAL {
                return None;
            }
        }
        Some(())
    };
    matches!(timeout(limits.answer, all).await, Ok(Some(())))
}

pub(crate) fn is_unauthorized(response: &Response<Incoming>) -> bool {
    response.status() == StatusCode::UNAUTHORIZED
}
