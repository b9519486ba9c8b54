//! From a sheet to a table: every row that two people could read differently is a finding.

use super::index::Index;
use super::once::Once;
use super::sheet::{Places, Sheet, VALID_FROM, VALID_TO, is_number};
use super::{Matching, Row, Table, stars};
use crate::project::finding::{Finding, Fix};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Findings of one kind that are shown for one table; a broken export would otherwise bury the rest.
pub const SHOWN: usize = 20;
/// Checks what every use of a sheet needs: dates, blanks, and codes that a spreadsheet changed. Asked once a sheet.
pub fn check_cells(sheet: &Sheet, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    for column in [VALID_FROM, VALID_TO].into_iter().filter_map(|name| sheet.column(name)) {
        for (row, cells) in sheet.rows.iter().enumerate() {
            let cell = cells.cells[column].trim();
            if !cell.is_empty() && date(cell).is_none() {
                let message = format!("`{cell}` is not a date");
                found.push(
                    Finding::error("bad-date", sheet.place(row, column), message)
                        .help("write dates as YYYY-MM-DD, for example 2013-11-01"),
                );
            }
        }
    }
    backwards(sheet, &mut found);
    for (column, name) in sheet.columns.iter().enumerate() {
        if name == VALID_FROM || name == VALID_TO {
            continue;
        }
        if !sheet.matching.trim {
            trailing_blanks(sheet, column, &mut found);
        }
        if !is_number(name) {
            eaten_codes(sheet, column, &mut found);
        }
    }
    keep_few(found, findings);
}

/// A date as tables write it: exactly YYYY-MM-DD.
fn date(cell: &str) -> Option<Date> {
    if cell.len() == 10 { cell.parse().ok() } else { None }
}

fn backwards(sheet: &Sheet, found: &mut Vec<Finding>) {
    let (Some(from), Some(to)) = (sheet.column(VALID_FROM), sheet.column(VALID_TO)) else { return };
    for (row, cells) in sheet.rows.iter().enumerate() {
        let days = (date(cells.cells[from].trim()), date(cells.cells[to].trim()));
        if let (Some(first), Some(last)) = days
            && last < first
        {
            let message = format!("this row ends on {last}, before it begins on {first}");
            found.push(Finding::error("bad-date", sheet.place(row, to), message).help("both days are included"));
        }
    }
}

fn trailing_blanks(sheet: &Sheet, column: usize, found: &mut Vec<Finding>) {
    for (row, cells) in sheet.rows.iter().enumerate() {
        let cell = &cells.cells[column];
        if cell.trim() != cell {
            let message = format!("`{cell}` begins or ends with a blank, and blanks count");
            found.push(
                Finding::warning("trailing-blank", sheet.place(row, column), message)
                    .help("remove the blank, or declare the table with `match: { trim: true }`"),
            );
        }
    }
}

/// Codes that a spreadsheet turned into numbers or dates. A date or an exponent is certain; a code that is shorter
/// than most is only likely.
fn eaten_codes(sheet: &Sheet, column: usize, found: &mut Vec<Finding>) {
    let mut by_length: BTreeMap<usize, usize> = BTreeMap::new();
    let mut digits = 0;
    for (row, cells) in sheet.rows.iter().enumerate() {
        let cell = cells.cells[column].trim();
        if looks_like_excel_date(cell) || looks_like_exponent(cell) {
            let message = format!("`{cell}` looks like a code that a spreadsheet changed");
            found.push(
                Finding::error("excel-eaten-code", sheet.place(row, column), message)
                    .help("format the column as Text before typing, and write the code as it is in GP"),
            );
        } else if is_digits(cell) {
            digits += 1;
            *by_length.entry(cell.len()).or_default() += 1;
        }
    }
    let Some((usual, count)) = by_length.into_iter().max_by_key(|(length, count)| (*count, *length)) else { return };
    // Most of the cells are codes, and most of the codes have one length: a shorter one has lost its zeros.
    if count * 2 <= digits || digits * 2 <= sheet.rows.len() || usual < 2 {
        return;
    }
    for (row, cells) in sheet.rows.iter().enumerate() {
        let cell = cells.cells[column].trim();
        let message = || format!("`{cell}` has {} digits where the others have {usual}", cell.len());
        if is_digits(cell) && cell.len() < usual {
            found.push(
                Finding::warning("excel-eaten-code", sheet.place(row, column), message())
                    .help(format!("Excel drops leading zeros: is it `{cell:0>usual$}`?")),
            );
        } else if is_digits(cell) && cell.len() > usual && count >= 3 {
            let finding = Finding::warning("unlike-code", sheet.place(row, column), message());
            found.push(finding.help("is there a digit too many?"));
        } else if let Some(digits) = with_digits(cell).filter(|digits| digits.len() == usual) {
            let message = format!("`{cell}` has letters where the others have digits");
            let finding = Finding::warning("unlike-code", sheet.place(row, column), message);
            found.push(finding.help(format!("is it `{digits}`?")));
        }
    }
}

/// `O410` → `0410`: a code in which somebody typed a letter that looks like a digit.
fn with_digits(cell: &str) -> Option<String> {
    let digit = |letter: char| match letter {
        'O' | 'o' => '0',
        'l' | 'I' => '1',
        other => other,
    };
    let digits: String = cell.chars().map(digit).collect();
    (digits != cell && is_digits(&digits) && cell.bytes().any(|byte| byte.is_ascii_digit())).then_some(digits)
}

fn is_digits(cell: &str) -> bool {
    !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit())
}

/// `1-Mar`, `Sep-13`.
fn looks_like_excel_date(cell: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let Some((left, right)) = cell.split_once('-') else { return false };
    let is_month = |part: &str| MONTHS.contains(&part.to_lowercase().as_str());
    let is_short = |part: &str| is_digits(part) && part.len() <= 2;
    (is_short(left) && is_month(right)) || (is_month(left) && is_short(right))
}

/// `4.1E+11`, `1E+05`.
fn looks_like_exponent(cell: &str) -> bool {
    let Some((number, power)) = cell.split_once("E+") else { return false };
    is_digits(power)
        && number.starts_with(|letter: char| letter.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Makes the table of `sheet` for these key columns (positions, in file order). Reports what makes an answer unclear;
/// `None` when there is an error among it.
pub fn build(sheet: &Sheet, keys: &[usize], findings: &mut Vec<Finding>) -> Option<Table> {
    let from = sheet.column(VALID_FROM);
    let to = sheet.column(VALID_TO);
    let values: Vec<usize> = (0..sheet.columns.len())
        .filter(|column| !keys.contains(column) && Some(*column) != from && Some(*column) != to)
        .collect();
    let rows: Vec<Row> = sheet.rows.iter().map(|cells| row(cells, keys, &values, from, to, sheet.matching)).collect();
    let mut found = Vec::new();
    let index = Index::build(&rows, sheet.matching);
    compare_rows(sheet, &rows, index.same_keys(&rows, sheet.matching), &mut found);
    stars::ambiguous(sheet, &rows, &index, &mut found);
    if !sheet.matching.ignore_case {
        twins(sheet, keys, &mut found);
    }
    words_for_stars(sheet, keys, &mut found);
    let broken = found.iter().any(|finding| finding.severity == crate::project::Severity::Error);
    keep_few(found, findings);
    let names = |columns: &[usize]| columns.iter().map(|column| sheet.columns[*column].clone()).collect();
    (!broken).then(|| Table {
        name: sheet.name.clone(),
        file: sheet.file.to_string(),
        key_columns: names(keys),
        value_columns: names(&values),
        columns: values.iter().map(|_| Once::default()).collect(),
        folded: keys.iter().map(|_| Once::default()).collect(),
        index,
        rows,
        matching: sheet.matching,
    })
}

fn row(
    cells: &super::sheet::Cells,
    keys: &[usize],
    values: &[usize],
    from: Option<usize>,
    to: Option<usize>,
    matching: Matching,
) -> Row {
    let cell = |column: usize| cells.cells.get(column).map_or("", String::as_str);
    let tidy = |text: &str| -> Box<str> { if matching.trim { text.trim().into() } else { text.into() } };
    let day = |column: Option<usize>| column.and_then(|column| date(cell(column).trim()));
    Row {
        number: cells.number,
        keys: keys.iter().map(|column| (cell(*column).trim() != "*").then(|| tidy(cell(*column)))).collect(),
        values: values.iter().map(|column| tidy(cell(*column))).collect(),
        from: day(from),
        to: day(to),
    }
}

/// A key as it is compared; blanks are cut when a row is made.
pub fn folded(key: &str, matching: Matching) -> String {
    if matching.ignore_case { key.to_lowercase() } else { key.to_owned() }
}

/// Rows with the same keys: copies, overlaps and gaps.
fn compare_rows(sheet: &Sheet, rows: &[Row], same_keys: Vec<Vec<usize>>, found: &mut Vec<Finding>) {
    for mut positions in same_keys {
        positions.sort_by_key(|position| (rows[*position].from, rows[*position].number));
        // The row with the latest end so far: an overlap may be with an earlier, longer row.
        let mut longest: Option<usize> = None;
        for position in positions {
            if let Some(before) = longest {
                pair(sheet, rows, before, position, found);
            }
            let ends_later = |other: usize| match (rows[other].to, rows[position].to) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(other), Some(own)) => own > other,
            };
            if longest.is_none_or(ends_later) {
                longest = Some(position);
            }
        }
    }
}

fn pair(sheet: &Sheet, rows: &[Row], before: usize, after: usize, found: &mut Vec<Finding>) {
    let (first, second) = (&rows[before], &rows[after]);
    let related = |finding: Finding| {
        finding.related(sheet.row_place(before), format!("row {} holds {}", first.number, days(first)))
    };
    if first.from == second.from && first.to == second.to {
        let what = if first.values == second.values { "says the same as" } else { "contradicts" };
        let message = format!("row {} {what} row {}: same keys, same days", second.number, first.number);
        let mut finding = Finding::error("duplicate-row", sheet.row_place(after), message);
        if first.values == second.values && matches!(sheet.places, Places::Csv(_)) {
            finding.fix = Some(Fix::RemoveLine { place: sheet.row_place(after) });
        }
        found.push(related(finding).help("remove one of them, or give them different days"));
        return;
    }
    let Some(end) = first.to else {
        let message =
            format!("row {} overlaps row {}: the same keys hold {}", second.number, first.number, days(second));
        let help = match second.from.and_then(|from| from.yesterday().ok()) {
            Some(last) => format!("end row {} with valid_to {last}", first.number),
            None => "give both rows days that do not overlap".to_owned(),
        };
        found.push(related(Finding::error("overlapping-rows", sheet.row_place(after), message)).help(help));
        return;
    };
    let Some(start) = second.from else { return };
    if start <= end {
        let message = format!("row {} overlaps row {}: both hold on {start}", second.number, first.number);
        let help = "both days of a row are included; end the earlier row a day before the later one begins";
        found.push(related(Finding::error("overlapping-rows", sheet.row_place(after), message)).help(help));
    } else if let Ok(next) = end.tomorrow()
        && next < start
    {
        let last = start.yesterday().unwrap_or(start);
        let message = format!("nothing holds from {next} to {last} for the keys of row {}", second.number);
        found.push(
            related(Finding::warning("gap-between-rows", sheet.row_place(after), message))
                .help("people who work there in these days are held; extend one of the rows if that is not meant"),
        );
    }
}

/// `ALL` where `*` is meant: BambooHR has nobody in a department of that name.
fn words_for_stars(sheet: &Sheet, keys: &[usize], found: &mut Vec<Finding>) {
    const WORDS: [&str; 8] = ["all", "any", "every", "default", "other", "others", "%", "**"];
    for column in keys {
        for (row, cells) in sheet.rows.iter().enumerate() {
            let cell = cells.cells.get(*column).map_or("", |cell| cell.trim());
            if WORDS.contains(&cell.to_lowercase().as_str()) {
                let message = format!("`{cell}` only matches `{cell}`");
                let finding = Finding::warning("word-for-star", sheet.place(row, *column), message);
                found.push(finding.help("`*` matches everything that no other row names"));
            }
        }
    }
}

/// Keys that differ in the case of letters alone: BambooHR has one of them, and people of the other are held.
fn twins(sheet: &Sheet, keys: &[usize], found: &mut Vec<Finding>) {
    for column in keys {
        let mut first: BTreeMap<String, (usize, &str)> = BTreeMap::new();
        for (row, cells) in sheet.rows.iter().enumerate() {
            let cell = cells.cells.get(*column).map_or("", |cell| cell.trim());
            let (other_row, other) = *first.entry(cell.to_lowercase()).or_insert((row, cell));
            if other != cell {
                let message = format!("`{cell}` and `{other}` differ in the case of letters alone, and case counts");
                let finding = Finding::warning("case-twins", sheet.place(row, *column), message)
                    .related(sheet.place(other_row, *column), "the other one")
                    .help("write it as BambooHR does, or declare the table with `match: { ignore_case: true }`");
                found.push(finding);
            }
        }
    }
}

fn days(row: &Row) -> String {
    match (row.from, row.to) {
        (None, None) => "always".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("until {to}"),
        (Some(from), Some(to)) => format!("from {from} to {to}"),
    }
}

/// At most [`SHOWN`] findings of a code; the last one says how many there are.
fn keep_few(found: Vec<Finding>, findings: &mut Vec<Finding>) {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for finding in &found {
        *counts.entry(finding.code).or_default() += 1;
    }
    let mut shown: BTreeMap<&'static str, usize> = BTreeMap::new();
    for mut finding in found {
        let count = shown.entry(finding.code).or_default();
        *count += 1;
        let all = counts.get(finding.code).copied().unwrap_or(0);
        if *count == SHOWN && all > SHOWN {
            finding.message.push_str(&format!(" (and {} more like this)", all - SHOWN));
        }
        if *count <= SHOWN {
            findings.push(finding);
        }
    }
}
