//! Why something of the vault cannot be used.

use super::name::SecretName;

/// Why something of the vault cannot be used. No variant carries a secret or a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The header's proof does not open: another key, another passphrase, or an altered header.
    #[error("this master key does not open the vault")]
    NotTheKey,
    /// Flipped, cut, swapped with another record, or brought from another vault or version.
    #[error("the secret `{name}` was altered in the store, swapped or cut, and is not used")]
    Altered { name: SecretName },
    /// Another command changed the master key, or this very secret, after it was read.
    #[error("the vault was changed by another command meanwhile")]
    Changed,
    #[error("a master key is 64 hexadecimal digits, and this is not")]
    KeyText,
    #[error("a passphrase for the vault has at least {} characters", super::passphrase::SHORTEST)]
    ShortPassphrase,
    #[error("the stored settings of the passphrase are not ones that this program uses")]
    Stretch,
    #[error("`{name}` is no name for a secret: letters, digits, `-`, `_` and `.`, at most 64, a letter or digit first")]
    Name { name: String },
    #[error(
        "`{text}` names no place of a master key: `file:PATH`, `dpapi:PATH`, `env:NAME`, `credential:NAME` or `passphrase`"
    )]
    Source { text: String },
    #[error("this machine gives no random numbers")]
    NoRandomness,
}
