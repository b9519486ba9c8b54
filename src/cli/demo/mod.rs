//! `demo`: the whole line on sample data, in the order in which a month is closed.
//!
//! It does what the commands do, by the same functions: a sandbox, a copy of the example project, then lint → test →
//! plan → approve → send → run again → a back-dated raise → only the difference → explain.

mod project;
mod raise;

use super::args::{Choice, Global};
use super::exit::{Exit, Failure};
use super::output::{Output, faint, good, strong};
use super::plan_view::grouped;
use super::sandbox::{self, SIGN_INS, Sandbox};
use super::{context, explain, lint, plan_view, send};
use crate::clock::{Clock, ShiftedClock};
use crate::hr::Period;
use crate::plan::report::{LineageIds, report};
use crate::project::{Generation, Pipeline};
use crate::run::explain::{Reads, explain_document};
use crate::run::planning::{self, LivePlan};
use crate::run::stories::tell;
use crate::run::systems::{Secrets, Systems};
use crate::store::Store;
use crate::store::sqlite::SqliteStore;
use anyhow::anyhow;
use clap::Args;
use jiff::civil::Date;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Leave the sandbox up and the project folder writable, to try things by hand.
    #[arg(long)]
    pub keep: bool,
    /// Where --keep puts the project folder.
    #[arg(long, value_name = "FOLDER", default_value = "ml-connector-demo")]
    pub folder: PathBuf,
}

const PIPELINE: &str = "payroll-journal";
const MONTH: &str = "2013-11";
const TODAY: Date = Date::constant(2013, 12, 2);
const WHO: &str = "demo";

/// Runs the command.
///
/// # Errors
/// When a step does not come out as it must: the demo is a check of the whole line as well.
pub async fn run(_global: &Global, args: &DemoArgs, output: &Output) -> Result<Exit, Failure> {
    let temporary = tempfile::tempdir().map_err(|error| Failure::new(Exit::DoesNotLoad, anyhow!(error)))?;
    let folder = if args.keep { args.folder.clone() } else { temporary.path().to_owned() };
    let sandbox = sandbox::start(None, TODAY, (0, 0))?;
    project::write(&folder)?;
    sandbox::write_environment(&sandbox, &folder)?;
    step(output, 1, "two systems on loopback", "ml-connector sandbox");
    output.line(format!(
        "BambooHR {} · GP {} · 290 people of AdventureWorks",
        sandbox.bamboohr.url(),
        sandbox.gp.url()
    ));
    let generation = checked(&folder, output)?;
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.join(".ml-connector/store.db"))?);
    let line = Line::new(&generation, Arc::clone(&store)).await?;
    line.walk(&sandbox, output).await?;
    after(&sandbox, &folder, args.keep, output).await;
    Ok(Exit::Done)
}

fn step(output: &Output, number: u8, what: &str, command: &str) {
    output.line(format!("\n{} {}", strong(&format!("{number}. {what}")), faint(&format!("($ {command})"))));
}

fn broken(what: &str) -> Failure {
    Failure::new(Exit::Bug, anyhow!("the demo did not come out as it must: {what}"))
}

/// Lint and test.
fn checked(folder: &Path, output: &Output) -> Result<Generation, Failure> {
    step(output, 2, "the project is checked before any data", "ml-connector lint && ml-connector test");
    let generation = Generation::load(folder, Some("sandbox")).map_err(|broken| context::refused(&broken, output))?;
    lint::dialect(&generation)?;
    let told = tell(&generation, None);
    let failed = told.iter().filter(|told| !told.holds()).count();
    if failed > 0 {
        return Err(broken("a story of the example fails"));
    }
    output.line(format!("{} {} pipelines load, {} stories hold", good("ok"), generation.pipelines.len(), told.len()));
    Ok(generation)
}

/// The payroll journal's way through the month.
struct Line<'g> {
    generation: &'g Generation,
    pipeline: &'g Pipeline,
    period: Period,
    systems: Systems,
}

impl<'g> Line<'g> {
    async fn new(generation: &'g Generation, store: Arc<dyn Store>) -> Result<Line<'g>, Failure> {
        let noon = TODAY.at(12, 0, 0, 0).in_tz("UTC").map_err(|error| Failure::new(Exit::Bug, anyhow!(error)))?;
        let clock: Arc<dyn Clock> = Arc::new(ShiftedClock::starting_at(noon.timestamp()));
        let lookup =
            |name: &str| SIGN_INS.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let choice = Choice { pipeline: Some(PIPELINE.to_owned()), period: Some(MONTH.to_owned()) };
        let pipeline = context::pipeline(generation, &choice)?;
        let period = context::period(generation, pipeline, &choice, clock.as_ref())?;
        let secrets = Secrets { variable: &lookup, vault: None };
        let systems = Systems::connect(generation, store, clock, secrets).await?;
        Ok(Line { generation, pipeline, period, systems })
    }

    async fn walk(&self, sandbox: &Sandbox, output: &Output) -> Result<(), Failure> {
        step(
            output,
            3,
            "November is planned: what GP should hold",
            "ml-connector plan --pipeline payroll-journal --for 2013-11",
        );
        let first = self.plan(output).await?;
        step(
            output,
            4,
            "a person approves, then exactly that is sent",
            "ml-connector approve … && ml-connector send …",
        );
        let number = self.approve_and_send(&first, output).await?;
        step(output, 5, "the same run again", "ml-connector run --pipeline payroll-journal --for 2013-11");
        let again = self.plan(output).await?;
        if !again.plan.documents.is_empty() {
            return Err(broken("a second run planned something"));
        }
        step(output, 6, "a back-dated raise arrives in BambooHR", "curl -X POST …/employees/234/tables/compensation");
        let raise = raise::give(sandbox).await?;
        output.line(raise);
        step(output, 7, "only the difference is planned and sent", "ml-connector plan … && approve … && send …");
        let difference = self.plan(output).await?;
        let correction = self.approve_and_send(&difference, output).await?;
        step(
            output,
            8,
            "one line, down to its BambooHR rows",
            &format!("ml-connector explain {correction} --show-pay"),
        );
        self.explain(&difference, number, output).await
    }

    async fn plan(&self, output: &Output) -> Result<LivePlan, Failure> {
        let bar = output.progress("observing BambooHR and GP");
        let live = planning::plan(&self.systems, self.generation, self.pipeline, &self.period, WHO).await;
        bar.finish_and_clear();
        let live = live?;
        plan_view::print(output, &report(&live.plan, self.pipeline, &live.facts, LineageIds::LeftOut));
        if live.plan.holds.is_empty() {
            output.line("held: nothing");
        }
        Ok(live)
    }

    async fn approve_and_send(&self, live: &LivePlan, output: &Output) -> Result<u32, Failure> {
        let approved = self.systems.store.approve(&live.saved.id, WHO, 1, self.systems.clock.now()).await?;
        output.line(format!(
            "{} {} by {WHO}",
            good("approved"),
            plan_view::count(approved.documents.len(), "document")
        ));
        let (summary, waiting) =
            send::deliver(&self.systems, self.generation, self.pipeline, Some(&live.saved.id), output).await?;
        send::print(output, &summary, waiting);
        summary.documents.iter().find_map(|sent| sent.journal_number).ok_or_else(|| broken("nothing was sent"))
    }

    /// Explains the first debit of the difference: somebody's raise.
    async fn explain(&self, difference: &LivePlan, _number: u32, output: &Output) -> Result<(), Failure> {
        let documents = self.systems.store.documents(&difference.saved.id).await?;
        let document = documents.first().ok_or_else(|| broken("the difference is not stored"))?;
        let entry = document.content.entry().ok_or_else(|| broken("the difference does not read back"))?;
        let account = entry.lines.first().map(|line| line.account.as_str().to_owned());
        let (store, clock) = (self.systems.store.as_ref(), self.systems.clock.as_ref());
        let explanation = explain_document(store, clock, document, account.as_deref(), Reads::Pay, WHO).await?;
        if !explanation.proven {
            return Err(broken("the stored plan did not come out the same again"));
        }
        explain::print(&explanation, output);
        output.line(faint(&format!(
            "total of the difference: {} {}; reading single people's pay left a row in the audit trail",
            grouped(&entry.total_debit().text(entry.currency)),
            entry.currency
        )));
        Ok(())
    }
}

/// What to try next; with `--keep`, against the sandbox that stays up.
async fn after(sandbox: &Sandbox, folder: &Path, keep: bool, output: &Output) {
    output.line(format!("\n{}", strong("What to try next")));
    if !keep {
        output.line("  ml-connector demo --keep                leaves the sandbox up and the project to play with");
        output.line("  ml-connector init my-company            a project of your own");
        output.line("  docs/tutorial.md                        the same steps by hand, explained");
        return;
    }
    output.line(format!("The sandbox stays up until Ctrl-C. In another terminal:\n\ncd {}", folder.display()));
    output.line(sandbox::exports(TODAY));
    output.line("ml-connector status");
    output.line("ml-connector run --pipeline employees-to-vendors        # people as GP vendors");
    output.line("ml-connector run --pipeline payroll-journal --watch     # then edit tables/cost-centres.csv");
    output.line("ml-connector audit --verify");
    output.line(faint(&raise::curl(sandbox)));
    sandbox::stopped().await;
}
