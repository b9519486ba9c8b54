//! The Windows user's own key (DPAPI), which nobody but that user can use; the key itself stays with the system.

pub use system::{open, protect};

/// Why something cannot be protected or opened.
pub struct Refused {
    pub why: String,
    pub remedy: &'static str,
}

#[cfg(windows)]
mod system {
    use super::Refused;
    use std::io;
    use zeroize::Zeroizing;

    /// Keeps this apart from what other programs of the same user protect. No secret; never change it.
    const PURPOSE: &[u8] = b"ml-connector vault master key, 1";

    /// Protects bytes so that only this Windows user opens them.
    ///
    /// # Errors
    /// For a user without a profile.
    pub fn protect(plain: &[u8]) -> Result<Vec<u8>, Refused> {
        ml_connector_dpapi::protect(plain, PURPOSE).map_err(|error: io::Error| Refused {
            why: format!("Windows does not protect it: {error}"),
            remedy: "run as a user whose profile is loaded, or use file:PATH",
        })
    }

    /// Opens what [`protect`] gave.
    ///
    /// # Errors
    /// For another user, and for altered bytes.
    pub fn open(protected: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refused> {
        ml_connector_dpapi::open(protected, PURPOSE).map_err(|error: io::Error| Refused {
            why: format!("Windows does not open it: {error}"),
            remedy: "run as the Windows user who made it, on the same machine; where that user is gone, set the secrets again \
                     in a new vault: docs/secrets.md",
        })
    }
}

#[cfg(not(windows))]
mod system {
    use super::Refused;
    use zeroize::Zeroizing;

    const NOT_HERE: &str = "the Windows user's key is not there on this system";
    const INSTEAD: &str = "use file:PATH, readable for the service's account only, or credential:NAME of systemd";

    /// Refuses: this is not Windows.
    ///
    /// # Errors
    /// Always.
    pub fn protect(_plain: &[u8]) -> Result<Vec<u8>, Refused> {
        Err(Refused { why: NOT_HERE.to_owned(), remedy: INSTEAD })
    }

    /// Refuses: this is not Windows.
    ///
    /// # Errors
    /// Always.
    pub fn open(_protected: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refused> {
        Err(Refused { why: NOT_HERE.to_owned(), remedy: INSTEAD })
    }
}
