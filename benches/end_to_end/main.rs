//! The whole line over HTTP against both sandboxes in another process, beside a bare client that makes the same
//! requests: `cargo bench --bench end_to_end`.
//!
//! One run observes everybody, plans and stores one journal a cost centre, and sends them from the durable outbox, 16
//! calls at once. The bare client repeats the recorded requests with the same concurrency, reads each answer to its end
//! without looking at it, and commits twice a journal to SQLite. Every measured run is a fresh process on a fresh
//! sandbox; ours and the bare one alternate, and the median of the pairs' ratios counts, because machines are noisy.
//!
//! Options after `--`: `--people 10000`, `--pairs 5`, `--delay 0` (milliseconds added to every answer; both 0 and 20
//! unless told), `--growth` (1,000, 10,000 and 100,000 people, ours alone).

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and ends where its ground is missing")]

mod bare;
mod line;
mod recorder;
mod server;
#[path = "../support/mod.rs"]
mod support;

use line::Measured;
use recorder::Recorder;
use server::ServerProcess;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// One journal for each of the invented company's cost centres.
const JOURNALS: usize = support::DEPARTMENTS * support::LOCATIONS;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| words.iter().position(|word| word == name).map(|at| number(&words[at + 1]));
    match words.first().map(String::as_str) {
        Some("serve") => server::serve(number(&words[1])),
        Some("line") => line::run(Path::new(&words[1])),
        Some("bare") => bare::run(Path::new(&words[1]), Path::new(&words[2])),
        _ if words.iter().any(|word| word == "--growth") => growth(),
        _ => {
            let people = option("--people").unwrap_or(10_000);
            let pairs = option("--pairs").unwrap_or(5);
            let folder = tempfile::tempdir().expect("a folder");
            let requests = folder.path().join("requests.json");
            record(people, &requests);
            for delay in option("--delay").map_or_else(|| vec![0, 20], |delay| vec![delay]) {
                compare(people, pairs, delay, &requests);
            }
        }
    }
}

fn number(word: &str) -> usize {
    word.parse().expect("a number")
}

/// Runs the line once through a recorder, and keeps its requests; proves that none is superfluous.
fn record(people: usize, requests: &Path) {
    let server = ServerProcess::start(people, 0);
    let recorder = Recorder::default();
    let bamboohr = recorder.listen(server.bamboohr);
    let gp = recorder.listen(server.gp);
    let folder = project(bamboohr, gp);
    let ours = run(&["line", &text(folder.path())]);
    assert_eq!(ours.journals, JOURNALS, "journals sent");
    let counts = server.counts();
    assert_eq!(counts.posts, JOURNALS, "one POST a journal");
    assert_eq!(counts.look_ups, counts.distinct_look_ups, "one look-up a distinct account");
    println!(
        "{people} people: {} requests, of them {} POSTs for {JOURNALS} journals, {} look-ups of {} accounts",
        counts.requests, counts.posts, counts.look_ups, counts.distinct_look_ups
    );
    recorder.save(requests, server.bamboohr);
}

/// Pairs of runs, ours and the bare client's.
fn compare(people: usize, pairs: usize, delay: usize, requests: &Path) {
    println!("\n{people} people, {delay} ms added to every answer");
    println!("{:>10} {:>10} {:>7} {:>12}   loaded, planned, sent", "ours", "bare", "ratio", "peak of ours");
    let mut ratios: Vec<u128> = (0..pairs).map(|pair| one_pair(people, delay, requests, pair % 2 == 0)).collect();
    ratios.sort_unstable();
    println!("median ratio {}", times(ratios[ratios.len() / 2]));
}

/// Thousandths that ours took of the bare client's time.
fn one_pair(people: usize, delay: usize, requests: &Path, ours_first: bool) -> u128 {
    let bare = || {
        let server = ServerProcess::start(people, delay);
        let folder = project(server.bamboohr, server.gp);
        run(&["bare", &text(folder.path()), &text(requests)])
    };
    let (ours, bare) = if ours_first {
        let ours = whole_line(people, delay);
        (ours, bare())
    } else {
        let bare = bare();
        (whole_line(people, delay), bare)
    };
    let ratio = ours.total().as_micros() * 1000 / bare.total().as_micros();
    println!(
        "{:>10} {:>10} {:>7} {:>8} MiB   {}",
        millis(ours.total()),
        millis(bare.total()),
        times(ratio),
        ours.peak_kib / 1024,
        ours.steps.iter().map(|step| millis(*step)).collect::<Vec<_>>().join(", ")
    );
    ratio
}

fn whole_line(people: usize, delay: usize) -> Measured {
    let server = ServerProcess::start(people, delay);
    let folder = project(server.bamboohr, server.gp);
    let ours = run(&["line", &text(folder.path())]);
    assert_eq!(ours.journals, JOURNALS, "journals sent");
    ours
}

/// Time and memory of the line by the number of people.
fn growth() {
    println!("{:>8} {:>10} {:>9}   loaded, planned, sent", "people", "time", "peak");
    for people in [1_000, 10_000, 100_000] {
        let ours = whole_line(people, 0);
        let steps: Vec<String> = ours.steps.iter().map(|step| millis(*step)).collect();
        let peak = ours.peak_kib / 1024;
        println!("{people:>8} {:>10} {peak:>5} MiB   {}", millis(ours.total()), steps.join(", "));
    }
}

/// A project whose connections lead to these ports.
fn project(bamboohr: u16, gp: u16) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let connections = format!(
        "connections:\n  bamboohr:\n    company: bench\n    base_url: http://127.0.0.1:{bamboohr}\n    api_key: {{ env: KEY }}\n  \
         gp:\n    scheme: http\n    server: 127.0.0.1\n    port: {gp}\n    tenant: DefaultTenant\n    company: Bench\n    \
         user: {{ env: USER }}\n    password: {{ env: PASSWORD }}\n    dialect: sba\n    \
         dimensions: {{ cost_centre: {{ segment: 3 }} }}\n    journal_numbers: 80000001-89999999\n    calls_at_once: 16\n"
    );
    support::write_project(folder.path(), "cost_centre", &connections);
    folder
}

/// Runs this very program in a role, in a process of its own.
fn run(words: &[&str]) -> Measured {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program).args(words).output().expect("a process");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    Measured::read(said.trim())
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn millis(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}

fn times(thousandths: u128) -> String {
    format!("{}.{:02}", thousandths / 1000, thousandths % 1000 / 10)
}
