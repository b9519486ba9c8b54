//! What a service remembers, in SQLite.

use super::{SqliteStore, unusable};
use crate::hr::PeriodCode;
use crate::store::StoreError;
use crate::store::wakes::{NewWake, Outcome, PlanProgress, Wake, WakeStore};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

/// How many runs that ended are kept, to be looked at.
const KEPT: u32 = 5000;

#[async_trait::async_trait]
impl WakeStore for SqliteStore {
    async fn owe(&self, wakes: Vec<NewWake>, marks: Vec<(String, String)>) -> Result<(), StoreError> {
        self.writer.write(move |connection| owe(connection, &wakes, &marks)).await
    }

    async fn owed(&self) -> Result<Vec<Wake>, StoreError> {
        self.read(|connection| rows(connection, "WHERE ended = 0 ORDER BY wake_id", params![])).await.map(
            |mut wakes| {
                wakes.sort_by_key(|wake| wake.what.due);
                wakes
            },
        )
    }

    async fn begin_wake(&self, id: i64) -> Result<(), StoreError> {
        let begin = "UPDATE wakes SET begun = 1, tries = tries + 1 WHERE wake_id = ?1";
        self.writer.write(move |connection| connection.execute(begin, params![id]).map(drop).map_err(unusable)).await
    }

    async fn end_wake(&self, id: i64, outcome: Outcome, ended: bool, now: Timestamp) -> Result<(), StoreError> {
        self.writer.write(move |connection| end(connection, id, &outcome, ended, now)).await
    }

    async fn last_wakes(&self, limit: u32) -> Result<Vec<Wake>, StoreError> {
        self.read(move |connection| rows(connection, "ORDER BY wake_id DESC LIMIT ?1", params![limit])).await
    }

    async fn progress(&self) -> Result<Vec<PlanProgress>, StoreError> {
        self.read(progress).await
    }

    async fn marks(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT name, value FROM marks ORDER BY name").map_err(unusable)?;
            let marks = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
            marks.and_then(Iterator::collect).map_err(unusable)
        })
        .await
    }
}

fn owe(connection: &Connection, wakes: &[NewWake], marks: &[(String, String)]) -> Result<(), StoreError> {
    for wake in wakes {
        connection
            .prepare_cached(
                "INSERT INTO wakes (pipeline, period, cause, due)
                 SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS
                   (SELECT 1 FROM wakes WHERE pipeline = ?1 AND period = ?2 AND begun = 0 AND ended = 0)",
            )
            .and_then(|mut insert| {
                insert.execute(params![wake.pipeline, wake.period.0, wake.cause, wake.due.to_string()])
            })
            .map_err(unusable)?;
    }
    for (name, value) in marks {
        connection
            .prepare_cached("INSERT INTO marks VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")
            .and_then(|mut set| set.execute(params![name, value]))
            .map_err(unusable)?;
    }
    Ok(())
}

fn end(connection: &Connection, id: i64, outcome: &Outcome, ended: bool, now: Timestamp) -> Result<(), StoreError> {
    connection
        .execute(
            "UPDATE wakes SET begun = 0, outcome = ?2, detail = ?3, tried_at = ?4,
               ended = ?5 OR EXISTS (SELECT 1 FROM wakes other WHERE other.wake_id > wakes.wake_id AND other.ended = 0
                 AND other.pipeline = wakes.pipeline AND other.period = wakes.period)
             WHERE wake_id = ?1",
            params![id, outcome.word, outcome.detail, now.to_string(), ended],
        )
        .and_then(|_| {
            let old = "DELETE FROM wakes WHERE ended = 1 AND wake_id <= (SELECT max(wake_id) FROM wakes) - ?1";
            connection.execute(old, params![KEPT])
        })
        .map(drop)
        .map_err(unusable)
}

fn progress(connection: &Connection) -> Result<Vec<PlanProgress>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT p.pipeline, p.period, p.created_at,
               (SELECT count(*) FROM documents d WHERE d.plan_id = p.plan_id AND d.state IN ('held', 'refused'))
                 + (SELECT count(*) FROM holds h WHERE h.plan_id = p.plan_id AND h.released_by IS NULL
                      AND h.scope <> 'documents' AND p.superseded = 0),
               (SELECT count(*) FROM documents d WHERE d.plan_id = p.plan_id AND d.state IN ('planned', 'approved'))
             FROM plans p WHERE p.ordinal =
               (SELECT max(q.ordinal) FROM plans q WHERE q.pipeline = p.pipeline AND q.period = p.period)
             ORDER BY p.ordinal",
        )
        .map_err(unusable)?;
    let progress = |row: &Row<'_>| {
        Ok(PlanProgress {
            pipeline: row.get(0)?,
            period: PeriodCode(row.get(1)?),
            planned_at: moment(&row.get::<_, String>(2)?),
            held: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
            ready: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
        })
    };
    statement.query_map([], progress).and_then(Iterator::collect).map_err(unusable)
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

fn rows(connection: &Connection, which: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Wake>, StoreError> {
    let select = "SELECT wake_id, pipeline, period, cause, due, tries, outcome, detail, tried_at, ended FROM wakes";
    let mut statement = connection.prepare_cached(&format!("{select} {which}")).map_err(unusable)?;
    statement.query_map(values, wake).and_then(Iterator::collect).map_err(unusable)
}

fn wake(row: &Row<'_>) -> Result<Wake, rusqlite::Error> {
    let what = NewWake {
        pipeline: row.get(1)?,
        period: PeriodCode(row.get(2)?),
        cause: row.get(3)?,
        due: moment(&row.get::<_, String>(4)?),
    };
    Ok(Wake {
        id: row.get(0)?,
        what,
        tries: row.get(5)?,
        outcome: Outcome { word: row.get(6)?, detail: row.get(7)? },
        tried_at: row.get::<_, Option<String>>(8)?.as_deref().map(moment),
        ended: row.get(9)?,
    })
}
