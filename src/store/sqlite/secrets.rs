//! The vault's tables.

use super::{SqliteStore, audit, unusable};
use crate::store::{AuditEntry, SecretStore, StoreError, StoredSecret};
use crate::vault::{Header, Sealed, SecretName, VaultError, VaultId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

#[async_trait::async_trait]
impl SecretStore for SqliteStore {
    async fn vault(&self) -> Result<Option<Header>, StoreError> {
        self.read(header).await
    }

    async fn make_vault(&self, new: Header, secrets: Vec<StoredSecret>, entry: AuditEntry) -> Result<(), StoreError> {
        self.writer
            .write(move |connection| {
                if header(connection)?.is_some() {
                    return Err(StoreError::VaultExists);
                }
                write_header(connection, &new)?;
                secrets.iter().try_for_each(|secret| insert(connection, secret))?;
                audit::append(connection, &entry)
            })
            .await
    }

    async fn secrets(&self) -> Result<Vec<StoredSecret>, StoreError> {
        self.read(all).await
    }

    async fn secret(&self, name: &SecretName) -> Result<Option<StoredSecret>, StoreError> {
        let name = name.clone();
        self.read(move |connection| find(connection, &name)).await
    }

    async fn put_secret(&self, secret: StoredSecret, entry: Option<AuditEntry>) -> Result<(), StoreError> {
        self.writer
            .write(move |connection| {
                let sealed = &secret.sealed;
                let generation = header(connection)?.map(|header| header.generation);
                let before = find(connection, &sealed.name)?.map_or(0, |before| before.sealed.version);
                if generation != Some(sealed.generation) || before + 1 != sealed.version {
                    return Err(VaultError::Changed.into());
                }
                insert(connection, &secret)?;
                entry.map_or(Ok(()), |entry| audit::append(connection, &entry))
            })
            .await
    }

    async fn note(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.writer.write(move |connection| audit::append(connection, &entry)).await
    }

    async fn remove_secret(&self, name: &SecretName, entry: AuditEntry) -> Result<bool, StoreError> {
        let name = name.clone();
        self.writer
            .write(move |connection| {
                let gone = connection.execute("DELETE FROM secrets WHERE name = ?1", [name.as_str()]);
                if gone.map_err(unusable)? == 0 {
                    return Ok(false);
                }
                audit::append(connection, &entry).map(|()| true)
            })
            .await
    }

    async fn rotate_vault(&self, next: Header, secrets: Vec<Sealed>, entry: AuditEntry) -> Result<(), StoreError> {
        self.writer
            .write(move |connection| {
                let before = header(connection)?;
                let follows =
                    before.is_some_and(|before| before.vault == next.vault && before.generation + 1 == next.generation);
                if !follows {
                    return Err(VaultError::Changed.into());
                }
                write_header(connection, &next)?;
                secrets.iter().try_for_each(|sealed| rewrap(connection, sealed, next.generation))?;
                let left: i64 = connection
                    .query_row(
                        "SELECT count(*) FROM secrets WHERE generation != ?1",
                        [number(next.generation)],
                        |row| row.get(0),
                    )
                    .map_err(unusable)?;
                // A secret that was set after these were read would be lost for good: rather nothing is changed.
                if left != 0 {
                    return Err(VaultError::Changed.into());
                }
                audit::append(connection, &entry)
            })
            .await
    }
}

fn header(connection: &Connection) -> Result<Option<Header>, StoreError> {
    let row = connection
        .prepare_cached("SELECT id, generation, source, stretch, proof FROM vault")
        .and_then(|mut statement| {
            let parts = |row: &Row<'_>| {
                let (id, generation, proof) = (row.get::<_, [u8; 16]>(0)?, row.get::<_, i64>(1)?, row.get(4)?);
                Ok((VaultId(id), generation, row.get::<_, String>(2)?, row.get::<_, String>(3)?, proof))
            };
            statement.query_row([], parts).optional()
        })
        .map_err(unusable)?;
    let Some((vault, generation, source, stretch, proof)) = row else { return Ok(None) };
    let stretch = (!stretch.is_empty()).then(|| stretch.parse()).transpose()?;
    Ok(Some(Header { vault, generation: generation.unsigned_abs(), source: source.parse()?, stretch, proof }))
}

fn write_header(connection: &Connection, header: &Header) -> Result<(), StoreError> {
    let stretch = header.stretch.as_ref().map(ToString::to_string).unwrap_or_default();
    let source = header.source.to_string();
    connection
        .execute(
            "INSERT OR REPLACE INTO vault (one, id, generation, source, stretch, proof) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
            params![header.vault.0, number(header.generation), source, stretch, header.proof],
        )
        .map(drop)
        .map_err(unusable)
}

/// SQLite's numbers have a sign; counters of ours never come near it.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

const COLUMNS: &str = "name, version, generation, data_key, body, changed_at";

fn stored(row: &Row<'_>) -> Result<StoredSecret, rusqlite::Error> {
    let changed_at: String = row.get(5)?;
    Ok(StoredSecret {
        sealed: Sealed {
            name: SecretName::stored(row.get(0)?),
            version: row.get::<_, i64>(1)?.unsigned_abs(),
            generation: row.get::<_, i64>(2)?.unsigned_abs(),
            data_key: row.get(3)?,
            body: row.get(4)?,
        },
        changed_at: changed_at.parse().unwrap_or(Timestamp::UNIX_EPOCH),
    })
}

fn all(connection: &Connection) -> Result<Vec<StoredSecret>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM secrets ORDER BY name")).map_err(unusable)?;
    let rows = statement.query_map([], stored).map_err(unusable)?;
    rows.collect::<Result<_, _>>().map_err(unusable)
}

fn find(connection: &Connection, name: &SecretName) -> Result<Option<StoredSecret>, StoreError> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM secrets WHERE name = ?1"))
        .and_then(|mut statement| statement.query_row([name.as_str()], stored).optional())
        .map_err(unusable)
}

fn insert(connection: &Connection, secret: &StoredSecret) -> Result<(), StoreError> {
    let sealed = &secret.sealed;
    connection
        .prepare_cached(&format!("INSERT OR REPLACE INTO secrets ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"))
        .and_then(|mut statement| {
            statement.execute(params![
                sealed.name.as_str(),
                number(sealed.version),
                number(sealed.generation),
                sealed.data_key,
                sealed.body,
                secret.changed_at.to_string()
            ])
        })
        .map(drop)
        .map_err(unusable)
}

/// Only the very version that was wrapped again: another one has another data key.
fn rewrap(connection: &Connection, sealed: &Sealed, generation: u64) -> Result<(), StoreError> {
    let changed = connection
        .prepare_cached(
            "UPDATE secrets SET data_key = ?3, generation = ?4 WHERE name = ?1 AND version = ?2 AND generation = ?4 - 1",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                sealed.name.as_str(),
                number(sealed.version),
                sealed.data_key,
                number(generation)
            ])
        })
        .map_err(unusable)?;
    if changed == 1 { Ok(()) } else { Err(VaultError::Changed.into()) }
}
