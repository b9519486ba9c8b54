//! What became of one attempt to send a document.

use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt;

/// What became of one attempt to send a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// GP holds it.
    Sent,
    /// GP said no, with its own numbers. GP takes a document whole or not at all, so it holds nothing of it.
    Refused { refusals: Vec<Refusal> },
    /// Nobody knows whether GP holds it: read back before anything else.
    Unknown { why: String },
    /// Certain that GP did nothing (connection refused, 503 of the front end, sign-in refused): safe to retry.
    NotSent { why: String, sign_in_refused: bool },
}

impl Delivery {
    /// A refusal of our own, before anything was sent.
    pub(super) fn refused(class: RefusalClass, message: String, remedy: &str) -> Delivery {
        Delivery::Refused { refusals: vec![Refusal { number: None, class, message, remedy: remedy.to_owned() }] }
    }
}

/// One refusal in GP's numbers and our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// GP's error number; `None` when the answer had none.
    pub number: Option<u32>,
    pub class: RefusalClass,
    /// Our words, or the site's own text for its own checks.
    pub message: String,
    pub remedy: String,
}

/// What to do about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RefusalClass {
    #[serde(rename = "retry later")]
    RetryLater,
    Hold,
    #[serde(rename = "fix mapping")]
    FixMapping,
    /// Read back and compare.
    #[serde(rename = "already done")]
    AlreadyDone,
    Configuration,
    /// The site's own checks, and every number we do not know.
    Person,
}

impl fmt::Display for RefusalClass {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            RefusalClass::RetryLater => "retry later",
            RefusalClass::Hold => "hold",
            RefusalClass::FixMapping => "fix mapping",
            RefusalClass::AlreadyDone => "already done",
            RefusalClass::Configuration => "configuration",
            RefusalClass::Person => "person",
        })
    }
}
