//! Whatever stands in a project's files gives findings and nothing else: no panic, no hang, no flood.
//!
//! Plain and seeded: real files of the examples, the packs, the cases and the corpus of mistakes, changed at random.
//! `ML_CONNECTOR_FUZZ_ROUNDS=100000 ML_CONNECTOR_FUZZ_SEED=7 cargo test --test it fuzz:: -- --nocapture` goes on for long; a
//! failure names the one seed that gives it again. What a panic cannot tell (a stack that is too small, memory that ends)
//! is in `target/tmp/fuzz-TARGET`: the seed of the round that was going on.

mod corpus;
mod mutate;

use crate::random::{Random, number};
use corpus::{ours, texts};
use ml_connector::gp::dialect;
use ml_connector::project::expression::{Expression, Wanted};
use ml_connector::project::render::{self, Colour};
use ml_connector::project::template::Template;
use ml_connector::project::value::{Bindings, Kind, Names, Value};
use ml_connector::run::{lint, stories};
use mutate::mutated;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Far more than any round takes on any machine: only a loop without an end is still going on then.
const WITHOUT_END: Duration = Duration::from_secs(300);
/// Findings that one project may have: each is read by somebody.
const MOST_FINDINGS: usize = 5_000;

/// Runs a target for as many rounds as are asked for. Round `n` has the seed `seed + n`, so that each is had again alone.
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a fuzzer prints its seed")]
fn fuzz(target: &str, rounds: u64, mut round: impl FnMut(&mut Random) -> String) {
    let rounds = number("ML_CONNECTOR_FUZZ_ROUNDS").unwrap_or(rounds);
    let seed = number("ML_CONNECTOR_FUZZ_SEED").unwrap_or(1);
    println!("{target}: {rounds} rounds from ML_CONNECTOR_FUZZ_SEED={seed}");
    let going_on = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{target}"));
    let (tell, told) = channel::<u64>();
    let name = target.to_owned();
    let watchdog = std::thread::spawn(move || {
        let mut last = seed;
        loop {
            match told.recv_timeout(WITHOUT_END) {
                Ok(next) => last = next,
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    eprintln!("{name} does not end: ML_CONNECTOR_FUZZ_SEED={last} ML_CONNECTOR_FUZZ_ROUNDS=1");
                    std::process::abort();
                }
            }
        }
    });
    let mut failed = Vec::new();
    for seed in (0..rounds).map(|round| seed.wrapping_add(round)) {
        fs::write(&going_on, format!("ML_CONNECTOR_FUZZ_SEED={seed} ML_CONNECTOR_FUZZ_ROUNDS=1\n")).unwrap();
        tell.send(seed).unwrap();
        let mut random = Random::seeded(seed);
        if catch_unwind(AssertUnwindSafe(|| round(&mut random))).is_err() {
            failed.push(seed);
        }
    }
    drop(tell);
    watchdog.join().unwrap();
    assert!(failed.is_empty(), "{target}: run again with ML_CONNECTOR_FUZZ_ROUNDS=1 and each of the seeds {failed:?}");
}

/// The input of a round that is had again alone.
#[allow(clippy::print_stdout, reason = "a fuzzer prints its input")]
fn shown(bytes: &[u8]) {
    if number("ML_CONNECTOR_FUZZ_ROUNDS") == Some(1) {
        println!("{}", String::from_utf8_lossy(bytes));
    }
}

/// The whole loader, every renderer, and the stories of what loads all the same.
#[test]
fn projects() {
    let projects = corpus::projects();
    fuzz("projects", 250, |random| {
        let mut files = random.pick(&projects).clone();
        let paths: Vec<String> = files.keys().cloned().collect();
        for _ in 0..1 + random.below(3) {
            let path = random.pick(&paths);
            let other = random.pick(&paths);
            let changed = mutated(&files[path], &files[other], random);
            files.insert(path.clone(), changed);
        }
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in &files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let linted = lint::lint(folder.path(), None);
        assert!(linted.findings.len() <= MOST_FINDINGS, "{} findings", linted.findings.len());
        let human = render::human(&linted.findings, &linted.sources, Colour::Never);
        let told = linted.generation.as_ref().map(|generation| stories::tell(generation, None).len());
        format!("{}{}{}{told:?}", human.len(), render::concise(&linted.findings), render::json(&linted.findings))
    });
}

fn names() -> (Names, Bindings) {
    let mut bindings = Bindings::default();
    let mut names = Names::default();
    let mut add = |name: &str, kind: Kind, value: Value| {
        names.add(name, kind);
        bindings.set(name, value);
    };
    let record = |count: Value| Value::Record([("headcount".to_owned(), count)].into());
    add("employment_status", Kind::Text, Value::text("Full-Time"));
    add("department", Kind::Text, Value::Absent);
    add("location", Kind::Text, Value::text("WA"));
    add("number", Kind::Text, Value::text("7"));
    add("hire_date", Kind::Date, Value::Date(jiff::civil::date(2013, 3, 1)));
    add("headcount", Kind::Integer, Value::Integer(i64::MAX));
    add("gross", Kind::Money, Value::Decimal(rust_decimal::Decimal::MAX));
    add("last_period", Kind::record([("headcount", Kind::Integer)]), record(Value::Integer(3)));
    add(
        "lines",
        Kind::List(Box::new(Kind::record([("headcount", Kind::Integer)]))),
        Value::List(vec![record(Value::Absent)]),
    );
    (names, bindings)
}

#[test]
fn expressions_and_scripts() {
    let (names, bindings) = names();
    let written = texts(corpus::EXPRESSIONS);
    fuzz("expressions", 4_000, |random| {
        let (one, other) = (random.pick(&written), random.pick(&written));
        let bytes = mutated(one, other, random);
        shown(&bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let compiled = match random.chance(3) {
            true => Expression::compile_script(&text, &names),
            false => Expression::compile(&text, &names, Wanted::Anything),
        };
        match compiled {
            Ok(expression) => format!("{:?}", expression.value(&bindings)),
            Err(problems) => format!("{problems:?}"),
        }
    });
}

#[test]
fn templates() {
    let (names, bindings) = names();
    let written = texts(corpus::TEMPLATES);
    fuzz("templates", 4_000, |random| {
        let (one, other) = (random.pick(&written), random.pick(&written));
        let bytes = mutated(one, other, random);
        shown(&bytes);
        match Template::compile(&String::from_utf8_lossy(&bytes), &names) {
            Ok(template) => format!("{:?} {}", template.render(&bindings), template.widest(&|_| Some(9))),
            Err(problems) => format!("{problems:?}"),
        }
    });
}

#[test]
fn dialects() {
    let shipped = dialect::shipped::SHIPPED.as_bytes();
    fuzz("dialects", 40, |random| {
        let bytes = mutated(shipped, shipped, random);
        format!("{:?}", dialect::read_dialect("dialects/sba.yaml", &String::from_utf8_lossy(&bytes)).is_ok())
    });
}

/// What a file may be that nobody would write: each was a hang, a stack that ended, or memory without bounds, or could be.
#[test]
fn what_grows_without_end() {
    let many = |part: &str, count: usize| part.repeat(count);
    let tables = [
        ("tables/cost-centres.csv", format!("department,location,cost_centre\n{}", many(" Sales ,WA,\n", 60_000))),
        ("tables/cost-centres.csv", format!("department,location,cost_centre\n{}", many("*,*,1\n", 60_000))),
        ("tables/cost-centres.csv", many("a,", 60_000)),
        ("tables/cost-centres.csv", format!("department,location,cost_centre\n\"{}", many("x\n", 100_000))),
        ("tables/cost-centres.yaml", many("- { department: a, location: b, wrong: c }\n", 15_000)),
    ];
    let yaml = [
        many("[", 100_000),
        many("- ", 100_000),
        many("{a: ", 50_000),
        many("? ", 50_000),
        (0..60_000).map(|key| format!("key{key}: 1\n")).collect(),
        format!("a: &a [x]\n{}", many("b: [*a, *a, *a]\n", 20_000)),
        format!("format: 1\npipeline: p\nkeep: \"{}\"\n", many("1 + ", 100_000)),
        format!("format: 1\npipeline: p\nkeep: {}true\n", many("!", 100_000)),
        format!("format: 1\npipeline: p\nkeep: headcount{}\n", many(".a", 100_000)),
    ];
    let pipelines = yaml.into_iter().map(|text| ("pipelines/payroll-journal.yaml", text));
    for (path, text) in tables.into_iter().chain(pipelines) {
        let mut files = ours();
        if path.ends_with(".yaml") && path.starts_with("tables/") {
            files.remove("tables/cost-centres.csv");
        }
        files.insert(path.to_owned(), text.into_bytes());
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in &files {
            fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
            fs::write(folder.path().join(path), bytes).unwrap();
        }
        println!("{path} of {} bytes: {:.60}", files[path].len(), String::from_utf8_lossy(&files[path]));
        let linted = lint::lint(folder.path(), None);
        assert!((1..300).contains(&linted.findings.len()), "{path}: {} findings", linted.findings.len());
        assert!(render::human(&linted.findings, &linted.sources, Colour::Never).len() < 2_000_000);
    }
}
