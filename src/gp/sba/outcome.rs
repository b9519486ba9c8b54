//! What an answer to a write proves.
//!
//! GP takes a document whole or not at all, so a refusal proves that it holds nothing of it. Anything that leaves a
//! doubt is [`Delivery::Unknown`], which costs one look-back; a wrong [`Delivery::NotSent`] could cost a second journal.

use super::answer::Reading;
use super::site::{may_pass, sign_in_hint};
use crate::gp::delivery::{Delivery, Refusal, RefusalClass};
use crate::gp::dialect::Dialect;
use crate::gp::dialect::refusals::Refusals;
use http::StatusCode;
use std::sync::Arc;
use windows_auth::SendError;

/// What came back for a write.
pub enum WriteAnswer {
    Answered {
        status: StatusCode,
        body: Vec<u8>,
    },
    /// A status came, its body did not come whole.
    Cut {
        status: StatusCode,
    },
    /// No connection was made, so no byte of the request left.
    NeverLeft {
        why: String,
    },
    /// The sign-in did not come about, so GP did nothing.
    NoSignIn {
        why: String,
        /// Nothing changes until somebody does something.
        is_final: bool,
    },
    /// The request left, or may have left, and no status came.
    Silent {
        why: String,
    },
}

impl WriteAnswer {
    /// Sorts a failure. Only those of the way to GP and of the sign-in prove that nothing left: a time-out or a cut later may hide
    /// a committed journal.
    pub fn failed(error: SendError) -> WriteAnswer {
        match error {
            SendError::Unreachable { why } => WriteAnswer::NeverLeft { why },
            SendError::SignIn(error) => {
                WriteAnswer::NoSignIn { why: sign_in_hint(&error), is_final: !may_pass(&error) }
            }
            SendError::Silent { .. } | SendError::Slow { .. } | SendError::Unproven => {
                WriteAnswer::Silent { why: error.to_string() }
            }
        }
    }
}

/// The delivery that `answer` proves. Texts in `hidden` are masked in whatever GP says.
pub fn outcome(dialect: &Arc<Dialect>, refusals: &Refusals, answer: WriteAnswer, hidden: &[&str]) -> Delivery {
    let delivery = match answer {
        WriteAnswer::NeverLeft { why } => {
            Delivery::NotSent { why: format!("no connection to GP: {why}"), sign_in_refused: false }
        }
        WriteAnswer::NoSignIn { why, is_final: sign_in_refused } => {
            Delivery::NotSent { why: format!("no sign-in to GP: {why}"), sign_in_refused }
        }
        WriteAnswer::Silent { why } => Delivery::Unknown { why },
        WriteAnswer::Cut { status } => by_status(dialect, status).unwrap_or_else(|| Delivery::Unknown {
            why: format!("GP began to answer {status}, then the connection was cut"),
        }),
        WriteAnswer::Answered { status, body } => answered(dialect, refusals, status, &body),
    };
    masked(delivery, hidden)
}

fn answered(dialect: &Arc<Dialect>, refusals: &Refusals, status: StatusCode, body: &[u8]) -> Delivery {
    if status == StatusCode::NO_CONTENT {
        return Delivery::Sent;
    }
    let reading = Reading { dialect: Arc::clone(dialect), shape: Arc::default(), rows: None, next: None };
    let read = reading.read(body, &mut |_| Ok(()));
    if let Ok(answer) = &read
        && !answer.messages.is_empty()
        && (status.is_success() || status.is_client_error() || answer.messages.iter().any(|said| said.number.is_some()))
        && !is_front_end(dialect, status)
    {
        return Delivery::Refused { refusals: refusals.explain(&answer.messages) };
    }
    if let Some(delivery) = by_status(dialect, status) {
        return delivery;
    }
    match read {
        Ok(answer) if status.is_success() && answer.is_object && answer.success != Some(false) => Delivery::Sent,
        Ok(answer) if status.is_success() && answer.success == Some(false) => {
            Delivery::Unknown { why: "GP says that the call did not succeed, and not why".to_owned() }
        }
        Ok(_) | Err(_) if status.is_success() => {
            Delivery::Unknown { why: format!("GP answered {status}, but not in a form that can be read") }
        }
        Ok(_) | Err(_) => Delivery::Unknown { why: format!("GP answered {status} and gave no error number") },
    }
}

/// A status that the front end gives itself: GP saw nothing.
fn is_front_end(dialect: &Dialect, status: StatusCode) -> bool {
    dialect.http.not_sent_statuses.contains(&status.as_u16())
}

/// What a status proves without a body; `None` for a success and for a server's error, which prove nothing alone.
fn by_status(dialect: &Dialect, status: StatusCode) -> Option<Delivery> {
    let configuration =
        |message: String, remedy: &str| Some(Delivery::refused(RefusalClass::Configuration, message, remedy));
    match status {
        _ if is_front_end(dialect, status) => {
            Some(Delivery::NotSent { why: format!("GP is not available ({status})"), sign_in_refused: false })
        }
        StatusCode::REQUEST_TIMEOUT => None,
        StatusCode::FORBIDDEN => configuration(
            "GP does not let this account write here (403).".to_owned(),
            "Give the account's role this operation, and its GP user access to the company.",
        ),
        _ if status.is_redirection() || status == StatusCode::NOT_FOUND || status == StatusCode::METHOD_NOT_ALLOWED => {
            configuration(
                format!("There is no such service at this address ({status})."),
                "Compare the path and method in the dialect with the site's /help page.",
            )
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::NOT_ACCEPTABLE | StatusCode::PAYLOAD_TOO_LARGE => {
            configuration(
                format!("The service does not take the request as it is written ({status})."),
                "Check content_type in the dialect, and the site's limit for the length of a request.",
            )
        }
        _ if status.is_client_error() => Some(Delivery::refused(
            RefusalClass::Person,
            format!("The service refused the request ({status}) and gave no reason."),
            "Look into the log of GP's service, at the time of this request.",
        )),
        _ => None,
    }
}

/// GP's texts may repeat what was sent; a tax id must not come back through them.
fn masked(delivery: Delivery, hidden: &[&str]) -> Delivery {
    let mask = |mut text: String| {
        for secret in hidden.iter().filter(|secret| !secret.is_empty()) {
            let digits: String = secret.chars().filter(char::is_ascii_digit).collect();
            text = text.replace(secret, "(hidden)");
            if digits.len() >= 4 {
                text = text.replace(&digits, "(hidden)");
            }
        }
        text
    };
    match delivery {
        Delivery::Refused { refusals } => Delivery::Refused {
            refusals: refusals
                .into_iter()
                .map(|refusal| Refusal { message: mask(refusal.message), ..refusal })
                .collect(),
        },
        Delivery::Unknown { why } => Delivery::Unknown { why: mask(why) },
        Delivery::Sent | Delivery::NotSent { .. } => delivery,
    }
}
