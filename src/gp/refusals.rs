//! Whoever remembers that a sign-in was refused, beyond this process.

use async_trait::async_trait;

/// Told once, by the first refusal; after it nothing is sent any more.
#[async_trait]
pub trait Refusals: Send + Sync {
    /// `why` names neither user nor password.
    async fn refused(&self, why: &str);
}
