//! Getting at a master key, wherever it is kept.

use super::key_file::{self, KeyFile};
use crate::run::systems::{Lookup, RunError};
use crate::vault::{Header, MasterKey, Randomness, Source, Stretch, Unlocked, VaultError};
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Arc;

/// Which passphrase is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The one in force.
    InForce,
    /// One that is chosen now: asked twice.
    New,
}

/// What only the command line knows of master keys.
pub struct MasterKeys<'a> {
    pub variable: Lookup<'a>,
    /// Asks a person for a passphrase; an error says why nobody could be asked.
    pub passphrase: &'a dyn Fn(Asked) -> Result<SecretString, String>,
    /// Where the key is now, where that is another place than the vault remembers.
    pub elsewhere: Option<Source>,
    pub random: Arc<dyn Randomness>,
}

/// A key that a vault is to be put under.
pub struct Chosen {
    pub source: Source,
    pub stretch: Option<Stretch>,
    pub key: MasterKey,
    /// A file was made for it, which nobody has a copy of yet.
    pub is_new_file: bool,
}

impl MasterKeys<'_> {
    /// Unlocks a vault with the key in force.
    ///
    /// # Errors
    /// When the key cannot be got at, or opens another vault.
    pub fn unlock(&self, header: &Header) -> Result<Unlocked, RunError> {
        let source = self.source_of(header);
        if let Some(file) = KeyFile::of(&source) {
            return unlock_with_file(header, &file);
        }
        match source {
            Source::Passphrase => {
                let stretch = header.stretch.as_ref().ok_or(VaultError::NotTheKey)?;
                Ok(header.unlock(MasterKey::from_passphrase(&self.ask(Asked::InForce)?, stretch)?)?)
            }
            elsewhere => Ok(header.unlock(self.read(&elsewhere)?)?),
        }
    }

    /// Where the key in force is.
    pub fn source_of(&self, header: &Header) -> Source {
        self.elsewhere.clone().unwrap_or_else(|| header.source.clone())
    }

    /// The key for a new vault, or for one that moves: the one that is there, else, in a file, a new one.
    ///
    /// # Errors
    /// When the key cannot be got at or made.
    pub fn choose(&self, source: Source) -> Result<Chosen, RunError> {
        let (mut stretch, mut is_new_file) = (None, false);
        let key = match (&source, KeyFile::of(&source)) {
            (_, Some(file)) if !file.exists() => {
                is_new_file = true;
                self.make_file(&file)?
            }
            (Source::Passphrase, _) => {
                let settings = Stretch::new(self.random.as_ref())?;
                let key = MasterKey::from_passphrase(&self.ask(Asked::New)?, &settings)?;
                stretch = Some(settings);
                key
            }
            (source, _) => self.read(source)?,
        };
        Ok(Chosen { source, stretch, key, is_new_file })
    }

    /// A new key in a new file.
    pub(super) fn make_file(&self, file: &KeyFile) -> Result<MasterKey, RunError> {
        let key = MasterKey::random(self.random.as_ref())?;
        file.write_new(&key)?;
        Ok(key)
    }

    fn read(&self, source: &Source) -> Result<MasterKey, RunError> {
        let missing = |why: String, remedy: &str| RunError::MasterKey {
            place: source.to_string(),
            why,
            remedy: remedy.to_owned(),
        };
        if let Some(file) = KeyFile::of(source) {
            return file.read();
        }
        match source {
            Source::Environment(name) => {
                let text = (self.variable)(name).filter(|text| !text.is_empty()).map(SecretString::from);
                let text = text.ok_or_else(|| missing("it is not set".to_owned(), "set it for this command"))?;
                MasterKey::from_text(&text).map_err(|error| {
                    missing(error.to_string(), "make one with `openssl rand -hex 32`, and keep a copy of it safe")
                })
            }
            Source::Credential(name) => {
                let folder = (self.variable)("CREDENTIALS_DIRECTORY").filter(|folder| !folder.is_empty());
                let folder = folder.map(PathBuf::from).ok_or_else(|| {
                    let why = "this command was not started by systemd with credentials".to_owned();
                    missing(why, "write LoadCredentialEncrypted= or LoadCredential= into the service: docs/secrets.md")
                })?;
                key_file::read_credential(&folder.join(name))
            }
            Source::File(_) | Source::Dpapi(_) | Source::Passphrase => Err(VaultError::NotTheKey.into()),
        }
    }

    fn ask(&self, asked: Asked) -> Result<SecretString, RunError> {
        (self.passphrase)(asked).map_err(|why| RunError::MasterKey {
            place: Source::Passphrase.to_string(),
            why,
            remedy: "run it on a terminal; for a service keep the key in a file or credential: `vault rotate --to`"
                .to_owned(),
        })
    }
}

/// After a crash in the middle of a rotation the store may ask for the key that still waits beside the file.
fn unlock_with_file(header: &Header, file: &KeyFile) -> Result<Unlocked, RunError> {
    let refused = match header.unlock(file.read()?) {
        Ok(unlocked) => return Ok(unlocked),
        Err(refused) => refused,
    };
    if !file.next().exists() {
        return Err(refused.into());
    }
    let unlocked = header.unlock(file.next().read()?)?;
    tracing::info!("a change of the master key that did not end is ended now");
    file.take_place()?;
    Ok(unlocked)
}
