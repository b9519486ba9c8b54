//! `try`: one expression, template or look-up, for one person on one day, step by step.

use super::args::{Choice, Global};
use super::exit::{Exit, Failure};
use super::output::{Output, bad, faint, good, strong};
use super::{asker, context};
use crate::hr::Period;
use crate::plan::probe::{Asked, Probe, imagined, probe};
use crate::project::expression::{Expression, Step, Wanted, shown};
use crate::project::finding::Problem;
use crate::project::roles::Power;
use crate::project::table::Verdict;
use crate::project::template::Template;
use crate::project::value::{Bindings, Kind, Value};
use crate::project::{Generation, Pipeline, names_of_pipeline};
use crate::run::explain::stored_facts;
use crate::run::facts_folder;
use anyhow::anyhow;
use clap::Args;
use jiff::civil::Date;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct TryArgs {
    /// An expression, a template (it holds `{{`), the name of a look-up, or `keep`: the pipeline's own condition.
    pub text: String,
    #[command(flatten)]
    pub choice: Choice,
    /// The person: BambooHR's id or the employee number.
    #[arg(long, value_name = "ID", conflicts_with = "with")]
    pub employee: Option<String>,
    /// The day [default: the last day of the period].
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<Date>,
    /// Somebody who is only thought of: a name and its text, as often as needed.
    #[arg(long, value_name = "NAME=TEXT")]
    pub with: Vec<String>,
    /// Where the person is looked for; else in the newest stored plan.
    #[arg(long, value_name = "FOLDER")]
    pub facts: Option<PathBuf>,
}

/// What was tried.
struct Tried {
    what: &'static str,
    steps: Vec<Step>,
    yields: Result<String, String>,
}

/// Runs the command.
///
/// # Errors
/// A text that is neither, an unknown person, or facts that do not read.
pub async fn run(global: &Global, args: &TryArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let pipeline = context::pipeline(&generation, &args.choice)?;
    let clock = context::clock(global);
    let period = context::period(&generation, pipeline, &args.choice, clock.as_ref())?;
    let day = args.on.unwrap_or(period.last_day);
    let probe = match &args.employee {
        Some(who) => person(global, args, (&generation, pipeline), &period, (who, day)).await?,
        None => imagined(pipeline, &period, &given(pipeline, &args.with)?, day),
    };
    let tried = try_text(pipeline, &args.text, &probe)?;
    let names = read_names(pipeline, &args.text, &probe);
    if output.is_json() {
        print_json(args, &tried, &names, &probe, output);
    } else {
        print(&tried, &names, &probe, day, output);
    }
    Ok(if tried.yields.is_ok() { Exit::Done } else { Exit::Findings })
}

async fn person(
    global: &Global,
    args: &TryArgs,
    (generation, pipeline): (&Generation, &Pipeline),
    period: &Period,
    (who, day): (&str, Date),
) -> Result<Probe, Failure> {
    let facts = match &args.facts {
        Some(folder) => facts_folder::load(folder)?,
        None if context::has_store(global) => {
            // A pipeline may take any field of a person.
            let asker = asker::asker(global, &generation.project.rules, None).await?;
            asker.allowed(global, Power::SeePay, &format!("employee {who}")).await?;
            let store = context::store(global)?;
            let saved = context::stored_plan(store.as_ref(), generation, None, &args.choice).await?;
            stored_facts(store.as_ref(), &saved.id).await?.1
        }
        None => {
            let hint = "--facts names a folder that `ml-connector observe --save FOLDER` wrote; or think of somebody: --with department=Sales";
            return Err(
                Failure::new(Exit::Usage, anyhow!("there is nobody to look for: nothing is stored yet")).hint(hint)
            );
        }
    };
    probe(pipeline, &facts, period, who, day).ok_or_else(|| {
        Failure::new(Exit::Usage, anyhow!("the facts have no employee `{who}`"))
            .hint(format!("BambooHR's id or the employee number; there are {} people", facts.people.len()))
    })
}

/// `name=text`, as the name's type reads it.
fn given(pipeline: &Pipeline, with: &[String]) -> Result<Vec<(String, Value)>, Failure> {
    let names = names_of_pipeline(pipeline);
    let mut given = Vec::new();
    for pair in with {
        let Some((name, text)) = pair.split_once('=') else {
            return Err(Failure::new(Exit::Usage, anyhow!("`{pair}` is not NAME=TEXT")).hint("--with department=Sales"));
        };
        let value = match names.0.get(name) {
            Some(Kind::Date) => text.parse().ok().map(Value::Date),
            Some(_) => Some(Value::text(text)),
            None => {
                let known: Vec<&str> = names.0.keys().map(String::as_str).collect();
                return Err(Failure::new(Exit::Usage, anyhow!("nothing is called `{name}` in {}", pipeline.name))
                    .hint(format!("there is {}", known.join(", "))));
            }
        };
        let value = value.ok_or_else(|| {
            Failure::new(Exit::Usage, anyhow!("`{name}` is a day, and `{text}` is none")).hint("write it as YYYY-MM-DD")
        })?;
        given.push((name.to_owned(), value));
    }
    Ok(given)
}

fn try_text(pipeline: &Pipeline, text: &str, probe: &Probe) -> Result<Tried, Failure> {
    let names = &probe.bindings;
    if let Some(asked) = probe.look_ups.iter().find(|asked| asked.name == text) {
        let yields = asked.answer.clone().map(|answer| format!("\"{answer}\""));
        let yields = yields.ok_or_else(|| "no row matches: a plan would hold this person".to_owned());
        return Ok(Tried { what: "look-up", steps: Vec::new(), yields });
    }
    if let Some(keep) = pipeline.keep.as_ref().filter(|_| text == "keep") {
        return Ok(expression("keep", keep, names));
    }
    let all = names_of_pipeline(pipeline);
    if text.contains("{{") || text.contains("{%") {
        let template = Template::compile(text, &all).map_err(|problems| mistaken(&problems))?;
        let texts = as_texts(names);
        let yields = template.render(&texts).map(|text| format!("\"{text}\"")).map_err(|failed| failed.to_string());
        return Ok(Tried { what: "template", steps: Vec::new(), yields });
    }
    let compiled = Expression::compile(text, &all, Wanted::Anything).map_err(|problems| mistaken(&problems))?;
    Ok(expression("expression", &compiled, names))
}

fn expression(what: &'static str, expression: &Expression, names: &Bindings) -> Tried {
    let steps = expression.steps(names);
    let yields = expression.value(names).map(|value| shown(&value)).map_err(|failed| failed.to_string());
    Tried { what, steps, yields }
}

/// What nobody knows prints as nothing, as in a record.
fn as_texts(names: &Bindings) -> Bindings {
    let mut texts = names.clone();
    for value in texts.0.values_mut().filter(|value| **value == Value::Absent) {
        *value = Value::text("");
    }
    texts
}

fn mistaken(problems: &[Problem]) -> Failure {
    let mut failure =
        Failure::new(Exit::Usage, anyhow!("this is neither an expression nor a template that can be read"));
    for problem in problems {
        let help = problem.help.as_ref().map_or_else(String::new, |help| format!(" ({help})"));
        failure.details.push(format!("column {}: {}{help}", problem.column, problem.message));
    }
    failure
}

/// The names that the text reads, each with its value and where that comes from.
fn read_names(pipeline: &Pipeline, text: &str, probe: &Probe) -> Vec<(String, String, String)> {
    let text = match &pipeline.keep {
        Some(keep) if text == "keep" => keep.source(),
        _ => text,
    };
    let keys = probe.look_ups.iter().filter(|asked| is_word(text, &asked.name)).flat_map(|asked| &asked.keys);
    let keys: Vec<&String> = keys.map(|(name, _)| name).collect();
    let read = probe.origins.iter().filter(|(name, _)| is_word(text, name) || keys.contains(&name));
    let value = |name: &str| probe.bindings.0.get(name).map_or_else(String::new, shown);
    read.map(|(name, origin)| (name.clone(), value(name), origin.clone())).collect()
}

/// Whether `word` stands in `text` by itself.
fn is_word(text: &str, word: &str) -> bool {
    let letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(letter) && !text[at + word.len()..].starts_with(letter))
}

fn print(tried: &Tried, names: &[(String, String, String)], probe: &Probe, day: Date, output: &Output) {
    let width = names.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
    for (name, value, origin) in names {
        output.line(format!("{name:<width$} = {value}  {}", faint(origin)));
    }
    let asked: Vec<&Asked> = match tried.what {
        "look-up" => probe.look_ups.iter().collect(),
        _ => Vec::new(),
    };
    for asked in asked {
        print_look_up(asked, output);
    }
    for step in &tried.steps {
        let indent = "  ".repeat(step.depth);
        match &step.yields {
            Ok(value) => output.line(format!("{indent}{}  →  {value}", step.part)),
            Err(failed) => output.line(format!("{indent}{}  →  {}", step.part, bad(failed))),
        }
    }
    match &tried.yields {
        Ok(value) => output.line(format!("{} on {day}: {}", tried.what, good(value))),
        Err(failed) => output.line(format!("{} on {day}: {}", tried.what, bad(failed))),
    }
}

fn print_look_up(asked: &Asked, output: &Output) {
    let keys: Vec<String> = asked.keys.iter().map(|(name, text)| format!("{name} \"{text}\"")).collect();
    output.line(format!("{} asks {} on {}: {}", strong(&asked.name), asked.file, asked.day, keys.join(", ")));
    for candidate in &asked.candidates {
        let open = |day: Option<Date>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
        let verdict = match candidate.verdict {
            Verdict::Answers => good("answers"),
            Verdict::NotOnThisDay => faint("not on this day"),
            Verdict::LessSpecific => faint("a row with fewer * answers"),
        };
        output.line(format!(
            "  row {}: {} → {}  ({} to {})  {verdict}",
            candidate.row,
            candidate.keys.join(", "),
            candidate.value,
            open(candidate.from),
            open(candidate.to)
        ));
    }
    if asked.candidates.is_empty() {
        output.line("  no row has these keys");
    }
}

fn print_json(args: &TryArgs, tried: &Tried, names: &[(String, String, String)], probe: &Probe, output: &Output) {
    let steps: Vec<_> = tried.steps.iter().map(|step| json!({ "depth": step.depth, "part": step.part, "yields": step.yields.as_ref().ok(), "fails": step.yields.as_ref().err() })).collect();
    let look_ups = probe.look_ups.iter().filter(|asked| is_word(&args.text, &asked.name));
    let look_ups: Vec<_> = look_ups
        .map(|asked| json!({ "name": asked.name, "file": asked.file, "day": asked.day.to_string(), "keys": asked.keys, "answer": asked.answer,
            "rows": asked.candidates.iter().map(|row| json!({ "row": row.row, "value": row.value, "answers": row.verdict == Verdict::Answers })).collect::<Vec<_>>() }))
        .collect();
    let names: Vec<_> =
        names.iter().map(|(name, value, origin)| json!({ "name": name, "value": value, "from": origin })).collect();
    output.json(&json!({ "text": args.text, "is": tried.what, "names": names, "look_ups": look_ups, "steps": steps,
        "yields": tried.yields.as_ref().ok(), "fails": tried.yields.as_ref().err() }));
}
