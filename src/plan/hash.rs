//! The plan's hash: over its documents and holds, and over what it was made from.

use super::document::{Content, Plan};
use super::facts::Facts;
use crate::hr::{PayType, Text};
use jiff::civil::Date;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

/// Every part goes in with its length, so that no two plans collide by moving a border.
struct Feed(Sha256, Vec<u8>);

impl Feed {
    fn bytes(&mut self, part: &[u8]) {
        self.1.extend_from_slice(&(part.len() as u32).to_be_bytes());
        self.1.extend_from_slice(part);
        if self.1.len() > 1 << 16 {
            self.0.update(&self.1);
            self.1.clear();
        }
    }

    fn text(&mut self, part: &str) {
        self.bytes(part.as_bytes());
    }

    fn day(&mut self, day: Option<Date>) {
        match day {
            Some(day) => {
                let year = day.year().to_be_bytes();
                self.bytes(&[year[0], year[1], day.month() as u8, day.day() as u8]);
            }
            None => self.bytes(&[]),
        }
    }

    fn decimal(&mut self, number: Option<Decimal>) {
        match number {
            // 56.00 and 56 are the same rate.
            Some(number) => self.bytes(&number.normalize().serialize()),
            None => self.bytes(&[]),
        }
    }

    fn end(mut self) -> String {
        self.0.update(&self.1);
        hex::encode(self.0.finalize())
    }
}

/// 64 hex digits. Equal facts, project and period give equal hashes on every machine.
pub fn of_plan(plan: &Plan, facts: &Facts) -> String {
    let mut feed = Feed(Sha256::new(), Vec::new());
    for part in [&plan.generation, &plan.pipeline, &plan.ledger, &plan.period.code.0] {
        feed.text(part);
    }
    documents(&mut feed, plan);
    if !plan.costs.is_empty() {
        rows(&mut feed, facts);
    }
    feed.end()
}

fn documents(feed: &mut Feed, plan: &Plan) {
    for document in &plan.documents {
        feed.text(document.id.as_str());
        feed.bytes(&[u8::from(document.ready), u8::from(document.needs_approval)]);
        match &document.content {
            Content::Journal(journal) => {
                let entry = &journal.entry;
                for part in [entry.batch.as_str(), &entry.reference, entry.currency.code(), &journal.booked_in.0] {
                    feed.text(part);
                }
                feed.day(Some(entry.date));
                if let Some(day) = entry.reverses_on {
                    feed.text("reverses");
                    feed.day(Some(day));
                }
                if let Some(number) = journal.replaces {
                    feed.text("replaces");
                    feed.text(&number.to_string());
                }
                if let Some(exchange) = entry.exchange {
                    feed.text(&exchange.rate.normalize().to_string());
                    feed.day(Some(exchange.date));
                }
                if !journal.key.company.is_empty() {
                    feed.text(&journal.key.company);
                }
                for line in &entry.lines {
                    feed.text(line.account.as_str());
                    feed.text(&line.description);
                    feed.bytes(&line.debit.0.to_be_bytes());
                    feed.bytes(&line.credit.0.to_be_bytes());
                }
            }
            Content::Record(change) => {
                feed.text(&format!("{} {} {}", change.kind, change.action, change.key));
                for (field, text) in change.before.iter().chain(&change.after) {
                    feed.text(field);
                    feed.text(text);
                }
            }
        }
    }
    for held in &plan.holds {
        feed.text(held.hold.code.code());
        feed.text(&held.hold.subject);
        feed.text(&held.hold.message);
    }
}

/// The rows a journal was computed from. A row of nobody's and a field that no name reads change nothing here either.
fn rows(feed: &mut Feed, facts: &Facts) {
    let text = |text: Text| facts.text(text);
    for person in &facts.people {
        feed.text(text(person.id));
        feed.day(person.hire_date);
        feed.day(person.termination_date);
    }
    for row in &facts.job_rows {
        feed.bytes(&row.employee.to_be_bytes());
        feed.day(Some(row.date));
        for part in [row.department, row.location, row.division, row.job_title] {
            feed.text(text(part));
        }
    }
    for row in &facts.employment_rows {
        feed.bytes(&row.employee.to_be_bytes());
        feed.day(Some(row.date));
        feed.text(text(row.employment_status));
    }
    for row in &facts.compensation_rows {
        feed.bytes(&row.employee.to_be_bytes());
        feed.day(Some(row.date));
        feed.text(match row.pay_type {
            PayType::Salary => "Salary",
            PayType::Hourly => "Hourly",
            PayType::Other(name) => text(name),
        });
        feed.decimal(row.rate);
        for part in [row.paid_per, row.currency, row.pay_schedule] {
            feed.text(text(part));
        }
    }
    for row in &facts.hours {
        feed.bytes(&row.employee.to_be_bytes());
        feed.day(Some(row.date));
        feed.decimal(Some(row.hours));
        feed.bytes(&[u8::from(row.approved)]);
        feed.text(text(row.department));
        feed.text(text(row.location));
        if row.are_pieces || !row.earning.is_empty() {
            feed.bytes(&[u8::from(row.are_pieces)]);
            feed.text(text(row.earning));
        }
        if !row.project.is_empty() {
            feed.text(text(row.project));
            feed.text(text(row.task));
        }
    }
    for row in &facts.payments {
        feed.bytes(&row.employee.to_be_bytes());
        feed.day(Some(row.date));
        feed.decimal(row.amount);
        feed.text(text(row.kind));
        feed.text(text(row.currency));
    }
    for row in &facts.time_off {
        feed.bytes(&row.employee.to_be_bytes());
        feed.day(Some(row.date));
        feed.decimal(Some(row.amount));
        feed.bytes(&[u8::from(row.in_hours)]);
        feed.text(text(row.kind));
    }
    for row in &facts.balances {
        feed.bytes(&row.employee.to_be_bytes());
        feed.day(Some(row.date));
        feed.decimal(Some(row.amount));
        feed.bytes(&[u8::from(row.in_hours)]);
        feed.text(text(row.kind));
    }
    for row in &facts.benefits {
        feed.bytes(&row.employee.to_be_bytes());
        for day in [Some(row.date), Some(row.read_on), row.effective, row.first_day, row.last_day] {
            feed.day(day);
        }
        feed.decimal(row.amount);
        feed.decimal(row.a_year);
        feed.bytes(&[u8::from(row.limited)]);
        for part in [row.plan, row.status, row.unit, row.currency] {
            feed.text(text(part));
        }
    }
    for row in &facts.registers {
        feed.bytes(&row.employee.to_be_bytes());
        feed.day(Some(row.date));
        feed.decimal(row.amount);
        for part in [row.row_id, row.register, row.code, row.currency, row.department, row.location] {
            feed.text(text(part));
        }
    }
    for total in &facts.register_totals {
        feed.decimal(Some(total.amount));
        for part in [&total.register, &total.file, &total.code] {
            feed.text(part);
        }
    }
    for line in &facts.sent {
        feed.text(&line.pipeline);
        feed.text(&line.period.0);
        feed.text(line.document_id.as_str());
        feed.text(line.account.as_str());
        feed.bytes(&(line.debit - line.credit).0.to_be_bytes());
        if !line.group.is_empty() {
            feed.text(&line.group);
        }
    }
}
