//! `ping`: whether both systems let us in and give what the pipelines need.

use super::args::Global;
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, faint, good, strong};
use super::plan_view::count;
use crate::clock::SystemClock;
use crate::run::doctor::ping::{Ping, Which};
use crate::run::doctor::{Check, Kind, State, worst};
use crate::run::systems::Secrets;
use clap::{Args, ValueEnum};
use serde_json::json;

#[derive(Debug, Args)]
pub struct PingArgs {
    /// Ask only this system.
    #[arg(long, value_enum, value_name = "SYSTEM")]
    pub only: Option<System>,
}

/// One of the two systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum System {
    Bamboohr,
    Gp,
}

/// Runs the command.
///
/// # Errors
/// When the project does not load.
pub async fn run(global: &Global, args: &PingArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    super::lint::dialect(&generation)?;
    let clock = context::clock(global);
    let (vault, no_vault) = context::vault_or_trouble(global, &generation, &clock).await;
    let secrets = Secrets { variable: &context::variable, vault };
    let ping = Ping {
        generation: &generation,
        secrets: &secrets,
        store: context::store_if_any(global)?,
        no_vault,
        clock,
        machine: &SystemClock,
    };
    let which = args.only.map_or(Which::Both, |only| match only {
        System::Bamboohr => Which::Bamboohr,
        System::Gp => Which::Gp,
    });
    let bar = output.progress("asking BambooHR and GP");
    let checks = ping.run(which).await;
    bar.finish_and_clear();
    let checks = checks?;
    show(&checks, output);
    Ok(exit_of(&checks))
}

/// What a list of checks ends a command with.
pub fn exit_of(checks: &[Check]) -> Exit {
    match worst(checks) {
        None => Exit::Done,
        Some(Kind::Missing) => Exit::Findings,
        Some(Kind::Unavailable) => Exit::Unavailable,
        Some(Kind::SignInRefused) => Exit::SignInRefused,
    }
}

/// Prints checks: a line each, under what they are about, with the remedy below what is not good.
pub fn show(checks: &[Check], output: &Output) {
    if output.is_json() {
        output.json(&json!({ "checks": checks }));
        return;
    }
    for line in lines(checks) {
        output.line(line);
    }
    output.line(summary(checks));
}

/// The lines for people.
pub fn lines(checks: &[Check]) -> Vec<String> {
    let width = checks.iter().map(|check| check.name.chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    let mut about = "";
    for check in checks {
        if check.about != about {
            about = &check.about;
            lines.push(strong(about));
        }
        let mark = match check.state {
            State::Good => good("✓"),
            State::Unknown => faint("·"),
            State::Warning => care("!"),
            State::Bad => bad("✗"),
        };
        lines.push(format!("  {mark} {:<width$}  {}", check.name, check.says));
        if let Some(remedy) = check.remedy.as_ref().filter(|_| check.state != State::Unknown) {
            lines.push(format!("    {:<width$}  → {remedy}", ""));
        }
    }
    lines
}

fn summary(checks: &[Check]) -> String {
    let of = |state| checks.iter().filter(|check| check.state == state).count();
    let (wrong, care_for) = (of(State::Bad), of(State::Warning));
    let looked_at = match care_for {
        0 => String::new(),
        count_ => format!(", and {} to look at", count(count_, "warning")),
    };
    match wrong {
        0 if care_for == 0 => good("all well"),
        0 => format!("{}{looked_at}", good("it works")),
        wrong => format!("{}{looked_at}", bad(&format!("{} to mend", count(wrong, "check")))),
    }
}
