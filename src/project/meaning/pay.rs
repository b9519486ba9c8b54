//! `pay`: how pay becomes cost.

use super::Page;
use super::register_pay::{self, Registered};
use super::sources::From;
use super::tables::Tables;
use super::{burden, projects, split, work_week};
use crate::hr::PayCalendar;
use crate::project::finding::Finding;
use crate::project::pipeline::{
    Amount, EarningHow, EarningRule, Holidays, Hourly, Leave, LookUp, Overtime, Pay, PayMeaning, PayPeriod, Prorate,
    Unapproved, WorkCalendar,
};
use crate::project::shape::Text;
use crate::project::shape::pipeline as shape;
use crate::project::value::Names;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What `pay` is compiled beside.
#[derive(Clone, Copy)]
pub struct Beside<'b> {
    pub names: &'b Names,
    pub look_ups: &'b [LookUp],
    /// The pipeline's source; `None` where it is broken.
    pub from: Option<&'b From>,
    /// The project's hours and holidays; `None` where they are broken.
    pub work: Option<&'b Arc<WorkCalendar>>,
}

/// The divisor of a yearly rate: as written, else as the pipeline's periods say; the two have to agree.
fn divisor(raw: &shape::Pay, calendar: Option<&PayCalendar>, page: &mut Page<'_>) -> Option<PayPeriod> {
    let all = [
        PayPeriod::Monthly,
        PayPeriod::SemiMonthly,
        PayPeriod::Biweekly,
        PayPeriod::Weekly,
        PayPeriod::Quarterly,
        PayPeriod::Daily,
    ];
    let natural = calendar.and_then(PayCalendar::a_year);
    let natural = natural.and_then(|a_year| all.into_iter().find(|period| period.a_year() == a_year));
    match (raw.period, natural) {
        (None, Some(natural)) => Some(natural),
        (None, None) if calendar.is_none() => Some(PayPeriod::Monthly),
        (None, None) => {
            let finding = Finding::error("missing-key", page.place(raw.at()), "these periods need their `period`");
            page.report(finding.help("what a yearly rate is divided by: `period: biweekly`, for example"));
            None
        }
        (Some(written), natural) => {
            let period = pay_period(written.value);
            if natural.is_some_and(|natural| natural != period) && calendar.is_some() {
                let (code, periods) = match calendar {
                    Some(PayCalendar::Months) => ("period-is-a-month", "calendar months".to_owned()),
                    _ => {
                        let a_year = natural.map_or_else(String::new, |natural| natural.a_year().to_string());
                        ("period-does-not-fit", format!("{a_year} a year"))
                    }
                };
                let message = format!("a yearly rate is divided by {}, but periods are {periods}", period.a_year());
                let finding = Finding::warning(code, page.place(written.spot), message);
                page.report(finding.help("a journal costs its own period: remove `period`, or name the schedule under `from: { periods: … }`"));
            }
            Some(period)
        }
    }
}

/// Compiles `pay`. `None` after an error.
pub fn pay(raw: &shape::Pay, beside: &Beside<'_>, tables: &mut Tables, page: &mut Page<'_>) -> Option<Pay> {
    let Beside { names, look_ups, .. } = *beside;
    let calendar = beside.from.map(|from| &*from.calendar);
    let from_rates = beside.from.is_none_or(|from| from.rates);
    let books_wages = raw.wages.is_none();
    if !books_wages {
        wages_elsewhere(raw, page)?;
    }
    // A register alone divides no rate.
    let period = if from_rates { divisor(raw, calendar, page) } else { Some(PayPeriod::Monthly) };
    let registered = register_pay::register_pay(raw, beside.from, page);
    let work = beside.work.cloned();
    let prorate = prorate(raw, work.as_deref(), page);
    let mut given = work_week::Given { names, look_ups, tables };
    let work_weeks = raw.work_week.as_ref().map(|raw| work_week::work_weeks(raw, &mut given, page));
    if let Some(raw_week) = raw.work_week.as_ref().filter(|_| raw.leave.is_none() && prorate != Some(Prorate::Hours)) {
        let place = page.place(raw_week.at());
        let finding =
            Finding::error("unused-part", place, "nothing is counted in hours here: `work_week` decides nothing");
        page.report(finding.help("write `salaried: { prorate: hours }`, or remove it"));
    }
    let off = work.as_deref().and_then(|work| off(raw.salaried.as_ref(), work, &mut given, page));
    let earnings = earnings(raw, page);
    let hourly = hourly(raw.hourly.as_ref(), earnings.as_deref(), tables, page);
    let mut known = Vec::new();
    if from_rates && books_wages {
        known.push(("regular".to_owned(), Amount::Regular));
    }
    if from_rates && books_wages && hourly.as_ref().is_none_or(|hourly| hourly.overtime.is_some()) {
        known.push(("overtime".to_owned(), Amount::Overtime));
    }
    let own = earnings.iter().flatten().enumerate();
    known.extend(own.map(|(at, earning)| (earning.name.clone(), Amount::Code(at))));
    let burdens = burden::burdens(raw, &mut burden::Given { earnings: &known, names, tables, calendar }, page);
    let leave = leave(raw.leave.as_ref(), page);
    for (name, _) in raw.burden.iter().flat_map(|all| all.iter()).filter(|(_, burden)| burden.liability.is_some()) {
        if !from_rates {
            let message = "what time off is worth goes by rates, and this pipeline reads none";
            page.error("missing-key", name, message, Some("add `bamboohr: payroll-cost` under `from`".to_owned()));
            return None;
        }
    }
    let split = match &raw.split {
        Some(raw) => Some(split::split(raw, &mut split::Given { names, look_ups, tables }, page)?),
        None => None,
    };
    let schedules: BTreeMap<String, PayPeriod> = raw
        .schedules
        .iter()
        .flat_map(|schedules| schedules.iter())
        .map(|(name, period)| (name.text.clone(), pay_period(*period)))
        .collect();
    let Registered { withheld, control, ignored_codes } = registered?;
    Some(Pay {
        from_rates,
        books_wages,
        period: period?,
        prorate: prorate?,
        off: off?,
        work: work?,
        work_weeks: match work_weeks {
            Some(weeks) => Some(weeks?),
            None => None,
        },
        hourly: hourly?,
        earnings: earnings?,
        ignored_payments: texts(raw.ignore_payments.as_deref().unwrap_or_default()),
        types: types(raw),
        leave: leave?,
        split,
        burdens: burdens?,
        withheld,
        control,
        ignored_codes,
        schedules,
    })
}

/// Without wages there is nothing that a rate, an amount per head or a table could go by.
fn wages_elsewhere(raw: &shape::Pay, page: &mut Page<'_>) -> Option<()> {
    let before = page.findings.len();
    let parts = [
        ("salaried", raw.salaried.as_ref().map(shape::Salaried::at)),
        ("hourly", raw.hourly.as_ref().map(shape::Hourly::at)),
        ("leave", raw.leave.as_ref().map(shape::Leave::at)),
        ("work_week", raw.work_week.as_ref().map(shape::WorkWeek::at)),
    ];
    for (name, at) in parts {
        if let Some(at) = at {
            let finding = Finding::error("unused-part", page.place(at), format!("`{name}` goes with wages"));
            page.report(finding.help("remove it, or `wages: elsewhere`"));
        }
    }
    for (name, _) in raw.earnings.iter().flat_map(|all| all.iter()) {
        let help = "remove it, or `wages: elsewhere`".to_owned();
        page.error(
            "unused-part",
            name,
            format!("`{}` is a wage, and wages are booked elsewhere", name.text),
            Some(help),
        );
    }
    for (name, burden) in raw.burden.iter().flat_map(|all| all.iter()) {
        if burden.liability.is_none() {
            let message = format!("`{}` goes by wages, and wages are booked elsewhere", name.text);
            let help = "book it where the wages are; here only a `liability` has a meaning".to_owned();
            page.error("unused-part", name, message, Some(help));
        }
    }
    if raw.burden.is_none() {
        let place = page.place(raw.wages.map(|wages| wages.spot).unwrap_or_default());
        let finding =
            Finding::error("missing-key", place, "wages are booked elsewhere, and nothing else is booked here");
        page.report(finding.help("add `burden: { vacation: { liability: { of: [Vacation] } } }`"));
    }
    (page.findings.len() == before).then_some(())
}

fn prorate(raw: &shape::Pay, work: Option<&WorkCalendar>, page: &mut Page<'_>) -> Option<Prorate> {
    let Some(written) = raw.salaried.as_ref().and_then(|raw| raw.prorate) else { return Some(Prorate::WorkingDays) };
    match written.value {
        shape::Prorate::WorkingDays => Some(Prorate::WorkingDays),
        shape::Prorate::CalendarDays => Some(Prorate::CalendarDays),
        shape::Prorate::Hours if raw.work_week.is_none() && work.is_some_and(|work| work.week.is_none()) => {
            let finding =
                Finding::error("missing-key", page.place(written.spot), "nobody says how many hours a day has");
            page.report(finding.help(
                "add `calendar: { week: { monday: 8, tuesday: 8, wednesday: 8, thursday: 8, friday: 8 } }` to project.yaml, or `work_week: { in: TABLE }`",
            ));
            None
        }
        shape::Prorate::Hours => Some(Prorate::Hours),
    }
}

/// The days that count nothing.
fn off(
    raw: Option<&shape::Salaried>,
    work: &WorkCalendar,
    given: &mut work_week::Given<'_>,
    page: &mut Page<'_>,
) -> Option<Holidays> {
    match raw.and_then(|raw| raw.holidays) {
        Some(written) if written.value == shape::Holidays::DoNotCount => {
            let written = Text { text: String::new(), spot: written.spot, key: None };
            work_week::holidays(work, &written, given, page)
        }
        _ => Some(Holidays::default()),
    }
}

fn pay_period(raw: shape::PayPeriod) -> PayPeriod {
    match raw {
        shape::PayPeriod::Monthly => PayPeriod::Monthly,
        shape::PayPeriod::SemiMonthly => PayPeriod::SemiMonthly,
        shape::PayPeriod::Biweekly => PayPeriod::Biweekly,
        shape::PayPeriod::Weekly => PayPeriod::Weekly,
        shape::PayPeriod::Quarterly => PayPeriod::Quarterly,
        shape::PayPeriod::Daily => PayPeriod::Daily,
    }
}

fn hourly(
    raw: Option<&shape::Hourly>,
    earnings: Option<&[EarningRule]>,
    tables: &mut Tables,
    page: &mut Page<'_>,
) -> Option<Hourly> {
    let Some(raw) = raw else { return Some(Hourly { overtime: None, unapproved: Unapproved::Hold, projects: None }) };
    let unapproved = match raw.unapproved {
        None | Some(shape::Unapproved::Hold) => Unapproved::Hold,
        Some(shape::Unapproved::Pay) => Unapproved::Pay,
    };
    let projects = match &raw.projects {
        Some(projects) => Some(projects::projects(projects, earnings, tables, page)?),
        None => None,
    };
    let overtime = match &raw.overtime {
        Some(overtime) => Some(self::overtime(overtime, page)?),
        None => None,
    };
    Some(Hourly { overtime, unapproved, projects })
}

fn overtime(raw: &shape::Overtime, page: &mut Page<'_>) -> Option<Overtime> {
    let above = raw.above_weekly.as_ref().and_then(|text| in_range(text, Decimal::ZERO, Decimal::from(168), page));
    if let (Some(text), Some(hours)) = (&raw.above_weekly, above)
        && hours < Decimal::from(20)
        && !hours.is_zero()
    {
        let message = format!("overtime from {hours} hours a week on");
        let finding = Finding::warning("unlikely-rate", text.place(page.file), message);
        page.report(finding.help("`above_weekly` is a week's hours; hours a day are not counted"));
    }
    let at = raw.at.as_ref().and_then(|text| in_range(text, Decimal::ONE, Decimal::TEN, page));
    Some(Overtime { above_weekly: above?, at: at? })
}

pub(super) fn in_range(text: &Text, least: Decimal, most: Decimal, page: &mut Page<'_>) -> Option<Decimal> {
    let number = page.decimal(text)?;
    if number < least || number > most {
        page.error("not-a-number", text, format!("`{}` is not between {least} and {most}", text.text), None);
        return None;
    }
    Some(number)
}

/// The customer's own earnings.
fn earnings(raw: &shape::Pay, page: &mut Page<'_>) -> Option<Vec<EarningRule>> {
    let mut earnings: Vec<EarningRule> = Vec::new();
    let mut good = true;
    for (name, earning) in raw.earnings.iter().flat_map(|earnings| earnings.iter()) {
        let free = page.identifier(name) && {
            let taken = super::names::is_reserved(&name.text);
            if taken {
                let message = format!("`{}` has a meaning of its own", name.text);
                page.error("bad-name", name, message, Some("choose another name".to_owned()));
            }
            !taken
        };
        match (free, how(name, earning, &earnings, page)) {
            (true, Some(how)) => {
                earnings.push(EarningRule { name: name.text.clone(), how, place: name.place(page.file) });
            }
            _ => good = false,
        }
    }
    good.then_some(earnings)
}

fn how(name: &Text, raw: &shape::Earning, before: &[EarningRule], page: &mut Page<'_>) -> Option<EarningHow> {
    match (&raw.hours, &raw.payments, &raw.register) {
        (None, None, Some(codes)) => {
            no_multiplier(raw, "an amount of the register is an amount, not hours", page)?;
            Some(EarningHow::Register { codes: texts(codes) })
        }
        (Some(codes), None, None) => {
            let Some(at) = &raw.at else {
                let message = format!("`{}` needs `at`: what the rate is multiplied by", name.text);
                page.error("missing-key", name, message, Some("for example `at: 1.25`".to_owned()));
                return None;
            };
            let on_top = raw.on_top.is_some_and(|flag| flag.0);
            let least = if on_top { Decimal::ZERO } else { Decimal::new(1, 2) };
            let at = in_range(at, least, Decimal::TEN, page)?;
            named_once(codes, before, page)?;
            Some(EarningHow::Hours {
                codes: texts(codes),
                at,
                on_top,
                counts_for_overtime: raw.counts_for_overtime.is_none_or(|flag| flag.0),
            })
        }
        (None, Some(types), None) => {
            no_multiplier(raw, "a payment is an amount, not hours", page)?;
            named_once(types, before, page)?;
            Some(EarningHow::Payments { types: texts(types) })
        }
        _ => {
            let message = format!("`{}` needs exactly one of `hours`, `payments` and `register`", name.text);
            let help = "for example `{ hours: [Night], at: 1.25 }` or `{ payments: [Bonus] }`".to_owned();
            page.error("one-of", name, message, Some(help));
            None
        }
    }
}

fn no_multiplier(raw: &shape::Earning, message: &str, page: &mut Page<'_>) -> Option<()> {
    if let Some(at) = &raw.at {
        page.error("unused-part", at, message, Some("remove `at`".to_owned()));
        return None;
    }
    Some(())
}

pub(super) fn texts(list: &[Text]) -> Vec<String> {
    list.iter().map(|text| text.text.clone()).collect()
}

/// A code that two earnings name would be paid twice.
fn named_once(codes: &[Text], before: &[EarningRule], page: &mut Page<'_>) -> Option<()> {
    for (at, code) in codes.iter().enumerate() {
        let other = before.iter().find(|earning| match &earning.how {
            EarningHow::Hours { codes: known, .. } | EarningHow::Payments { types: known } => {
                known.contains(&code.text)
            }
            EarningHow::Register { .. } => false,
        });
        let same = codes[..at].iter().any(|known| known.text == code.text);
        if other.is_some() || same {
            let message = format!("`{}` is named twice and would be paid twice", code.text);
            let finding = Finding::error("booked-twice", code.place(page.file), message).help("keep it in one earning");
            let finding = match other {
                Some(other) => finding.related(other.place.clone(), "also named here"),
                None => finding,
            };
            page.report(finding);
            return None;
        }
    }
    Some(())
}

fn types(raw: &shape::Pay) -> BTreeMap<String, PayMeaning> {
    let meaning = |raw: &shape::PayMeaning| match raw {
        shape::PayMeaning::Salary => PayMeaning::Salary,
        shape::PayMeaning::Hourly => PayMeaning::Hourly,
        shape::PayMeaning::Pieces => PayMeaning::Pieces,
        shape::PayMeaning::NoBasePay => PayMeaning::NoBasePay,
    };
    let entries = raw.types.iter().flat_map(|types| types.iter());
    entries.map(|(name, raw)| (name.text.clone(), meaning(raw))).collect()
}

fn leave(raw: Option<&shape::Leave>, page: &mut Page<'_>) -> Option<Option<Leave>> {
    let Some(raw) = raw else { return Some(None) };
    let (paid, unpaid) = (raw.paid.as_deref().unwrap_or_default(), raw.unpaid.as_deref().unwrap_or_default());
    if let Some(both) = unpaid.iter().find(|unpaid| paid.iter().any(|paid| paid.text == unpaid.text)) {
        let message = format!("`{}` is both paid and unpaid", both.text);
        page.error("one-of", both, message, Some("keep it in one of the lists".to_owned()));
        return None;
    }
    Some(Some(Leave { paid: texts(paid), unpaid: texts(unpaid) }))
}
