//! The embedded store: one SQLite file in WAL mode with `synchronous=FULL`, one [`writer`] with group commit, and one
//! connection for reading.

mod approvals;
mod audit;
mod deliveries;
mod ledger;
mod outbox;
mod plans;
mod schema;
mod secrets;
mod wakes;
mod writer;

use super::{
    Approved, AuditEntry, AuditRow, HoldRow, NewDocument, NewPlan, Outcome, SavedPlan, SentInput, Store, StoreError,
    StoredDocument,
};
use crate::hr::PeriodCode;
use crate::ledger::DocumentId;
use crate::plan::facts::{GpState, Headcount, SentLine};
use jiff::Timestamp;
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use writer::Writer;

/// An open SQLite store.
pub struct SqliteStore {
    writer: Writer,
    reader: Arc<Mutex<Connection>>,
}

pub(crate) fn unusable(error: rusqlite::Error) -> StoreError {
    StoreError::Unusable { path: String::new(), why: error.to_string() }
}

impl SqliteStore {
    /// Opens the store in `file`, making it (and its folder) when it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be used, or a newer version wrote it.
    pub fn open(file: &Path) -> Result<SqliteStore, StoreError> {
        let at_file = |why: String| StoreError::Unusable { path: file.display().to_string(), why };
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(|error| at_file(error.to_string()))?;
        }
        let connect = || -> Result<Connection, rusqlite::Error> {
            let connection = Connection::open(file)?;
            connection.busy_timeout(std::time::Duration::from_secs(10))?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            // What is deleted or replaced is overwritten in the file: an old wrapped key shall not stay in a free page.
            connection.pragma_update(None, "secure_delete", true)?;
            Ok(connection)
        };
        let writing = connect().map_err(|error| at_file(error.to_string()))?;
        migrate(&writing)?;
        let reading = connect().map_err(|error| at_file(error.to_string()))?;
        Ok(SqliteStore { writer: Writer::start(writing), reader: Arc::new(Mutex::new(reading)) })
    }

    /// Looks at the store in `file` without changing it: what `PRAGMA quick_check` finds, nothing when it is whole.
    ///
    /// # Errors
    /// When the file cannot be opened, or a newer version wrote it.
    pub fn look(file: &Path) -> Result<Vec<String>, StoreError> {
        let at_file =
            |error: rusqlite::Error| StoreError::Unusable { path: file.display().to_string(), why: error.to_string() };
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags).map_err(at_file)?;
        connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(at_file)?;
        let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(at_file)?;
        let known = schema::MIGRATIONS.len() as i64;
        if found > known {
            return Err(StoreError::TooNew { found, known });
        }
        let mut query = connection.prepare("PRAGMA quick_check(20)").map_err(at_file)?;
        let lines = query.query_map([], |row| row.get::<_, String>(0)).map_err(at_file)?;
        let lines: Vec<String> = lines.collect::<Result<_, _>>().map_err(at_file)?;
        Ok(lines.into_iter().filter(|line| line != "ok").collect())
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let reader = Arc::clone(&self.reader);
        let task = tokio::task::spawn_blocking(move || read(&reader.lock().unwrap_or_else(PoisonError::into_inner)));
        task.await.map_err(|error| StoreError::Unusable { path: String::new(), why: error.to_string() })?
    }
}

fn migrate(connection: &Connection) -> Result<(), StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(unusable)?;
    let known = schema::MIGRATIONS.len() as i64;
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for (at, migration) in schema::MIGRATIONS.iter().enumerate().skip(found as usize) {
        let step = format!("BEGIN IMMEDIATE; {migration} PRAGMA user_version = {}; COMMIT;", at + 1);
        connection.execute_batch(&step).map_err(unusable)?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl Store for SqliteStore {
    async fn save_plan(&self, plan: NewPlan) -> Result<SavedPlan, StoreError> {
        self.writer.write(move |connection| plans::save(connection, &plan)).await
    }

    async fn plan(&self, id: &str) -> Result<SavedPlan, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| plans::find(connection, &id)).await
    }

    async fn latest_plan(&self, pipeline: &str, period: Option<&PeriodCode>) -> Result<Option<SavedPlan>, StoreError> {
        let (pipeline, period) = (pipeline.to_owned(), period.cloned());
        self.read(move |connection| plans::latest(connection, &pipeline, period.as_ref())).await
    }

    async fn plans(&self, limit: u32) -> Result<Vec<SavedPlan>, StoreError> {
        self.read(move |connection| plans::newest(connection, limit)).await
    }

    async fn documents(&self, plan_id: &str) -> Result<Vec<StoredDocument>, StoreError> {
        let id = plan_id.to_owned();
        self.read(move |connection| outbox::of_plan(connection, &id)).await
    }

    async fn holds(&self, plan_id: Option<&str>) -> Result<Vec<HoldRow>, StoreError> {
        let id = plan_id.map(str::to_owned);
        self.read(move |connection| plans::holds(connection, id.as_deref())).await
    }

    async fn approve(&self, plan_id: &str, who: &str, people: u32, now: Timestamp) -> Result<Approved, StoreError> {
        let (id, who) = (plan_id.to_owned(), who.to_owned());
        self.writer.write(move |connection| approvals::approve(connection, &id, &who, people, now)).await
    }

    async fn outbox(&self, ledger: &str) -> Result<Vec<StoredDocument>, StoreError> {
        let ledger = ledger.to_owned();
        self.read(move |connection| outbox::on_their_way(connection, &ledger)).await
    }

    async fn begin_sending(
        &self,
        id: &DocumentId,
        numbers: (u32, u32),
        now: Timestamp,
    ) -> Result<Option<u32>, StoreError> {
        let id = id.clone();
        self.writer.write(move |connection| outbox::begin_sending(connection, &id, numbers, now)).await
    }

    async fn draw_again(&self, id: &DocumentId, numbers: (u32, u32), now: Timestamp) -> Result<u32, StoreError> {
        let id = id.clone();
        self.writer.write(move |connection| outbox::draw_again(connection, &id, numbers, now)).await
    }

    async fn record_outcome(&self, id: &DocumentId, outcome: Outcome, now: Timestamp) -> Result<(), StoreError> {
        let id = id.clone();
        self.writer.write(move |connection| outbox::record_outcome(connection, &id, &outcome, now)).await
    }

    async fn adopt(&self, document: NewDocument, ledger: &str, number: u32, now: Timestamp) -> Result<(), StoreError> {
        let ledger = ledger.to_owned();
        self.writer.write(move |connection| ledger::adopt(connection, &document, &ledger, number, now)).await
    }

    async fn record_gp_state(&self, id: &DocumentId, state: GpState, now: Timestamp) -> Result<(), StoreError> {
        let id = id.clone();
        self.writer.write(move |connection| ledger::record_gp_state(connection, &id, state, now)).await
    }

    async fn sent_lines(&self, ledger: &str) -> Result<Vec<SentLine>, StoreError> {
        let ledger = ledger.to_owned();
        self.read(move |connection| ledger::sent_lines(connection, &ledger)).await
    }

    async fn periods_sent(&self) -> Result<Vec<(String, PeriodCode)>, StoreError> {
        self.read(ledger::periods_sent).await
    }

    async fn companies_of(&self, ledger: &str) -> Result<Vec<(String, PeriodCode, bool)>, StoreError> {
        let ledger = ledger.to_owned();
        self.read(move |connection| outbox::companies_of(connection, &ledger)).await
    }

    async fn unposted(&self, ledger: &str) -> Result<Vec<StoredDocument>, StoreError> {
        let ledger = ledger.to_owned();
        self.read(move |connection| outbox::unposted(connection, &ledger)).await
    }

    async fn by_number(&self, number: u32) -> Result<Vec<StoredDocument>, StoreError> {
        self.read(move |connection| outbox::by_number(connection, number)).await
    }

    async fn history(&self, ledger: &str) -> Result<Vec<Headcount>, StoreError> {
        let ledger = ledger.to_owned();
        self.read(move |connection| ledger::history(connection, &ledger)).await
    }

    async fn inputs(&self, plan_id: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let id = plan_id.to_owned();
        self.read(move |connection| plans::inputs(connection, &id)).await
    }

    async fn input_of_sent(
        &self,
        ledger: &str,
        file: &str,
        periods: &[PeriodCode],
    ) -> Result<Vec<SentInput>, StoreError> {
        let (ledger, file, periods) = (ledger.to_owned(), file.to_owned(), periods.to_vec());
        self.read(move |connection| plans::input_of_sent(connection, &ledger, &file, &periods)).await
    }

    async fn input_of_plans(&self, ledger: &str, file: &str) -> Result<Vec<(String, PeriodCode, Vec<u8>)>, StoreError> {
        let (ledger, file) = (ledger.to_owned(), file.to_owned());
        self.read(move |connection| plans::input_of_plans(connection, &ledger, &file)).await
    }

    async fn audit(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.writer.write(move |connection| audit::append(connection, &entry)).await
    }

    async fn audit_rows(&self, subject: Option<&str>) -> Result<Vec<AuditRow>, StoreError> {
        let subject = subject.map(str::to_owned);
        self.read(move |connection| audit::rows(connection, subject.as_deref())).await
    }
}
