//! A pipeline in plain words, for the person who signs for it: what it reads, whom it is about, what it pays and books, what
//! it checks, and what happens when something is wrong. Nothing here decides anything.

mod journal;
mod pay;
mod people;

pub use people::people;

use super::pipeline::{
    Check, CheckRule, DueOn, IfMissed, LookUp, Make, OnLeave, Otherwise, PeriodRule, Pipeline, RecordRule, Source,
    Target, Unresolved,
};
use crate::hr::PayCalendar;
use serde::Serialize;

/// A pipeline in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Description {
    pub pipeline: String,
    pub about: String,
    /// `file:line:column`.
    pub place: String,
    /// Headings with their sentences.
    pub sections: Vec<Section>,
    /// The lines of its journal; empty for records.
    pub lines: Vec<Line>,
    /// The fields of its records; empty for journals.
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    pub heading: &'static str,
    pub sentences: Vec<String>,
}

/// One line of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub name: String,
    /// The amount where it is booked: exactly one of the two is there.
    pub debit: Option<String>,
    pub credit: Option<String>,
    pub account: String,
    pub for_each: String,
}

/// One field of a GP record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    pub field: String,
    pub text: String,
}

/// Describes a pipeline.
pub fn describe(pipeline: &Pipeline) -> Description {
    let mut sections = vec![
        Section { heading: "When", sentences: when(pipeline) },
        Section { heading: "Who", sentences: who(pipeline) },
        Section { heading: "Look-ups", sentences: pipeline.look_ups.iter().map(look_up).collect() },
    ];
    if let Some(pay) = &pipeline.pay {
        sections.push(Section { heading: "Pay", sentences: pay::sentences(pay) });
    }
    let (lines, fields) = match &pipeline.make {
        Make::Journal(rule) => {
            sections.push(Section { heading: "Journal", sentences: journal::sentences(pipeline, rule) });
            (journal::lines(pipeline, rule), Vec::new())
        }
        Make::Record(rule) => {
            sections.push(Section { heading: "Record", sentences: record(rule) });
            let field = |(name, text): (&str, &str)| Field { field: name.to_owned(), text: text.to_owned() };
            let set = rule.set.iter().map(|set| (set.field.as_str(), set.template.source()));
            (Vec::new(), std::iter::once(("id", rule.id.source())).chain(set).map(field).collect())
        }
    };
    sections.push(Section { heading: "Checks", sentences: pipeline.checks.iter().map(check).collect() });
    sections.push(Section { heading: "When something is missing", sentences: unresolved(pipeline) });
    sections.push(Section { heading: "Sending", sentences: sending(pipeline) });
    sections.retain(|section| !section.sentences.is_empty());
    Description {
        pipeline: pipeline.name.clone(),
        about: pipeline.about.clone(),
        place: pipeline.place.to_string(),
        sections,
        lines,
        fields,
    }
}

fn when(pipeline: &Pipeline) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(time) = pipeline.every.as_ref().and_then(|every| every.time.as_ref()) {
        let on = match time.on {
            DueOn::EachDay => "every day".to_owned(),
            DueOn::BusinessDay(day) => format!("on business day {day} of each month"),
            DueOn::DayOfMonth(day) => format!("on day {day} of each month"),
        };
        let missed = match time.if_missed {
            IfMissed::RunOnce => "a time that was missed is made up for once",
            IfMissed::Skip => "a time that was missed is skipped",
        };
        sentences.push(format!("It is due {on} at {}; {missed}.", time.at.strftime("%H:%M")));
    }
    if pipeline.every.as_ref().is_some_and(|every| every.change) {
        sentences.push("It is due whenever somebody changes in BambooHR.".to_owned());
    }
    if let Some(corrects) = pipeline.corrects.as_ref().filter(|_| pipeline.only_corrects) {
        sentences.push(format!(
            "It is `{corrects}` in all that it does not say itself, and plans only what differs from journals that were sent."
        ));
    }
    let periods = match &*pipeline.calendar {
        PayCalendar::Months => "calendar months".to_owned(),
        PayCalendar::SemiMonthly { first_ends } => format!("half months, the first up to day {first_ends}"),
        PayCalendar::Every { days, from } => format!("{days} days each, counted from {from}"),
        PayCalendar::Listed(periods) => format!("the {} periods of the project's own list", periods.len()),
    };
    if matches!(pipeline.make, Make::Journal(_)) {
        let meant = match pipeline.period {
            PeriodRule::Previous => "the one before today's",
            PeriodRule::This => "today's",
            PeriodRule::LastMonthEnd => "the one that the newest month end lies in",
        };
        sentences.push(format!("Its periods are {periods}; without being told another, it means {meant}."));
    }
    sentences
}

fn who(pipeline: &Pipeline) -> Vec<String> {
    let mut sentences = vec![match (pipeline.source, &pipeline.register) {
        (Source::Employees, _) => "It reads everybody in BambooHR, as they are now.".to_owned(),
        (Source::PayrollCost, None) => {
            "It reads people, their jobs, employments and compensation from BambooHR, each row from its date on."
                .to_owned()
        }
        (Source::PayrollCost, Some(register)) => {
            format!("It reads people and their jobs from BambooHR, and amounts from the payroll register `{register}`.")
        }
    }];
    if let Some(keep) = &pipeline.keep {
        sentences.push(format!("It is only about people for whom this holds: `{}`", keep.source().trim()));
    }
    for take in &pipeline.take {
        sentences.push(format!("`{}` is BambooHR's field `{}`.", take.name, take.field));
    }
    sentences
}

fn look_up(look_up: &LookUp) -> String {
    let keys: Vec<String> = look_up.keys.iter().map(|key| format!("`{key}`")).collect();
    let otherwise = match look_up.otherwise {
        Otherwise::Hold => "who has no row is held",
        Otherwise::Ask => "who has no row is held until a person approves to go without",
        Otherwise::Stop => "who has no row stops everything",
    };
    format!(
        "`{}` is the column `{}` of {}, found by {}; {otherwise}.",
        look_up.name,
        look_up.column,
        look_up.table.file(),
        keys.join(" and ")
    )
}

fn record(rule: &RecordRule) -> Vec<String> {
    let yes = |flag: bool, what: &str, not: &str| if flag { what.to_owned() } else { not.to_owned() };
    let mut sentences = vec![
        yes(
            rule.create,
            "A person whom GP does not have becomes a new record.",
            "It creates nothing: who is not in GP is held.",
        ),
        yes(rule.update, "A record that differs is changed.", "An existing record is never changed."),
        match rule.on_leave {
            OnLeave::Inactive => "Who leaves becomes inactive; nobody is deleted.".to_owned(),
            OnLeave::Keep => "Who leaves stays as they are.".to_owned(),
        },
    ];
    for matched in &rule.matches {
        let field = matched.field.as_deref().unwrap_or("key");
        sentences.push(format!("An existing record whose {field} is the person's `{}` is taken over.", matched.name));
    }
    sentences
}

fn check(check: &Check) -> String {
    let what = match &check.rule {
        CheckRule::DebitsEqualCredits => "Debits equal credits".to_owned(),
        CheckRule::AccountsExistAndAreActive => "Every account exists in GP and is active".to_owned(),
        CheckRule::CostCentresAreValid => "Every cost centre is a valid one of GP".to_owned(),
        CheckRule::PeriodIsOpen => "The fiscal period is open".to_owned(),
        CheckRule::NotSentBefore => "Nothing is sent twice".to_owned(),
        CheckRule::Expect { expression, say } => format!("`{}` (else: {say})", expression.source().trim()),
        CheckRule::Script { file, .. } => format!("The script {file} finds nothing"),
    };
    let otherwise = match check.otherwise {
        Otherwise::Hold => "else the journal is held",
        Otherwise::Ask => "else a person is asked",
        Otherwise::Stop => "else everything stops",
    };
    format!("{what}; {otherwise}.")
}

fn unresolved(pipeline: &Pipeline) -> Vec<String> {
    if !matches!(pipeline.make, Make::Journal(_)) {
        return Vec::new();
    }
    let mut sentences = vec![match &pipeline.unresolved {
        Unresolved::HoldJournal => {
            "One person whose cost cannot be known holds the whole journal, with the reason.".to_owned()
        }
        Unresolved::HoldEmployee => {
            "The journal goes without people whose cost cannot be known, and says whom.".to_owned()
        }
        Unresolved::Suspense(account) => {
            format!("Cost without a look-up's answer goes to {}; anything else holds the journal.", account.as_str())
        }
    }];
    if let Some(privacy) = &pipeline.privacy {
        sentences.push(format!("A line for fewer than {} people goes up to the parent.", privacy.minimum_people));
    }
    sentences
}

fn sending(pipeline: &Pipeline) -> Vec<String> {
    let to = match pipeline.send.to {
        Target::GeneralLedger => "It goes to GP's general ledger as unposted work; only a person in GP posts it.",
        Target::Vendors => "It goes to GP's vendors.",
        Target::Employees => "It goes to GP's employees.",
    };
    let after = match pipeline.send.after_approval {
        true => "Nothing is sent before a person approved exactly this plan.",
        false => "It is sent when the checks hold.",
    };
    let mut sentences = vec![to.to_owned(), after.to_owned()];
    if matches!(pipeline.make, Make::Journal(_)) && pipeline.corrections.look_back > 0 {
        sentences.push(format!(
            "Changes in up to {} periods that were sent before are booked as the difference only; of a closed period, in the oldest open one.",
            pipeline.corrections.look_back
        ));
    }
    if pipeline.corrections.replace_unposted.is_some() {
        sentences.push(
            "Our own journal that GP has not posted is written anew instead of a second one beside it.".to_owned(),
        );
    }
    if let Some(corrects) = &pipeline.corrects {
        sentences.push(format!("It corrects what `{corrects}` sent, in the same ledger."));
    }
    sentences
}
