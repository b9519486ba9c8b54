//! The labour cost of a period: every person's earnings and burdens, rounded once, split to the cent.

use super::accrual::Stretch;
use super::allocation::distribute;
use super::benefit;
use super::burden;
use super::centre::{CentreId, Centres};
use super::days::Units;
use super::earning::{Own, Part, PayContext, PersonPay, Problem, earn};
use super::exchange::{self, Unconverted};
use super::facts::Facts;
use super::hold::{Hold, HoldCode, Warning};
use super::hourly;
use super::journal::JournalKey;
use super::keep::Keep;
use super::liability;
use super::payment;
use super::people::{OnePerson, PeopleRows};
use super::privacy::RolledUp;
use super::register;
use super::row_words;
use super::segment::{Cut, LookUps, Segment};
use super::spell::{self, Spell};
use super::split;
use super::wage_base::WageBase;
use super::words;
use crate::hr::{Employee, Period};
use crate::ledger::exact::TooLarge;
use crate::ledger::{Currency, Exact, Minor};
use crate::project::Pipeline;
use crate::project::pipeline::{Amount, Make, Pay, Rates, Unresolved};
use std::collections::BTreeMap;

/// A rounded part of one person's cost: the atom that journal lines add up and that lineage leads to.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    pub person: u32,
    /// Position in [`Costs::segments`]; a burden names the first segment of its cost centre.
    pub segment: u32,
    pub centre: CentreId,
    pub amount: Amount,
    pub currency: Currency,
    /// Row of the split table; 0 where nobody shares the cost, and for burdens.
    pub split_row: u32,
    /// Before rounding; for a burden, its weight's share is not kept and this is the rounded amount itself.
    pub exact: Exact,
    pub rounded: Minor,
}

/// What a period costs.
#[derive(Debug, Default)]
pub struct Costs {
    pub segments: Vec<Segment>,
    pub centres: Centres,
    /// In the order of people, earnings before burdens.
    pub shares: Vec<Share>,
    pub holds: Vec<Hold>,
    /// Reasons that keep a person out of the journal instead of holding it (`unresolved: hold employee`).
    pub left_out: Vec<Hold>,
    /// Reasons that approval releases, though every amount is known.
    pub asks: Vec<Hold>,
    /// Lines that are booked under another value of their look-up, because few people are behind them.
    pub rolled_up: RolledUp,
    /// By position in `shares`, what was converted into the company's currency.
    pub converted_from: BTreeMap<usize, exchange::Money>,
    pub warnings: Vec<Warning>,
    /// People employed at least one day of the period, held ones included.
    pub headcount: u64,
    /// Whether anybody is paid by the hour in the period.
    pub has_hourly: bool,
}

impl Costs {
    /// The value that a line of a centre is rolled up to in a journal, where it is.
    pub fn rolled_up_to(&self, key: &JournalKey, line: usize, centre: Option<CentreId>) -> Option<&str> {
        if self.rolled_up.is_empty() {
            return None;
        }
        self.rolled_up.get(&(key.clone(), line, centre?)).map(String::as_str)
    }

    /// One person's reason: it holds the journal, or leaves the person out of it, as the pipeline says.
    fn keep_back(&mut self, pipeline: &Pipeline, hold: Hold) {
        match pipeline.unresolved {
            Unresolved::HoldEmployee => self.left_out.push(hold),
            Unresolved::HoldJournal | Unresolved::Suspense(_) => self.holds.push(hold),
        }
    }
}

/// Computes the labour cost of a stretch of days for the people that the pipeline keeps. `wages`: the wages of the year
/// before the period, for burdens with a wage base; `None` computes the wages alone.
pub fn labour_cost(
    pipeline: &Pipeline,
    pay: &Pay,
    stretch: Stretch<'_>,
    facts: &Facts,
    wages: Option<&WageBase>,
) -> Costs {
    let look_ups = LookUps::new(pipeline, facts);
    let period = stretch.days;
    let units = Units::of_period(pay, stretch.of);
    let context = PayContext {
        pay,
        period,
        whole: stretch.of,
        units,
        period_units: units.between(stretch.of.first_day, stretch.of.last_day),
        look_ups: &look_ups,
        wages,
    };
    let mut costs = Costs::default();
    let mut keep = Keep::new(pipeline, facts);
    let mut person_pay = PersonPay::default();
    let mut cut = Cut { has_splits: pay.split.is_some(), ..Cut::default() };
    for mut rows in PeopleRows::new(facts, period) {
        if !pay.from_rates {
            // A change of a rate that nobody reads cuts no segment.
            rows.rows.pay = &[];
        }
        let employee = rows.rows.employee();
        if employee.hire_date.is_none() && employee.termination_date.is_none_or(|left| left >= period.first_day) {
            let kept = rows.rows.on_day(None, None, None);
            if keep.holds(kept, &mut costs.holds) {
                let problem = Problem::Pay(HoldCode::HireDateMissing, String::new());
                costs.keep_back(pipeline, words::problem(pipeline, facts, employee, &problem));
                costs.headcount += 1;
            }
            continue;
        }
        person_pay.clear();
        spell::spells(facts, &rows, &mut person_pay.spells);
        let first = cut.segments.len();
        cut.splits.clear();
        let mut days: Vec<Spell> = person_pay.spells.iter().filter_map(|spell| spell::within(*spell, period)).collect();
        let is_employed = !days.is_empty();
        costs.warnings.extend(row_words::back_unsaid(facts, &rows));
        if let Some(last) = register::left_before(pipeline, facts, rows.registers, &person_pay.spells, period)
            && !is_employed
        {
            days.push((last, last));
        }
        if days.is_empty() {
            paid_as_a_stranger(pipeline, pay, &rows, (&person_pay.spells, period), &mut keep, &mut costs);
            continue;
        }
        for days in days {
            let (centres, holds) = (&mut costs.centres, &mut costs.holds);
            look_ups.cut(&rows.rows, days, period, centres, |person| keep.holds(person, holds), &mut cut);
        }
        if cut.segments.len() == first {
            costs.warnings.extend(words::not_kept(pipeline, facts, &rows));
            continue;
        }
        if is_employed {
            costs.headcount += 1;
        } else {
            costs.warnings.push(words::paid_after_leaving(facts, employee));
        }
        costs.warnings.extend(row_words::row_warnings(facts, &rows, &person_pay.spells));
        person_pay.problems.extend(cut.unresolved.drain(..).map(Problem::LookUp));
        if wages.is_some() && pay.liabilities().next().is_some() {
            let (opening, closing) = liability::days(period);
            let mut counts = |day| {
                let holds = &mut costs.holds;
                liability::counts_on(&rows, &person_pay.spells, day, |person| keep.holds(person, holds))
            };
            person_pay.balances_count = (counts(opening), counts(closing));
        }
        let own = Own { person: &rows, segments: &cut.segments[first..], base: first as u32 };
        earn(&context, &own, &mut costs.centres, &mut person_pay);
        if wages.is_some() {
            benefit::ask(&context, &own, &mut person_pay);
            burden::ask_tables(&context, &own, &mut person_pay);
        }
        if cut.has_splits {
            split::expand(&context, &own, &cut.splits, &mut person_pay);
        }
        if wages.is_none() {
            wherever_it_lands(pipeline, &mut person_pay, &mut costs.centres);
        }
        costs.has_hourly |= person_pay.hourly;
        costs.warnings.extend(words::pay_warnings(facts, employee, &person_pay));
        if person_pay.problems.is_empty() || in_suspense(pipeline, facts, &mut person_pay, employee, &mut costs) {
            book(&context, facts, pipeline, rows.rows.person, &person_pay, &mut costs);
        } else {
            for problem in &person_pay.problems {
                costs.keep_back(pipeline, words::problem(pipeline, facts, employee, problem));
            }
        }
    }
    costs.segments = cut.segments;
    costs.holds.extend(words::stray_rows_of(pipeline, facts, period, pay));
    if wages.is_some() {
        costs.holds.extend(liability::lacks(pipeline, pay, period, facts));
        costs.holds.extend(benefit::lacks(pipeline, pay, period, facts));
        costs.warnings.extend(benefit::read_late(pay, period, facts));
    }
    let others = register::other_dates(pipeline, period, facts);
    costs.warnings.extend(others.into_iter().map(|(file, lines)| words::register_other_dates(file, lines, period)));
    costs.holds.extend(register::lacks(pipeline, pay, period, facts).into_iter().map(words::register_lacks));
    costs
}

/// What somebody earned does not depend on where it is booked: wages alone are known without a cost centre.
fn wherever_it_lands(pipeline: &Pipeline, person: &mut PersonPay, centres: &mut Centres) {
    let of_the_place =
        |problem: &Problem| matches!(problem, Problem::LookUp(_) | Problem::Pay(HoldCode::JobRowMissing, _));
    if !person.problems.iter().any(of_the_place) {
        return;
    }
    person.problems.retain(|problem| !of_the_place(problem));
    let suspense = centres.suspense(pipeline.look_ups.len());
    for part in person.parts.iter_mut().filter(|part| part.centre.is_none()) {
        part.centre = Some(suspense);
    }
}

/// Where a pipeline has a suspense account and nothing but look-ups failed, gives the parts without an answer to it, with a
/// warning for each reason.
fn in_suspense(
    pipeline: &Pipeline,
    facts: &Facts,
    person: &mut PersonPay,
    employee: &Employee,
    costs: &mut Costs,
) -> bool {
    let only_look_ups = person.problems.iter().all(|problem| matches!(problem, Problem::LookUp(_)));
    if !matches!(pipeline.unresolved, Unresolved::Suspense(_)) || !only_look_ups {
        return false;
    }
    let suspense = costs.centres.suspense(pipeline.look_ups.len());
    for part in person.parts.iter_mut().filter(|part| part.centre.is_none()) {
        part.centre = Some(suspense);
    }
    costs.warnings.extend(person.problems.iter().map(|problem| {
        let hold = words::problem(pipeline, facts, employee, problem);
        Warning { code: "booked-to-suspense", subject: hold.subject, message: hold.message, remedy: hold.remedy }
    }));
    true
}

/// Hours or payments in the period, or amounts of its register, of somebody who is not employed on any of its days.
fn paid_as_a_stranger(
    pipeline: &Pipeline,
    pay: &Pay,
    rows: &OnePerson<'_>,
    (spells, period): (&[Spell], &Period),
    keep: &mut Keep<'_>,
    costs: &mut Costs,
) {
    let facts = rows.rows.facts;
    let mut problems: Vec<Problem> = Vec::new();
    let registered = register::rows_of(pipeline, facts, rows.registers).next();
    problems.extend(registered.map(|row| Problem::Pay(HoldCode::RegisterNotEmployed, row.date.to_string())));
    if pay.reads_payments() {
        problems.extend(payment::of_nobody(pay, facts, rows.payments));
    }
    let hours = hourly::of_nobody(pay, rows, period);
    problems.extend(hours.map(|row| Problem::Pay(HoldCode::HoursNotEmployed, row.date.to_string())));
    if problems.is_empty() {
        return;
    }
    // Whether they are people of the pipeline, their employment says: its last day, else the first of the one to come.
    let left = spells.iter().map(|(_, last)| *last).rfind(|last| *last < period.first_day);
    let Some(day) = left.or(spells.first().map(|(first, _)| *first)) else { return };
    let all = &rows.everything;
    if !keep.holds(all.on_day(all.job_on(day), all.pay_on(day), all.employment_on(day)), &mut costs.holds) {
        return;
    }
    for problem in problems {
        costs.keep_back(pipeline, words::problem(pipeline, facts, rows.rows.employee(), &problem));
    }
}

/// Rounds one person's parts and burdens and books them as shares; a person whose amounts cannot be computed is held.
fn book(context: &PayContext<'_>, facts: &Facts, pipeline: &Pipeline, person: u32, pay: &PersonPay, costs: &mut Costs) {
    let before = costs.shares.len();
    let rounded = round_earnings(person, &pay.parts, &mut costs.shares).and_then(|()| match context.wages {
        Some(wages) => burden::round_burdens(context, wages, (person, pay), before, &mut costs.shares),
        None => Ok(()),
    });
    let converted = rounded.map_err(Unconverted::from).and_then(|()| match rates_of(pipeline) {
        Some(rates) if context.wages.is_some() => exchange::convert(rates, context.period, &mut costs.shares[before..]),
        Some(_) | None => Ok(Vec::new()),
    });
    match (converted, rates_of(pipeline)) {
        (Ok(were), _) => {
            let were = were.into_iter().enumerate().filter_map(|(at, was)| Some((before + at, was?)));
            costs.converted_from.extend(were);
        }
        (Err(Unconverted::NoRate(currency)), Some(rates)) => {
            let hold = exchange::no_rate(rates, currency, context.period);
            if !costs.holds.contains(&hold) {
                costs.holds.push(hold);
            }
        }
        (Err(_), _) => {
            costs.shares.truncate(before);
            let problem = Problem::Pay(HoldCode::AmountTooLarge, String::new());
            costs.holds.push(words::problem(pipeline, facts, &facts.people[person as usize], &problem));
        }
    }
}

fn rates_of(pipeline: &Pipeline) -> Option<&Rates> {
    match &pipeline.make {
        Make::Journal(rule) => rule.converting(),
        Make::Record(_) => None,
    }
}

/// Each (earning, currency) is added up exactly, rounded once, and distributed over its parts.
fn round_earnings(person: u32, parts: &[Part], shares: &mut Vec<Share>) -> Result<(), TooLarge> {
    if let [part] = parts {
        let rounded = part.exact.round(part.currency.minor_digits())?;
        shares.extend(share(person, part, rounded));
        return Ok(());
    }
    let mut kinds: Vec<(Amount, Currency)> = Vec::new();
    for part in parts {
        if !kinds.contains(&(part.earning, part.currency)) {
            kinds.push((part.earning, part.currency));
        }
    }
    kinds.sort();
    for (earning, currency) in kinds {
        // Parts come in the order of segments; hours of one segment in the order of their days.
        let mut own: Vec<&Part> =
            parts.iter().filter(|part| part.earning == earning && part.currency == currency).collect();
        own.sort_by_key(|part| part.segment);
        let weights: Vec<Exact> = own.iter().map(|part| part.exact).collect();
        let mut whole = Exact::ZERO;
        for weight in &weights {
            whole = whole.plus(*weight)?;
        }
        let digits = currency.minor_digits();
        let split = distribute(whole.round(digits)?, &weights, Exact::whole(1), digits)?;
        shares.extend(own.iter().zip(split).filter_map(|(part, rounded)| share(person, part, rounded)));
    }
    Ok(())
}

/// A part without a centre has been reported as unresolved before; its person is held, so none gets here.
fn share(person: u32, part: &Part, rounded: Minor) -> Option<Share> {
    Some(Share {
        person,
        segment: part.segment,
        centre: part.centre?,
        amount: part.earning,
        currency: part.currency,
        split_row: part.split_row,
        exact: part.exact,
        rounded,
    })
}
