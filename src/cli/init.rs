//! `init`: a project to start from, with the checks of every change around it.

use super::exit::{Exit, Failure};
use super::output::{Output, good, strong};
use crate::project::starter::{self, Around, StarterError};
use anyhow::anyhow;
use clap::{Args, ValueEnum};
use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder to make; it must be new or empty. Left out with --list.
    #[arg(required_unless_present = "list")]
    pub folder: Option<PathBuf>,
    /// The starter pack: --list names them.
    #[arg(long)]
    pub from: Option<String>,
    /// The project's name [default: the folder's].
    #[arg(long)]
    pub name: Option<String>,
    /// The company's label in BambooHR's address.
    #[arg(long)]
    pub bamboohr_company: Option<String>,
    /// The company's name in GP.
    #[arg(long)]
    pub gp_company: Option<String>,
    /// The server of GP's services.
    #[arg(long)]
    pub gp_server: Option<String>,
    /// The same for tests: environments/test.yaml.
    #[arg(long)]
    pub gp_test_server: Option<String>,
    /// The journal numbers that the accountants set aside, for example 80000001-89999999.
    #[arg(long)]
    pub journal_numbers: Option<String>,
    /// The company's time zone, for example America/Chicago.
    #[arg(long)]
    pub timezone: Option<String>,
    /// Build servers whose checks are written along.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "github,gitlab,azure")]
    pub ci: Vec<BuildServer>,
    /// Tell the starter packs instead.
    #[arg(long)]
    pub list: bool,
    /// Ask nothing, also on a terminal.
    #[arg(long)]
    pub yes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BuildServer {
    Github,
    Gitlab,
    Azure,
    None,
}

/// The usual pack.
const USUAL: &str = "monthly-salaried";

/// Runs the command.
///
/// # Errors
/// An unknown pack, or a folder that is not empty or cannot be written.
pub fn run(args: &InitArgs, output: &Output) -> Result<Exit, Failure> {
    let Some(folder) = args.folder.as_deref().filter(|_| !args.list) else {
        for pack in starter::packs() {
            output.line(format!("{:<26} {}", strong(&pack), starter::about(&pack)));
        }
        return Ok(Exit::Done);
    };
    let (pack, answers) = answers(args, folder, output);
    let mut written = starter::write(&pack, folder, &answers).map_err(failure)?;
    let servers: Vec<Around> = args.ci.iter().filter_map(|server| around(*server)).collect();
    written.extend(starter::write_around(folder, &servers).map_err(failure)?);
    for file in &written {
        output.line(format!("  {file}"));
    }
    let shown = folder.display();
    output.line(format!("{} {shown} from {pack}", good("wrote")));
    output.line(format!("next: ml-connector lint -C {shown} && ml-connector test -C {shown}"));
    output.line(
        "      its README.md says what to change first; `git config core.hooksPath hooks` there checks every commit",
    );
    Ok(Exit::Done)
}

fn around(server: BuildServer) -> Option<Around> {
    match server {
        BuildServer::Github => Some(Around::Github),
        BuildServer::Gitlab => Some(Around::Gitlab),
        BuildServer::Azure => Some(Around::Azure),
        BuildServer::None => None,
    }
}

/// The pack and the answers: from the flags; on a terminal the rest is asked; what is left is the pack's own.
fn answers(args: &InitArgs, folder: &Path, output: &Output) -> (String, BTreeMap<String, String>) {
    let folder_name =
        folder.file_name().map_or_else(|| "my-project".to_owned(), |name| name.to_string_lossy().into_owned());
    let flags = [
        ("project", "The project's name", &args.name, folder_name.as_str()),
        ("bamboohr_company", "The company's label in BambooHR's address", &args.bamboohr_company, "your-company"),
        ("gp_company", "The company's name in GP", &args.gp_company, "Your Company, Inc."),
        ("gp_server", "The server of GP's services", &args.gp_server, "gp.example.com"),
        ("gp_test_server", "The same for tests", &args.gp_test_server, "gp-test.example.com"),
        (
            "journal_numbers",
            "The journal numbers that the accountants set aside",
            &args.journal_numbers,
            "80000001-89999999",
        ),
        ("timezone", "The company's time zone", &args.timezone, "America/Los_Angeles"),
    ];
    let given = args.from.is_some() || flags.iter().any(|(.., flag, _)| flag.is_some());
    let asks = !args.yes && !given && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if asks {
        output.note("Return takes what stands in brackets; everything can be changed in the files.");
        for pack in starter::packs() {
            output.note(format!("  {:<26} {}", strong(&pack), starter::about(&pack)));
        }
    }
    let pack = args.from.clone().unwrap_or_else(|| if asks { ask("Starter pack", USUAL) } else { USUAL.to_owned() });
    let mut answers = BTreeMap::new();
    for (name, question, flag, usual) in flags {
        let answer = flag.clone().unwrap_or_else(|| if asks { ask(question, usual) } else { usual.to_owned() });
        answers.insert(name.to_owned(), answer);
    }
    (pack, answers)
}

/// One question on the terminal; an empty answer is the usual one.
fn ask(question: &str, usual: &str) -> String {
    let mut stderr = anstream::stderr();
    // A terminal that cannot be written to answers with what is usual.
    let _ = write!(stderr, "{question} [{usual}]: ").and_then(|()| stderr.flush());
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer).unwrap_or(0);
    let answer = answer.trim();
    if read == 0 || answer.is_empty() { usual.to_owned() } else { answer.to_owned() }
}

fn failure(error: StarterError) -> Failure {
    let (exit, hint) = match &error {
        StarterError::UnknownPack { .. } => (Exit::Usage, "`ml-connector init --list` tells what each is for"),
        StarterError::BadAnswer { .. } => {
            (Exit::Usage, "write the answer without quotes; it can be changed in the files")
        }
        StarterError::NotEmpty { .. } => (Exit::DoesNotLoad, "name a new folder"),
        StarterError::Write { .. } => (Exit::DoesNotLoad, "check the path and its rights"),
    };
    Failure::new(exit, anyhow!(error)).hint(hint)
}
