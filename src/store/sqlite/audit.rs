//! The audit trail in SQLite; triggers refuse to change or delete a row.

use super::unusable;
use crate::store::StoreError;
use crate::store::audit::{AuditEntry, AuditRow, FIRST, chain};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// Appends one row, chained to the last.
pub fn append(connection: &Connection, entry: &AuditEntry) -> Result<(), StoreError> {
    let before: Option<String> = connection
        .prepare_cached("SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)).optional())
        .map_err(unusable)?;
    let hash = chain(before.as_deref().unwrap_or(FIRST), entry);
    connection
        .prepare_cached("INSERT INTO audit (at, who, what, subject, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .and_then(|mut statement| {
            statement.execute(params![entry.at.to_string(), entry.who, entry.what, entry.subject, entry.detail, hash])
        })
        .map_err(unusable)?;
    Ok(())
}

/// What the engine did, in short.
pub fn engine(
    connection: &Connection,
    now: Timestamp,
    what: &str,
    subject: &str,
    detail: &str,
) -> Result<(), StoreError> {
    let entry = AuditEntry {
        at: now,
        who: "engine".to_owned(),
        what: what.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
    };
    append(connection, &entry)
}

/// The trail, oldest first; only rows about `subject` (or one that begins with it) when given.
pub fn rows(connection: &Connection, subject: Option<&str>) -> Result<Vec<AuditRow>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT sequence, at, who, what, subject, detail, hash FROM audit
             WHERE ?1 IS NULL OR substr(subject, 1, length(?1)) = ?1 ORDER BY sequence",
        )
        .map_err(unusable)?;
    let rows = statement
        .query_map(params![subject], |row| {
            let at: String = row.get(1)?;
            let entry = AuditEntry {
                at: at.parse().unwrap_or(Timestamp::UNIX_EPOCH),
                who: row.get(2)?,
                what: row.get(3)?,
                subject: row.get(4)?,
                detail: row.get(5)?,
            };
            Ok(AuditRow { sequence: row.get(0)?, entry, hash: row.get(6)? })
        })
        .map_err(unusable)?;
    rows.collect::<Result<Vec<_>, _>>().map_err(unusable)
}
