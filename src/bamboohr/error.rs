//! Why BambooHR gave no usable answer.

/// Why BambooHR gave no usable answer. No variant carries a value of a person's record.
#[derive(Debug, thiserror::Error)]
pub enum BamboohrError {
    /// The connection may not be used as it is written: nothing was sent.
    #[error("the BambooHR connection cannot be used: {why}")]
    Connection { why: String },
    /// 401: stop until credentials change, never retry.
    #[error("BambooHR refused the sign-in ({hint})")]
    SignInRefused { hint: String },
    /// Signing in by OAuth has ended, or nobody did it yet: a person has to.
    #[error("BambooHR has to be signed in to again: {why}")]
    SignInAgain { why: String },
    /// Tokens could not be read or kept.
    #[error("the tokens of the sign-in to BambooHR cannot be used: {why}")]
    Tokens { why: String },
    /// 403, or 404 where it means the same.
    #[error("BambooHR does not let this key read {what}")]
    Forbidden { what: String, hint: String },
    /// 429, 5xx, cut connections, after the retries.
    #[error("BambooHR is not available while reading {what}: {why}")]
    Unavailable { what: String, why: String },
    /// HTML instead of JSON, a shape nobody knows.
    #[error("BambooHR's answer for {what} cannot be read: {why}")]
    Unreadable { what: String, why: String },
}
