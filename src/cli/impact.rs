//! `impact`: what a change of the project does, before it is live.

use super::args::{Choice, Format, Global};
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, faint, good, strong};
use super::plan_view::grouped;
use super::{asker, context};
use crate::plan::impact::{LineChange, Shown};
use crate::project::Generation;
use crate::project::roles::{Power, Rules};
use crate::run::explain::stored_facts;
use crate::run::impact::{Case, Pair, changed_files, of_facts, of_stories};
use crate::run::{facts_folder, git};
use crate::store::AuditEntry;
use anyhow::anyhow;
use clap::Args;
use serde_json::json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct ImpactArgs {
    /// What to compare with: a commit, branch or tag of git, or a folder that holds another project.
    #[arg(long, value_name = "COMMIT")]
    pub against: String,
    #[command(flatten)]
    pub choice: Choice,
    /// Plan these facts; else those of stored plans, else the rows of the project's stories.
    #[arg(long, value_name = "FOLDER")]
    pub facts: Option<PathBuf>,
    /// Show amounts that are one person's pay; leaves a row in the audit trail.
    #[arg(long)]
    pub show_pay: bool,
    /// Who reads; goes into the audit trail.
    #[arg(long, value_name = "NAME", env = "ML_CONNECTOR_USER")]
    pub by: Option<String>,
    /// Print markdown, for a pull request.
    #[arg(long)]
    pub markdown: bool,
    /// End with 3 when anything comes out otherwise.
    #[arg(long)]
    pub exit_on_changes: bool,
}

/// Runs the command.
///
/// # Errors
/// A project that does not load, now or then; facts that do not read.
pub async fn run(global: &Global, args: &ImpactArgs, output: &Output) -> Result<Exit, Failure> {
    let after = context::load(global, output)?;
    let before = other(global, &args.against, output)?;
    let pair = Pair { before: &before, after: &after };
    let (cases, planned) = cases(global, args, pair).await?;
    let changed: Vec<&Case> = cases.iter().filter(|case| !case.impact.is_none()).collect();
    let files = changed_files(pair);
    if output.format == Format::Json {
        let files: Vec<_> = files.iter().map(|(path, what)| json!({ "file": path, "what": what })).collect();
        output.json(&json!({ "against": args.against, "planned": planned, "files": files, "cases": changed }));
    } else if args.markdown {
        output.line(markdown(&args.against, &planned, &files, &changed).trim_end());
    } else {
        print(&args.against, &planned, &files, &changed, output);
    }
    Ok(if args.exit_on_changes && !changed.is_empty() { Exit::Changes } else { Exit::Done })
}

/// The project to compare with.
fn other(global: &Global, against: &str, output: &Output) -> Result<Generation, Failure> {
    let environment = global.environment.as_deref();
    let load = |folder: &Path| {
        Generation::load(folder, environment).map_err(|broken| {
            output.note(format!("the project at `{against}`:"));
            context::refused(&broken, output)
        })
    };
    let folder = Path::new(against);
    if folder.join("project.yaml").is_file() {
        return load(folder);
    }
    let checked_out = git::checked_out(&global.project, against).map_err(|error| {
        Failure::new(Exit::Usage, anyhow!(error))
            .hint("name a commit, a branch, a tag, or a folder that holds a project")
    })?;
    load(checked_out.path())
}

/// What is planned with both, and what it was taken from, in words.
async fn cases(global: &Global, args: &ImpactArgs, pair: Pair<'_>) -> Result<(Vec<Case>, String), Failure> {
    let only = args.choice.pipeline.as_deref();
    let names = pair.after.pipelines.iter().chain(&pair.before.pipelines).map(|pipeline| pipeline.name.as_str());
    let mut names: Vec<&str> = names.filter(|name| only.is_none_or(|only| only == *name)).collect();
    names.sort_unstable();
    names.dedup();
    if let Some(only) = only.filter(|_| names.is_empty()) {
        return Err(Failure::new(Exit::Usage, anyhow!("neither project has a pipeline `{only}`")));
    }
    let shows = may_show(global, args, &pair.after.project.rules).await?;
    if let Some(folder) = &args.facts {
        let clock = context::clock(global);
        let (mut cases, mut other_periods) = (Vec::new(), None);
        for name in names {
            let owner = if pair.after.pipeline(name).is_some() { pair.after } else { pair.before };
            let Some(pipeline) = owner.pipeline(name) else { continue };
            match context::period(owner, pipeline, &args.choice, clock.as_ref()) {
                Ok(period) => cases.push(of_facts(pair, name, &period.code.0, facts_folder::load(folder)?, shows)),
                // Pipelines with other pay periods do not know this one: it is about those that do.
                Err(refused) if only.is_some() => return Err(refused),
                Err(refused) => other_periods = Some(refused),
            }
        }
        if let Some(refused) = other_periods.filter(|_| cases.is_empty()) {
            return Err(refused);
        }
        return Ok((cases, format!("the facts in {}", folder.display())));
    }
    let mut cases = Vec::new();
    if context::has_store(global) {
        let store = context::store(global)?;
        for name in names {
            let code = args.choice.period.as_ref().map(|code| crate::hr::PeriodCode(code.clone()));
            let Some(saved) = store.latest_plan(name, code.as_ref()).await? else { continue };
            let (saved, facts) = stored_facts(store.as_ref(), &saved.id).await?;
            cases.push(of_facts(pair, name, &saved.period.0, facts, shows));
        }
    }
    if cases.is_empty() {
        return Ok((of_stories(pair, only), "the rows of the stories in tests/".to_owned()));
    }
    Ok((cases, "the facts of the newest stored plans".to_owned()))
}

/// What is told of real people. To see one person's pay leaves a row in the audit trail, as with `explain`.
async fn may_show(global: &Global, args: &ImpactArgs, rules: &Rules) -> Result<Shown, Failure> {
    if !args.show_pay {
        return Ok(Shown::NoSinglePay);
    }
    let asker = asker::asker(global, rules, args.by.as_deref()).await?;
    asker.allowed(global, Power::SeePay, "impact").await?;
    let store = context::store(global)?;
    let (at, who) = (context::clock(global).now(), asker.name);
    let detail = format!("pay of single people behind the impact against {}", args.against);
    store.note(AuditEntry { at, who, what: "read pay".to_owned(), subject: "impact".to_owned(), detail }).await?;
    Ok(Shown::Amounts)
}

fn title(case: &Case) -> String {
    match &case.story {
        Some(story) => format!("{} · {} · {story}", case.pipeline, case.period),
        None => format!("{} · {}", case.pipeline, case.period),
    }
}

fn print(against: &str, planned: &str, files: &[(String, &str)], changed: &[&Case], output: &Output) {
    let list: Vec<String> = files.iter().map(|(path, what)| format!("{path} ({what})")).collect();
    output.line(format!("against {}, with {planned}", strong(against)));
    output.line(faint(&if list.is_empty() { "no file differs".to_owned() } else { list.join(", ") }));
    for case in changed {
        output.line(format!("\n{}", strong(&title(case))));
        let impact = &case.impact;
        if let Some((was, is)) = &impact.status {
            output.line(format!("  status: {was} → {is}"));
        }
        for line in &impact.lines {
            let amount = |amount: &Option<String>| amount.as_deref().map_or_else(|| "nothing".to_owned(), grouped);
            let company = if line.company.is_empty() { String::new() } else { format!("{}  ", line.company) };
            let amounts = match line.one_person {
                true => faint(ONE_PERSON),
                false => format!(
                    "{} → {}  {} {}",
                    amount(&line.before),
                    amount(&line.after),
                    care(&format!("({})", signed(&line.change))),
                    line.currency
                ),
            };
            output.line(format!("  {company}{}  {amounts}", line.account));
            line.why.iter().for_each(|why| output.line(faint(&format!("      {why}"))));
        }
        impact.headers.iter().chain(&impact.records).for_each(|change| output.line(format!("  {change}")));
        impact.holds_gone.iter().for_each(|hold| output.line(format!("  {} {hold}", good("no longer held:"))));
        impact.holds_new.iter().for_each(|hold| output.line(format!("  {} {hold}", bad("held:"))));
        if !case.not_asked.is_empty() {
            output.line(care(&format!("  GP was not asked about {}: `plan` asks", case.not_asked.join(", "))));
        }
    }
    if changed.is_empty() {
        output.line(good("the same comes out: no line, record or hold changes"));
    }
}

/// What stands for amounts that are one person's pay.
const ONE_PERSON: &str = "one person's pay (--show-pay shows it)";

/// The three cells of a line's amounts.
fn cells(line: &LineChange) -> String {
    let amount = |amount: &Option<String>| amount.as_deref().map_or_else(String::new, grouped);
    match line.one_person {
        true => "| | one person's pay".to_owned(),
        false => {
            format!("{} | {} | {} {}", amount(&line.before), amount(&line.after), signed(&line.change), line.currency)
        }
    }
}

fn signed(change: &str) -> String {
    let change = grouped(change);
    if change.starts_with('-') { change } else { format!("+{change}") }
}

fn markdown(against: &str, planned: &str, files: &[(String, &str)], changed: &[&Case]) -> String {
    let mut text = format!("### What this changes in GP\n\nAgainst `{against}`, with {planned}.\n\n");
    let files: Vec<String> = files.iter().map(|(path, what)| format!("`{path}` ({what})")).collect();
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{}\n", if files.is_empty() { "No file differs.".to_owned() } else { files.join(", ") });
    if changed.is_empty() {
        text.push_str("**The same comes out**: no line, record or hold changes.\n");
    }
    for case in changed {
        let impact = &case.impact;
        let _ = writeln!(text, "#### {}\n", cell(&title(case)));
        if let Some((was, is)) = &impact.status {
            let _ = writeln!(text, "Status: {was} → {is}\n");
        }
        if !impact.lines.is_empty() {
            text.push_str("| account | before | after | change | why |\n|---|---:|---:|---:|---|\n");
        }
        for line in &impact.lines {
            let company = if line.company.is_empty() { String::new() } else { format!("{} · ", line.company) };
            let account = cell(&format!("{company}{}", line.account));
            let _ = writeln!(text, "| {account} | {} | {} |", cells(line), cell(&line.why.join("; ")));
        }
        text.push('\n');
        let held = impact.holds_new.iter().map(|hold| format!("**held** {hold}"));
        let gone = impact.holds_gone.iter().map(|hold| format!("no longer held: {hold}"));
        let asked = case.not_asked.iter().map(|account| format!("GP was not asked about `{account}`"));
        for item in impact.headers.iter().chain(&impact.records).cloned().chain(held).chain(gone).chain(asked) {
            let _ = writeln!(text, "- {item}");
        }
        text.push('\n');
    }
    text
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
