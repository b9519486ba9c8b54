//! `shadow`: a period against somebody else's books, before anything is sent.

use super::args::{Choice, Global};
use super::exit::{Exit, Failure};
use super::output::{Output, bad, faint, good, strong};
use super::plan_view::grouped;
use super::{asker, context};
use crate::ledger::written::DecimalMark;
use crate::plan::desire::ledger_of;
use crate::plan::make::Request;
use crate::plan::reconcile::shadow::{Shadow, Verdict, booked_elsewhere};
use crate::project::roles::Power;
use crate::run::facts_folder;
use crate::run::shadow::{self, Amounts, Columns, SheetUnreadable};
use crate::run::systems::Systems;
use clap::Args;
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct ShadowArgs {
    #[command(flatten)]
    pub choice: Choice,
    /// A CSV or XLSX file with a header row, or `gp` for what GP holds in the period's batch.
    #[arg(long, value_name = "FILE|gp")]
    pub with: String,
    /// The column with GL accounts.
    #[arg(long, value_name = "COLUMN", default_value = "account")]
    pub account: String,
    /// The column with debits.
    #[arg(long, value_name = "COLUMN", default_value = "debit")]
    pub debit: String,
    /// The column with credits.
    #[arg(long, value_name = "COLUMN", default_value = "credit")]
    pub credit: String,
    /// One column with both, debits above zero, instead of debit and credit.
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["debit", "credit"])]
    pub amount: Option<String>,
    /// Amounts are written 1.234,50.
    #[arg(long)]
    pub decimal_comma: bool,
    /// Compute our side offline from this folder of facts.
    #[arg(long, value_name = "FOLDER")]
    pub facts: Option<PathBuf>,
    /// Show equal accounts too.
    #[arg(long)]
    pub all: bool,
}

/// What `--with` says for GP itself.
const GP: &str = "gp";
/// People left out of our side who are listed before the rest is counted.
const LISTED: usize = 12;
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// Runs the command.
///
/// # Errors
/// What loading, observing or reading the other books gives.
pub async fn run(global: &Global, args: &ShadowArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let pipeline = context::pipeline(&generation, &args.choice)?;
    let clock = context::clock(global);
    let period = context::period(&generation, pipeline, &args.choice, clock.as_ref())?;
    let request = Request { generation: &generation, pipeline, period: &period };
    let needs_systems = args.facts.is_none() || args.with == GP;
    if needs_systems {
        // Every account is compared, and some are one person's.
        let asker = asker::asker(global, &generation.project.rules, None).await?;
        asker.allowed(global, Power::Run, "shadow").await?;
        asker.allowed(global, Power::SeePay, "shadow").await?;
    }
    let systems = match needs_systems {
        true => Some(context::systems(global, &generation, context::store(global)?, clock).await?),
        false => None,
    };
    let facts = match (&args.facts, &systems) {
        (Some(folder), _) => facts_folder::load(folder)?,
        (None, Some(systems)) => observe(systems, request, output).await?,
        (None, None) => return Err(Failure::new(Exit::Bug, anyhow::anyhow!("no facts were asked for"))),
    };
    let ours = shadow::ours(request, &facts)?;
    let (with, theirs) = match &systems {
        Some(systems) if args.with == GP => {
            let (batch, lines) = shadow::in_gp(systems, request, ours.currency).await?;
            (format!("GP batch {batch}"), lines)
        }
        _ => (args.with.clone(), shadow::read(Path::new(&args.with), &columns(args), ours.currency)?),
    };
    let mut compared = ours.against(&pipeline.name, with, &theirs);
    if args.with == GP {
        compared.booked_elsewhere = booked_elsewhere(&facts, ledger_of(pipeline), &period.code);
    }
    if output.is_json() {
        output.json(&compared);
    } else {
        print(output, &compared, args.all);
    }
    Ok(if compared.equal { Exit::Done } else { Exit::Held })
}

async fn observe(
    systems: &Systems,
    request: Request<'_>,
    output: &Output,
) -> Result<crate::plan::facts::Facts, Failure> {
    let bar = output.progress("observing BambooHR");
    let facts = shadow::observe(systems, request).await;
    bar.finish_and_clear();
    Ok(facts?)
}

fn columns(args: &ShadowArgs) -> Columns {
    let amounts = match &args.amount {
        Some(amount) => Amounts::Signed(amount.clone()),
        None => Amounts::DebitAndCredit { debit: args.debit.clone(), credit: args.credit.clone() },
    };
    let mark = if args.decimal_comma { DecimalMark::Comma } else { DecimalMark::Point };
    Columns { account: args.account.clone(), amounts, mark }
}

fn print(output: &Output, compared: &Shadow, all: bool) {
    let state = if compared.equal { good("equal") } else { bad("different") };
    output.line(format!(
        "{} for {} against {}: {state} · {}",
        strong(&compared.pipeline),
        compared.period,
        compared.with,
        compared.currency
    ));
    let shown: Vec<_> = compared.rows.iter().filter(|row| all || row.verdict != Verdict::Equal).collect();
    let equal = compared.rows.iter().filter(|row| row.verdict == Verdict::Equal).count();
    if !shown.is_empty() {
        let mut table = Table::new();
        table.load_style(RULED).set_header(["account", "here", "there", "there − here", "", "where"]);
        for row in shown {
            let amount = |amount: &Option<String>| amount.as_deref().map_or_else(|| "–".to_owned(), grouped);
            table.add_row([
                row.account.clone(),
                amount(&row.here),
                amount(&row.there),
                grouped(&row.difference),
                row.verdict.word().to_owned(),
                places(&row.places),
            ]);
        }
        for at in [1, 2, 3] {
            if let Some(column) = table.column_mut(at) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        output.line("");
        output.line(table.to_string());
    }
    let totals = &compared.totals;
    output.line("");
    output.line(format!("{equal} of {} accounts are equal to the cent", compared.rows.len()));
    for (side, here, there) in
        [("debits", &totals.debit_here, &totals.debit_there), ("credits", &totals.credit_here, &totals.credit_there)]
    {
        output.line(format!("{side}: {} here, {} there", grouped(here), grouped(there)));
    }
    for journal in &compared.booked_elsewhere {
        output.line(journal);
    }
    for reason in compared.not_included.iter().take(LISTED) {
        output.line(faint(&format!("not included here: {reason}")));
    }
    if compared.not_included.len() > LISTED {
        output.line(faint(&format!("… and {} more (--format json lists all)", compared.not_included.len() - LISTED)));
    }
}

/// `row 2, row 7`, the rest counted.
fn places(places: &[String]) -> String {
    match places {
        [first, second, third, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        few => few.join(", "),
    }
}

impl From<SheetUnreadable> for Failure {
    fn from(error: SheetUnreadable) -> Failure {
        let mut failure = Failure::new(Exit::DoesNotLoad, anyhow::anyhow!("{error}"));
        failure.details = error.unreadable.iter().map(ToString::to_string).collect();
        failure
    }
}
