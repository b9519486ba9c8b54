//! Why GP gave no usable answer to a question.

/// Never used for a delivery: what became of a document is a [`super::Delivery`].
#[derive(Debug, thiserror::Error)]
pub enum GpError {
    /// Refused, or not to be had; nothing changes until somebody does something.
    #[error("no sign-in to GP: {why}")]
    SignInRefused { why: String, hint: String },
    #[error("GP does not let this account {what}")]
    Forbidden { what: String, hint: String },
    #[error("GP is not available while asked for {what}: {why}")]
    Unavailable { what: String, why: String },
    #[error("GP's answer for {what} cannot be read: {why}")]
    Unreadable { what: String, why: String },
    #[error("nobody provides {capability} in this project")]
    NotProvided { capability: &'static str, hint: String },
    #[error("the dialect {file} cannot be used: {why}")]
    Dialect { file: String, why: String },
}
