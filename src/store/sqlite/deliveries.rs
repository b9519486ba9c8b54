//! Deliveries of webhooks in SQLite.

use super::{SqliteStore, unusable};
use crate::store::StoreError;
use crate::store::deliveries::{DeliveryStore, NewDelivery, Told, ToldChange, WaitingDelivery};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, params};

/// So long a delivery that was handled is kept, for somebody who asks what came.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

#[async_trait::async_trait]
impl DeliveryStore for SqliteStore {
    async fn keep_delivery(&self, delivery: NewDelivery) -> Result<bool, StoreError> {
        self.writer.write(move |connection| keep(connection, &delivery)).await
    }

    async fn waiting_deliveries(&self) -> Result<Vec<WaitingDelivery>, StoreError> {
        self.read(waiting).await
    }

    async fn deliveries_handled(&self, number: i64, now: Timestamp) -> Result<usize, StoreError> {
        self.writer.write(move |connection| handled(connection, number, now)).await
    }
}

fn keep(connection: &Connection, delivery: &NewDelivery) -> Result<bool, StoreError> {
    let told = match &delivery.told {
        Told::Changes(changes) => {
            let json = serde_json::to_string(changes);
            Some(json.map_err(|error| StoreError::Damaged { what: format!("a delivery ({error})") })?)
        }
        Told::Something => None,
    };
    let kept = connection
        .prepare_cached(
            "INSERT INTO deliveries (received_at, fingerprint, told) VALUES (?1, ?2, ?3)
             ON CONFLICT (fingerprint) WHERE handled_at IS NULL DO NOTHING",
        )
        .and_then(|mut statement| {
            statement.execute(params![delivery.received_at.to_string(), delivery.fingerprint, told])
        });
    Ok(kept.map_err(unusable)? == 1)
}

fn waiting(connection: &Connection) -> Result<Vec<WaitingDelivery>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT number, received_at, told FROM deliveries WHERE handled_at IS NULL ORDER BY number")
        .map_err(unusable)?;
    let parts = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?));
    let rows = statement.query_map([], parts).map_err(unusable)?;
    let rows: Vec<_> = rows.collect::<Result<_, _>>().map_err(unusable)?;
    let delivery = |(number, received_at, told): (i64, String, Option<String>)| {
        let damaged = || StoreError::Damaged { what: format!("delivery {number}") };
        let told = match told {
            Some(json) => Told::Changes(serde_json::from_str::<Vec<ToldChange>>(&json).map_err(|_| damaged())?),
            None => Told::Something,
        };
        Ok(WaitingDelivery { number, received_at: received_at.parse().map_err(|_| damaged())?, told })
    };
    rows.into_iter().map(delivery).collect()
}

fn handled(connection: &Connection, number: i64, now: Timestamp) -> Result<usize, StoreError> {
    let handled = connection
        .execute(
            "UPDATE deliveries SET handled_at = ?2 WHERE number <= ?1 AND handled_at IS NULL",
            params![number, now.to_string()],
        )
        .map_err(unusable)?;
    // Texts of moments compare as moments down to the second, and nobody minds a second in 30 days.
    if let Ok(before) = now.checked_sub(KEPT) {
        connection.execute("DELETE FROM deliveries WHERE handled_at < ?1", [before.to_string()]).map_err(unusable)?;
    }
    Ok(handled)
}
