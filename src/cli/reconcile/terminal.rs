//! The pack on a terminal.

use crate::cli::output::{Output, bad, care, faint, good, strong};
use crate::cli::plan::short;
use crate::cli::plan_view::grouped;
use crate::plan::reconcile::view::{CentreRow, Difference, ItemState, Reconciliation};
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

/// How many differences of one kind, and how many movements, are listed before the rest is counted.
const LISTED: usize = 12;

const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// Prints the pack.
pub fn print(output: &Output, pack: &Reconciliation) {
    let state = if pack.agrees { good("agrees") } else { bad("open") };
    output.line(format!("{} for {}: {state} · plan {}", strong(&pack.pipeline), pack.period, short(&pack.plan_id)));
    print_centres(output, pack);
    print_accounts(output, pack);
    print_documents(output, pack);
    print_differences(output, &pack.differences);
    print_movements(output, pack);
    for note in &pack.notes {
        output.line(faint(note));
    }
    print_checklist(output, pack);
}

fn table(header: Vec<String>, left: &[usize]) -> Table {
    let columns = header.len();
    let mut table = Table::new();
    table.load_style(RULED).set_header(header);
    for at in (0..columns).filter(|at| !left.contains(at)) {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn print_centres(output: &Output, pack: &Reconciliation) {
    let mut header = vec!["cost centre".to_owned(), "employed".to_owned(), "paid".to_owned()];
    header.extend(pack.amounts.iter().cloned());
    header.extend(["planned", "sent", "in GP", "because"].map(str::to_owned));
    let because = header.len() - 1;
    let mut table = table(header, &[0, because]);
    for row in pack.centres.iter().chain([&pack.total]) {
        for cells in centre_cells(row, pack.amounts.len()) {
            table.add_row(cells);
        }
    }
    output.line("");
    output.line(table.to_string());
}

fn centre_cells(row: &CentreRow, amounts: usize) -> Vec<Vec<String>> {
    let mark = if row.single_person { "*" } else { "" };
    let name = [row.centre.as_str(), row.about.as_str()].join(" ");
    let people = [name.trim().to_owned() + mark, row.employed.to_string(), row.paid.to_string()];
    let because = row.because.join(", ");
    if row.money.is_empty() {
        let blank = std::iter::repeat_n(String::new(), amounts + 3);
        return vec![people.into_iter().chain(blank).chain([because]).collect()];
    }
    let several = row.money.len() > 1;
    row.money
        .iter()
        .enumerate()
        .map(|(at, money)| {
            let mut cells = if at == 0 { people.to_vec() } else { vec![String::new(); 3] };
            if several {
                cells[0] = format!("{} {}", cells[0], money.currency).trim().to_owned();
            }
            cells.extend(money.amounts.iter().map(|amount| grouped(amount)));
            let booked = [&money.planned, &money.sent, &money.in_gp];
            cells.extend(booked.map(|amount| amount.as_deref().map_or_else(|| "–".to_owned(), grouped)));
            cells.push(if at == 0 { because.clone() } else { String::new() });
            cells
        })
        .collect()
}

/// Only accounts that differ: the others are in JSON, HTML and XLSX.
fn print_accounts(output: &Output, pack: &Reconciliation) {
    let differing: Vec<_> = pack.accounts.iter().filter(|row| !row.agrees).collect();
    output.line("");
    if differing.is_empty() {
        let columns = if pack.gp_asked { "plan, ledger and GP" } else { "plan and ledger" };
        output.line(format!("{} accounts: {columns} agree in each", pack.accounts.len()));
        return;
    }
    let header = ["account that differs", "planned", "sent", "in GP"].map(str::to_owned).to_vec();
    let mut table = table(header, &[0]);
    for row in differing {
        let in_gp = row.in_gp.as_deref().map_or_else(|| "–".to_owned(), grouped);
        table.add_row([row.account.clone(), grouped(&row.planned), grouped(&row.sent), in_gp]);
    }
    output.line(table.to_string());
}

fn print_documents(output: &Output, pack: &Reconciliation) {
    for document in &pack.documents {
        let number = document.journal_number.map_or_else(String::new, |number| format!(" {number}"));
        let in_gp = if document.in_gp.is_empty() { String::new() } else { format!(" · {} in GP", document.in_gp) };
        output.line(format!(
            "{} journal{number} of {} · batch {} · {} · {} {} · {}{in_gp}",
            document.role,
            document.periods.join(", "),
            document.batch,
            document.date,
            document.debit.as_deref().map_or_else(|| "–".to_owned(), grouped),
            document.currency,
            document.state
        ));
    }
}

fn print_differences(output: &Output, differences: &[Difference]) {
    if differences.is_empty() {
        return;
    }
    output.line("");
    output.line(care("why columns differ"));
    for difference in differences.iter().take(LISTED) {
        let centre = if difference.centre.is_empty() { String::new() } else { format!(" ({})", difference.centre) };
        output.line(format!("  {} {}{centre}: {}", difference.code, difference.subject, difference.message));
        output.line(faint(&format!("      → {}", difference.remedy)));
    }
    if differences.len() > LISTED {
        output.line(faint(&format!("  … and {} more (--format json lists all)", differences.len() - LISTED)));
    }
}

fn print_movements(output: &Output, pack: &Reconciliation) {
    let Some(previous) = &pack.previous else { return };
    output.line("");
    output.line(strong(&format!("against {previous}")));
    let changed = pack.movements.iter().filter(|movement| !movement.causes.is_empty());
    let count = changed.clone().count();
    for movement in pack.overall.iter().chain(changed.take(LISTED)) {
        let mark = if movement.single_person { "*" } else { "" };
        let change = movement
            .change
            .as_deref()
            .map_or_else(String::new, |change| format!(" ({} {})", grouped(change), movement.currency));
        output.line(format!("  {}{mark}{change}", movement.story));
    }
    if count > LISTED {
        output.line(faint(&format!("  … and {} more centres (--format json lists all)", count - LISTED)));
    }
}

fn print_checklist(output: &Output, pack: &Reconciliation) {
    output.line("");
    output.line(strong("close"));
    for item in &pack.checklist {
        let state = match item.state {
            ItemState::Done => good("done"),
            ItemState::Open => bad("open"),
            ItemState::Note => faint("note"),
        };
        let detail = if item.detail.is_empty() { String::new() } else { faint(&format!("  {}", item.detail)) };
        output.line(format!("  {state}  {}{detail}", item.what));
    }
}
