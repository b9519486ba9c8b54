//! What a secret is called.

use super::VaultError;
use std::fmt;

/// The name of a secret. It is no secret itself: it stands in project.yaml, in lists and in the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretName(String);

/// What names of the program's own begin with; nobody can write such a name.
const OWN: &str = "sign-in:";
/// The longest name.
const LONGEST: usize = 64;

impl SecretName {
    /// A name that a person chose.
    ///
    /// # Errors
    /// [`VaultError::Name`] for anything but letters, digits, `-`, `_` and `.`, at most 64, the first a letter or digit.
    pub fn new(name: &str) -> Result<SecretName, VaultError> {
        let good = (1..=LONGEST).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            && name.starts_with(|first: char| first.is_ascii_alphanumeric());
        if good { Ok(SecretName(name.to_owned())) } else { Err(VaultError::Name { name: name.to_owned() }) }
    }

    /// Where the tokens of a sign-in are kept.
    pub fn of_sign_in(system: &str) -> SecretName {
        SecretName(format!("{OWN}{system}"))
    }

    /// A name as it was stored. What was sealed under another one does not open under it.
    pub fn stored(name: String) -> SecretName {
        SecretName(name)
    }

    /// Whether the program keeps it itself.
    pub fn is_own(&self) -> bool {
        self.0.starts_with(OWN)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_and_never_one_of_the_programs_own() {
        for good in ["gp-password", "BAMBOOHR_API_KEY", "a", "1.2"] {
            assert!(SecretName::new(good).is_ok(), "{good}");
        }
        let own = SecretName::of_sign_in("bamboohr");
        for bad in ["", "-x", "a b", "a/b", "ä", own.as_str(), &"x".repeat(65)] {
            assert!(SecretName::new(bad).is_err(), "{bad}");
        }
        assert!(own.is_own());
    }
}
