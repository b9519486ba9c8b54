//! One request on one connection: with a sign-in before it where the connection has none, and the server's proof after it.

use crate::certificate::ServerCertificate;
use crate::challenge::{Challenges, Offer, Scheme};
use crate::connection::{Connection, Cut, drain, is_unauthorized};
use crate::error::{SendError, SignInError};
use crate::handshake::Handshake;
use crate::login::Mechanism;
use crate::pool::Pool;
use crate::request::written;
use crate::sspi_step::{Stepped, refused};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// SPNEGO needs two or three; a server that asks on and on is broken.
const MOST_LEGS: usize = 4;

/// What became of a request on one connection.
pub(crate) enum Outcome {
    Answered(Response<Incoming>, Mechanism),
    /// The server did nothing of it, and another connection may do.
    Again {
        why: String,
    },
}

impl Pool {
    /// Sends `request` on `connection`.
    pub(crate) async fn exchange(
        &self,
        connection: &mut Connection,
        request: &Request<Bytes>,
    ) -> Result<Outcome, SendError> {
        if let Some(header) = self.identity.basic()? {
            return self.with_basic(connection, request, header).await;
        }
        if let Some(mechanism) = connection.signed_in
            && !(mechanism == Mechanism::Kerberos && self.wants_every_request.load(Ordering::Relaxed))
        {
            let response = match connection.send(self.written(request, None, true), self.limits()).await {
                Ok(response) => response,
                Err(cut) => return self.again_or(cut),
            };
            if !is_unauthorized(&response) {
                return Ok(Outcome::Answered(response, mechanism));
            }
            // A 401: the request was not executed. NTLM's connection has lost its sign-in; Kerberos' may want one a request.
            connection.signed_in = None;
            let goes_on = drain(response, self.limits()).await;
            if mechanism != Mechanism::Kerberos || !goes_on {
                return Ok(Outcome::Again {
                    why: "the server asks for a sign-in on a connection that has one".to_owned(),
                });
            }
            self.wants_every_request.store(true, Ordering::Relaxed);
        }
        self.with_handshake(connection, request).await
    }

    async fn with_basic(
        &self,
        connection: &mut Connection,
        request: &Request<Bytes>,
        header: HeaderValue,
    ) -> Result<Outcome, SendError> {
        // Until one was taken, one at a time: a wrong password is tried once.
        let _one = if self.was_taken.load(Ordering::Relaxed) { None } else { Some(self.judging.lock().await) };
        self.identity.check()?;
        let response = match connection.send(self.written(request, Some(header), true), self.limits()).await {
            Ok(response) => response,
            Err(cut) => return self.again_or(cut),
        };
        if is_unauthorized(&response) {
            let challenges = Challenges::of(response.headers());
            let error = if challenges.names().is_empty() || challenges.offers(Scheme::Basic) {
                refused(&self.identity.user(), "Basic")
            } else {
                SignInError::NotOffered { wanted: "Basic", offered: challenges.names() }
            };
            // Before the next one may try.
            self.identity.note(&error);
            return Err(error.into());
        }
        if response.status().is_success() {
            // Anything else may come from somebody who did not look at the password.
            self.was_taken.store(true, Ordering::Relaxed);
        }
        Ok(Outcome::Answered(response, Mechanism::Basic))
    }

    async fn with_handshake(
        &self,
        connection: &mut Connection,
        request: &Request<Bytes>,
    ) -> Result<Outcome, SendError> {
        let mut judging = Some(self.judging.lock().await);
        self.identity.check()?;
        let offers = match self.known_offers() {
            None if self.identity.wants_offers() => match self.ask_offers(connection, request).await? {
                Some(offers) => Some(offers),
                None => {
                    return Ok(Outcome::Again { why: "the server closed the connection when it was asked".to_owned() });
                }
            },
            known => known,
        };
        let binding = connection.certificate.as_ref().and_then(ServerCertificate::end_point_binding);
        let (mut handshake, mut stepped) = self.first_token(offers.as_ref(), binding.as_deref()).await?;
        if handshake.mechanism == Mechanism::Kerberos {
            // The domain has judged the password already; the server's answer may take minutes.
            judging = None;
        }
        for leg in 0..MOST_LEGS {
            let is_whole = leg > 0 || handshake.may_end_at_once();
            let header = token_header(handshake.scheme, &stepped.token)?;
            let response = match connection.send(self.written(request, Some(header), is_whole), self.limits()).await {
                Ok(response) => response,
                Err(cut) => {
                    // A slow answer is no cut: GP may take its time.
                    if handshake.mechanism == Mechanism::Ntlm && is_whole && matches!(cut, Cut::Silent { .. }) {
                        self.identity.proof_was_answered(false);
                    }
                    return self.cut_in_leg(cut, leg, is_whole);
                }
            };
            if handshake.mechanism == Mechanism::Ntlm && is_whole {
                self.identity.proof_was_answered(true);
            }
            if !is_unauthorized(&response) {
                if !is_whole {
                    return Err(not_asked(&response));
                }
                self.prove(&mut handshake, &stepped, &response).await?;
                handshake.ticket_was(true);
                drop(judging);
                connection.signed_in = Some(handshake.mechanism);
                return Ok(Outcome::Answered(response, handshake.mechanism));
            }
            stepped = match self.next_token(&mut handshake, response, is_whole).await {
                Ok(next) => next,
                Err(error) if handshake.mechanism == Mechanism::Kerberos && self.identity.falls_back(&error) => {
                    return Ok(Outcome::Again { why: error.to_string() });
                }
                Err(error) => {
                    if matches!(error, SignInError::TicketRefused { .. }) {
                        handshake.ticket_was(false);
                    }
                    self.learn_from(&error);
                    return Err(error.into());
                }
            };
        }
        Err(SignInError::Protocol { why: format!("the server still asks after {MOST_LEGS} tokens") }.into())
    }

    /// A handshake and its first token: NTLM's where Kerberos cannot be used and the login allows it. The server has heard nothing
    /// of it yet, so the connection stays.
    async fn first_token(
        &self,
        offers: Option<&Challenges>,
        binding: Option<&[u8]>,
    ) -> Result<(Handshake, Stepped), SignInError> {
        loop {
            let was_kerberos = self.identity.is_kerberos();
            let begun = async {
                let mut handshake = self.identity.begin(offers, binding)?;
                self.handshakes.fetch_add(1, Ordering::Relaxed);
                let stepped = handshake.step(None).await?;
                Ok((handshake, stepped))
            };
            match begun.await {
                Err(error) if was_kerberos && self.identity.falls_back(&error) => {}
                Err(error) => {
                    self.learn_from(&error);
                    return Err(error);
                }
                Ok(begun) => return Ok(begun),
            }
        }
    }

    /// Our answer to a 401.
    async fn next_token(
        &self,
        handshake: &mut Handshake,
        response: Response<Incoming>,
        was_whole: bool,
    ) -> Result<Stepped, SignInError> {
        let challenges = Challenges::of(response.headers());
        if handshake.mechanism == Mechanism::Ntlm && was_whole {
            // NTLM's second token proves the password: whatever comes with a 401, it was a no, and counts where accounts lock.
            return Err(self.no(handshake, true));
        }
        match challenges.offer(handshake.scheme) {
            Offer::Token(token) => {
                if !drain(response, self.limits()).await {
                    return Err(SignInError::Protocol { why: "the connection was cut in the middle of it".to_owned() });
                }
                match handshake.step(Some(token)).await {
                    Ok(next) if !next.token.is_empty() => Ok(next),
                    Err(error) if handshake.mechanism != Mechanism::Kerberos => Err(error),
                    // A server that does not take a ticket answers with Kerberos' own error, or with a no in SPNEGO.
                    Ok(_) | Err(_) => Err(self.no(handshake, true)),
                }
            }
            Offer::Unreadable => Err(SignInError::Protocol { why: "the server's token cannot be read".to_owned() }),
            Offer::Absent => {
                Err(SignInError::NotOffered { wanted: handshake.scheme.name(), offered: challenges.names() })
            }
            Offer::Bare => Err(self.no(handshake, was_whole)),
        }
    }

    /// What a 401 without a token means.
    fn no(&self, handshake: &Handshake, was_last: bool) -> SignInError {
        match (handshake.mechanism, was_last) {
            (_, false) => SignInError::Protocol { why: "the server answered the first token with nothing".to_owned() },
            (Mechanism::Kerberos, true) => SignInError::TicketRefused { spn: self.identity.spn().to_owned() },
            (mechanism, true) => refused(&self.identity.user(), mechanism.name()),
        }
    }

    /// After the last leg: the server's own proof, where the mechanism has one.
    async fn prove(
        &self,
        handshake: &mut Handshake,
        stepped: &Stepped,
        response: &Response<Incoming>,
    ) -> Result<(), SendError> {
        if handshake.mechanism != Mechanism::Kerberos {
            return Ok(());
        }
        match Challenges::of(response.headers()).offer(handshake.scheme) {
            Offer::Token(token) => match handshake.step(Some(token)).await {
                Ok(last) if last.is_done && last.token.is_empty() => Ok(()),
                Ok(_) | Err(_) if self.identity.terms.mutual => Err(SendError::Unproven),
                Ok(_) | Err(_) => Ok(()),
            },
            _ if stepped.is_done || !self.identity.terms.mutual => Ok(()),
            _ => Err(SendError::Unproven),
        }
    }

    /// Before the next one may try.
    fn learn_from(&self, error: &SignInError) {
        self.identity.note(error);
        if matches!(error, SignInError::NotOffered { .. }) {
            // Asked anew by the next request: somebody may turn it on.
            *self.offers.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    fn known_offers(&self) -> Option<Challenges> {
        self.offers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the server what it takes, with the request's own address and no body; `None` when the connection had ended.
    async fn ask_offers(
        &self,
        connection: &mut Connection,
        request: &Request<Bytes>,
    ) -> Result<Option<Challenges>, SendError> {
        let response = match connection.send(self.written(request, None, false), self.limits()).await {
            Ok(response) => response,
            Err(Cut::NotSent { .. }) => return Ok(None),
            Err(cut) => return Err(never_whole(cut)),
        };
        if !is_unauthorized(&response) {
            return Err(not_asked(&response));
        }
        let challenges = Challenges::of(response.headers());
        *self.offers.lock().unwrap_or_else(PoisonError::into_inner) = Some(challenges.clone());
        Ok(drain(response, self.limits()).await.then_some(challenges))
    }

    fn written(&self, request: &Request<Bytes>, sign_in: Option<HeaderValue>, is_whole: bool) -> Request<Full<Bytes>> {
        written(&self.server, request, sign_in, is_whole)
    }

    /// What a cut means for a request that went out whole, on a connection that may have ended before.
    fn again_or(&self, cut: Cut) -> Result<Outcome, SendError> {
        match cut {
            Cut::NotSent { why } => Ok(Outcome::Again { why }),
            Cut::Silent { why } => Err(SendError::Silent { why }),
            Cut::Slow => Err(SendError::Slow { ms: self.limits().answer.as_millis() }),
        }
    }

    fn cut_in_leg(&self, cut: Cut, leg: usize, is_whole: bool) -> Result<Outcome, SendError> {
        match cut {
            Cut::NotSent { why } if leg == 0 => Ok(Outcome::Again { why }),
            Cut::NotSent { .. } => {
                let why = "the connection was closed in the middle of it".to_owned();
                Err(SignInError::Protocol { why }.into())
            }
            cut if is_whole => self.again_or(cut),
            cut => Err(never_whole(cut)),
        }
    }
}

/// A cut while only the beginning of a sign-in was on its way: the server did nothing.
fn never_whole(cut: Cut) -> SendError {
    match cut {
        Cut::NotSent { why } | Cut::Silent { why } => SendError::Unreachable { why },
        Cut::Slow => SendError::Unreachable { why: "no answer to a sign-in in time".to_owned() },
    }
}

/// An answer to a request that was none yet.
fn not_asked(response: &Response<Incoming>) -> SendError {
    let status = response.status();
    if status.is_server_error() {
        return SendError::Unreachable { why: format!("it answered {status}") };
    }
    SignInError::NotAsked { status: status.as_u16() }.into()
}

fn token_header(scheme: Scheme, token: &[u8]) -> Result<HeaderValue, SignInError> {
    let text = format!("{} {}", scheme.name(), STANDARD.encode(token));
    let mut header = HeaderValue::try_from(text)
        .map_err(|_| SignInError::Protocol { why: "a token that no header can carry".to_owned() })?;
    header.set_sensitive(true);
    Ok(header)
}
