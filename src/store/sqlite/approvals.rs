//! Who said yes to what, in SQLite.

use super::{audit, outbox, plans, unusable};
use crate::project::roles::same_person;
use crate::store::audit::AuditEntry;
use crate::store::{Approved, DocumentState, HoldRow, NewDocument, StoreError, StoredDocument, Waiting};
use jiff::Timestamp;
use rusqlite::{Connection, Params, params};
use std::collections::{BTreeMap, BTreeSet};

/// One person's yes to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yes {
    pub person: String,
    pub who: String,
    pub at: String,
}

/// The yeses to a document that a new plan supersedes.
#[derive(Debug)]
pub struct Kept {
    document_id: String,
    content: String,
    reasons: BTreeSet<Reason>,
    pub yeses: Vec<Yes>,
}

/// Why a document is held: code, subject, message.
type Reason = (String, String, String);

impl Kept {
    /// Whether the yeses were said to this document: the same content, and no reason to hold it that nobody had seen.
    pub fn is_of(&self, document: &NewDocument, holds: &[HoldRow]) -> bool {
        self.document_id == document.id.as_str()
            && serde_json::to_string(&document.content).is_ok_and(|now| now == self.content)
            && reasons(holds, document.id.as_str()).is_subset(&self.reasons)
    }
}

fn reasons(holds: &[HoldRow], document_id: &str) -> BTreeSet<Reason> {
    let of = holds.iter().filter(|hold| hold.documents.iter().any(|id| id == document_id));
    of.map(|hold| (hold.code.clone(), hold.subject.clone(), hold.message.clone())).collect()
}

/// Names, in the order of their yeses.
pub fn names(yeses: &[Yes]) -> String {
    yeses.iter().map(|yes| yes.who.as_str()).collect::<Vec<_>>().join(", ")
}

/// The documents that meet `condition` and have somebody's yes.
pub fn kept(connection: &Connection, condition: &str, values: impl Params) -> Result<Vec<Kept>, StoreError> {
    let sql = format!(
        "SELECT plan_id, document_id, content FROM documents
         WHERE {condition} AND EXISTS (SELECT 1 FROM approvals a
           WHERE a.plan_id = documents.plan_id AND a.document_id = documents.document_id)"
    );
    let mut statement = connection.prepare(&sql).map_err(unusable)?;
    let found = statement
        .query_map(values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .and_then(Iterator::collect::<Result<Vec<(String, String, String)>, _>>)
        .map_err(unusable)?;
    let mut holds: BTreeMap<String, Vec<HoldRow>> = BTreeMap::new();
    let mut kept = Vec::new();
    for (plan_id, document_id, content) in found {
        let yeses = yeses(connection, &plan_id, &document_id)?;
        if !holds.contains_key(&plan_id) {
            holds.insert(plan_id.clone(), plans::holds(connection, Some(&plan_id))?);
        }
        let reasons = holds.get(&plan_id).map(|holds| reasons(holds, &document_id)).unwrap_or_default();
        kept.push(Kept { document_id, content, reasons, yeses });
    }
    Ok(kept)
}

fn yeses(connection: &Connection, plan_id: &str, document_id: &str) -> Result<Vec<Yes>, StoreError> {
    let sql = "SELECT person, who, at FROM approvals WHERE plan_id = ?1 AND document_id = ?2 ORDER BY rowid";
    let mut statement = connection.prepare_cached(sql).map_err(unusable)?;
    statement
        .query_map(params![plan_id, document_id], |row| {
            Ok(Yes { person: row.get(0)?, who: row.get(1)?, at: row.get(2)? })
        })
        .and_then(Iterator::collect)
        .map_err(unusable)
}

/// Writes yeses to a document of a plan.
pub fn insert(connection: &Connection, plan_id: &str, document_id: &str, yeses: &[Yes]) -> Result<(), StoreError> {
    let sql = "INSERT INTO approvals (plan_id, document_id, person, who, at) VALUES (?1, ?2, ?3, ?4, ?5)";
    for yes in yeses {
        let values = params![plan_id, document_id, yes.person, yes.who, yes.at];
        connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).map_err(unusable)?;
    }
    Ok(())
}

/// Records a person's yes to what is ready and to what only `ask` holds keep back; see [`crate::store::Store::approve`].
pub fn approve(
    connection: &Connection,
    plan_id: &str,
    who: &str,
    people: u32,
    now: Timestamp,
) -> Result<Approved, StoreError> {
    let plan = plans::find(connection, plan_id)?;
    let holds = plans::holds(connection, Some(&plan.id))?;
    let mut approved = Approved::default();
    let mut released_by = who.to_owned();
    for document in outbox::of_plan(connection, &plan.id)?.into_iter().filter(|document| awaits(document, &holds)) {
        let mut yeses = yeses(connection, &plan.id, document.id.as_str())?;
        let person = same_person(who);
        let said_before = yeses.iter().any(|yes| yes.person == person);
        if !said_before {
            let yes = Yes { person, who: who.to_owned(), at: now.to_string() };
            insert(connection, &plan.id, document.id.as_str(), std::slice::from_ref(&yes))?;
            yeses.push(yes);
        }
        let enough = yeses.len() >= people as usize;
        if !said_before || enough {
            audit_yes(connection, &document, who, (yeses.len(), people), now)?;
        }
        if enough {
            released_by = names(&yeses);
            let sql = "UPDATE documents SET state = 'approved', approved_by = ?1, updated_at = ?2
                       WHERE plan_id = ?3 AND document_id = ?4";
            let values = params![released_by, now.to_string(), plan.id, document.id.as_str()];
            connection.execute(sql, values).map_err(unusable)?;
            approved.documents.push(document.id);
        } else {
            let approvals = yeses.into_iter().map(|yes| yes.who).collect();
            approved.waiting.push(Waiting { id: document.id, approvals, said_before });
        }
    }
    if !approved.documents.is_empty() {
        release(connection, &plan.id, &holds, &approved.waiting, &released_by)?;
    }
    Ok(approved)
}

/// Whether a person's yes is what a document waits for.
fn awaits(document: &StoredDocument, holds: &[HoldRow]) -> bool {
    match document.state {
        DocumentState::Planned => true,
        // A journal without lines is only there to show its reasons.
        DocumentState::Held if document.content.is_empty() => false,
        DocumentState::Held => {
            let mut hard = holds.iter().filter(|hold| !hold.asks);
            let is_held =
                |hold: &HoldRow| hold.scope == "plan" || hold.documents.iter().any(|id| id == document.id.as_str());
            !hard.any(is_held) && document.reason.is_empty()
        }
        DocumentState::Approved
        | DocumentState::Sending
        | DocumentState::Sent
        | DocumentState::Refused
        | DocumentState::Unknown
        | DocumentState::Superseded => false,
    }
}

fn audit_yes(
    connection: &Connection,
    document: &StoredDocument,
    who: &str,
    (yeses, people): (usize, u32),
    now: Timestamp,
) -> Result<(), StoreError> {
    let of = if people > 1 { format!(": {} of {people}", yeses.min(people as usize)) } else { String::new() };
    let what = if yeses >= people as usize { "approved" } else { "said yes" };
    let entry = AuditEntry {
        at: now,
        who: who.to_owned(),
        what: what.to_owned(),
        subject: document.id.to_string(),
        detail: format!("plan {}{of}", document.plan_id),
    };
    audit::append(connection, &entry)
}

/// Releases the `ask` holds that keep back nothing which still waits for a yes.
fn release(
    connection: &Connection,
    plan_id: &str,
    holds: &[HoldRow],
    waiting: &[Waiting],
    who: &str,
) -> Result<(), StoreError> {
    let waits = |id: &String| waiting.iter().any(|waiting| waiting.id.as_str() == id);
    for (at, hold) in holds.iter().enumerate() {
        let is_free = match hold.documents.is_empty() {
            true => waiting.is_empty(),
            false => !hold.documents.iter().any(waits),
        };
        if hold.asks && hold.released_by.is_none() && is_free {
            let sql = "UPDATE holds SET released_by = ?1 WHERE plan_id = ?2 AND ordinal = ?3";
            connection.execute(sql, params![who, plan_id, at as i64]).map_err(unusable)?;
        }
    }
    Ok(())
}
