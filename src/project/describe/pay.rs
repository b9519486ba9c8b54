//! Pay in plain words.

use super::journal::amount;
use crate::project::pipeline::{
    Burden, BurdenCost, Cap, EarningHow, EarningRule, Pay, PayMeaning, PayPeriod, Prorate, Unapproved,
};
use rust_decimal::Decimal;

pub fn sentences(pay: &Pay) -> Vec<String> {
    let mut sentences = Vec::new();
    if pay.from_rates {
        sentences.extend(from_rates(pay));
    }
    sentences.extend(pay.earnings.iter().map(earning));
    sentences.extend(leave(pay));
    if let Some(split) = &pay.split {
        sentences.push(format!(
            "The cost of people in {} is shared as its rows say, {} of them.",
            split.file,
            split.rows.len()
        ));
    }
    sentences.extend(pay.burdens.iter().map(|own| burden(pay, own)));
    for withheld in &pay.withheld {
        sentences.push(format!("{} is withheld: {} of the register.", title(&withheld.name), list(&withheld.codes)));
    }
    if !pay.ignored_payments.is_empty() {
        sentences.push(format!("Payments of {} cost nothing here.", list(&pay.ignored_payments)));
    }
    if !pay.ignored_codes.is_empty() {
        sentences.push(format!("{} of the register book nothing.", list(&pay.ignored_codes)));
    }
    sentences
}

fn from_rates(pay: &Pay) -> Vec<String> {
    let period = match pay.period {
        PayPeriod::Monthly => "a twelfth",
        PayPeriod::SemiMonthly => "a 24th",
        PayPeriod::Biweekly => "a 26th",
        PayPeriod::Weekly => "a 52nd",
        PayPeriod::Quarterly => "a quarter",
        PayPeriod::Daily => "a 260th",
    };
    let prorate = match pay.prorate {
        Prorate::WorkingDays => "working days",
        Prorate::CalendarDays => "calendar days",
        Prorate::Hours => "scheduled hours",
    };
    let mut sentences =
        vec![format!("A salary costs {period} of the yearly rate a period; a part of a period, by its {prorate}.")];
    if let Some(weeks) = &pay.work_weeks {
        let file = weeks.table.file();
        sentences
            .push(format!("Who has other hours than the company's week stands in {file}, {} rows.", weeks.weeks.len()));
    }
    if !pay.off.days.is_empty() {
        let whose = pay
            .off
            .whose
            .as_ref()
            .map_or_else(String::new, |whose| format!(", whose each is stands in {}", whose.table.file()));
        sentences.push(format!("{} public holidays count nothing{whose}.", pay.off.days.len()));
    }
    let overtime = pay.hourly.overtime.as_ref().map_or_else(String::new, |overtime| {
        format!("; above {} in a week at {} times the rate", overtime.above_weekly, overtime.at)
    });
    let unapproved = match pay.hourly.unapproved {
        Unapproved::Hold => "hours that nobody approved hold the journal",
        Unapproved::Pay => "hours that nobody approved are paid, with a warning",
    };
    sentences.push(format!("Hourly people cost their hours, in the place they worked{overtime}; {unapproved}."));
    if let Some(projects) = &pay.hourly.projects {
        sentences.push(format!("Where hours of a project go, and as what, stands in {}.", projects.table.file()));
    }
    for (name, meaning) in &pay.types {
        let means = match meaning {
            PayMeaning::Salary => "a salary",
            PayMeaning::Hourly => "paid by the hour",
            PayMeaning::Pieces => "paid by the piece",
            PayMeaning::NoBasePay => "only one-off payments",
        };
        sentences.push(format!("The pay type `{name}` means {means}."));
    }
    if !pay.books_wages {
        sentences.push("Wages themselves are booked elsewhere; here only what follows from them.".to_owned());
    }
    sentences
}

fn earning(earning: &EarningRule) -> String {
    let name = title(&earning.name);
    match &earning.how {
        EarningHow::Hours { codes, at, on_top, counts_for_overtime } => {
            let top = if *on_top { ", on top of what the hours cost anyway" } else { "" };
            let counts = if *counts_for_overtime { "" } else { "; they do not count for overtime" };
            format!("{name}: hours of {} at {at} times the rate{top}{counts}.", list(codes))
        }
        EarningHow::Payments { types } => format!("{name}: one-off payments of {}.", list(types)),
        EarningHow::Register { codes } => format!("{name}: {} of the register.", list(codes)),
    }
}

fn leave(pay: &Pay) -> Vec<String> {
    let Some(leave) = &pay.leave else { return Vec::new() };
    let mut sentences = Vec::new();
    if !leave.paid.is_empty() {
        sentences.push(format!("Time off of {} is paid.", list(&leave.paid)));
    }
    if !leave.unpaid.is_empty() {
        sentences.push(format!("Time off of {} is not paid.", list(&leave.unpaid)));
    }
    sentences
}

fn burden(pay: &Pay, burden: &Burden) -> String {
    let name = title(&burden.name);
    match &burden.cost {
        BurdenCost::Share { rate, of, only, cap } => {
            let of: Vec<String> = of.iter().map(|own| amount(pay, *own)).collect();
            let only = only.map_or_else(String::new, |currency| format!(", only of wages in {currency}"));
            let cap = cap.as_ref().map_or_else(String::new, capped);
            format!("{name}: {} % of {}{only}{cap}.", percent(*rate), of.join(" and "))
        }
        BurdenCost::PerHead { amount, currency } => {
            format!("{name}: {amount} {currency} for each person with wages in {currency}, each period.")
        }
        BurdenCost::Table(costs) => {
            let otherwise = if costs.holds { "who has no row is held" } else { "who has no row costs nothing" };
            format!("{name}: the amount in {} for each person; {otherwise}.", costs.table.file())
        }
        BurdenCost::Register { codes } => format!("{name}: {} of the register.", list(codes)),
        BurdenCost::Liability(liability) => format!(
            "{name}: the change of what untaken {} is worth, at the yearly rate divided by {} an hour.",
            list(&liability.of),
            liability.hours_a_year
        ),
        BurdenCost::Benefits { plans } => {
            format!("{name}: what BambooHR says that the company pays for {}.", list(plans))
        }
    }
}

fn capped(cap: &Cap) -> String {
    let (month, day) = cap.year_starts;
    format!(
        ", until somebody's wages of the year reach {} {}; the year starts on {month:02}-{day:02}",
        cap.wages.normalize(),
        cap.currency
    )
}

fn percent(rate: Decimal) -> Decimal {
    rate.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(rate).normalize()
}

fn title(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn list(words: &[String]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
