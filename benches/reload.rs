//! From the last write of an edit until its generation is in force, with real file events and then with the one-second
//! net alone: `cargo bench --bench reload`, and `-- --edits 500` for a soak. Ends with an error when one edit took longer
//! than the budget.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and ends where its ground is missing")]

#[path = "support/large_project.rs"]
#[allow(dead_code, reason = "each bench uses its part")]
mod large_project;

use ml_connector::run::watch::{Current, Reload, Wakes, follow};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const BUDGET: Duration = Duration::from_secs(2);
/// How long is waited for a generation that does not come.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    let mut words = std::env::args().skip_while(|word| word != "--edits").skip(1);
    let edits = words.next().and_then(|number| number.parse().ok()).unwrap_or(12);
    println!("{:<44} {:>9} {:>9} {:>9} {:>9}", format!("{edits} edits each"), "least", "median", "most", "budget");
    let sizes = [(20, 10_000), (200, 100_000)];
    let within: Vec<bool> = sizes
        .iter()
        .flat_map(|(pipelines, rows)| [true, false].map(|events| measure(*pipelines, *rows, events, edits)))
        .collect();
    if within.into_iter().all(|within| within) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints one row; whether every edit was in force within the budget.
fn measure(pipelines: usize, rows: usize, events: bool, edits: usize) -> bool {
    let above = tempfile::tempdir().expect("a folder");
    let folder = above.path().join("project");
    large_project::write(&folder, pipelines, rows);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let current = runtime.block_on(Current::open(&folder, None));
    let current = Arc::new(current.unwrap_or_else(|broken| panic!("{:?}", broken.findings)));
    let wakes = if events { Wakes::new(&folder) } else { Wakes::without_events(&folder) };
    let (tell, reloads) = channel();
    runtime.spawn(follow(current, wakes, move |reload| tell.send((Instant::now(), reload)).is_ok()));
    let mut times: Vec<Duration> = (0..edits).map(|at| in_force_after(&folder, at, rows, &reloads)).collect();
    runtime.shutdown_background();
    times.sort_unstable();
    let (least, most) = (times[0], times[times.len() - 1]);
    let what = format!("{pipelines} pipelines, {rows} rows, {}", if events { "events" } else { "no events" });
    let shown = |time: Duration| format!("{} ms", time.as_millis());
    let median = times[times.len() / 2];
    println!("{what:<44} {:>9} {:>9} {:>9} {:>9}", shown(least), shown(median), shown(most), shown(BUDGET));
    most <= BUDGET
}

/// One edit, and how long after its last write it is in force.
fn in_force_after(folder: &Path, at: usize, rows: usize, reloads: &Receiver<(Instant, Reload)>) -> Duration {
    let mut about = format!("# edit {at}\n");
    match at % 4 {
        // Deleted and made again.
        3 => {
            std::fs::remove_dir_all(folder).expect("it is there");
            large_project::write(folder, 20, rows);
        }
        // Renamed over, as editors do.
        2 => {
            let path = folder.join("pipelines/payroll-1.yaml");
            about.insert_str(0, &std::fs::read_to_string(&path).expect("a pipeline"));
            large_project::write_file(folder.join("pipelines/.payroll-1.yaml.new"), &about);
            std::fs::rename(folder.join("pipelines/.payroll-1.yaml.new"), path).expect("a new name");
        }
        1 => large_project::write_file(
            folder.join("tables/cost-centres.csv"),
            &format!("{}Edit {at},WA,000000,,\n", large_project::table(rows)),
        ),
        _ => {
            let path = folder.join("pipelines/payroll-0.yaml");
            about.insert_str(0, &std::fs::read_to_string(&path).expect("a pipeline"));
            large_project::write_file(path, &about);
        }
    }
    let written = Instant::now();
    loop {
        let (when, reload) = reloads.recv_timeout(PATIENCE).expect("the edit is judged");
        if matches!(reload, Reload::Swapped(_)) {
            return when.saturating_duration_since(written);
        }
    }
}
