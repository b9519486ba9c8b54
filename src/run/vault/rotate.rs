//! Another master key.
//!
//! In a file: the new key is durable as `NAME.next`, then the store puts every data key under it in one transaction, then
//! the file takes the place of the old one. Stopped before the transaction, the old key opens everything; stopped after
//! it, the next command finds the new key beside the old one and ends the step. Elsewhere both keys are the keeper's, and
//! the transaction is the whole step.

use super::keeper::Vault;
use super::key_file::KeyFile;
use super::master_key::{Chosen, MasterKeys};
use crate::run::systems::RunError;
use crate::store::StoredSecret;
use crate::vault::{Sealed, Source};

/// What a rotation did.
#[derive(Debug)]
pub struct Rotated {
    /// The number of the master key in force now.
    pub generation: u64,
    pub secrets: usize,
    pub source: Source,
    /// Where the key before is still kept; it opens only older copies of the store.
    pub left_behind: Option<Source>,
}

impl Vault {
    /// Puts the vault under another master key: a new one in the same file, or the one kept in `to`.
    ///
    /// # Errors
    /// When a key cannot be got at, `to` holds the key in force, or another command changed the vault meanwhile.
    pub async fn rotate(&self, keys: &MasterKeys<'_>, to: Option<Source>, who: &str) -> Result<Rotated, RunError> {
        let _held = self.hold().await?;
        let from = keys.source_of(&self.header);
        let to = to.unwrap_or_else(|| from.clone());
        let chosen = choose(keys, &from, to)?;
        if self.header.unlock(chosen.key.clone()).is_ok() {
            return Err(RunError::MasterKey {
                place: chosen.source.to_string(),
                why: "it holds the key in force".to_owned(),
                remedy: "put another key there, or leave --to out to have a new one in the same file".to_owned(),
            });
        }
        let random = self.random.as_ref();
        let header = self.header.next(chosen.source.clone(), chosen.stretch, &chosen.key, random)?;
        let next = header.unlock(chosen.key)?;
        let wrap = |stored: StoredSecret| self.unlocked.rewrap(&stored.sealed, &next, random);
        let secrets = self.store.secrets().await?.into_iter().map(wrap).collect::<Result<Vec<Sealed>, _>>()?;
        let (count, generation) = (secrets.len(), header.generation);
        let detail = format!("master key {generation}, {count} secrets, {}", chosen.source);
        let audit = self.audit(who, "vault rotated", "vault", &detail);
        self.store.rotate_vault(header, secrets, audit).await?;
        if let Some(file) = KeyFile::of(&from).filter(|_| chosen.source == from) {
            file.take_place()?;
        }
        let left_behind = (chosen.source != from).then_some(from);
        Ok(Rotated { generation, secrets: count, source: chosen.source, left_behind })
    }
}

fn choose(keys: &MasterKeys<'_>, from: &Source, to: Source) -> Result<Chosen, RunError> {
    if let Some(file) = KeyFile::of(&to).filter(|_| to == *from) {
        // Left by a rotation that stopped before the store knew of it: it opens nothing.
        if file.next().exists() {
            file.next().remove()?;
        }
        let key = keys.make_file(&file.next())?;
        return Ok(Chosen { source: to, stretch: None, key, is_new_file: true });
    }
    match &to {
        Source::Environment(_) | Source::Credential(_) if to == *from => Err(RunError::MasterKey {
            place: to.to_string(),
            why: "both keys are needed at once, and it holds only one".to_owned(),
            remedy: "put the new key beside it under another name, and name that with --to".to_owned(),
        }),
        _ => keys.choose(to),
    }
}
