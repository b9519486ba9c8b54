//! Our line, in a process of its own: load, observe, plan, store, send.

use crate::server::{KEY, PASSWORD, USER};
use crate::support;
use ml_connector::clock::{Clock, StandingClock};
use ml_connector::plan::desire::ledger_of;
use ml_connector::project::Generation;
use ml_connector::run::planning;
use ml_connector::run::send::send;
use ml_connector::run::systems::{Secrets, Systems};
use ml_connector::store::sqlite::SqliteStore;
use ml_connector::store::{Outcome, Store};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a measured process says of itself, as one line of numbers.
pub struct Measured {
    pub journals: usize,
    pub peak_kib: usize,
    pub steps: Vec<Duration>,
}

impl Measured {
    pub fn total(&self) -> Duration {
        self.steps.iter().sum()
    }

    /// Reads what [`Measured::say`] wrote.
    pub fn read(line: &str) -> Measured {
        let numbers: Vec<u64> = line.split_whitespace().map(|word| word.parse().expect("a number")).collect();
        Measured {
            journals: numbers[0] as usize,
            peak_kib: numbers[1] as usize,
            steps: numbers[2..].iter().map(|micros| Duration::from_micros(*micros)).collect(),
        }
    }

    /// Prints it, with this process's peak of memory.
    pub fn say(journals: usize, steps: &[Duration]) {
        let steps: Vec<String> = steps.iter().map(|step| step.as_micros().to_string()).collect();
        println!("{journals} {} {}", peak_kib(), steps.join(" "));
    }
}

/// The most memory that this process ever had resident (Linux: `VmHWM`).
fn peak_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

/// Runs the line of the project in `folder` and prints what it took.
pub fn run(folder: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(line(folder));
}

async fn line(folder: &Path) {
    let mut at = Instant::now();
    let mut step = || std::mem::replace(&mut at, Instant::now()).elapsed();
    let generation = Generation::load(folder, None).unwrap_or_else(|broken| panic!("{:?}", broken.findings));
    let pipeline = &generation.pipelines[0];
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.join("store.db")).expect("a store"));
    let clock: Arc<dyn Clock> = Arc::new(StandingClock::at(support::now()));
    let secret = |name: &str| {
        let known = [("KEY", KEY), ("USER", USER), ("PASSWORD", PASSWORD)];
        known.into_iter().find(|(variable, _)| *variable == name).map(|(_, value)| value.to_owned())
    };
    let systems = Systems::connect(&generation, store, clock, Secrets { variable: &secret, vault: None })
        .await
        .expect("the systems");
    let loaded = step();
    let live = planning::plan(&systems, &generation, pipeline, &support::november(), "bench").await.expect("a plan");
    assert!(live.plan.holds.is_empty(), "{:?}", live.plan.holds.first());
    let planned = step();
    let gp = generation.project.gp.as_ref().expect("a connection");
    let summary = send(&systems, gp, ledger_of(pipeline), Some(&live.saved.id)).await.expect("sent");
    let sent = step();
    let is_sent = |outcome: &Outcome| matches!(outcome, Outcome::Sent { .. });
    let journals = summary.documents.iter().filter(|document| is_sent(&document.outcome)).count();
    Measured::say(journals, &[loaded, planned, sent]);
}
