//! Each person with the rows that a period can see: one pass over facts that are in order.

use super::facts::Facts;
use super::segment::PersonRows;
use crate::hr::{BalanceRow, BenefitRow, HoursRow, PaymentRow, Period, RegisterRow, TimeOffRow};
use jiff::ToSpan;
use jiff::civil::Date;

/// One person's rows.
#[derive(Clone, Copy, Debug)]
pub struct OnePerson<'f> {
    pub rows: PersonRows<'f>,
    /// Rows of after the period too: whether somebody is employed, and of whom a pipeline is, on the day after it. BambooHR
    /// moves the hire date when somebody comes back, and only the row that ended the employment before tells of it.
    pub everything: PersonRows<'f>,
    /// Hours of the weeks that touch the period, in the order of days.
    pub hours: &'f [HoursRow],
    /// One-off payments of the period.
    pub payments: &'f [PaymentRow],
    /// Time off of the period.
    pub time_off: &'f [TimeOffRow],
    /// Balances of time off, of whatever day.
    pub balances: &'f [BalanceRow],
    pub benefits: &'f [BenefitRow],
    /// Amounts of registers of the period.
    pub registers: &'f [RegisterRow],
}

/// Walks the people of `facts` in order. Rows dated after the period's end are invisible, except that they end employments.
pub struct PeopleRows<'f> {
    facts: &'f Facts,
    period: &'f Period,
    next: u32,
    job: usize,
    pay: usize,
    employment: usize,
    hours: usize,
    payments: usize,
    time_off: usize,
    balances: usize,
    benefits: usize,
    registers: usize,
}

impl<'f> PeopleRows<'f> {
    pub fn new(facts: &'f Facts, period: &'f Period) -> PeopleRows<'f> {
        PeopleRows {
            facts,
            period,
            next: 0,
            job: 0,
            pay: 0,
            employment: 0,
            hours: 0,
            payments: 0,
            time_off: 0,
            balances: 0,
            benefits: 0,
            registers: 0,
        }
    }
}

/// The rows of `person` from `*at` on; moves `*at` behind them.
fn own<'r, R>(rows: &'r [R], at: &mut usize, person: u32, employee: impl Fn(&R) -> u32) -> (&'r [R], u32) {
    let start = *at;
    while rows.get(*at).is_some_and(|row| employee(row) == person) {
        *at += 1;
    }
    (&rows[start..*at], start as u32)
}

/// The leading rows for which `seen` holds: rows are in the order of their dates.
fn leading<R>(rows: &[R], seen: impl Fn(&R) -> bool) -> &[R] {
    &rows[..rows.partition_point(seen)]
}

/// The rows of a period.
fn within<'r, R>(rows: &'r [R], period: &Period, date: impl Fn(&R) -> Date) -> &'r [R] {
    let rows = leading(rows, |row| date(row) <= period.last_day);
    &rows[rows.partition_point(|row| date(row) < period.first_day)..]
}

impl<'f> Iterator for PeopleRows<'f> {
    type Item = OnePerson<'f>;

    fn next(&mut self) -> Option<OnePerson<'f>> {
        let person = self.next;
        self.facts.people.get(person as usize)?;
        self.next += 1;
        let (facts, last_day) = (self.facts, self.period.last_day);
        let (job, job_offset) = own(&facts.job_rows, &mut self.job, person, |row| row.employee);
        let (pay, pay_offset) = own(&facts.compensation_rows, &mut self.pay, person, |row| row.employee);
        let (employment, employment_offset) =
            own(&facts.employment_rows, &mut self.employment, person, |row| row.employee);
        let (hours, _) = own(&facts.hours, &mut self.hours, person, |row| row.employee);
        let (payments, _) = own(&facts.payments, &mut self.payments, person, |row| row.employee);
        let (time_off, _) = own(&facts.time_off, &mut self.time_off, person, |row| row.employee);
        let (balances, _) = own(&facts.balances, &mut self.balances, person, |row| row.employee);
        let (benefits, _) = own(&facts.benefits, &mut self.benefits, person, |row| row.employee);
        let (registers, _) = own(&facts.registers, &mut self.registers, person, |row| row.employee);
        // Whole weeks count for the overtime threshold, though each hour books on its own date.
        let (from, to) = (
            self.period.first_day.checked_sub(6.days()).unwrap_or(self.period.first_day),
            last_day.checked_add(6.days()).unwrap_or(last_day),
        );
        let hours = leading(hours, |row| row.date <= to);
        let hours = &hours[hours.partition_point(|row| row.date < from)..];
        let everything = PersonRows { facts, person, job, job_offset, pay, pay_offset, employment, employment_offset };
        Some(OnePerson {
            rows: PersonRows {
                job: leading(job, |row| row.date <= last_day),
                pay: leading(pay, |row| row.date <= last_day),
                employment: leading(employment, |row| row.date <= last_day),
                ..everything
            },
            everything,
            hours,
            payments: within(payments, self.period, |row| row.date),
            time_off: within(time_off, self.period, |row| row.date),
            balances,
            benefits,
            registers: within(registers, self.period, |row| row.date),
        })
    }
}
