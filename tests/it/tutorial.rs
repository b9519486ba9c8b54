//! The tutorial is true: its commands are run in its order, and what it shows is what they print.
//!
//! Every line of a `console` block is looked for in the output, in order; lines with `…` stand for what was left out. What
//! the reader edits by hand between the blocks is done here.

use crate::meadow;
use ml_connector::cli::sandbox::{self, SIGN_INS, Sandbox};
use std::fs;
use std::path::Path;
use std::process::Command;

const TUTORIAL: &str = include_str!("../../docs/tutorial.md");
const BAMBOOHR: &str = "127.0.0.1:7001";
const GP: &str = "127.0.0.1:7002";

/// A command of a block with the lines shown below it.
struct Shown {
    command: String,
    lines: Vec<String>,
}

fn blocks() -> Vec<Vec<Shown>> {
    let blocks = TUTORIAL.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.map(|block| format!("\n{block}").split("\n$ ").skip(1).map(shown).collect()).collect()
}

fn shown(part: &str) -> Shown {
    let mut lines = part.lines();
    let mut command = String::new();
    for line in lines.by_ref() {
        match line.trim_end().strip_suffix('\\') {
            Some(begun) => command.push_str(begun),
            None => {
                command.push_str(line.trim());
                break;
            }
        }
    }
    Shown { command, lines: lines.filter(|line| !line.trim().is_empty()).map(str::to_owned).collect() }
}

/// Words as a shell splits them: blanks, and single quotes around one word.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, piece) in command.split('\'').enumerate() {
        match at % 2 {
            0 => words.extend(piece.split_whitespace().map(str::to_owned)),
            _ => words.push(piece.to_owned()),
        }
    }
    words
}

fn program(project: &Path, arguments: &[String]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_ml-connector"))
        .args(arguments)
        .current_dir(project)
        .envs(SIGN_INS)
        .env("ML_CONNECTOR_ENVIRONMENT", "sandbox")
        .env("ML_CONNECTOR_TODAY", "2013-12-02")
        .output()
        .unwrap();
    [ran.stdout, ran.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat()
}

/// `curl -u USER:PASSWORD [-H NAME:VALUE] URL -d BODY`: a POST.
async fn curl(sandbox: &Sandbox, arguments: &[String]) -> String {
    let after = |flag: &str| arguments.iter().position(|word| word == flag).map(|at| arguments[at + 1].clone());
    let url = arguments.iter().find(|word| word.starts_with("http://")).unwrap();
    let url = url
        .replace(&format!("http://{BAMBOOHR}"), &sandbox.bamboohr.url())
        .replace(&format!("http://{GP}"), &sandbox.gp.url());
    let sign_in = after("-u").unwrap();
    let (user, password) = sign_in.split_once(':').unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.post(url).basic_auth(user, Some(password)).body(after("-d").unwrap());
    for header in arguments.windows(2).filter(|pair| pair[0] == "-H").map(|pair| &pair[1]) {
        let (name, value) = header.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{arguments:?}: {}", answer.status());
    answer.text().await.unwrap()
}

/// The edits that the text between the blocks asks for: the table as it is while a block runs.
fn table_for(block: &[Shown], table: &str) -> String {
    let shows = |what: &str| block.iter().flat_map(|shown| &shown.lines).any(|line| line.contains(what));
    if shows("excel-eaten-code") {
        let finance = "Finance,WA,0500,,\n";
        return table
            .replace("Engineering,WA,0200,,", "Engineering,WA,200,,")
            .replace(finance, &format!("{finance}Finance,WA,0501,2013-11-01,\n"));
    }
    if shows("held: 2 reasons") {
        let kept = table.lines().filter(|line| !line.starts_with("Tool Design,MN,"));
        return kept.map(|line| format!("{line}\n")).collect();
    }
    table.to_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, target) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(path, target).unwrap();
        }
    }
}

/// A command begins at noon, and its clock goes on: on a slow machine a row of the audit trail is a second late.
fn same_but_for_seconds(printed: &str, shown: &str) -> bool {
    let plain = |line: &str| match line.trim_end().split_once(" 12:00:") {
        Some((before, after)) => format!("{before} 12:00:00{}", after.get(2..).unwrap_or_default()),
        None => line.trim_end().to_owned(),
    };
    plain(printed) == plain(shown)
}

#[tokio::test(flavor = "multi_thread")]
async fn its_commands_print_what_it_shows() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("acme");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adventure-works"), &project);
    let sandbox = sandbox::start(None, "2013-12-02".parse().unwrap(), (0, 0)).unwrap();
    sandbox::write_environment(&sandbox, &project).unwrap();
    let table = project.join("tables/cost-centres.csv");
    let whole = fs::read_to_string(&table).unwrap();
    let blocks = blocks();
    assert!(blocks.len() > 8, "the tutorial has lost its console blocks");
    for block in &blocks {
        fs::write(&table, table_for(block, &whole)).unwrap();
        for Shown { command, lines } in block {
            let words = words(command);
            let printed = match words[0].as_str() {
                "ml-connector" => program(&project, &words[1..]),
                "curl" => curl(&sandbox, &words[1..]).await,
                other => panic!("the tutorial runs `{other}`, which this test does not know"),
            };
            let mut rest = printed.lines();
            for line in lines.iter().filter(|line| !line.contains('…')) {
                let found = rest.any(|printed| same_but_for_seconds(printed, line));
                assert!(found, "docs/tutorial.md shows, below `{command}`:\n{line}\nbut it prints:\n{printed}");
            }
        }
    }
}

#[test]
fn the_second_example_comes_out_as_its_page_works_out_on_paper() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/harbor-supply");
    let (project, facts) = (example.display().to_string(), example.join("facts").display().to_string());
    let plan = |pipeline: &str, period: &str| {
        let words = ["plan", "-C", &project, "--facts", &facts, "--pipeline", pipeline, "--for", period];
        meadow::ran(meadow::program(&words))
    };
    let offices = plan("payroll-journal", "2013-11-B");
    offices.assert(0, &["5 people", "13,850.00", "1,059.53", "PAY2013-11-B"]);
    plan("warehouse-payroll", "2013-P24").assert(0, &["3 people", "5,373.25", "411.06", "WH2013-P24"]);
    let accrued = plan("warehouse-accrual", "2013-P25");
    accrued.assert(0, &["3 people", "2,500.00", "191.25", "2013-11-30, reversed 2013-12-01"]);
    // A month is no period of this pipeline: the message says what is.
    plan("payroll-journal", "2013-11").assert(2, &["2013-11-A"]);
}
