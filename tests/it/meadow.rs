//! Meadow Goods: an invented company of four people, both its systems on loopback, and the program as a child process.
//!
//! Everything a story of the whole line starts from. The systems stand at 2 December 2013; so does the child.

use jiff::civil::Date;
use ml_connector::clock::StandingClock;
use ml_connector::ledger::{Account, AccountNumber};
use ml_connector::plan::facts::{Books, Facts};
use ml_connector::run::facts_folder;
use ml_connector::sandbox::bamboohr::BamboohrSandbox;
use ml_connector::sandbox::bamboohr::Columns;
use ml_connector::sandbox::bamboohr::account::Table;
use ml_connector::sandbox::gp::GpSandbox;
use ml_connector::sandbox::gp::journals::Journal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Canaries: none of these may ever be printed or logged.
pub const KEY: &str = "canary-key-7f3a";
pub const USER: &str = "MEADOW\\connector";
pub const PASSWORD: &str = "canary-password-91bc";
/// The yearly rates and the hourly rate of the company's people.
pub const RATES: [&str; 4] = ["72000", "61234.56", "21.375", "54321.12"];
/// What each of them costs in November 2013: a twelfth, and 22 hours.
pub const MONTHS_PAY: [&str; 4] = ["6000.00", "5102.88", "470.25", "4526.76"];

pub const NOVEMBER_30: Date = Date::constant(2013, 11, 30);
/// Where a journal is created.
pub const POST_JOURNAL: &str = "POST /GPService";
/// What the journal of November books: (account, debit, credit).
///
/// Orchard: 72,000.00 / 12 = 6,000.00 and 61,234.56 / 12 = 5,102.88. Mill: 54,321.12 / 12 = 4,526.76 and
/// 7.25 + 7.25 + 7.5 = 22 h × 21.375 = 470.25. Employer tax, 7.65 % a person: 459.00, 390.37 (390.370…), 346.30
/// (346.297…), 35.97 (35.974…).
pub const JOURNAL: [(&str, &str, &str); 6] = [
    ("000-5100-0100", "11102.88", "0"),
    ("000-5100-0200", "4997.01", "0"),
    ("000-5150-0100", "849.37", "0"),
    ("000-5150-0200", "382.27", "0"),
    ("000-2100-0000", "0", "16099.89"),
    ("000-2110-0000", "0", "1231.64"),
];

/// How long a test waits for something that happens at once or never.
const PATIENCE: Duration = Duration::from_secs(60);

/// The company, running. Dropping it ends both systems.
pub struct Meadow {
    pub bamboohr: BamboohrSandbox,
    pub gp: GpSandbox,
    /// Both systems' clock; a child has its own.
    pub clock: StandingClock,
    folder: TempDir,
    _runtime: Runtime,
}

/// What a command left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Meadow {
    pub fn open() -> Meadow {
        let folder = tempfile::tempdir().unwrap();
        copy(&cases("meadow/project"), folder.path());
        Meadow::over(folder)
    }

    /// Another company in the same state of the project folder (store included), with systems of its own.
    pub fn again_from(project: &Path) -> Meadow {
        let folder = tempfile::tempdir().unwrap();
        copy(project, folder.path());
        Meadow::over(folder)
    }

    fn over(folder: TempDir) -> Meadow {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let _inside = runtime.enter();
        let clock = StandingClock::at("2013-12-02T12:00:00Z".parse().unwrap());
        let mut facts = facts_folder::load(&cases("meadow/facts")).unwrap();
        facts.companies = sister_companies(&facts);
        let bamboohr = BamboohrSandbox::start(&facts, "meadow", KEY, clock.clone()).unwrap();
        let gp = GpSandbox::start(&facts, "Meadow Goods, Inc.", USER, PASSWORD, Arc::new(clock.clone())).unwrap();
        let environment = format!(
            "format: 1\nsettings:\n  bamboohr_url: {}\n  gp_scheme: http\n  gp_server: 127.0.0.1\n  gp_port: {}\n",
            bamboohr.url(),
            gp.port()
        );
        fs::create_dir_all(folder.path().join("environments")).unwrap();
        fs::write(folder.path().join("environments/sandbox.yaml"), environment).unwrap();
        drop(_inside);
        Meadow { bamboohr, gp, clock, folder, _runtime: runtime }
    }

    pub fn project(&self) -> &Path {
        self.folder.path()
    }

    /// Replaces a text in a file of the project; it must be there.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.project().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no `{from}`");
        fs::write(path, text.replace(from, to)).unwrap();
    }

    /// Gives the project a dialect of its own: the shipped one with one text replaced.
    pub fn dialect(&self, from: &str, to: &str) {
        let text = ml_connector::gp::dialect::shipped::SHIPPED;
        assert!(text.contains(from), "the dialect has no `{from}`");
        fs::create_dir_all(self.project().join("dialects")).unwrap();
        fs::write(self.project().join("dialects/meadow.yaml"), text.replace(from, to)).unwrap();
        self.edit("project.yaml", "dialect: sba", "dialect: meadow");
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(arguments);
        command
            .current_dir(self.project())
            .env("ML_CONNECTOR_ENVIRONMENT", "sandbox")
            .env("ML_CONNECTOR_TODAY", "2013-12-02")
            .env("ML_CONNECTOR_USER", "A. Ledger")
            .env("BAMBOOHR_API_KEY", KEY)
            .env("GP_USER", USER)
            .env("GP_PASSWORD", PASSWORD);
        command
    }

    /// Runs a command to its end.
    pub fn ran(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments))
    }

    /// Runs a command with other variables.
    pub fn ran_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        ran(command)
    }

    /// Runs a command that reads `input` from stdin.
    pub fn fed(&self, arguments: &[&str], input: &str) -> Ran {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(input.as_bytes()).unwrap();
        file.rewind().unwrap();
        let mut command = self.command(arguments);
        command.stdin(file);
        ran(command)
    }

    /// Starts a command and leaves it running.
    pub fn started(&self, arguments: &[&str]) -> Running {
        Running::of(self.command(arguments))
    }

    /// `run` of the payroll journal for November.
    pub fn run(&self) -> Ran {
        self.ran(&RUN)
    }

    /// Plans November and approves the plan.
    pub fn approve(&self) {
        let planned = self.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]);
        assert_eq!(planned.code, 0, "{planned:?}");
        let approved = self.ran(&["approve", "--pipeline", "payroll-journal", "--for", "2013-11"]);
        assert_eq!(approved.code, 0, "{approved:?}");
    }

    /// Gives employee 1 a raise from a date on, as a clerk would.
    pub fn raise(&self, from: &str, rate: &str) {
        let row = [("startDate", from), ("type", "Salary"), ("rate", rate), ("paidPer", "Year")];
        self.bamboohr.account().add_row("1", Table::Compensation, &Columns::of(&row)).unwrap();
    }

    /// How often a journal was posted to GP.
    pub fn posts(&self) -> usize {
        self.gp.faults().count(POST_JOURNAL)
    }

    /// What a command with `--format json` printed.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.ran(&[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{ran:?}"))
    }

    /// The states of the documents of plans in force, as `state role period gp_state`, newest plan first.
    pub fn documents(&self) -> Vec<String> {
        let status = self.json(&["status"]);
        let plans = status["plans"].as_array().unwrap().iter();
        let documents = plans.flat_map(|plan| plan["documents"].as_array().unwrap());
        let word = |document: &Value, name: &str| document[name].as_str().unwrap_or_default().to_owned();
        documents
            .filter(|document| document["state"] != "superseded")
            .map(|document| ["state", "role", "period", "gp_state"].map(|name| word(document, name)).join(" "))
            .map(|text| text.trim_end().to_owned())
            .collect()
    }

    /// Asserts that GP holds exactly one journal, that it is November's, and that our books agree with it.
    pub fn assert_sent_once(&self, context: &str) {
        let journals = self.gp.journals();
        assert_eq!(journals.len(), 1, "{context}: {journals:?}");
        assert_eq!(booked(&journals[0]), JOURNAL.map(|(a, d, c)| (a.into(), d.into(), c.into())), "{context}");
        assert_eq!(journals[0].batch, "PAY2013-11", "{context}");
        assert_eq!(self.documents(), ["sent original 2013-11 work"], "{context}");
        let proof = self.ran(&["audit", "--verify"]);
        assert_eq!(proof.code, 0, "{context}: {proof:?}");
    }
}

/// Meadow East and Meadow West: the same books, and accounts for what each owes the other.
fn sister_companies(facts: &Facts) -> BTreeMap<String, Books> {
    let mut accounts = facts.accounts.clone();
    for number in ["000-1500-0000", "000-2500-0000"] {
        accounts.push(Account { number: AccountNumber::new(number), ..accounts[0].clone() });
    }
    let (dimension_values, fiscal_periods) = (facts.dimension_values.clone(), facts.fiscal_periods.clone());
    let books = Books { accounts, dimension_values, fiscal_periods };
    BTreeMap::from([("Meadow East".to_owned(), books.clone()), ("Meadow West".to_owned(), books)])
}

/// The command that delivers November.
pub const RUN: [&str; 5] = ["run", "--pipeline", "payroll-journal", "--for", "2013-11"];

/// A journal's lines as (account, debit, credit), debits first, each amount without trailing zeros of its scale.
pub fn booked(journal: &Journal) -> Vec<(String, String, String)> {
    let text = |amount: &rust_decimal::Decimal| match amount.is_zero() {
        true => "0".to_owned(),
        false => format!("{amount:.2}"),
    };
    journal.lines.iter().map(|line| (line.account.trim().to_owned(), text(&line.debit), text(&line.credit))).collect()
}

/// A file or folder of `tests/cases`.
pub fn cases(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(path)
}

/// Copies a folder into one that is there.
pub fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The program with nothing of this machine's environment.
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ml-connector"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn ran(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    /// Everything that was printed.
    pub fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// Asserts the exit code and that each text was printed.
    pub fn assert(&self, code: i32, texts: &[&str]) {
        assert_eq!(self.code, code, "{}", self.all());
        for text in texts {
            assert!(self.all().contains(text), "`{text}` is not in\n{}", self.all());
        }
    }
}

/// A child that is running. Dropping it kills it.
pub struct Running {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Running {
    pub fn of(mut command: Command) -> Running {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (tell, lines) = channel();
        let pipes: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for pipe in pipes {
            let tell = tell.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                    let _ = tell.send(line);
                }
            });
        }
        Running { child, lines, seen: Vec::new() }
    }

    /// Waits until a line that contains `text` is printed, and gives it.
    pub fn wait_for(&mut self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("`{text}` was not printed:\n{}", self.seen.join("\n")));
            self.seen.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Waits for its end, and gives its exit code.
    pub fn ended(mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// Asks it to end, as a service manager does.
    #[cfg(unix)]
    pub fn terminate(&self) {
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// kill -9.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// How long a test waits for a request that comes at once or never.
pub fn patience() -> Duration {
    PATIENCE
}
