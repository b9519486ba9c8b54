//! Signing in to BambooHR by OAuth: a person says yes once, and tokens are renewed from then on.
//!
//! [`flow`] is the person's part. [`tokens`] gives access tokens to the client and renews them, once for everybody who asks
//! at the time. [`kept`] is what the vault holds in between. [`refused`] keeps a sign-in to GP that was refused from being tried again.

pub mod flow;
pub mod kept;
pub mod refused;
pub mod tokens;

pub use flow::{Question, Status};
pub use tokens::Tokens;
