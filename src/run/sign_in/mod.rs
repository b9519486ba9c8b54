//! Signing in to BambooHR by OAuth: a person says yes once, and tokens are renewed from then on.
//!
//! [`flow`] is the person's part. [`tokens`] gives access tokens to the client and renews them, once for everybody who asks
//! at the time. [`kept`] is what the vault holds in between.

pub mod flow;
pub mod kept;
pub mod tokens;

pub use flow::{Question, Status};
pub use tokens::Tokens;
