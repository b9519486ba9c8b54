//! The ledger in SQLite: the lines of everything that was sent.

use super::{audit, outbox, unusable};
use crate::hr::PeriodCode;
use crate::ledger::{AccountNumber, Currency, DocumentId, Minor};
use crate::plan::facts::{GpState, Headcount, SentLine, gp_word};
use crate::store::{DocumentState, NewDocument, StoreError, StoredContent, StoredDocument};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

fn gp_state(word: &str) -> Option<GpState> {
    [GpState::Work, GpState::Posted, GpState::Edited, GpState::Deleted]
        .into_iter()
        .find(|state| gp_word(*state) == word)
}

/// Puts the lines of a sent document into the ledger, by the periods whose cost they are.
pub fn insert_lines(connection: &Connection, document: &StoredDocument) -> Result<(), StoreError> {
    let StoredContent::Journal { currency, by_period, .. } = &document.content else { return Ok(()) };
    let mut statement = connection
        .prepare_cached(
            "INSERT INTO sent_lines (document_id, ledger, period, booked_in, sequence, account, currency, debit, credit)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )
        .map_err(unusable)?;
    for (period, accounts) in by_period {
        for (account, amount) in accounts {
            let (debit, credit) = match amount.strip_prefix('-') {
                Some(credit) => ("0", credit),
                None => (amount.as_str(), "0"),
            };
            statement
                .execute(params![
                    document.id.as_str(),
                    document.ledger,
                    period,
                    document.booked_in.0,
                    document.sequence,
                    account,
                    currency,
                    debit,
                    credit
                ])
                .map_err(unusable)?;
        }
    }
    Ok(())
}

/// Lines of everything sent for a ledger.
pub fn sent_lines(connection: &Connection, ledger: &str) -> Result<Vec<SentLine>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT s.document_id, s.ledger, s.period, s.booked_in, s.sequence, s.account, s.currency, s.debit, s.credit,
                    d.journal_number, d.gp_state, coalesce(json_extract(d.content, '$.journal.company'), ''),
                    coalesce(json_extract(d.content, '$.journal.group'), '')
             FROM sent_lines s JOIN documents d ON d.document_id = s.document_id AND d.state = 'sent'
             WHERE s.ledger = ?1 ORDER BY s.period, s.sequence, s.account",
        )
        .map_err(unusable)?;
    let rows = statement.query_map(params![ledger], |row| Ok(line(row))).map_err(unusable)?;
    let lines: Result<Vec<Option<SentLine>>, _> = rows.map(|row| row.and_then(|line| line)).collect();
    let lines: Option<Vec<SentLine>> = lines.map_err(unusable)?.into_iter().collect();
    lines.ok_or_else(|| StoreError::Damaged { what: format!("a sent line of {ledger}") })
}

/// The periods that each ledger sent something for that GP last showed.
pub fn periods_sent(connection: &Connection) -> Result<Vec<(String, PeriodCode)>, StoreError> {
    let sql = "SELECT DISTINCT s.ledger, s.period FROM sent_lines s
               JOIN documents d ON d.document_id = s.document_id AND d.state = 'sent' AND d.gp_state <> 'deleted'
               ORDER BY s.ledger, s.period";
    let mut statement = connection.prepare_cached(sql).map_err(unusable)?;
    statement
        .query_map([], |row| Ok((row.get(0)?, PeriodCode(row.get(1)?))))
        .and_then(Iterator::collect)
        .map_err(unusable)
}

fn line(row: &Row<'_>) -> Result<Option<SentLine>, rusqlite::Error> {
    let (id, account, currency): (String, String, String) = (row.get(0)?, row.get(5)?, row.get(6)?);
    let (debit, credit, state): (String, String, String) = (row.get(7)?, row.get(8)?, row.get(10)?);
    let journal: Option<u32> = row.get(9)?;
    let Some(currency) = Currency::from_code(&currency) else { return Ok(None) };
    let amounts = (Minor::parse(&debit, currency), Minor::parse(&credit, currency), gp_state(&state));
    let (Some(debit), Some(credit), Some(gp_state)) = amounts else { return Ok(None) };
    Ok(Some(SentLine {
        pipeline: row.get(1)?,
        company: row.get(11)?,
        group: row.get(12)?,
        period: PeriodCode(row.get(2)?),
        sequence: row.get(4)?,
        document_id: DocumentId::from_text(&id),
        journal: journal.map_or_else(String::new, |number| number.to_string()),
        gp_state,
        booked_in: PeriodCode(row.get(3)?),
        account: AccountNumber::new(&account),
        currency,
        debit,
        credit,
    }))
}

/// What GP shows of a sent journal: also of the documents that it was before it was replaced.
pub fn record_gp_state(
    connection: &Connection,
    id: &DocumentId,
    state: GpState,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE documents SET gp_state = ?1, updated_at = ?2 WHERE state = 'sent' AND (document_id = ?3
               OR EXISTS (SELECT 1 FROM documents n WHERE n.document_id = ?3 AND n.state = 'sent'
                 AND n.ledger = documents.ledger AND n.period = documents.period
                 AND json_extract(n.content, '$.journal.replaces') = documents.journal_number
                 AND n.sequence > documents.sequence))";
    connection.execute(sql, params![gp_word(state), now.to_string(), id.as_str()]).map_err(unusable)?;
    audit::engine(connection, now, "seen in GP", id.as_str(), gp_word(state))
}

/// Takes a journal that GP holds into the ledger of a store that has no memory of it.
pub fn adopt(
    connection: &Connection,
    document: &NewDocument,
    ledger: &str,
    number: u32,
    now: Timestamp,
) -> Result<(), StoreError> {
    if outbox::is_sent(connection, &document.id)? {
        return Ok(());
    }
    outbox::insert(connection, document, "adopted", ledger, 0, DocumentState::Sent, None, now)?;
    let sql =
        "UPDATE documents SET journal_number = ?1, gp_state = 'work' WHERE document_id = ?2 AND plan_id = 'adopted'";
    connection.execute(sql, params![number, document.id.as_str()]).map_err(unusable)?;
    let stored = outbox::of_plan(connection, "adopted")?.into_iter().find(|stored| stored.id == document.id);
    if let Some(stored) = stored {
        insert_lines(connection, &stored)?;
    }
    audit::engine(connection, now, "adopted", document.id.as_str(), &format!("journal {number} was found in GP"))
}

/// Headcounts of periods whose first journal was sent.
pub fn history(connection: &Connection, ledger: &str) -> Result<Vec<Headcount>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT p.period, p.headcount FROM plans p
             WHERE p.ledger = ?1 AND EXISTS (SELECT 1 FROM documents d WHERE d.plan_id = p.plan_id AND d.state = 'sent'
               AND d.role = 'original' AND d.period = p.period)
             ORDER BY p.ordinal",
        )
        .map_err(unusable)?;
    let headcount = |row: &Row<'_>| {
        let (period, headcount): (String, i64) = (row.get(0)?, row.get(1)?);
        Ok(Headcount { pipeline: ledger.to_owned(), period: PeriodCode(period), headcount: headcount as u64 })
    };
    statement.query_map(params![ledger], headcount).and_then(Iterator::collect).map_err(unusable)
}
