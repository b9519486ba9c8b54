//! The rows about time and amounts paid: hours, payments, time off, payroll registers.

use super::given::exact;
use super::read::{Reading, Row};
use crate::hr::{BalanceRow, BenefitRow, HoursRow, PaymentRow, RegisterRow, TimeOffRow};
use crate::plan::facts::RegisterTotal;
use rust_decimal::Decimal;

impl Reading {
    pub(super) fn hours(&mut self, row: &Row<'_>) {
        let Some(date) = self.date(row, "date") else { return };
        let are_pieces = !row.text("pieces").trim().is_empty();
        if are_pieces && !row.text("hours").trim().is_empty() {
            let message = "hours and pieces: a row counts one of them".to_owned();
            return self.error(row, message, "Leave the other one empty.");
        }
        let hours = self.quantity(row, if are_pieces { "pieces" } else { "hours" });
        let approved = self.truth(row, "approved");
        let Some(employee) = self.person(row, date) else { return };
        let hours = HoursRow {
            employee,
            row_id: self.intern(row, "row_id"),
            date,
            hours,
            are_pieces,
            earning: self.intern(row, "earning"),
            approved,
            department: self.intern(row, "department"),
            location: self.intern(row, "location"),
            project: self.intern(row, "project"),
            task: self.intern(row, "task"),
        };
        self.facts.hours.push(hours);
    }

    /// A decimal, or zero after an error.
    fn quantity(&mut self, row: &Row<'_>, column: &str) -> Decimal {
        let number = exact(row.text(column));
        if number.is_none() {
            let message = format!("{column}: `{}` is not a decimal", row.text(column));
            self.error(row, message, &format!("Write {column} as decimal text, for example 7.5."));
        }
        number.unwrap_or_default()
    }

    pub(super) fn payment(&mut self, row: &Row<'_>) {
        let Some(date) = self.date(row, "date") else { return };
        let Some(employee) = self.person(row, date) else { return };
        let payment = PaymentRow {
            employee,
            row_id: self.intern(row, "row_id"),
            date,
            kind: self.intern(row, "type"),
            // An unreadable amount is that person's hold, not the end of everybody's plan.
            amount: exact(row.text("amount")),
            currency: self.facts.texts.add(row.text("currency").trim()),
        };
        self.facts.payments.push(payment);
    }

    pub(super) fn register(&mut self, row: &Row<'_>) {
        let Some(date) = self.date(row, "date") else { return };
        let Some(employee) = self.person(row, date) else { return };
        let paid = RegisterRow {
            employee,
            row_id: self.intern(row, "row_id"),
            date,
            register: self.intern(row, "register"),
            code: self.intern(row, "code"),
            amount: exact(row.text("amount")),
            currency: self.facts.texts.add(row.text("currency").trim()),
            department: self.intern(row, "department"),
            location: self.intern(row, "location"),
        };
        self.facts.registers.push(paid);
    }

    pub(super) fn register_total(&mut self, row: &Row<'_>) {
        let amount = self.quantity(row, "amount");
        let text = |column: &str| row.text(column).to_owned();
        let (register, file, code) = (text("register"), text("file"), text("code"));
        self.facts.register_totals.push(RegisterTotal { register, file, code, amount });
    }

    /// `hours` or `days`: whether the row counts hours; `None` after an error.
    fn in_hours(&mut self, row: &Row<'_>) -> Option<bool> {
        match row.text("unit").trim() {
            "hours" => Some(true),
            "days" => Some(false),
            other => {
                let message = format!("unit: `{other}` is neither hours nor days");
                self.error(row, message, "Write hours or days.");
                None
            }
        }
    }

    pub(super) fn time_off(&mut self, row: &Row<'_>) {
        let Some(date) = self.date(row, "date") else { return };
        let amount = self.quantity(row, "amount");
        let Some(in_hours) = self.in_hours(row) else { return };
        let Some(employee) = self.person(row, date) else { return };
        let (row_id, kind) = (self.intern(row, "row_id"), self.intern(row, "type"));
        self.facts.time_off.push(TimeOffRow { employee, row_id, date, kind, amount, in_hours });
    }

    pub(super) fn balance(&mut self, row: &Row<'_>) {
        let Some(date) = self.date(row, "date") else { return };
        let amount = self.quantity(row, "amount");
        let Some(in_hours) = self.in_hours(row) else { return };
        let Some(employee) = self.person(row, date) else { return };
        let kind = self.intern(row, "type");
        self.facts.balances.push(BalanceRow { employee, date, kind, amount, in_hours });
    }

    pub(super) fn benefit(&mut self, row: &Row<'_>) {
        let Some(date) = self.date(row, "date") else { return };
        let read_on = self.optional_date(row, "read_on").unwrap_or(date);
        let (effective, first_day) = (self.optional_date(row, "effective"), self.optional_date(row, "first_day"));
        let last_day = self.optional_date(row, "last_day");
        let mut number = |column: &str| {
            let is_there = !row.text(column).trim().is_empty();
            is_there.then(|| self.quantity(row, column))
        };
        let (amount, a_year) = (number("amount"), number("deductions_a_year"));
        let Some(employee) = self.person(row, date) else { return };
        let unit = if row.text("unit").is_empty() { "$" } else { row.text("unit") };
        let benefit = BenefitRow {
            employee,
            date,
            read_on,
            plan: self.intern(row, "plan"),
            status: self.intern(row, "status"),
            effective,
            first_day,
            last_day,
            amount,
            unit: self.facts.texts.add(unit),
            currency: self.intern(row, "currency"),
            a_year,
            limited: row.text("limited").trim() == "true",
        };
        self.facts.benefits.push(benefit);
    }
}
