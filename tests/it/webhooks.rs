//! BambooHR's webhooks: what is received, kept and refused, and how one is set up and taken down.

mod command;
mod listener;
mod served;
mod set_up;
mod store;

use jiff::Timestamp;
use ml_connector::clock::StandingClock;
use ml_connector::service::webhooks::{DeliveryKey, Limits, Listening, Receiver, listen};
use ml_connector::store::sqlite::SqliteStore;
use ml_connector::store::{DeliveryStore, NewDelivery, StoreError, WaitingDelivery};
use secrecy::SecretString;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::{Notify, Semaphore};

const KEY: &str = "canary-private-key-00112233";
const TIMESTAMP: &str = "1385985600";
/// An event, as BambooHR's page writes it.
const EVENT: &str = r#"{"type":"employee.updated","timestamp":"2013-12-02T12:00:00+0000","data":{"companyId":"1","employeeId":"101","changedFields":["payRate","department"]}}"#;

fn noon() -> Timestamp {
    "2013-12-02T12:00:00Z".parse().unwrap()
}

/// Small enough that a test sees an end of patience at once.
fn limits() -> Limits {
    Limits { body: 4 << 10, patience: Duration::from_millis(150), at_once: 2 }
}

/// A store whose deliveries can be held up before they are kept, or refused.
struct Gate {
    inner: SqliteStore,
    entered: Notify,
    passes: Semaphore,
    is_broken: AtomicBool,
}

#[async_trait::async_trait]
impl DeliveryStore for Gate {
    async fn keep_delivery(&self, delivery: NewDelivery) -> Result<bool, StoreError> {
        self.entered.notify_one();
        self.passes.acquire().await.unwrap().forget();
        if self.is_broken.load(Ordering::Acquire) {
            return Err(StoreError::Unusable { path: "store.db".to_owned(), why: "the disk is full".to_owned() });
        }
        self.inner.keep_delivery(delivery).await
    }
    async fn waiting_deliveries(&self) -> Result<Vec<WaitingDelivery>, StoreError> {
        self.inner.waiting_deliveries().await
    }
    async fn deliveries_handled(&self, number: i64, now: Timestamp) -> Result<usize, StoreError> {
        self.inner.deliveries_handled(number, now).await
    }
}

/// An open port on loopback, with a store of its own.
struct Open {
    listening: Listening,
    store: Arc<Gate>,
    wake: Arc<Notify>,
    folder: TempDir,
}

impl Open {
    async fn with(limits: Limits) -> Open {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Gate {
            inner: SqliteStore::open(&folder.path().join("store.db")).unwrap(),
            entered: Notify::new(),
            passes: Semaphore::new(1000),
            is_broken: AtomicBool::new(false),
        });
        let wake = Arc::new(Notify::new());
        let receiver = Receiver {
            key: DeliveryKey::given(SecretString::from(KEY)),
            store: Arc::clone(&store) as Arc<dyn DeliveryStore>,
            clock: Arc::new(StandingClock::at(noon())),
            wake: Arc::clone(&wake),
            limits,
        };
        let listening = listen("127.0.0.1:0".parse().unwrap(), receiver).await.unwrap();
        Open { listening, store, wake, folder }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.listening.address())
    }

    async fn waiting(&self) -> Vec<WaitingDelivery> {
        self.store.waiting_deliveries().await.unwrap()
    }
}
