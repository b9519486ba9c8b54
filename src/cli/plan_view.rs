//! A plan for people: the journal as a table, records as a list, holds with their remedies, warnings in short.

use super::output::{Output, bad, care, faint, good, strong};
use crate::plan::report::{DocumentReport, HeldReport, PlanReport, WarningReport};
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use std::collections::BTreeMap;

/// How many records and warnings of one kind are listed before the rest is counted.
const LISTED: usize = 8;

/// A rule under the header and nothing else: a journal may have a hundred lines.
pub const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// Prints a plan.
pub fn print(output: &Output, plan: &PlanReport) {
    let headcount = plan.totals.headcount;
    output.line(format!(
        "{} for {}: {} · {headcount} people · {}",
        strong(&plan.pipeline),
        plan.period,
        status(&plan.status),
        count(plan.totals.documents, "document"),
    ));
    let mut journals = plan.documents.iter().filter(|document| document.kind == "journal").peekable();
    if output.is_kept() && journals.peek().is_some() {
        output.line("journals are not written here, because they are pay: ml-connector plan shows them");
    } else {
        journals.for_each(|journal| print_journal(output, journal));
    }
    print_records(output, plan);
    print_holds(output, &plan.held);
    print_warnings(output, &plan.warnings);
    if plan.status == "nothing" {
        output.line("GP holds what it should: nothing to do.");
    }
}

/// `1 document`, `2 documents`.
pub fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn status(word: &str) -> String {
    match word {
        "ready" => good("ready"),
        "nothing" => good("nothing to do"),
        "held" => bad("held"),
        _ => care("partly held"),
    }
}

fn print_journal(output: &Output, journal: &DocumentReport) {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let currency = text(&journal.currency);
    output.line("");
    let reversed = journal.reverses_on.as_ref().map_or_else(String::new, |day| format!(", reversed {day}"));
    let rate = match (&journal.exchange_rate, &journal.exchange_date) {
        (Some(rate), Some(day)) => format!(" at {rate} of {day}"),
        _ => String::new(),
    };
    let company = journal.company.as_ref().map_or_else(String::new, |company| format!(" of {}", strong(company)));
    output.line(format!(
        "{} {}{company} · batch {} · {}{reversed} · {}{rate} · {}",
        journal.role,
        if reversed.is_empty() { "journal" } else { "accrual" },
        text(&journal.batch),
        text(&journal.date),
        currency,
        faint(&text(&journal.reference))
    ));
    if let Some(number) = &journal.replaces {
        output.line(format!("written in place of journal {number}, which GP has not posted"));
    }
    if !journal.corrects.is_empty() {
        output.line(format!("corrects {}", journal.corrects.join(", ")));
    }
    let lines = journal.lines.as_deref().unwrap_or_default();
    if lines.is_empty() {
        output.line("(no lines: see the holds)");
        return;
    }
    let mut table = Table::new();
    table.load_style(RULED).set_header(["account", "description", "debit", "credit"]);
    for line in lines {
        let shown = |amount: &str, other: &str| if other_side(amount, other) { String::new() } else { grouped(amount) };
        table.add_row([
            line.account.clone(),
            line.description.clone(),
            shown(&line.debit, &line.credit),
            shown(&line.credit, &line.debit),
        ]);
    }
    for column in [2, 3] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    output.line(table.to_string());
}

/// Whether `amount` is the side that a line does not use.
fn other_side(amount: &str, other: &str) -> bool {
    !amount.bytes().any(|b| matches!(b, b'1'..=b'9')) && other.bytes().any(|b| matches!(b, b'1'..=b'9'))
}

/// `1234567.89` as `1,234,567.89`.
pub fn grouped(amount: &str) -> String {
    let (whole, part) = amount.split_once('.').map_or((amount, ""), |(whole, part)| (whole, part));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !part.is_empty() {
        out.push('.');
        out.push_str(part);
    }
    out
}

fn print_records(output: &Output, plan: &PlanReport) {
    let mut by_action: BTreeMap<&str, Vec<&DocumentReport>> = BTreeMap::new();
    for record in plan.documents.iter().filter(|document| document.kind != "journal") {
        by_action.entry(record.action.as_deref().unwrap_or_default()).or_default().push(record);
    }
    for (action, records) in by_action {
        let kind = records.first().map_or("record", |record| record.kind.as_str());
        output.line("");
        output.line(format!("{action} {}", count(records.len(), kind)));
        for record in records.iter().take(LISTED) {
            output.line(format!("  {}  {}", record.key.as_deref().unwrap_or_default(), changes(record)));
        }
        if records.len() > LISTED {
            output.line(faint(&format!("  … and {} more (--format json lists all)", records.len() - LISTED)));
        }
    }
}

fn changes(record: &DocumentReport) -> String {
    let before = record.before.clone().unwrap_or_default();
    let after = record.after.clone().unwrap_or_default();
    let change = |(field, text): (&String, &String)| match before.get(field) {
        Some(held) if !held.is_empty() => format!("{field}: {held} → {text}"),
        _ => format!("{field}: {text}"),
    };
    after.iter().map(change).collect::<Vec<_>>().join(" · ")
}

/// Prints holds, each with its remedy.
pub fn print_holds(output: &Output, held: &[HeldReport]) {
    if held.is_empty() {
        return;
    }
    output.line("");
    output.line(bad(&format!("held: {}", count(held.len(), "reason"))));
    for hold in held {
        let asks = match (hold.otherwise.as_str(), hold.scope.as_str()) {
            ("ask", _) => " (approval releases it)",
            (_, "employee") => " (the journal goes without this person)",
            _ => "",
        };
        output.line(format!("  [{}] {}: {}{asks}", hold.code, hold.subject, hold.message));
        let place = if hold.place.is_empty() { String::new() } else { format!("  ({})", hold.place) };
        output.line(format!("      → {}{}", hold.remedy, faint(&place)));
    }
}

fn print_warnings(output: &Output, warnings: &[WarningReport]) {
    let mut by_code: BTreeMap<&str, Vec<&WarningReport>> = BTreeMap::new();
    for warning in warnings {
        by_code.entry(&warning.code).or_default().push(warning);
    }
    if by_code.is_empty() {
        return;
    }
    output.line("");
    for (code, warnings) in by_code {
        let subjects: Vec<&str> = warnings.iter().take(LISTED).map(|warning| warning.subject.as_str()).collect();
        let more = warnings.len().saturating_sub(LISTED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        output.line(format!("{} [{code}] {}{more}", care("warning"), subjects.join(", ")));
        if let Some(first) = warnings.first() {
            output.line(faint(&format!("      {} → {}", first.message, first.remedy)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn amounts_are_grouped_as_accountants_write_them() {
        for (amount, shown) in [
            ("0.00", "0.00"),
            ("999.10", "999.10"),
            ("1234567.89", "1,234,567.89"),
            ("-1000.00", "-1,000.00"),
            ("1000", "1,000"),
        ] {
            assert_eq!(grouped(amount), shown);
        }
    }
}
