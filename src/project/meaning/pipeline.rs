//! One pipeline, put together.

use super::calendar::Schedules;
use super::journal::{self, Given};
use super::sources::From;
use super::tables::Tables;
use super::unresolved::{corrections, unresolved};
use super::{Page, ShapedFile};
use super::{accrual, checks, look_ups, pay, rates, record, schedule, sources, unlikely};
use crate::ledger::RecordKind;
use crate::project::expression::Wanted;
use crate::project::finding::{Finding, did_you_mean};
use crate::project::pipeline::{
    Corrections, JournalRule, LookUp, Make, Pay, PeriodRule, Pipeline, Send, Source, Target, WorkCalendar,
};
use crate::project::shape::Entries;
use crate::project::shape::check::Shaped;
use crate::project::shape::pipeline as shape;
use crate::project::source::Files;
use std::sync::Arc;

/// What a pipeline reads beside its own file.
pub struct Around<'a> {
    pub files: &'a Files,
    pub tables: &'a mut Tables,
    /// Dimensions that project.yaml declares for GP; `None` when that is not known.
    pub dimensions: Option<&'a [String]>,
    pub company: Option<&'a str>,
    /// The companies that project.yaml lists; `None` when that is not known.
    pub companies: Option<&'a [String]>,
    pub schedules: &'a Schedules,
    /// Names of the payroll registers; `None` when that is not known.
    pub registers: Option<&'a [String]>,
    /// Hours and holidays; `None` where they are broken.
    pub work: Option<&'a Arc<WorkCalendar>>,
}

/// Whether it says nothing of what it makes: that is the pipeline's which it corrects.
pub fn only_corrects(shaped: &Shaped<shape::Pipeline>) -> bool {
    let raw = &shaped.value;
    let own = [
        ("/from", raw.from.is_some()),
        ("/keep", raw.keep.is_some()),
        ("/look_up", raw.look_up.is_some()),
        ("/pay", raw.pay.is_some()),
        ("/make", raw.make.is_some()),
        ("/check", raw.check.is_some()),
        ("/unresolved", raw.unresolved.is_some()),
        ("/privacy", raw.privacy.is_some()),
        ("/companies", raw.companies.is_some()),
    ];
    raw.corrects.is_some() && !own.iter().any(|(key, is_there)| *is_there || shaped.is_cut(key))
}

/// A pipeline that only corrects `other`, which has its meaning on a page of its own. `None` after an error in either.
pub fn correcting(
    shaped: &Shaped<shape::Pipeline>,
    (file, other): &ShapedFile,
    around: &mut Around<'_>,
    page: &mut Page<'_>,
) -> Option<Pipeline> {
    let raw = &shaped.value;
    let name = raw.pipeline.as_ref().filter(|name| page.slug(name));
    let every = match &raw.every {
        Some(every) => schedule::every(every, page).map(Some),
        None => Some(None),
    };
    let send = match &raw.send {
        Some(send) => self::send(send, other.value.make.as_ref(), page).map(Some),
        None => Some(None),
    };
    let corrections = match &raw.corrections {
        Some(_) => corrections(raw, page).map(Some),
        None => Some(None),
    };
    // What is wrong there is told there.
    let mut told = Vec::new();
    let borrowed = pipeline(other, around, &mut Page::new(file, &mut told))?;
    let (name, corrects) = (name?, raw.corrects.as_ref()?);
    Some(Pipeline {
        name: name.text.clone(),
        about: raw.about.as_ref().map(|about| about.text.clone()).unwrap_or_default(),
        place: name.key_place(page.file),
        every: every?,
        send: send?.unwrap_or(borrowed.send),
        corrections: corrections?.unwrap_or(borrowed.corrections),
        corrects: Some(corrects.text.clone()),
        only_corrects: true,
        ..borrowed
    })
}

/// What a pipeline that corrects another and makes something itself has to say as every other.
fn complete(raw: &shape::Pipeline, shaped: &Shaped<shape::Pipeline>, page: &mut Page<'_>) {
    let Some(corrects) = &raw.corrects else { return };
    let keys = [("from", raw.from.is_none()), ("make", raw.make.is_none()), ("send", raw.send.is_none())];
    for (key, missing) in keys {
        if missing && !shaped.is_cut(&format!("/{key}")) {
            let place = corrects.key_place(page.file);
            let message = format!("`{key}` is missing: what corrects another and says some of it has to say all of it");
            let help =
                format!("add `{key}`, or leave out all from `from` to `check`: it is then as `{}`", corrects.text);
            page.report(Finding::error("missing-key", place, message).help(help));
        }
    }
}

/// Compiles a pipeline. `None` after an error.
pub fn pipeline(shaped: &Shaped<shape::Pipeline>, around: &mut Around<'_>, page: &mut Page<'_>) -> Option<Pipeline> {
    let raw = &shaped.value;
    // What was cut out of these may have held names: unknown ones are then no finding of their own.
    page.names_are_missing = ["/from", "/look_up"].iter().any(|pointer| shaped.is_cut(pointer));
    complete(raw, shaped, page);
    let name = raw.pipeline.as_ref().filter(|name| page.slug(name));
    let every = match &raw.every {
        Some(every) => schedule::every(every, page).map(Some),
        None => Some(None),
    };
    let from = raw.from.as_ref().and_then(|from| sources::from(from, around.schedules, around.registers, page));
    page.names_are_missing |= from.is_none();
    let mut names = from.as_ref().map(|from| from.names.clone()).unwrap_or_default();
    let keep = match &raw.keep {
        Some(text) => page.expression(text, &names, Wanted::Truth).map(Some),
        None => Some(None),
    };
    let written: Vec<String> = raw.look_up.iter().flat_map(Entries::iter).map(|(name, _)| name.text.clone()).collect();
    let look_ups = match &raw.look_up {
        Some(raw) => look_ups::look_ups(raw, &mut names, around.tables, page),
        None => Vec::new(),
    };
    if let (Some(text), Some(Some(keep))) = (&raw.keep, &keep) {
        unlikely::values(text, keep, &look_ups, page);
    }
    let made = make(shaped, from.as_ref(), &names, &look_ups, &written, around, page);
    let checks = checks::checks(raw.check.as_deref().unwrap_or_default(), around.files, page);
    let send = raw.send.as_ref().and_then(|send| self::send(send, raw.make.as_ref(), page));
    let corrections = corrections(raw, page);
    let unresolved = unresolved(raw.unresolved.as_ref(), raw.make.as_ref(), page);
    let privacy = match &raw.privacy {
        Some(raw) => {
            let made = made.as_ref().map(|(make, _)| make);
            super::privacy::privacy(raw, made, &look_ups, around.tables, page).map(Some)
        }
        None => Some(None),
    };
    let companies = match &raw.companies {
        Some(raw) => {
            let given = super::companies::Given {
                make: made.as_ref().map(|(make, _)| make),
                look_ups: &look_ups,
                written: &written,
                unresolved: unresolved.as_ref(),
                known: around.companies,
            };
            super::companies::companies(raw, &given, page).map(Some)
        }
        None => Some(None),
    };
    cost_centres_have_a_dimension(raw, &look_ups, around, page);
    unused_look_ups(&look_ups, raw, made.as_ref().map(|(make, _)| make), page);
    let complete = look_ups.len() == written.len() && shaped.cut.is_empty();
    let (name, from, (make, pay)) = (name?, from?, made.filter(|_| complete)?);
    let accrues = matches!(&make, Make::Journal(rule) if rule.accrue().is_some());
    let says_when = raw.from.as_ref().is_some_and(|from| from.r#for.is_some());
    Some(Pipeline {
        name: name.text.clone(),
        about: raw.about.as_ref().map(|about| about.text.clone()).unwrap_or_default(),
        place: name.key_place(page.file),
        every: every?,
        source: from.source,
        register: from.register,
        period: if accrues && !says_when { PeriodRule::LastMonthEnd } else { from.period },
        calendar: from.calendar,
        take: from.take,
        keep: keep?,
        look_ups,
        pay,
        make,
        checks,
        send: send?,
        // Only an open month's accrual is corrected, in its own period: GP reverses the others.
        corrections: if accrues { Corrections { look_back: 0, ..corrections? } } else { corrections? },
        unresolved: unresolved?,
        corrects: raw.corrects.as_ref().map(|corrects| corrects.text.clone()),
        only_corrects: false,
        privacy: privacy?,
        companies: companies?,
    })
}

/// `make`, with the pay that a journal needs.
fn make(
    shaped: &Shaped<shape::Pipeline>,
    from: Option<&From>,
    names: &crate::project::value::Names,
    look_ups: &[LookUp],
    written: &[String],
    around: &mut Around<'_>,
    page: &mut Page<'_>,
) -> Option<(Make, Option<Pay>)> {
    let raw = &shaped.value;
    let pay = raw
        .pay
        .as_ref()
        .map(|raw| pay::pay(raw, &pay::Beside { names, look_ups, from, work: around.work }, around.tables, page));
    let make = raw.make.as_ref()?;
    let record = match (&make.journal, &make.vendor, &make.employee) {
        (Some(journal), None, None) => {
            source_fits(from, Source::PayrollCost, "a journal", "payroll-cost", raw, page);
            let Some(pay) = pay else {
                if !shaped.is_cut("/pay") {
                    let place = page.place(journal.at());
                    page.report(
                        Finding::error("missing-key", place, "a journal needs `pay`: how pay becomes cost")
                            .help("add `pay: { salaried: { prorate: working days } }`"),
                    );
                }
                return None;
            };
            let pay = pay.filter(|_| !shaped.is_cut("/pay"))?;
            let calendar = from.map(|from| &*from.calendar);
            let accrue = match &make.accrue {
                Some(raw_accrue) => Some(accrual::accrue(raw_accrue, raw, from, page)?),
                None => None,
            };
            let given = Given { pay: &pay, look_ups, written, company: around.company, calendar, accrue };
            // A line that was cut out is missing in the proof, not in the project.
            let cut = shaped.is_cut("/make/journal");
            let before = page.findings.len();
            let journal = journal::journal(journal, &given, page);
            if cut {
                let mut position = 0;
                page.findings.retain(|finding| {
                    position += 1;
                    position <= before || !["not-booked", "one-of"].contains(&finding.code)
                });
            }
            let rates = match &make.rates {
                Some(raw) => Some(rates::rates(raw, around.tables, page)?),
                None => None,
            };
            return Some((Make::Journal(JournalRule { rates, ..journal? }), Some(pay)));
        }
        (None, Some(vendor), None) => (RecordKind::Vendor, vendor),
        (None, None, Some(employee)) => (RecordKind::Employee, employee),
        _ if shaped.is_cut("/make") => return None,
        _ => {
            let place = page.place(make.at());
            let message = "`make` needs exactly one of `journal`, `vendor` and `employee`";
            page.report(Finding::error("one-of", place, message).help("one pipeline makes one kind of document"));
            return None;
        }
    };
    let amounts =
        [("rates", make.rates.as_ref().map(shape::Rates::at)), ("accrue", make.accrue.as_ref().map(shape::Accrue::at))];
    for (name, at) in amounts {
        if let Some(at) = at {
            let finding = Finding::error("unused-part", page.place(at), format!("`{name}` goes with a journal"));
            page.report(finding.help("remove it: a record carries no amounts"));
        }
    }
    source_fits(from, Source::Employees, "a record", "employees", raw, page);
    if let Some(pay) = &raw.pay {
        let finding = Finding::error("unused-part", page.place(pay.at()), "`pay` goes with a journal");
        page.report(finding.help("remove it: a record carries no pay"));
    }
    record::record(record.0, record.1, names, look_ups, page).map(|record| (Make::Record(record), None))
}

fn source_fits(
    from: Option<&From>,
    wanted: Source,
    what: &str,
    word: &str,
    raw: &shape::Pipeline,
    page: &mut Page<'_>,
) {
    if let (Some(from), Some(raw)) = (from, &raw.from)
        && from.source != wanted
    {
        let place = page.place(raw.at());
        let message = format!("{what} is made from `{word}`");
        page.report(Finding::error("source-does-not-fit", place, message).help(format!("write `bamboohr: {word}`")));
    }
}

fn send(raw: &shape::Send, make: Option<&shape::Make>, page: &mut Page<'_>) -> Option<Send> {
    let to = raw.to.as_ref()?;
    let target = match to.value {
        shape::Target::GeneralLedger => Target::GeneralLedger,
        shape::Target::Vendors => Target::Vendors,
        shape::Target::Employees => Target::Employees,
    };
    let fitting = make.and_then(|make| match (&make.journal, &make.vendor, &make.employee) {
        (Some(_), None, None) => Some((Target::GeneralLedger, "gp general ledger", "a journal")),
        (None, Some(_), None) => Some((Target::Vendors, "gp vendors", "a vendor")),
        (None, None, Some(_)) => Some((Target::Employees, "gp employees", "an employee")),
        _ => None,
    });
    if let Some((_, word, what)) = fitting.filter(|(fitting, ..)| *fitting != target) {
        let place = page.place(to.spot);
        let message = format!("{what} does not go there");
        page.report(Finding::error("send-does-not-fit", place, message).help(format!("write `to: {word}`")));
        return None;
    }
    if let Some(how) = raw.r#as.as_ref().filter(|_| target != Target::GeneralLedger) {
        let place = page.place(how.spot);
        page.report(Finding::error("unused-part", place, "only a journal goes into a batch").help("remove `as`"));
    }
    Some(Send { to: target, after_approval: raw.after? == shape::After::Approval })
}

/// `cost centres are valid` asks GP for the values of a dimension: it has to be named.
fn cost_centres_have_a_dimension(raw: &shape::Pipeline, look_ups: &[LookUp], around: &Around<'_>, page: &mut Page<'_>) {
    let asks = |check: &&shape::Check| check.rule == Some(shape::Rule::CostCentresAreValid);
    let Some(check) = raw.check.iter().flatten().find(asks) else { return };
    let Some(dimensions) = around.dimensions else { return };
    let some = look_ups.iter().any(|look_up| dimensions.contains(&look_up.name));
    if !some && !page.names_are_missing && !look_ups.is_empty() {
        let names: Vec<&str> = look_ups.iter().map(|look_up| look_up.name.as_str()).collect();
        let message = "GP does not know which dimension these cost centres are in";
        let name = names.first().copied().unwrap_or("cost_centre");
        let help = did_you_mean(name, &dimensions.iter().map(String::as_str).collect::<Vec<_>>())
            .filter(|help| help.starts_with("did you mean"))
            .unwrap_or_else(|| {
                format!("add `dimensions: {{ {name}: {{ segment: 3 }} }}` under `connections: gp` in project.yaml")
            });
        page.report(Finding::error("unknown-dimension", page.place(check.own_spot), message).help(help));
    }
}

/// A look-up that nothing reads: its holds would come as a surprise.
fn unused_look_ups(look_ups: &[LookUp], raw: &shape::Pipeline, make: Option<&Make>, page: &mut Page<'_>) {
    let Some(make) = make else { return };
    let named = raw.companies.as_ref().map(|companies| [&companies.route, &companies.paid_by]);
    let routes: Vec<&str> = named.iter().flatten().copied().flatten().map(|text| text.text.as_str()).collect();
    for look_up in look_ups {
        let is_key = look_ups.iter().any(|other| other.keys.contains(&look_up.name));
        let position = look_ups.iter().position(|other| other.name == look_up.name);
        let is_read = match make {
            Make::Journal(journal) => {
                let templates = [&journal.batch, &journal.reference];
                let accounts = journal.lines.iter().map(|line| &line.account);
                templates
                    .into_iter()
                    .chain(journal.date_template())
                    .chain(accounts)
                    .any(|template| template.names().contains(&look_up.name))
                    || journal.lines.iter().any(|line| line.for_each == position)
                    || matches!(journal.one_per, crate::project::pipeline::OnePer::LookUp(at) if Some(at) == position)
            }
            Make::Record(record) => {
                let templates = record.set.iter().map(|set| &set.template);
                std::iter::once(&record.id).chain(templates).any(|template| template.names().contains(&look_up.name))
                    || record.matches.iter().any(|matching| matching.name == look_up.name)
            }
        };
        if !is_key && !is_read && !routes.contains(&look_up.name.as_str()) {
            let message = format!("nothing reads the look-up `{}`", look_up.name);
            let finding = Finding::warning("unused-look-up", look_up.place.clone(), message);
            page.report(
                finding.help("people whom it cannot resolve are held all the same; remove it if it is not needed"),
            );
        }
    }
}
