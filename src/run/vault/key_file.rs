//! A master key in a file that only its owner may read.
//!
//! A new key waits beside it as `NAME.next` while the vault is put under it, and takes its place afterwards: so there is
//! always a file with the key that the store asks for.

use crate::run::systems::RunError;
use crate::vault::MasterKey;
use secrecy::{ExposeSecret, SecretString};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// A key file has 65 bytes; whatever is much longer is another file.
const LONGEST: u64 = 4096;

/// Where the next key waits.
pub fn next_to(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".next");
    PathBuf::from(name)
}

/// The key in a file.
///
/// # Errors
/// When it cannot be read, others may read it, or it holds no key.
pub fn read(path: &Path) -> Result<MasterKey, RunError> {
    let file = File::open(path).map_err(|error| unusable(path, &error))?;
    only_the_owners(path, &file)?;
    text(path, file)
}

/// The key in a file whose rights are somebody else's care: systemd's.
///
/// # Errors
/// When it cannot be read or holds no key.
pub fn read_credential(path: &Path) -> Result<MasterKey, RunError> {
    text(path, File::open(path).map_err(|error| unusable(path, &error))?)
}

fn text(path: &Path, file: File) -> Result<MasterKey, RunError> {
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(|error| unusable(path, &error))?;
    MasterKey::from_text(&SecretString::from(text)).map_err(|error| RunError::MasterKey {
        place: format!("file:{}", path.display()),
        why: error.to_string(),
        remedy: "name the key file itself, or restore it from its backup".to_owned(),
    })
}

#[cfg(unix)]
fn only_the_owners(path: &Path, file: &File) -> Result<(), RunError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata().map_err(|error| unusable(path, &error))?.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(RunError::MasterKey {
        place: format!("file:{}", path.display()),
        why: format!("others may read or write it (mode {mode:04o})"),
        remedy: format!("chmod 600 {}; where others could read it, `ml-connector vault rotate`, too", path.display()),
    })
}

/// Elsewhere a file's rights are a list, not a mode: they are the keeper's to set (docs/secrets.md).
#[cfg(not(unix))]
fn only_the_owners(_path: &Path, _file: &File) -> Result<(), RunError> {
    Ok(())
}

/// Writes a key into a new file; durable when this returns.
///
/// # Errors
/// When there is a file already, or it cannot be written.
pub fn write_new(path: &Path, key: &MasterKey) -> Result<(), RunError> {
    write_private(path, format!("{}\n", key.to_text().expose_secret()).as_bytes())
        .map_err(|error| unusable(path, &error))
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

/// Lets the next key take the place of the one before. The store asks for it already.
///
/// # Errors
/// When it cannot be renamed; the next command does it then.
pub fn take_place(path: &Path) -> Result<(), RunError> {
    std::fs::rename(next_to(path), path).and_then(|()| sync_folder(path)).map_err(|error| unusable(path, &error))
}

/// A new name is durable when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn unusable(path: &Path, error: &io::Error) -> RunError {
    let remedy = match error.kind() {
        io::ErrorKind::NotFound => {
            "restore it from its backup, or say where it is now: ML_CONNECTOR_MASTER_KEY=file:PATH".to_owned()
        }
        io::ErrorKind::PermissionDenied => "run as the user that owns it".to_owned(),
        io::ErrorKind::AlreadyExists => "name another file".to_owned(),
        _ => "check the path and its rights".to_owned(),
    };
    RunError::MasterKey { place: format!("file:{}", path.display()), why: error.to_string(), remedy }
}
