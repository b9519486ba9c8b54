//! The sealed records of a vault in a file of their own. It opens with the master key that was in force, and only with it.

use super::keeper::{Place, Vault};
use super::key_file;
use super::master_key::MasterKeys;
use crate::clock::Clock;
use crate::run::systems::RunError;
use crate::store::StoredSecret;
use crate::vault::{Header, Sealed, SecretName, VaultId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// The first line of meaning in the file.
const FORMAT: &str = "ml-connector vault backup, 1";

#[derive(Serialize, Deserialize)]
struct Backup {
    format: String,
    vault: String,
    generation: u64,
    source: String,
    stretch: Option<String>,
    proof: String,
    secrets: Vec<BackupSecret>,
}

#[derive(Serialize, Deserialize)]
struct BackupSecret {
    name: String,
    version: u64,
    changed_at: Timestamp,
    data_key: String,
    body: String,
}

impl Vault {
    /// Writes all sealed records into a new file; gives how many there are. Each is proven to open first. Tokens of a
    /// sign-in stay out: they are soon replaced, and an old one shown again may end the sign-in.
    ///
    /// # Errors
    /// When a record does not open, or there is a file already.
    pub async fn export(&self, path: &Path, who: &str) -> Result<usize, RunError> {
        let mut secrets = self.store.secrets().await?;
        secrets.retain(|stored| !stored.sealed.name.is_own());
        for stored in &secrets {
            self.unlocked.open(&stored.sealed)?;
        }
        let Header { vault, generation, source, stretch, proof } = &self.header;
        let backup = Backup {
            format: FORMAT.to_owned(),
            vault: hex::encode(vault.0),
            generation: *generation,
            source: source.to_string(),
            stretch: stretch.as_ref().map(ToString::to_string),
            proof: hex::encode(proof),
            secrets: secrets.iter().map(written).collect(),
        };
        let cannot = |why: String| RunError::Write { what: path.display().to_string(), why };
        let text = serde_json::to_string_pretty(&backup).map_err(|error| cannot(error.to_string()))?;
        key_file::write_private(path, text.as_bytes()).map_err(|error| cannot(error.to_string()))?;
        let audit = self.audit(who, "vault exported", "vault", &format!("{} secrets", secrets.len()));
        self.store.note(audit).await?;
        Ok(secrets.len())
    }
}

fn written(stored: &StoredSecret) -> BackupSecret {
    let sealed = &stored.sealed;
    BackupSecret {
        name: sealed.name.as_str().to_owned(),
        version: sealed.version,
        changed_at: stored.changed_at,
        data_key: hex::encode(&sealed.data_key),
        body: hex::encode(&sealed.body),
    }
}

/// Makes the vault of a store from a backup; gives how many secrets it has. Each is proven to open first.
///
/// # Errors
/// When the store has a vault, the file is no backup, or its master key or a record does not open.
pub async fn restore(
    Place { store, lock }: Place,
    path: &Path,
    keys: &MasterKeys<'_>,
    clock: Arc<dyn Clock>,
    who: &str,
) -> Result<usize, RunError> {
    let cannot = |why: String| RunError::Read { what: path.display().to_string(), why };
    let text = std::fs::read_to_string(path).map_err(|error| cannot(error.to_string()))?;
    let backup: Backup = serde_json::from_str(&text).map_err(|error| cannot(error.to_string()))?;
    let (header, secrets) = read(&backup).map_err(cannot)?;
    let unlocked = keys.unlock(&header)?;
    for stored in &secrets {
        unlocked.open(&stored.sealed)?;
    }
    let count = secrets.len();
    let vault = Vault { store, header, unlocked, random: Arc::clone(&keys.random), clock, lock };
    let audit = vault.audit(who, "vault restored", "vault", &format!("{count} secrets"));
    vault.store.make_vault(vault.header.clone(), secrets, audit).await?;
    Ok(count)
}

fn read(backup: &Backup) -> Result<(Header, Vec<StoredSecret>), String> {
    if backup.format != FORMAT {
        return Err(format!("its format is not `{FORMAT}`"));
    }
    let bytes = |text: &str| hex::decode(text).map_err(|error| error.to_string());
    let mut vault = [0; 16];
    hex::decode_to_slice(&backup.vault, &mut vault).map_err(|error| error.to_string())?;
    let header = Header {
        vault: VaultId(vault),
        generation: backup.generation,
        source: backup.source.parse().map_err(|error: crate::vault::VaultError| error.to_string())?,
        stretch: backup.stretch.as_deref().map(str::parse).transpose().map_err(|error| format!("{error}"))?,
        proof: bytes(&backup.proof)?,
    };
    let secret = |secret: &BackupSecret| {
        let sealed = Sealed {
            name: SecretName::stored(secret.name.clone()),
            version: secret.version,
            generation: backup.generation,
            data_key: bytes(&secret.data_key)?,
            body: bytes(&secret.body)?,
        };
        Ok(StoredSecret { sealed, changed_at: secret.changed_at })
    };
    Ok((header, backup.secrets.iter().map(secret).collect::<Result<_, String>>()?))
}
