//! What the project's pipelines read and write: only that is asked for.

use crate::bamboohr::Probe;
use crate::ledger::RecordKind;
use crate::plan::names;
use crate::project::pipeline::{Make, Pay};
use crate::project::{Generation, Pipeline};
use crate::run::planning::default_period;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What is read of BambooHR.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfBamboohr {
    /// Fields of people, the standard ones first, then those that pipelines take.
    pub fields: Vec<String>,
    pub compensation: bool,
    pub payments: bool,
    pub hours: bool,
    pub leave: bool,
    pub balances: bool,
    pub benefit_plans: BTreeSet<String>,
}

/// What is asked of GP, and done there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfGp {
    pub journals: bool,
    /// Days that the next journals are booked on, with the pipeline's name.
    pub books_on: BTreeSet<(Date, String)>,
    /// An account that a pipeline names as it stands.
    pub account: Option<String>,
    /// Look-ups whose values have to be values of a GP dimension.
    pub dimensions: BTreeSet<String>,
    pub vendors: bool,
    pub employees: bool,
}

/// Always read: a plan cannot do without them (`bamboohr/people.rs`).
const STANDARD: [&str; 7] =
    ["employeeNumber", "firstName", "lastName", "workEmail", "hireDate", "terminationDate", "status"];

/// Asked for without being granted by a name of their own: each record has them, or they come from rows.
const ID: [&str; 2] = ["id", "employeeId"];

/// What the pipelines read of BambooHR.
pub fn of_bamboohr(generation: &Generation) -> OfBamboohr {
    let pays = || generation.pipelines.iter().filter_map(|pipeline| pipeline.pay.as_ref());
    let timesheets = generation.project.bamboohr.as_ref().is_some_and(|connection| connection.timesheets);
    let taken = generation.pipelines.iter().flat_map(|pipeline| &pipeline.take).map(|take| take.field.as_str());
    let mut fields: Vec<String> = STANDARD.map(str::to_owned).into();
    for field in taken.filter(|field| names::standard(field).is_none() && !ID.contains(field)) {
        if !fields.iter().any(|known| known == field) {
            fields.push(field.to_owned());
        }
    }
    OfBamboohr {
        fields,
        compensation: pays().any(|pay| pay.from_rates),
        payments: pays().any(Pay::reads_payments),
        hours: timesheets && pays().any(|pay| pay.from_rates),
        leave: pays().any(|pay| pay.leave.is_some()),
        balances: pays().any(|pay| pay.liabilities().next().is_some()),
        benefit_plans: pays().flat_map(Pay::benefits).flat_map(|(_, plans)| plans).cloned().collect(),
    }
}

impl OfBamboohr {
    /// The questions about a person, and about today, with a short name each.
    pub fn probes(&self, person: &str, today: Date) -> Vec<(String, Probe)> {
        let table = |table| (format!("table {table}"), Probe::Table { person: person.to_owned(), table });
        let mut probes = vec![table("jobInfo"), table("employmentStatus")];
        if self.compensation {
            probes.push(table("compensation"));
        }
        if self.payments {
            probes.extend([table("bonus"), table("commission")]);
        }
        if self.hours {
            probes.push(("timesheets".to_owned(), Probe::Hours(today)));
        }
        if self.leave {
            probes.push(("time off".to_owned(), Probe::TimeOff(today)));
        }
        if self.balances {
            let probe = Probe::Balances { person: person.to_owned(), day: today };
            probes.push(("time-off balances".to_owned(), probe));
        }
        if !self.benefit_plans.is_empty() {
            probes.push(("benefit plans".to_owned(), Probe::BenefitPlans));
        }
        probes
    }
}

/// What the pipelines need of GP.
pub fn of_gp(generation: &Generation, today: Date) -> OfGp {
    let mut used = OfGp::default();
    for pipeline in &generation.pipelines {
        match &pipeline.make {
            Make::Journal(rule) => {
                used.journals = true;
                used.books_on.insert((default_period(pipeline, today).last_day, pipeline.name.clone()));
                used.dimensions.extend(dimensions(pipeline));
                let literal = rule.lines.iter().find_map(|line| match line.account.outcomes()?.as_slice() {
                    [only] if !only.is_empty() => Some((*only).to_owned()),
                    _ => None,
                });
                used.account = used.account.take().or(literal);
            }
            Make::Record(rule) => match rule.kind {
                RecordKind::Vendor => used.vendors = true,
                RecordKind::Employee => used.employees = true,
            },
        }
    }
    used
}

fn dimensions(pipeline: &Pipeline) -> Vec<String> {
    let Make::Journal(rule) = &pipeline.make else { return Vec::new() };
    let used = rule.lines.iter().filter_map(|line| line.for_each);
    used.map(|at| pipeline.look_ups[at].name.clone()).collect()
}
