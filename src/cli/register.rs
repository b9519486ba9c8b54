//! `register`: a file of a payroll register, read as the project says.

use super::args::Global;
use super::context;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, good, strong};
use super::plan_view::{count, grouped};
use crate::register::{Looked, look};
use anyhow::anyhow;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct RegisterArgs {
    /// A CSV or XLSX file.
    pub file: PathBuf,
    /// Which of the project's registers it is of. Not needed where there is one.
    #[arg(long, value_name = "NAME")]
    pub register: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// Exit 2 when the register is not known.
pub fn run(global: &Global, args: &RegisterArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let all = &generation.project.registers;
    let names: Vec<&str> = all.iter().map(|register| register.name.as_str()).collect();
    let list = match names.as_slice() {
        [] => "project.yaml names none under `connections: registers`".to_owned(),
        names => format!("this project has {}", names.join(", ")),
    };
    let refused = |message: String| Failure::new(Exit::Usage, anyhow!(message)).hint(list.clone());
    let register = match (&args.register, all.as_slice()) {
        (Some(name), all) => all.iter().find(|register| register.name == *name),
        (None, [only]) => Some(only),
        (None, _) => return Err(refused("which register?".to_owned())),
    };
    let name = args.register.as_deref().unwrap_or_default();
    let register = register.ok_or_else(|| refused(format!("there is no register `{name}`")))?;
    let looked = look(register, &args.file);
    if output.is_json() {
        output.json(&shown(&register.name, &looked));
    } else {
        print(output, &register.name, &looked);
    }
    Ok(if looked.problems.is_empty() { Exit::Done } else { Exit::Findings })
}

fn shown(name: &str, looked: &Looked) -> serde_json::Value {
    let sums: Vec<serde_json::Value> = looked
        .sums
        .iter()
        .map(|((code, currency), sum)| json!({ "code": code, "currency": currency, "sum": sum.to_string() }))
        .collect();
    json!({ "register": name, "people": looked.people, "lines": looked.lines, "dates": looked.dates, "sums": sums,
            "totals": looked.totals, "problems": looked.problems, "unread": looked.unread })
}

fn print(output: &Output, name: &str, looked: &Looked) {
    let dates: Vec<String> = looked.dates.iter().map(ToString::to_string).collect();
    output.line(format!(
        "{} · {} · {} · {}",
        strong(name),
        count(looked.people, "person").replace("persons", "people"),
        count(looked.lines, "line"),
        if dates.is_empty() { "no date".to_owned() } else { dates.join(", ") }
    ));
    for ((code, currency), sum) in &looked.sums {
        output.line(format!("  {code:<24} {:>18} {currency}", grouped(&sum.to_string())));
    }
    if let Some(agrees) = looked.totals {
        output.line(if agrees {
            good("  its row of totals agrees")
        } else {
            bad("  its row of totals does NOT agree")
        });
    }
    for column in &looked.unread {
        output.line(format!("  the column `{column}` holds numbers, and `amounts` does not name it: it is not read"));
    }
    for problem in &looked.problems {
        output.line(bad(&format!("  {problem}")));
    }
}
