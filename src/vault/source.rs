//! Where a master key is kept: a name, never the key.

use super::VaultError;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a master key is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file that only its owner may read.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// A credential that systemd hands to the service: a file of this name in `$CREDENTIALS_DIRECTORY`.
    Credential(String),
    /// A passphrase, asked on the terminal.
    Passphrase,
    /// A file that only this Windows user can open: protected with the user's own key.
    Dpapi(PathBuf),
}

impl FromStr for Source {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Source, VaultError> {
        let unknown = || VaultError::Source { text: text.to_owned() };
        match text.split_once(':') {
            Some(("file", path)) if !path.is_empty() => Ok(Source::File(PathBuf::from(path))),
            Some(("dpapi", path)) if !path.is_empty() => Ok(Source::Dpapi(PathBuf::from(path))),
            Some(("env", name)) if is_plain(name) => Ok(Source::Environment(name.to_owned())),
            Some(("credential", name)) if is_plain(name) => Ok(Source::Credential(name.to_owned())),
            None if text == "passphrase" => Ok(Source::Passphrase),
            _ => Err(unknown()),
        }
    }
}

/// A name that is one part of a path: a credential never leads out of its folder.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name != "."
        && name != ".."
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@'))
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::File(path) => write!(out, "file:{}", path.display()),
            Source::Environment(name) => write!(out, "env:{name}"),
            Source::Credential(name) => write!(out, "credential:{name}"),
            Source::Passphrase => out.write_str("passphrase"),
            Source::Dpapi(path) => write!(out, "dpapi:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_reads_as_it_is_written_and_a_credential_stays_in_its_folder() {
        for text in [
            "file:/etc/acme.key",
            "file:C:\\keys\\acme.key",
            "dpapi:C:\\keys\\acme.key",
            "env:VAULT_KEY",
            "credential:vault",
            "passphrase",
        ] {
            assert_eq!(text.parse::<Source>().map(|source| source.to_string()).as_deref(), Ok(text));
        }
        for bad in [
            "",
            "file:",
            "env:",
            "env:A=B",
            "credential:../x",
            "credential:..",
            "key",
            "passphrase:secret",
            "dpapi",
            "dpapi:",
        ] {
            assert!(bad.parse::<Source>().is_err(), "{bad}");
        }
    }
}
