//! What a person earned in a period, exactly: parts by segment (and by the place that hours name), before any rounding.

use super::burden::OwnCost;
use super::centre::{CentreId, Centres};
use super::days::Units;
use super::facts::Facts;
use super::hold::HoldCode;
use super::people::OnePerson;
use super::scheduled::{self, Unscheduled};
use super::segment::{LookUps, Missing, PersonRows, Segment, Unresolved};
use super::spell::Spell;
use super::wage_base::WageBase;
use super::{hourly, leave, liability, payment, register};
use crate::hr::{CompensationRow, PayType, Period};
use crate::ledger::exact::TooLarge;
use crate::ledger::{Currency, Exact};
use crate::project::pipeline::{Amount, Pay, PayMeaning, PayPeriod};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// One exact part of an earning.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Position in the period's segments.
    pub segment: u32,
    pub centre: Option<CentreId>,
    pub earning: Amount,
    pub currency: Currency,
    /// Booked where the person is at home: a split shares it.
    pub at_home: bool,
    /// Row of the split table; 0 where nobody shares the cost.
    pub split_row: u32,
    pub exact: Exact,
}

impl Part {
    /// Whether two parts are of the same segment, centre, earning and currency, and both at home or both not.
    pub fn is_like(&self, other: &Part) -> bool {
        self.segment == other.segment
            && self.centre == other.centre
            && self.earning == other.earning
            && self.currency == other.currency
            && self.at_home == other.at_home
    }
}

/// Why a person's pay cannot be computed, before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The code and the day or name it is about.
    Pay(HoldCode, String),
    LookUp(Unresolved),
}

impl From<Unscheduled> for Problem {
    fn from(Unscheduled(what): Unscheduled) -> Self {
        Problem::Pay(HoldCode::WorkWeekMissing, what)
    }
}

/// What one pay rule needs to know beside the person.
pub struct PayContext<'a> {
    pub pay: &'a Pay,
    pub period: &'a Period,
    /// The whole pay period; `period` is a part of it where a part is accrued.
    pub whole: &'a Period,
    /// Where everybody's days count the same.
    pub units: Units<'a>,
    /// Units in the whole period, where everybody's days count the same.
    pub period_units: i128,
    pub look_ups: &'a LookUps<'a>,
    /// Wages of the year before this period, for burdens with a wage base; `None` computes wages alone, without burdens
    /// and conversion.
    pub wages: Option<&'a WageBase>,
}

/// Reused between people, so that a plan of many people allocates little.
#[derive(Debug, Default)]
pub struct PersonPay {
    /// When the person is employed.
    pub spells: Vec<Spell>,
    pub parts: Vec<Part>,
    /// The person's units up to the end that is accrued, and in the whole period; `None` where the whole period counts.
    pub accrued: Option<(i128, i128)>,
    /// What tables say that burdens cost this person.
    pub own_costs: Vec<OwnCost>,
    pub problems: Vec<Problem>,
    /// Whether any segment is paid by the hour.
    pub hourly: bool,
    /// Whether there are hourly days but not one hours row in the period.
    pub hourly_without_hours: bool,
    pub negative_hours: bool,
    pub negative_payments: bool,
    /// Whether what the person has left of time off is of the pipeline before the period, and after it.
    pub balances_count: (bool, bool),
    /// Whether the pipeline reads a register that does not name the person in the period.
    pub not_on_register: bool,
}

impl PersonPay {
    /// Forgets the person before.
    pub fn clear(&mut self) {
        self.spells.clear();
        self.parts.clear();
        self.accrued = None;
        self.own_costs.clear();
        self.problems.clear();
        self.hourly = false;
        self.hourly_without_hours = false;
        self.negative_hours = false;
        self.negative_payments = false;
        self.balances_count = (false, false);
        self.not_on_register = false;
    }

    /// Notes a reason, once.
    pub fn problem(&mut self, code: HoldCode, what: impl Into<String>) {
        self.add_problem(Problem::Pay(code, what.into()));
    }

    /// Notes look-ups without an answer.
    pub fn unresolved(&mut self, missing: Missing) {
        missing.reasons.into_iter().map(Problem::LookUp).for_each(|reason| self.add_problem(reason));
    }

    /// Notes a reason, once.
    pub fn add_problem(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// An amount for the whole period, or the share of it that is accrued.
    pub fn share_of(&self, amount: Exact) -> Result<Exact, TooLarge> {
        match self.accrued {
            None => Ok(amount),
            Some((units, whole)) => amount.times(Exact::fraction(units, whole)?),
        }
    }
}

/// Fills `out` with the exact parts of one person's segments.
pub fn earn(context: &PayContext<'_>, own: &Own<'_>, centres: &mut Centres, out: &mut PersonPay) {
    let Own { person, segments, base } = *own;
    let rows = &person.rows;
    for (at, segment) in segments.iter().enumerate() {
        if segment.job_row.is_none() {
            out.problem(HoldCode::JobRowMissing, segment.first_day.to_string());
        }
        if !context.pay.from_rates || !context.pay.books_wages {
            continue;
        }
        let Some(row) = segment.pay_row.map(|row| &rows.facts.compensation_rows[row as usize]) else {
            out.problem(HoldCode::PayMissing, segment.first_day.to_string());
            continue;
        };
        let Some(meaning) = known_meaning(context.pay, rows.facts, row, out) else { continue };
        if meaning == PayMeaning::NoBasePay {
            continue;
        }
        let Some((rate, currency)) = readable(rows, row, out) else { continue };
        match meaning {
            PayMeaning::Hourly | PayMeaning::Pieces => {
                out.hourly = true;
                is_per(rows, row, if meaning == PayMeaning::Hourly { "hour" } else { "piece" }, out);
            }
            PayMeaning::Salary => match salary(context, own, row, rate, segment) {
                Ok(exact) => out.parts.push(Part {
                    segment: base + at as u32,
                    centre: segment.centre,
                    earning: Amount::Regular,
                    currency,
                    at_home: true,
                    split_row: 0,
                    exact,
                }),
                Err(Unpayable::Hold(code, what)) => out.problem(code, what),
                Err(Unpayable::TooLarge) => out.problem(HoldCode::AmountTooLarge, row.date.to_string()),
            },
            PayMeaning::NoBasePay => {}
        }
    }
    if context.period != context.whole {
        let units = scheduled::units(context, own, context.period.first_day, context.period.last_day);
        match units.and_then(|units| Ok((units, scheduled::of_period(context, own)?))) {
            Ok(units) => out.accrued = Some(units),
            Err(unscheduled) => out.add_problem(unscheduled.into()),
        }
    }
    if out.hourly {
        hourly::parts(context, own, centres, out);
        out.hourly_without_hours = !person.hours.iter().any(|row| context.period.contains(row.date));
    }
    if context.pay.leave.is_some() {
        leave::parts(context, own, out);
    }
    if context.pay.reads_payments() {
        payment::parts(context, own, out);
    }
    if context.look_ups.pipeline.register.is_some() {
        register::parts(context, own, centres, out);
    }
    if context.wages.is_some() {
        liability::parts(context, own, centres, out);
    }
}

/// One person with the segments of the period; `base` is the position of the first among all segments.
pub struct Own<'a> {
    pub person: &'a OnePerson<'a>,
    pub segments: &'a [Segment],
    pub base: u32,
}

impl Own<'_> {
    /// The segment of a day, with its position among all.
    pub fn segment_on(&self, day: Date) -> Option<(u32, &Segment)> {
        let at = self.segments.iter().position(|s| s.first_day <= day && day <= s.last_day)?;
        Some((self.base + at as u32, &self.segments[at]))
    }

    /// The compensation row of a segment.
    pub fn pay(&self, segment: &Segment) -> Option<&CompensationRow> {
        segment.pay_row.map(|row| &self.person.rows.facts.compensation_rows[row as usize])
    }
}

/// What a compensation row's pay type means; `None` where nothing says so.
pub fn meaning(pay: &Pay, facts: &Facts, row: &CompensationRow) -> Option<PayMeaning> {
    match row.pay_type {
        PayType::Salary => Some(PayMeaning::Salary),
        PayType::Hourly => Some(PayMeaning::Hourly),
        PayType::Other(name) => pay.types.get(facts.text(name)).copied(),
    }
}

/// The same, with a type that nothing explains noted.
pub fn known_meaning(pay: &Pay, facts: &Facts, row: &CompensationRow, out: &mut PersonPay) -> Option<PayMeaning> {
    let found = meaning(pay, facts, row);
    if let (None, PayType::Other(name)) = (found, row.pay_type) {
        out.problem(HoldCode::PayTypeUnknown, facts.text(name));
    }
    found
}

/// Notes a rate that is per something else. BambooHR's own sample shows an hourly row paid per week: whether its rate is an
/// hour's is a guess.
pub fn is_per(rows: &PersonRows<'_>, row: &CompensationRow, wanted: &str, out: &mut PersonPay) {
    let per = rows.facts.text(row.paid_per);
    if !per.is_empty() && !per.eq_ignore_ascii_case(wanted) {
        out.problem(HoldCode::PaidPerUnknown, per);
    }
}

/// Adds to the part of the same segment, centre, earning and currency.
pub fn add_part(parts: &mut Vec<Part>, part: Part) -> Result<(), TooLarge> {
    let same = |known: &&mut Part| known.is_like(&part);
    match parts.iter_mut().find(same) {
        Some(known) => known.exact = known.exact.plus(part.exact)?,
        None => parts.push(part),
    }
    Ok(())
}

/// The rate and currency of a row, or a reason noted.
pub fn readable(rows: &PersonRows<'_>, row: &CompensationRow, out: &mut PersonPay) -> Option<(Decimal, Currency)> {
    let Some(rate) = row.rate else {
        out.problem(HoldCode::PayUnreadable, row.date.to_string());
        return None;
    };
    if row.currency.is_empty() {
        out.problem(HoldCode::CurrencyMissing, row.date.to_string());
        return None;
    }
    let code = rows.facts.text(row.currency);
    let currency = Currency::from_code(code);
    if currency.is_none() {
        out.problem(HoldCode::CurrencyUnknown, code);
    }
    currency.map(|currency| (rate, currency))
}

/// Why an amount cannot be computed.
pub enum Unpayable {
    Hold(HoldCode, String),
    TooLarge,
}

impl From<Unscheduled> for Unpayable {
    fn from(Unscheduled(what): Unscheduled) -> Self {
        Unpayable::Hold(HoldCode::WorkWeekMissing, what)
    }
}

impl From<TooLarge> for Unpayable {
    fn from(_: TooLarge) -> Self {
        Unpayable::TooLarge
    }
}

/// Annual rate / periods a year × segment units / period units, without the units of unpaid leave.
fn salary(
    context: &PayContext<'_>,
    own: &Own<'_>,
    row: &CompensationRow,
    rate: Decimal,
    segment: &Segment,
) -> Result<Exact, Unpayable> {
    let times_a_year =
        times_a_year(context.pay, &own.person.rows, row).map_err(|(code, what)| Unpayable::Hold(code, what))?;
    let units = scheduled::units(context, own, segment.first_day, segment.last_day)?;
    let whole = context.pay.period.a_year() * scheduled::of_period(context, own)?;
    let share = match leave::unpaid_units(context, own, segment)? {
        None => Exact::fraction(times_a_year * units, whole)?,
        Some(unpaid) => Exact::whole(units).plus(unpaid.negated()?)?.times(Exact::fraction(times_a_year, whole)?)?,
    };
    Ok(Exact::from_decimal(rate).times(share)?)
}

/// The salary of a whole period by the pay of a segment; `None` where it is no salary that can be read.
pub fn period_salary(context: &PayContext<'_>, own: &Own<'_>, segment: &Segment) -> Option<Result<Exact, TooLarge>> {
    let row = own.pay(segment)?;
    let salaried = meaning(context.pay, own.person.rows.facts, row) == Some(PayMeaning::Salary);
    let times_a_year = times_a_year(context.pay, &own.person.rows, row).ok().filter(|_| salaried)?;
    let rate = row.rate?;
    let share = Exact::fraction(times_a_year, context.pay.period.a_year());
    Some(share.and_then(|share| Exact::from_decimal(rate).times(share)))
}

/// How often the rate falls in a year: Month × 12, Quarter × 4, Week × 52, Day × 260 (payroll-rules.md, Period salary).
pub fn times_a_year(pay: &Pay, rows: &PersonRows<'_>, row: &CompensationRow) -> Result<i128, (HoldCode, String)> {
    let written = rows.facts.text(row.paid_per);
    let plain: String = written.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).collect::<String>().to_lowercase();
    match plain.as_str() {
        "year" => Ok(1),
        "quarter" => Ok(4),
        "month" => Ok(12),
        "week" => Ok(52),
        "day" => Ok(260),
        "payperiod" => {
            let schedule = rows.facts.text(row.pay_schedule);
            let known = pay.schedules.get(schedule).copied().map(PayPeriod::a_year);
            known.ok_or_else(|| (HoldCode::PayScheduleUnknown, schedule.to_owned()))
        }
        _ => Err((HoldCode::PaidPerUnknown, written.to_owned())),
    }
}
