//! A master key in a file: readable for its owner only, or protected with the Windows user's own key.
//!
//! A new key waits beside it as `NAME.next` while the vault is put under it, and takes its place afterwards: so there is
//! always a file with the key that the store asks for.

use super::user_key;
use crate::run::systems::RunError;
use crate::vault::{MasterKey, Source, VaultError};
use secrecy::{ExposeSecret, SecretString};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A key file has 65 bytes, a protected one some 300; whatever is much longer is another file.
const LONGEST: u64 = 4096;

/// How a key stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As 64 hexadecimal digits.
    Plain,
    /// Those digits, protected with the Windows user's own key.
    Protected,
}

/// A file for a master key, whether it is there or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile {
    form: Form,
    path: PathBuf,
}

impl KeyFile {
    /// The file of a source that is one.
    pub fn of(source: &Source) -> Option<KeyFile> {
        match source {
            Source::File(path) => Some(KeyFile { form: Form::Plain, path: path.clone() }),
            Source::Dpapi(path) => Some(KeyFile { form: Form::Protected, path: path.clone() }),
            Source::Environment(_) | Source::Credential(_) | Source::Passphrase => None,
        }
    }

    /// Where the next key waits.
    pub fn next(&self) -> KeyFile {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".next");
        KeyFile { form: self.form, path: PathBuf::from(name) }
    }

    pub fn exists(&self) -> bool {
        self.path.exists()
    }

    /// The key in it.
    ///
    /// # Errors
    /// When it cannot be read, others may read it, this Windows user cannot open it, or it holds no key.
    pub fn read(&self) -> Result<MasterKey, RunError> {
        let file = File::open(&self.path).map_err(|error| self.unusable(&error))?;
        self.only_the_owners(&file)?;
        // Its room is taken at once: a text that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST as usize));
        file.take(LONGEST).read_to_end(&mut bytes).map_err(|error| self.unusable(&error))?;
        if self.form == Form::Protected {
            bytes = user_key::open(&bytes).map_err(|no| self.refused(no))?;
        }
        key(&bytes).map_err(|error| RunError::MasterKey {
            place: self.place(),
            why: error.to_string(),
            remedy: "name the key file itself, or restore it from its backup".to_owned(),
        })
    }

    /// Writes a key into it; durable when this returns.
    ///
    /// # Errors
    /// When there is a file already, it cannot be written, or this is not Windows and it is to be protected there.
    pub fn write_new(&self, key: &MasterKey) -> Result<(), RunError> {
        let text = Zeroizing::new(format!("{}\n", key.to_text().expose_secret()));
        let written = match self.form {
            Form::Plain => write_private(&self.path, text.as_bytes()),
            Form::Protected => {
                let protected = user_key::protect(text.as_bytes()).map_err(|no| self.refused(no))?;
                write_private(&self.path, &protected)
            }
        };
        written.map_err(|error| self.unusable(&error))
    }

    /// Removes it.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self) -> Result<(), RunError> {
        std::fs::remove_file(&self.path)
            .map_err(|error| RunError::Write { what: self.path.display().to_string(), why: error.to_string() })
    }

    /// Lets the next key take its place. The store asks for it already.
    ///
    /// # Errors
    /// When it cannot be renamed; the next command does it then.
    pub fn take_place(&self) -> Result<(), RunError> {
        let renamed = std::fs::rename(&self.next().path, &self.path).and_then(|()| sync_folder(&self.path));
        renamed.map_err(|error| self.unusable(&error))
    }

    #[cfg(unix)]
    fn only_the_owners(&self, file: &File) -> Result<(), RunError> {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata().map_err(|error| self.unusable(&error))?.permissions().mode() & 0o7777;
        if mode & 0o077 == 0 {
            return Ok(());
        }
        let path = self.path.display();
        Err(RunError::MasterKey {
            place: self.place(),
            why: format!("others may read or write it (mode {mode:04o})"),
            remedy: format!("chmod 600 {path}; where others could read it, `ml-connector vault rotate`, too"),
        })
    }

    /// Elsewhere a file's rights are a list, not a mode: they are the keeper's to set (docs/secrets.md).
    #[cfg(not(unix))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "as on Unix, where there is something to look at"
    )]
    fn only_the_owners(&self, _file: &File) -> Result<(), RunError> {
        Ok(())
    }

    fn place(&self) -> String {
        let kind = match self.form {
            Form::Plain => "file",
            Form::Protected => "dpapi",
        };
        format!("{kind}:{}", self.path.display())
    }

    fn refused(&self, no: user_key::Refused) -> RunError {
        RunError::MasterKey { place: self.place(), why: no.why, remedy: no.remedy.to_owned() }
    }

    fn unusable(&self, error: &io::Error) -> RunError {
        let remedy = match error.kind() {
            io::ErrorKind::NotFound => {
                "restore it from its backup, or say where it is now: ML_CONNECTOR_MASTER_KEY=file:PATH"
            }
            io::ErrorKind::PermissionDenied => "run as the user that owns it",
            io::ErrorKind::AlreadyExists => "name another file",
            _ => "check the path and its rights",
        };
        RunError::MasterKey { place: self.place(), why: error.to_string(), remedy: remedy.to_owned() }
    }
}

fn key(bytes: &[u8]) -> Result<MasterKey, VaultError> {
    let text = std::str::from_utf8(bytes).map_err(|_| VaultError::KeyText)?;
    MasterKey::from_text(&SecretString::from(Box::<str>::from(text)))
}

/// The key in a file whose rights are somebody else's care: systemd's.
///
/// # Errors
/// When it cannot be read or holds no key.
pub fn read_credential(path: &Path) -> Result<MasterKey, RunError> {
    let cannot = |why: String, remedy: &str| RunError::MasterKey {
        place: format!("file:{}", path.display()),
        why,
        remedy: remedy.to_owned(),
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST as usize));
    let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut bytes));
    read.map_err(|error| cannot(error.to_string(), "name the credential as the service's unit does"))?;
    key(&bytes).map_err(|error| cannot(error.to_string(), "put a key there: openssl rand -hex 32"))
}

/// Writes a new file that only its owner may read; durable when this returns.
///
/// # Errors
/// When there is a file already, or it cannot be written.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    sync_folder(path)
}

/// A new name is durable when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
