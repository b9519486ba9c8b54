//! What a store promises of deliveries.

use super::noon;
use jiff::SignedDuration;
use ml_connector::store::sqlite::SqliteStore;
use ml_connector::store::{DeliveryStore, NewDelivery, Told};

fn delivery(fingerprint: &str) -> NewDelivery {
    NewDelivery { received_at: noon(), fingerprint: fingerprint.to_owned(), told: Told::Something }
}

#[tokio::test]
async fn what_comes_after_the_look_goes_on_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("store.db")).unwrap();
    assert!(store.keep_delivery(delivery("a")).await.unwrap());
    assert!(store.keep_delivery(delivery("b")).await.unwrap());
    assert!(!store.keep_delivery(delivery("a")).await.unwrap());
    let seen = store.waiting_deliveries().await.unwrap();
    assert_eq!(seen.len(), 2);
    assert!(store.keep_delivery(delivery("c")).await.unwrap());
    assert_eq!(store.deliveries_handled(seen[1].number, noon()).await.unwrap(), 2);
    let left = store.waiting_deliveries().await.unwrap();
    assert_eq!(left.len(), 1);
    assert!(left[0].number > seen[1].number);
    // Handled ones wait no more, so the same body is news.
    assert!(store.keep_delivery(delivery("a")).await.unwrap());
    assert_eq!(store.deliveries_handled(seen[1].number, noon()).await.unwrap(), 0);
}

#[tokio::test]
async fn handled_deliveries_are_forgotten_after_thirty_days_and_waiting_ones_never() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.db");
    let store = SqliteStore::open(&file).unwrap();
    for name in ["a", "b"] {
        store.keep_delivery(delivery(name)).await.unwrap();
    }
    let seen = store.waiting_deliveries().await.unwrap();
    store.deliveries_handled(seen[0].number, noon()).await.unwrap();
    let count = || {
        let count = "SELECT count(*) FROM deliveries";
        rusqlite::Connection::open(&file).unwrap().query_row(count, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    store.deliveries_handled(0, noon() + SignedDuration::from_hours(30 * 24 - 1)).await.unwrap();
    assert_eq!(count(), 2);
    store.deliveries_handled(0, noon() + SignedDuration::from_hours(30 * 24 + 1)).await.unwrap();
    assert_eq!(count(), 1);
    assert_eq!(store.waiting_deliveries().await.unwrap().len(), 1);
    // A number is never given twice, not even when all are gone.
    store.deliveries_handled(i64::MAX, noon()).await.unwrap();
    store.deliveries_handled(0, noon() + SignedDuration::from_hours(90 * 24)).await.unwrap();
    assert_eq!(count(), 0);
    store.keep_delivery(delivery("c")).await.unwrap();
    assert!(store.waiting_deliveries().await.unwrap()[0].number > seen[1].number);
}
