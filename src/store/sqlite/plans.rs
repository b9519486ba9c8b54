//! Plans in SQLite.

use super::approvals::{self, Kept};
use super::{audit, outbox, unusable};
use crate::hr::PeriodCode;
use crate::store::audit::AuditEntry;
use crate::store::{DocumentState, HoldRow, NewDocument, NewPlan, SavedPlan, SentInput, StoreError};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

const COLUMNS: &str =
    "plan_id, pipeline, ledger, period, generation, status, headcount, report, created_at, superseded";

fn saved(row: &Row<'_>) -> Result<SavedPlan, rusqlite::Error> {
    let created_at: String = row.get(8)?;
    Ok(SavedPlan {
        id: row.get(0)?,
        pipeline: row.get(1)?,
        ledger: row.get(2)?,
        period: PeriodCode(row.get(3)?),
        generation: row.get(4)?,
        status: row.get(5)?,
        headcount: row.get::<_, i64>(6)? as u64,
        report: row.get(7)?,
        created_at: created_at.parse().unwrap_or(Timestamp::UNIX_EPOCH),
        superseded: row.get(9)?,
    })
}

/// Stores a plan; see [`crate::store::Store::save_plan`].
pub fn save(connection: &Connection, plan: &NewPlan) -> Result<SavedPlan, StoreError> {
    let same = format!("SELECT {COLUMNS} FROM plans WHERE plan_id LIKE ?1 || '%' ORDER BY ordinal DESC LIMIT 1");
    let before = connection.query_row(&same, params![plan.hash], saved).optional().map_err(unusable)?;
    let id = match before {
        Some(before) if !before.superseded && !is_overtaken(connection, &before.id)? => {
            outbox::requeue(connection, &before.id, plan.now)?;
            return Ok(before);
        }
        // The facts went back to what they were, or a plan of another period took its documents: the same plan in force again
        // is a plan of its own.
        Some(before) => format!("{}-{}", plan.hash, times(connection, &before.id, &plan.hash)? + 1),
        None => plan.hash.clone(),
    };
    let kept = supersede(connection, plan)?;
    insert(connection, plan, &id)?;
    for (at, document) in plan.documents.iter().enumerate() {
        let kept = kept.iter().find(|kept| kept.is_of(document, &plan.holds));
        insert_document(connection, plan, &id, at, document, kept)?;
    }
    insert_holds(connection, plan, &id)?;
    for (file, body) in &plan.inputs {
        connection
            .execute("INSERT INTO inputs (plan_id, file, body) VALUES (?1, ?2, ?3)", params![id, file, body])
            .map_err(unusable)?;
    }
    let detail = format!("{} {} for {}: {}", plan.pipeline, plan.documents.len(), plan.period, plan.status);
    let (what, subject) = ("planned".to_owned(), id.clone());
    audit::append(connection, &AuditEntry { at: plan.now, who: plan.who.clone(), what, subject, detail })?;
    find(connection, &id)
}

/// Whether another plan took a document of this one.
fn is_overtaken(connection: &Connection, plan_id: &str) -> Result<bool, StoreError> {
    let documents = outbox::of_plan(connection, plan_id)?;
    Ok(documents.iter().any(|document| document.state == DocumentState::Superseded))
}

fn times(connection: &Connection, _newest: &str, hash: &str) -> Result<i64, StoreError> {
    let count = "SELECT count(*) FROM plans WHERE plan_id = ?1 OR plan_id LIKE ?1 || '-%'";
    connection.query_row(count, params![hash], |row| row.get(0)).map_err(unusable)
}

/// Takes the documents that nobody began to send out of older plans: of the same ledger and period, about a period that
/// this plan looked at, or with an identity that is in this plan too. Gives those that somebody said yes to.
fn supersede(connection: &Connection, plan: &NewPlan) -> Result<Vec<Kept>, StoreError> {
    let on_their_way = "SELECT state FROM documents WHERE document_id = ?1 AND kind = 'journal'
                        AND state IN ('sending', 'unknown') LIMIT 1";
    for document in &plan.documents {
        let state: Option<String> = connection
            .query_row(on_their_way, params![document.id.as_str()], |row| row.get(0))
            .optional()
            .map_err(unusable)?;
        if let Some(state) = state.and_then(|word| DocumentState::from_word(&word)) {
            return Err(StoreError::WrongState { document: document.id.clone(), state, step: "planned again" });
        }
    }
    let ids: Vec<&str> = plan.documents.iter().map(|document| document.id.as_str()).collect();
    let ids = serde_json::to_string(&ids).unwrap_or_default();
    let covers: Vec<&str> = plan.covers.iter().map(|period| period.0.as_str()).collect();
    let covers = serde_json::to_string(&covers).unwrap_or_default();
    let waiting = "state IN ('planned', 'held', 'approved', 'refused') AND
        (document_id IN (SELECT value FROM json_each(?1))
         OR plan_id IN (SELECT plan_id FROM plans WHERE ledger = ?2 AND pipeline = ?3 AND period = ?4)
         OR (ledger = ?2 AND kind = 'journal' AND EXISTS (
               SELECT 1 FROM json_each(content, '$.journal.by_period') WHERE key IN (SELECT value FROM json_each(?5)))))";
    let values = params![ids, plan.ledger, plan.pipeline, plan.period.0, covers];
    let kept = approvals::kept(connection, waiting, values)?;
    connection
        .execute(&format!("UPDATE documents SET state = 'superseded' WHERE {waiting}"), values)
        .map_err(unusable)?;
    connection
        .execute(
            "UPDATE plans SET superseded = 1 WHERE ledger = ?1 AND pipeline = ?2 AND period = ?3",
            params![plan.ledger, plan.pipeline, plan.period.0],
        )
        .map_err(unusable)?;
    Ok(kept)
}

fn insert(connection: &Connection, plan: &NewPlan, id: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO plans (plan_id, ordinal, pipeline, ledger, period, generation, status, headcount, report,
               created_at) VALUES (?1, (SELECT coalesce(max(ordinal), 0) + 1 FROM plans), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let headcount = plan.headcount as i64;
    let values = params![
        id,
        plan.pipeline,
        plan.ledger,
        plan.period.0,
        plan.generation,
        plan.status,
        headcount,
        plan.report,
        plan.now.to_string()
    ];
    connection.execute(sql, values).map_err(unusable)?;
    Ok(())
}

fn insert_document(
    connection: &Connection,
    plan: &NewPlan,
    id: &str,
    at: usize,
    document: &NewDocument,
    kept: Option<&Kept>,
) -> Result<(), StoreError> {
    let yeses = kept.map_or(&[][..], |kept| &kept.yeses);
    let enough = document.state == DocumentState::Planned && !yeses.is_empty() && yeses.len() >= plan.people as usize;
    let state = if enough { DocumentState::Approved } else { document.state };
    let approved_by = enough.then(|| approvals::names(yeses));
    let approved_by = approved_by.as_deref();
    approvals::insert(connection, id, document.id.as_str(), yeses)?;
    outbox::insert(connection, document, id, &plan.ledger, at, state, approved_by, plan.now)?;
    let detail = format!("{} {} {}", document.kind, document.role, document.period);
    audit::engine(connection, plan.now, state.word(), document.id.as_str(), &detail)
}

fn insert_holds(connection: &Connection, plan: &NewPlan, id: &str) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached(
            "INSERT INTO holds (plan_id, ordinal, code, subject, message, remedy, place, asks, documents, scope)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )
        .map_err(unusable)?;
    for (at, hold) in plan.holds.iter().enumerate() {
        let documents = serde_json::to_string(&hold.documents).unwrap_or_default();
        statement
            .execute(params![
                id,
                at as i64,
                hold.code,
                hold.subject,
                hold.message,
                hold.remedy,
                hold.place,
                hold.asks,
                documents,
                hold.scope
            ])
            .map_err(unusable)?;
        audit::engine(connection, plan.now, "held", &hold.subject, &format!("{} in plan {id}", hold.code))?;
    }
    Ok(())
}

/// A plan by its id or the beginning of it.
pub fn find(connection: &Connection, id: &str) -> Result<SavedPlan, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM plans WHERE plan_id = ?1 OR (length(?1) >= 4 AND substr(plan_id, 1, length(?1)) = ?1)
         ORDER BY plan_id = ?1 DESC, ordinal DESC LIMIT 1"
    );
    let found = connection.query_row(&sql, params![id], saved).optional().map_err(unusable)?;
    found.ok_or_else(|| StoreError::NotFound { what: format!("plan {id}") })
}

/// The newest plan of a pipeline, or of one of its periods.
pub fn latest(
    connection: &Connection,
    pipeline: &str,
    period: Option<&PeriodCode>,
) -> Result<Option<SavedPlan>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM plans WHERE pipeline = ?1 AND (?2 IS NULL OR period = ?2) ORDER BY ordinal DESC LIMIT 1"
    );
    let period = period.map(|code| code.0.as_str());
    connection.query_row(&sql, params![pipeline, period], saved).optional().map_err(unusable)
}

/// The newest plans.
pub fn newest(connection: &Connection, limit: u32) -> Result<Vec<SavedPlan>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM plans ORDER BY ordinal DESC LIMIT ?1");
    let mut statement = connection.prepare(&sql).map_err(unusable)?;
    statement.query_map(params![limit], saved).and_then(Iterator::collect).map_err(unusable)
}

/// Holds that are in force.
pub fn holds(connection: &Connection, plan_id: Option<&str>) -> Result<Vec<HoldRow>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT h.plan_id, code, subject, message, remedy, place, asks, documents, released_by, scope
             FROM holds h JOIN plans p ON p.plan_id = h.plan_id
             WHERE h.plan_id = ?1 OR (?1 IS NULL AND p.superseded = 0 AND (scope <> 'documents' OR EXISTS (
               SELECT 1 FROM json_each(h.documents) d JOIN documents x ON x.plan_id = h.plan_id
                 AND x.document_id = d.value AND x.state <> 'superseded'))) ORDER BY p.ordinal, h.ordinal",
        )
        .map_err(unusable)?;
    let hold = |row: &Row<'_>| {
        let documents: String = row.get(7)?;
        Ok(HoldRow {
            plan_id: row.get(0)?,
            code: row.get(1)?,
            subject: row.get(2)?,
            message: row.get(3)?,
            remedy: row.get(4)?,
            place: row.get(5)?,
            asks: row.get(6)?,
            documents: serde_json::from_str(&documents).unwrap_or_default(),
            released_by: row.get(8)?,
            scope: row.get(9)?,
        })
    };
    statement.query_map(params![plan_id], hold).and_then(Iterator::collect).map_err(unusable)
}

/// The inputs stored with a plan.
pub fn inputs(connection: &Connection, plan_id: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT file, body FROM inputs WHERE plan_id = ?1 ORDER BY file")
        .map_err(unusable)?;
    statement
        .query_map(params![plan_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .map_err(unusable)
}

/// One input of each plan of a ledger, newest plan first.
pub fn input_of_plans(
    connection: &Connection,
    ledger: &str,
    file: &str,
) -> Result<Vec<(String, PeriodCode, Vec<u8>)>, StoreError> {
    let sql = "SELECT p.plan_id, p.period, i.body FROM plans p JOIN inputs i ON i.plan_id = p.plan_id AND i.file = ?2
               WHERE p.ledger = ?1 ORDER BY p.ordinal DESC";
    let mut statement = connection.prepare_cached(sql).map_err(unusable)?;
    statement
        .query_map(params![ledger, file], |row| Ok((row.get(0)?, PeriodCode(row.get(1)?), row.get(2)?)))
        .and_then(Iterator::collect)
        .map_err(unusable)
}

/// One input of each plan that a journal in GP was sent of; see [`crate::store::Store::input_of_sent`].
pub fn input_of_sent(
    connection: &Connection,
    ledger: &str,
    file: &str,
    periods: &[PeriodCode],
) -> Result<Vec<SentInput>, StoreError> {
    let sql = "WITH newest AS (
                 SELECT s.period, max(p.ordinal) AS ordinal FROM sent_lines s
                 JOIN documents d ON d.document_id = s.document_id AND d.state = 'sent' AND d.gp_state <> 'deleted'
                 JOIN plans p ON p.plan_id = d.plan_id
                 WHERE s.ledger = ?1 AND s.period IN (SELECT value FROM json_each(?3)) GROUP BY s.period)
               SELECT p.plan_id, group_concat(n.period), i.body FROM newest n JOIN plans p ON p.ordinal = n.ordinal
               JOIN inputs i ON i.plan_id = p.plan_id AND i.file = ?2 GROUP BY p.plan_id ORDER BY p.ordinal DESC";
    let wanted: Vec<&str> = periods.iter().map(|period| period.0.as_str()).collect();
    let wanted = serde_json::to_string(&wanted).unwrap_or_default();
    let mut statement = connection.prepare_cached(sql).map_err(unusable)?;
    let codes = |codes: String| codes.split(',').map(|code| PeriodCode(code.to_owned())).collect();
    statement
        .query_map(params![ledger, file, wanted], |row| Ok((row.get(0)?, codes(row.get(1)?), row.get(2)?)))
        .and_then(Iterator::collect)
        .map_err(unusable)
}
