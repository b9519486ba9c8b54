//! A project's own tests: given rows, expected lines and holds (`tests/*.yaml`). Read here, told by the runs.

use super::fact_files::{FACT_FILES, fact_file, usual};
use super::finding::{Finding, Place, did_you_mean};
use super::meaning::Page;
use super::pipeline::Pipeline;
use super::shape::check::shaped;
use super::shape::story as shape;
use super::shape::{Entries, FileKind, Text};
use super::source::{Content, Files};
use super::spans;
use crate::hr::Period;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One story.
#[derive(Clone, Debug)]
pub struct Story {
    /// What happens, in one sentence.
    pub name: String,
    pub about: String,
    pub pipeline: String,
    pub period: Period,
    pub given: Vec<Given>,
    pub expect: Expected,
    pub place: Place,
}

/// The rows of one facts file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// File name without `.csv`: one of [`FACT_FILES`].
    pub file: &'static str,
    pub columns: Vec<String>,
    /// As many cells as there are columns.
    pub rows: Vec<Vec<String>>,
    pub place: Place,
}

/// What the plan has to be. `None` is not compared.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    pub status: Option<Status>,
    pub lines: Option<Vec<ExpectedLine>>,
    pub held: Option<Vec<ExpectedHold>>,
    pub warnings: Option<Vec<String>>,
    pub records: Option<Vec<ExpectedRecord>>,
}

/// The plan's status, as its JSON names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Ready,
    Held,
    PartlyHeld,
    Nothing,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Status::Ready => "ready",
            Status::Held => "held",
            Status::PartlyHeld => "partly_held",
            Status::Nothing => "nothing",
        }
    }
}

/// A journal line. Amounts are the texts of the story; an empty one is no amount on that side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedLine {
    pub account: String,
    pub debit: String,
    pub credit: String,
    /// What else the story says of it: `description`, `currency`, `company`, `date`, `reverses_on`,
    /// `exchange_rate`, `exchange_date`, `replaces`.
    pub also: BTreeMap<&'static str, String>,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedHold {
    pub code: String,
    pub subject: Option<String>,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedRecord {
    pub key: String,
    /// `create`, `update`, `inactivate` or `reactivate`.
    pub action: &'static str,
    /// Fields after the change; `None` is not compared.
    pub after: Option<Vec<(String, String)>>,
    pub place: Place,
}

impl Given {
    /// The rows as the CSV file they stand for, header included.
    pub fn csv(&self) -> String {
        let mut text = String::new();
        for row in std::iter::once(&self.columns).chain(&self.rows) {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        text
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// Reads all stories. `complete`: every pipeline compiled, so an unknown one is a mistake of the story.
pub(super) fn read(files: &Files, pipelines: &[Pipeline], complete: bool, findings: &mut Vec<Finding>) -> Vec<Story> {
    let mut stories = Vec::new();
    for (path, content) in files.in_folder("tests") {
        let Content::Text(text) = content else { continue };
        let Some(root) = spans::parse(&path, &text, findings) else { continue };
        let Some(raw) = shaped::<shape::Story>(FileKind::Story, &path, root, findings) else { continue };
        let mut page = Page::new(&path, findings);
        if let Some(story) = story(&raw.value, pipelines, complete, &mut page).filter(|_| raw.cut.is_empty()) {
            stories.push(story);
        }
    }
    stories
}

fn story(raw: &shape::Story, pipelines: &[Pipeline], complete: bool, page: &mut Page<'_>) -> Option<Story> {
    let name = raw.story.as_ref()?;
    let pipeline = raw.pipeline.as_ref().filter(|name| {
        let known = !complete || pipelines.iter().any(|pipeline| pipeline.name == name.text);
        if !known {
            let names: Vec<&str> = pipelines.iter().map(|pipeline| pipeline.name.as_str()).collect();
            let help = did_you_mean(&name.text, &names);
            page.error("unknown-pipeline", name, format!("there is no pipeline `{}`", name.text), help);
        }
        known
    });
    let of = pipeline.and_then(|name| pipelines.iter().find(|pipeline| pipeline.name == name.text));
    // Of a pipeline that is broken nobody knows what its periods are.
    let calendar = of.map(|pipeline| &pipeline.calendar).filter(|_| pipeline.is_some());
    let read = |code: &str| calendar.map_or_else(|| Period::month("2013-11"), |calendar| calendar.period(code));
    let period = raw.r#for.as_ref().and_then(|text| match read(&text.text) {
        Ok(period) => Some(period),
        Err(error) => {
            page.error("not-a-period", text, error.to_string(), None);
            None
        }
    });
    let mut given = Vec::new();
    let mut good = true;
    for (file, rows) in raw.given.iter().flat_map(Entries::iter) {
        match self::given(file, rows, page) {
            Some(rows) => given.push(rows),
            None => good = false,
        }
    }
    let expect = expected(raw.expect.as_ref()?, page);
    Some(Story {
        name: name.text.clone(),
        about: raw.about.as_ref().map(|about| about.text.clone()).unwrap_or_default(),
        pipeline: pipeline?.text.clone(),
        period: period?,
        given: if good { given } else { return None },
        expect: expect?,
        place: name.key_place(page.file),
    })
}

fn given(file: &Text, rows: &shape::Given, page: &mut Page<'_>) -> Option<Given> {
    let Some(known) = fact_file(&file.text) else {
        let names: Vec<&str> = FACT_FILES.iter().map(|known| known.name).collect();
        let help = did_you_mean(&file.text, &names);
        page.error("unknown-facts", file, format!("a facts folder has no file `{}.csv`", file.text), help);
        return None;
    };
    let (own, rows) = match rows {
        shape::Given::Rows { rows, .. } => from_rows(rows, page),
        shape::Given::Csv(text) => from_csv(text, page)?,
    };
    let columns = known.all_columns();
    let mut good = true;
    for (column, place) in &own {
        if !columns.contains(&column.as_str()) && !known.keeps_other_columns {
            let message = format!("`{}.csv` has no column `{column}`", known.name);
            page.report(
                Finding::error("unknown-column", place.clone(), message).maybe_help(did_you_mean(column, &columns)),
            );
            good = false;
        }
    }
    good.then(|| with_all_columns(known.name, &columns, &own, &rows, file.place(page.file)))
}

/// Every column of the file, what was not written as it usually is, so that a story names only what it is about.
fn with_all_columns(
    file: &'static str,
    columns: &[&str],
    own: &[(String, Place)],
    rows: &[Vec<String>],
    place: Place,
) -> Given {
    let mut all: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
    all.extend(own.iter().map(|(column, _)| column).filter(|column| !columns.contains(&column.as_str())).cloned());
    let cell = |row: &Vec<String>, column: &String| {
        let at = own.iter().position(|(name, _)| name == column);
        let written = at.and_then(|at| row.get(at)).filter(|cell| !cell.is_empty());
        written.cloned().unwrap_or_else(|| usual(column).to_owned())
    };
    let rows = rows.iter().map(|row| all.iter().map(|column| cell(row, column)).collect()).collect();
    Given { file, columns: all, rows, place }
}

type Columns = Vec<(String, Place)>;

fn from_rows(rows: &[Entries<super::shape::pieces::MaybeText>], page: &Page<'_>) -> (Columns, Vec<Vec<String>>) {
    let mut columns: Columns = Vec::new();
    for (column, _) in rows.iter().flat_map(Entries::iter) {
        if !columns.iter().any(|(known, _)| *known == column.text) {
            columns.push((column.text.clone(), column.place(page.file)));
        }
    }
    let cell = |row: &Entries<super::shape::pieces::MaybeText>, name: &str| {
        let value = row.iter().find(|(column, _)| column.text == name).and_then(|(_, value)| value.0.as_ref());
        value.map(|text| text.text.clone()).unwrap_or_default()
    };
    let cells = rows.iter().map(|row| columns.iter().map(|(name, _)| cell(row, name)).collect()).collect();
    (columns, cells)
}

fn from_csv(text: &Text, page: &mut Page<'_>) -> Option<(Columns, Vec<Vec<String>>)> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.text.as_bytes());
    let records: Result<Vec<csv::StringRecord>, csv::Error> = reader.records().collect();
    let header = reader.headers().cloned();
    match (header, records) {
        (Ok(header), Ok(records)) => {
            let place = text.spot.part(page.file, 1, 1, 0);
            let columns = header.iter().map(|column| (column.to_owned(), place.clone())).collect();
            Some((columns, records.iter().map(|row| row.iter().map(str::to_owned).collect()).collect()))
        }
        (Err(error), _) | (_, Err(error)) => {
            let line = error.position().map_or(1, |position| u32::try_from(position.line()).unwrap_or(1));
            let place = text.spot.part(page.file, line, 1, 0);
            page.report(Finding::error("table-row-length", place, format!("this CSV cannot be read: {error}")));
            None
        }
    }
}

fn expected(raw: &shape::Expect, page: &mut Page<'_>) -> Option<Expected> {
    let mut good = true;
    let lines = raw.lines.as_ref().map(|lines| {
        let lines = lines.iter().filter_map(|line| expected_line(line, page));
        lines.collect::<Vec<_>>()
    });
    good &= lines.as_ref().map(Vec::len) == raw.lines.as_ref().map(Vec::len);
    let held = raw.held.iter().flatten().filter_map(|held| {
        let code = held.code.as_ref()?;
        let subject = held.subject.as_ref().map(|subject| subject.text.clone());
        Some(ExpectedHold { code: code.text.clone(), subject, place: code.place(page.file) })
    });
    let held = raw.held.as_ref().map(|_| held.collect());
    let records = raw.records.iter().flatten().filter_map(|record| expected_record(record, page.file));
    let records = raw.records.as_ref().map(|_| records.collect());
    let status = raw.status.map(|status| match status {
        shape::Status::Ready => Status::Ready,
        shape::Status::Held => Status::Held,
        shape::Status::PartlyHeld => Status::PartlyHeld,
        shape::Status::Nothing => Status::Nothing,
    });
    let warnings = raw.warnings.as_ref().map(|warnings| warnings.iter().map(|code| code.text.clone()).collect());
    good.then_some(Expected { status, lines, held, warnings, records })
}

fn expected_line(raw: &shape::Line, page: &mut Page<'_>) -> Option<ExpectedLine> {
    let account = raw.account.as_ref()?;
    let mut good = true;
    for amount in [&raw.debit, &raw.credit].into_iter().flatten() {
        good &= page.decimal(amount).is_some();
    }
    if raw.debit.is_some() == raw.credit.is_some() {
        page.error("one-of", account, "a line has exactly one of `debit` and `credit`", None);
        good = false;
    }
    let text = |amount: &Option<Text>| amount.as_ref().map(|amount| amount.text.clone()).unwrap_or_default();
    good.then(|| ExpectedLine {
        account: account.text.clone(),
        debit: text(&raw.debit),
        credit: text(&raw.credit),
        also: [
            ("description", &raw.description),
            ("currency", &raw.currency),
            ("company", &raw.company),
            ("date", &raw.date),
            ("reverses_on", &raw.reverses_on),
            ("exchange_rate", &raw.exchange_rate),
            ("exchange_date", &raw.exchange_date),
            ("replaces", &raw.replaces),
        ]
        .into_iter()
        .filter_map(|(what, text)| Some((what, text.as_ref()?.text.clone())))
        .collect(),
        place: page.place(raw.own_spot),
    })
}

fn expected_record(raw: &shape::Record, file: &Arc<str>) -> Option<ExpectedRecord> {
    let key = raw.key.as_ref()?;
    let action = match raw.action? {
        shape::Action::Create => "create",
        shape::Action::Update => "update",
        shape::Action::Inactivate => "inactivate",
        shape::Action::Reactivate => "reactivate",
    };
    let after = raw.after.as_ref().map(|after| {
        let text = |value: &super::shape::pieces::MaybeText| {
            value.0.as_ref().map(|text| text.text.clone()).unwrap_or_default()
        };
        after.iter().map(|(field, value)| (field.text.clone(), text(value))).collect()
    });
    Some(ExpectedRecord { key: key.text.clone(), action, after, place: key.place(file) })
}
