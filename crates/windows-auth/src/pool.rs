//! Signed-in connections to one server, for one identity: one handshake a connection, not one a request.

use crate::answer::{Answer, Body, Lease};
use crate::certificate::ServerCertificate;
use crate::challenge::Challenges;
use crate::connect::Server;
use crate::connection::Connection;
use crate::error::{SendError, SignInError};
use crate::exchange::Outcome;
use crate::identity::Identity;
use crate::login::{Login, Mechanism, Terms};
use bytes::Bytes;
use http::Request;
use http::header::WWW_AUTHENTICATE;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex as AsyncMutex, Semaphore};

/// How long things may take, and how many there may be.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Open at once, each with a request of its own.
    pub connections: usize,
    /// For TCP, proxy and TLS together.
    pub connect: Duration,
    /// For each domain controller that is asked with a password. GSSAPI and Windows have a patience of their own (MIT: 25 s in all).
    pub kdc: Duration,
    /// Until an answer begins, and between two pieces of it.
    pub answer: Duration,
    /// Shorter than the server's own (IIS: 120 s), so that a request seldom meets a connection that just ends.
    pub idle: Duration,
    /// Shorter than a ticket's life (10 h in Active Directory, unless it is set otherwise).
    pub age: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 1,
            connect: Duration::from_secs(10),
            kdc: Duration::from_secs(5),
            answer: Duration::from_secs(300),
            idle: Duration::from_secs(60),
            age: Duration::from_secs(3600),
        }
    }
}

/// Connections to one server, for one identity. They are never shared with another identity.
pub struct Pool {
    pub(crate) server: Server,
    pub(crate) identity: Identity,
    limits: Limits,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
    /// One password is judged at a time, so that a wrong one is tried once.
    pub(crate) judging: AsyncMutex<()>,
    /// What the server takes, once it was asked.
    pub(crate) offers: Mutex<Option<Challenges>>,
    /// Whether this server wants a token with every request (IIS: authPersistNonNTLM=false).
    pub(crate) wants_every_request: AtomicBool,
    /// Whether Basic has been taken once.
    pub(crate) was_taken: AtomicBool,
    pub(crate) handshakes: AtomicU64,
    seen: Mutex<Seen>,
}

/// What a pool has seen of its server.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// How the last connection was signed in.
    pub mechanism: Option<Mechanism>,
    pub certificate: Option<ServerCertificate>,
    /// What the server said that it takes, by name; empty when it was not asked.
    pub offered: Vec<&'static str>,
    /// The service's name that Kerberos asks for.
    pub spn: String,
    pub realm: Option<String>,
    /// Domain controllers, `host:port`, where this process asks them itself.
    pub kdcs: Vec<String>,
    pub user: String,
    /// NTLM is used, because Kerberos cannot be.
    pub fell_back: bool,
    /// How far this machine's clock is before the domain controller's, in seconds, where that was noticed.
    pub ahead_of_domain: Option<i64>,
    pub connections: u64,
    pub handshakes: u64,
}

impl Pool {
    /// A pool without connections. Nothing is sent yet.
    ///
    /// # Errors
    /// When the login cannot be used for this server or in this build.
    pub fn new(server: Server, login: Login, terms: Terms, limits: Limits) -> Result<Arc<Pool>, SignInError> {
        let identity = Identity::new(login, terms, &server.host, limits.kdc)?;
        Ok(Arc::new(Pool {
            server,
            identity,
            permits: Arc::new(Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS))),
            limits,
            idle: Mutex::new(Vec::new()),
            judging: AsyncMutex::new(()),
            offers: Mutex::new(None),
            wants_every_request: AtomicBool::new(false),
            was_taken: AtomicBool::new(false),
            handshakes: AtomicU64::new(0),
            seen: Mutex::new(Seen::default()),
        }))
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What it has seen so far.
    pub fn seen(&self) -> Seen {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        seen.handshakes = self.handshakes.load(Ordering::Relaxed);
        seen.spn = self.identity.spn().to_owned();
        seen.realm = self.identity.realm().map(str::to_owned);
        seen.fell_back = self.identity.has_fallen_back();
        seen.ahead_of_domain = self.identity.ahead_of_domain();
        seen.kdcs = self.identity.kdcs();
        seen.user = self.identity.user();
        let offers = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
        seen.offered = offers.as_ref().map(Challenges::names).unwrap_or_default();
        seen
    }

    /// Sends one request and gives its answer. The path and query of its address are taken, and the server is this pool's.
    ///
    /// The server acts on it at most once: it is repeated only where it is certain that it did nothing (a 401, or not a byte left).
    ///
    /// # Errors
    /// Why there is no answer. After a refused sign-in every further request fails without anything being sent.
    pub async fn send(self: &Arc<Pool>, request: Request<Bytes>) -> Result<Answer, SendError> {
        self.identity.check()?;
        // The semaphore is never closed, so a permit always comes.
        let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else {
            return Err(SendError::Unreachable { why: "the pool is closed".to_owned() });
        };
        self.identity.check()?;
        let (mut must_be_new, mut tries) = (false, 0);
        loop {
            tries += 1;
            let mut connection = self.checkout(must_be_new).await?;
            match self.exchange(&mut connection, &request).await {
                Ok(Outcome::Answered(response, mechanism)) => {
                    self.saw(|seen| seen.mechanism = Some(mechanism));
                    let (mut head, incoming) = response.into_parts();
                    // What it holds was the server's proof, and is nobody's business.
                    head.headers.remove(WWW_AUTHENTICATE);
                    let lease = Lease { pool: Arc::clone(self), connection, _permit: permit };
                    let body = Body::new(incoming, lease);
                    return Ok(Answer { status: head.status, headers: head.headers, mechanism, body });
                }
                // Once for a connection that had ended, and once for a mechanism that cannot be used.
                Ok(Outcome::Again { .. }) if tries < 3 => must_be_new = true,
                Ok(Outcome::Again { why }) => return Err(SendError::Unreachable { why }),
                Err(error) => {
                    if let SendError::SignIn(sign_in) = &error {
                        self.identity.note(sign_in);
                    }
                    return Err(error);
                }
            }
        }
    }

    async fn checkout(&self, must_be_new: bool) -> Result<Connection, SendError> {
        if !must_be_new {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.retain(|connection| connection.is_good(&self.limits));
            // The newest first: the others may end in peace.
            if let Some(connection) = idle.pop() {
                return Ok(connection);
            }
        }
        let opened = Connection::open(&self.server, &self.limits).await;
        let connection = opened.map_err(|why| SendError::Unreachable { why })?;
        self.saw(|seen| {
            seen.connections += 1;
            seen.certificate.clone_from(&connection.certificate);
        });
        Ok(connection)
    }

    /// Takes a connection back whose answer was read to its end.
    pub(crate) fn keep(&self, mut connection: Connection) {
        connection.used_now();
        if connection.is_good(&self.limits) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }

    fn saw(&self, note: impl FnOnce(&mut Seen)) {
        note(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
