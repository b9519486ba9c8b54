//! The outbox in SQLite: a document's states, each durable before the step that needs it.

use super::{audit, ledger, unusable};
use crate::hr::PeriodCode;
use crate::ledger::DocumentId;
use crate::store::{DocumentState, NewDocument, Outcome, StoreError, StoredDocument};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

const COLUMNS: &str = "document_id, plan_id, ledger, kind, role, period, booked_in, sequence, state, gp_state,
    needs_approval, journal_number, attempts, reason, approved_by, content,
    (SELECT json_group_array(who ORDER BY a.rowid) FROM approvals a
     WHERE a.plan_id = documents.plan_id AND a.document_id = documents.document_id)";

fn stored(row: &Row<'_>) -> Result<StoredDocument, rusqlite::Error> {
    let damaged = |at: usize, what: &str| {
        rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, what.to_owned().into())
    };
    let (id, state, content): (String, String, String) = (row.get(0)?, row.get(8)?, row.get(15)?);
    let approvals: String = row.get(16)?;
    Ok(StoredDocument {
        id: DocumentId::from_text(&id),
        plan_id: row.get(1)?,
        ledger: row.get(2)?,
        kind: row.get(3)?,
        role: row.get(4)?,
        period: PeriodCode(row.get(5)?),
        booked_in: PeriodCode(row.get(6)?),
        sequence: row.get(7)?,
        state: DocumentState::from_word(&state).ok_or_else(|| damaged(8, "an unknown state"))?,
        gp_state: row.get(9)?,
        needs_approval: row.get(10)?,
        journal_number: row.get(11)?,
        attempts: row.get(12)?,
        reason: row.get(13)?,
        approved_by: row.get(14)?,
        approvals: serde_json::from_str(&approvals).map_err(|_| damaged(16, "unreadable approvals"))?,
        content: serde_json::from_str(&content).map_err(|_| damaged(15, "an unreadable document"))?,
    })
}

fn select(
    connection: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<StoredDocument>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM documents WHERE {condition}")).map_err(unusable)?;
    statement.query_map(values, stored).and_then(Iterator::collect).map_err(unusable)
}

/// The documents of a plan.
pub fn of_plan(connection: &Connection, plan_id: &str) -> Result<Vec<StoredDocument>, StoreError> {
    select(connection, "plan_id = ?1 ORDER BY ordinal", params![plan_id])
}

/// Approved, being sent, or of unknown outcome.
pub fn on_their_way(connection: &Connection, ledger: &str) -> Result<Vec<StoredDocument>, StoreError> {
    select(
        connection,
        "ledger = ?1 AND state IN ('approved', 'sending', 'unknown') ORDER BY period, sequence, ordinal",
        params![ledger],
    )
}

/// Sent journals that GP last showed in Work: as we made them, or edited. Of one that was replaced, the newest.
pub fn unposted(connection: &Connection, ledger: &str) -> Result<Vec<StoredDocument>, StoreError> {
    select(
        connection,
        "ledger = ?1 AND kind = 'journal' AND state = 'sent' AND gp_state IN ('work', 'edited')
         AND NOT EXISTS (SELECT 1 FROM documents n WHERE n.ledger = documents.ledger AND n.state = 'sent'
           AND n.journal_number = documents.journal_number AND n.sequence > documents.sequence
           AND json_extract(n.content, '$.journal.replaces') = documents.journal_number
           AND n.period = documents.period)
         ORDER BY period, sequence",
        params![ledger],
    )
}

/// GP companies of the connection's own that documents of a ledger went to, or are on their way to; see
/// [`crate::store::Store::companies_of`].
pub fn companies_of(connection: &Connection, ledger: &str) -> Result<Vec<(String, PeriodCode, bool)>, StoreError> {
    let sql = "SELECT gp_company, max(period), max(state <> 'approved') FROM documents
               WHERE ledger = ?1 AND gp_company <> '' AND state IN ('approved', 'sending', 'unknown', 'sent')
               GROUP BY gp_company ORDER BY gp_company";
    let mut statement = connection.prepare_cached(sql).map_err(unusable)?;
    statement
        .query_map(params![ledger], |row| Ok((row.get(0)?, PeriodCode(row.get(1)?), row.get(2)?)))
        .and_then(Iterator::collect)
        .map_err(unusable)
}

/// Journals with a GP number.
pub fn by_number(connection: &Connection, number: u32) -> Result<Vec<StoredDocument>, StoreError> {
    select(
        connection,
        "journal_number = ?1 ORDER BY state = 'sent' DESC, sequence DESC, updated_at DESC",
        params![number],
    )
}

/// The row of a document that is on its way (or was, last): identities of journals have at most one.
fn current(connection: &Connection, id: &DocumentId) -> Result<StoredDocument, StoreError> {
    let found = select(
        connection,
        "document_id = ?1 ORDER BY state IN ('approved', 'sending', 'unknown') DESC, state = 'sent' DESC,
         updated_at DESC LIMIT 1",
        params![id.as_str()],
    )?;
    found.into_iter().next().ok_or_else(|| StoreError::NotFound { what: format!("document {id}") })
}

/// Inserts a document of a plan. A journal that was tried before keeps its number: GP may take the first request yet, and
/// refuses a number that it has.
#[expect(clippy::too_many_arguments, reason = "one row, one call")]
pub fn insert(
    connection: &Connection,
    document: &NewDocument,
    plan_id: &str,
    ledger: &str,
    at: usize,
    state: DocumentState,
    approved_by: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let content =
        serde_json::to_string(&document.content).map_err(|error| StoreError::Damaged { what: error.to_string() })?;
    let values = params![
        document.id.as_str(),
        plan_id,
        at as i64,
        ledger,
        document.kind,
        document.role,
        document.period.0,
        document.booked_in.0,
        document.sequence,
        state.word(),
        document.needs_approval,
        approved_by,
        content,
        now.to_string(),
        document.gp_company
    ];
    connection
        .prepare_cached(
            "INSERT INTO documents (document_id, plan_id, ordinal, ledger, kind, role, period, booked_in, sequence,
             state, needs_approval, approved_by, content, updated_at, gp_company, ledger_mark, journal_number)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
               (SELECT coalesce(max(rowid), 0) FROM sent_lines WHERE ledger = ?4),
               (SELECT max(journal_number) FROM documents WHERE document_id = ?1 AND ?5 = 'journal'))",
        )
        .and_then(|mut statement| statement.execute(values))
        .map_err(unusable)?;
    Ok(())
}

fn set_state(
    connection: &Connection,
    document: &StoredDocument,
    state: DocumentState,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE documents SET state = ?1, reason = ?2, updated_at = ?3 WHERE plan_id = ?4 AND document_id = ?5";
    let values = params![state.word(), reason, now.to_string(), document.plan_id, document.id.as_str()];
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).map_err(unusable)?;
    audit::engine(connection, now, state.word(), document.id.as_str(), reason)
}

/// Puts documents of a plan that GP refused, or that a check held right before sending, back where they were: the same plan
/// came out again, so whoever mended the reason may find them sent, and whoever did not finds the same reason again.
pub fn requeue(connection: &Connection, plan_id: &str, now: Timestamp) -> Result<(), StoreError> {
    for document in of_plan(connection, plan_id)? {
        let stopped = match document.state {
            DocumentState::Refused => true,
            DocumentState::Held => !document.reason.is_empty(),
            DocumentState::Planned
            | DocumentState::Approved
            | DocumentState::Sending
            | DocumentState::Sent
            | DocumentState::Unknown
            | DocumentState::Superseded => false,
        };
        if stopped {
            let free = document.approved_by.is_some() || !document.needs_approval;
            let state = if free { DocumentState::Approved } else { DocumentState::Planned };
            set_state(connection, &document, state, "", now)?;
        }
    }
    Ok(())
}

/// `approved` (or `unknown` that was read back) → `sending`, with a number for a journal.
pub fn begin_sending(
    connection: &Connection,
    id: &DocumentId,
    numbers: (u32, u32),
    now: Timestamp,
) -> Result<Option<u32>, StoreError> {
    let document = current(connection, id)?;
    if document.state != DocumentState::Approved {
        return Err(StoreError::WrongState { document: id.clone(), state: document.state, step: "sent" });
    }
    if is_overtaken(connection, &document)? {
        return Err(StoreError::Overtaken { document: id.clone() });
    }
    let known = document.journal_number.or_else(|| document.content.replaces());
    let number = match (document.kind.as_str(), known) {
        ("journal", None) => Some(draw(connection, numbers)?),
        (_, number) => number,
    };
    let sql = "UPDATE documents SET state = 'sending', journal_number = ?1, attempts = attempts + 1, updated_at = ?2
               WHERE plan_id = ?3 AND document_id = ?4";
    let values = params![number, now.to_string(), document.plan_id, id.as_str()];
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).map_err(unusable)?;
    let detail = number.map_or_else(String::new, |number| format!("journal {number}"));
    audit::engine(connection, now, "sending", id.as_str(), &detail)?;
    Ok(number)
}

/// Whether another plan's journal about one of the same periods was sent since this one was planned: the difference that
/// it books may be booked already.
fn is_overtaken(connection: &Connection, document: &StoredDocument) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM documents d, json_each(d.content, '$.journal.by_period') p
               JOIN sent_lines s ON s.ledger = d.ledger AND s.period = p.key AND s.rowid > d.ledger_mark
               JOIN documents o ON o.document_id = s.document_id AND o.state = 'sent' AND o.plan_id <> d.plan_id
               WHERE d.plan_id = ?1 AND d.document_id = ?2 AND d.kind = 'journal' LIMIT 1";
    let values = params![document.plan_id, document.id.as_str()];
    let found: Option<i64> = connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_row(values, |row| row.get(0)).optional())
        .map_err(unusable)?;
    Ok(found.is_some())
}

/// Another number for a document that is being sent.
pub fn draw_again(
    connection: &Connection,
    id: &DocumentId,
    numbers: (u32, u32),
    now: Timestamp,
) -> Result<u32, StoreError> {
    let document = current(connection, id)?;
    if document.state != DocumentState::Sending {
        return Err(StoreError::WrongState {
            document: id.clone(),
            state: document.state,
            step: "given another number",
        });
    }
    // After a lost store GP has many of ours: not one after the other.
    let beyond =
        "UPDATE journal_numbers SET next = max(next, 1 + (SELECT coalesce(max(journal_number), 0) FROM documents
                  WHERE journal_number BETWEEN ?1 AND ?2)) WHERE range_start = ?1";
    connection.execute(beyond, params![numbers.0, numbers.1]).map_err(unusable)?;
    let number = draw(connection, numbers)?;
    let sql = "UPDATE documents SET journal_number = ?1, updated_at = ?2 WHERE plan_id = ?3 AND document_id = ?4";
    connection.execute(sql, params![number, now.to_string(), document.plan_id, id.as_str()]).map_err(unusable)?;
    audit::engine(connection, now, "renumbered", id.as_str(), &format!("journal {number}"))?;
    Ok(number)
}

fn draw(connection: &Connection, (from, to): (u32, u32)) -> Result<u32, StoreError> {
    let sql = "INSERT INTO journal_numbers (range_start, next) VALUES (?1, ?1 + 1)
               ON CONFLICT (range_start) DO UPDATE SET next = next + 1 RETURNING next - 1";
    let number: u32 = connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_row(params![from], |row| row.get(0)))
        .map_err(unusable)?;
    if number > to { Err(StoreError::NumbersUsedUp { from, to }) } else { Ok(number) }
}

/// Records the end of an attempt.
pub fn record_outcome(
    connection: &Connection,
    id: &DocumentId,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    let document = current(connection, id)?;
    let begun = matches!(document.state, DocumentState::Sending | DocumentState::Unknown);
    let is_approved = document.state == DocumentState::Approved;
    // GP may have taken after all what was tried before.
    let found_late = matches!(outcome, Outcome::Sent { .. }) && document.journal_number.is_some();
    let held_before = matches!(outcome, Outcome::Held { .. });
    if !begun && !(is_approved && (held_before || found_late)) {
        return Err(StoreError::WrongState { document: id.clone(), state: document.state, step: "ended" });
    }
    match outcome {
        Outcome::Sent { batch } => {
            let sql = "UPDATE documents SET gp_state = 'work' WHERE plan_id = ?1 AND document_id = ?2";
            connection.execute(sql, params![document.plan_id, id.as_str()]).map_err(unusable)?;
            ledger::insert_lines(connection, &document)?;
            let number = document.journal_number.map_or_else(String::new, |number| format!("journal {number}"));
            if let Some(replaced) = document.content.replaces() {
                let detail = format!("journal {replaced} was written anew");
                audit::engine(connection, now, "replaced", id.as_str(), &detail)?;
            }
            let batch = batch.as_ref().map_or_else(String::new, |batch| format!(" in batch {batch}"));
            set_state(connection, &document, DocumentState::Sent, &format!("{number}{batch}"), now)
        }
        Outcome::Refused { reason } => set_state(connection, &document, DocumentState::Refused, reason, now),
        Outcome::Later { reason } => set_state(connection, &document, DocumentState::Approved, reason, now),
        Outcome::Held { reason } => set_state(connection, &document, DocumentState::Held, reason, now),
        Outcome::Unknown { reason } => set_state(connection, &document, DocumentState::Unknown, reason, now),
        Outcome::NotThere => set_state(connection, &document, DocumentState::Approved, "read back: not in GP", now),
    }
}

/// Whether a document id is known as sent.
pub fn is_sent(connection: &Connection, id: &DocumentId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM documents WHERE document_id = ?1 AND state = 'sent' LIMIT 1";
    let found: Option<i64> =
        connection.query_row(sql, params![id.as_str()], |row| row.get(0)).optional().map_err(unusable)?;
    Ok(found.is_some())
}
