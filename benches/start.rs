//! Whole processes of the release binary, from start to exit: `cargo bench --bench start`. Prints the least and the
//! median wall time of each beside its budget, and ends with an error where even the least is over it.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and ends where its ground is missing")]

#[path = "support/large_project.rs"]
#[allow(dead_code, reason = "each bench uses its part")]
mod large_project;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// What is run, how often, and what it may take.
struct Run<'a> {
    what: &'a str,
    words: &'a [&'a str],
    times: usize,
    budget: Duration,
}

fn main() -> ExitCode {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adventure-works");
    let example = example.display().to_string();
    let large = tempfile::tempdir().expect("a folder");
    large_project::write(large.path(), 20, 10_000);
    let large = large.path().display().to_string();
    let runs = [
        Run { what: "--version", words: &["--version"], times: 50, budget: Duration::from_millis(10) },
        Run { what: "--help", words: &["--help"], times: 50, budget: Duration::from_millis(10) },
        Run {
            what: "lint of the example",
            words: &["--project", &example, "lint"],
            times: 30,
            budget: Duration::from_millis(50),
        },
        Run {
            what: "lint of 20 pipelines and 10,000 rows",
            words: &["--project", &large, "lint"],
            times: 10,
            budget: Duration::from_millis(500),
        },
        Run { what: "the whole demo", words: &["demo"], times: 3, budget: Duration::from_secs(5) },
    ];
    println!("{:<40} {:>10} {:>10} {:>10}", "", "least", "median", "budget");
    let within: Vec<bool> = runs.iter().map(measure).collect();
    if within.into_iter().all(|within| within) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints one row; whether the least time is within the budget.
fn measure(run: &Run<'_>) -> bool {
    let mut times: Vec<Duration> = (0..run.times).map(|_| once(run.words)).collect();
    times.sort_unstable();
    let (least, median) = (times[0], times[times.len() / 2]);
    println!("{:<40} {:>10} {:>10} {:>10}", run.what, words(least), words(median), words(run.budget));
    least <= run.budget
}

fn once(arguments: &[&str]) -> Duration {
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ml-connector"));
    let status = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().expect("a process");
    let took = began.elapsed();
    assert!(status.success(), "{arguments:?}: {status}");
    took
}

fn words(duration: Duration) -> String {
    format!("{}.{} ms", duration.as_millis(), duration.as_micros() % 1000 / 100)
}
