//! What the word at a cursor means.

use super::cursor::{At, Step};
use super::position::Encoding;
use super::schema;
use super::view::View;
use super::wants::Wants;
use super::words::Word;
use crate::project::codes::{self, Code};
use crate::project::outline::LookUp;
use crate::project::table::sheet::Sheet;
use crate::project::value::Kind;
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind};
use std::ops::Range;

/// Amounts that every journal has, with what they are.
pub const AMOUNTS: &[(&str, &str)] = &[
    ("regular", "What people earn without overtime and without earnings of the project's own."),
    ("overtime", "Hours above the threshold of `pay: { hourly: { overtime: … } }`."),
    ("gross", "The sum of all earnings."),
    ("net", "`gross` without what is withheld: from a payroll register."),
];

/// What is at the cursor, as Markdown.
pub fn hover(view: &View<'_>, text: &str, encoding: Encoding) -> Option<Hover> {
    let (value, columns) = match view.cursor.at {
        At::Key => of_key(view)?,
        At::Block => return None,
        At::Start | At::Value => of_value(view)?,
    };
    let range = encoding.range(text, view.cursor.line, columns);
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value });
    Some(Hover { contents, range: Some(range) })
}

fn of_key(view: &View<'_>) -> Option<(String, Range<usize>)> {
    let cursor = &view.cursor;
    let key = &cursor.word;
    let mut path = cursor.path.clone();
    path.push(Step::Key(key.clone()));
    let nodes = schema::at(view.kind, &path);
    let mut parts: Vec<String> = Vec::new();
    if let (Some("look_up"), Some(look_up)) = (cursor.steps().last().copied(), view.outline.look_up(key)) {
        parts.push(of_look_up(view, look_up));
    }
    parts.extend(schema::description(&nodes).map(str::to_owned));
    let words = schema::words(&nodes);
    if !words.is_empty() {
        let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        parts.push(format!("One of: {listed}"));
    }
    (!parts.is_empty()).then(|| (format!("**{key}**\n\n{}", parts.join("\n\n")), cursor.columns.clone()))
}

fn of_value(view: &View<'_>) -> Option<(String, Range<usize>)> {
    let cursor = &view.cursor;
    let wants = view.wants();
    let whole = |text: String| Some((text, cursor.columns.clone()));
    match &wants {
        Wants::Expression(names) | Wants::Template(names) => match view.word(&wants)? {
            Word::Name { path, start, .. } => {
                let kind = names.kind(&path).ok()?;
                let shown = path.join(".");
                let first = cursor.columns.start + start;
                Some((of_name(view, &shown, kind), first..first + shown.chars().count()))
            }
            Word::Literal { .. } => None,
        },
        Wants::Name(names) => names.0.get(&cursor.word).and_then(|kind| whole(of_name(view, &cursor.word, kind))),
        Wants::Table => view.project.desk.sheet(&cursor.word).and_then(|sheet| whole(of_table(sheet))),
        Wants::LookUp(_) => view.outline.look_up(&cursor.word).and_then(|look_up| whole(of_look_up(view, look_up))),
        Wants::Amount | Wants::Earning => {
            let own = view.outline.amounts.iter().find(|(named, _)| named.name == cursor.word);
            let own = own.map(|(named, what)| format!("**{}**: {what} of this pipeline", named.name));
            let standard = AMOUNTS.iter().find(|(name, _)| *name == cursor.word);
            own.or_else(|| standard.map(|(name, about)| format!("**{name}**: {about}"))).and_then(whole)
        }
        Wants::LintCode | Wants::PlanCode => of_code(&cursor.word).and_then(whole),
        _ => {
            // A word means what its key says of it.
            let nodes = schema::at(view.kind, &cursor.path);
            schema::description(&nodes).map(str::to_owned).and_then(whole)
        }
    }
}

/// A name: its type, and where its value comes from.
pub fn of_name(view: &View<'_>, name: &str, kind: &Kind) -> String {
    if let Some(look_up) = view.outline.look_up(name) {
        return of_look_up(view, look_up);
    }
    let of_people = !name.contains('.') && view.outline.of_people().0.contains_key(name);
    match view.outline.field(name).filter(|_| of_people) {
        Some(field) => format!("**{name}**: {kind}, BambooHR's `{field}`"),
        None => format!("**{name}**: {kind}"),
    }
}

/// A look-up: its table and what it answers.
pub fn of_look_up(view: &View<'_>, look_up: &LookUp) -> String {
    let name = &look_up.named.name;
    match view.sheet_of(look_up) {
        Some(sheet) => format!("**{name}**: the column `{}` of\n\n{}", look_up.column, of_table(sheet)),
        None => format!("**{name}**: a look-up"),
    }
}

/// A table: its file, columns and rows.
pub fn of_table(sheet: &Sheet) -> String {
    let columns = sheet.columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ");
    let rows = sheet.rows.len();
    format!(
        "**{}**: {rows} row{} of {}\n\nColumns: {columns}",
        sheet.name,
        if rows == 1 { "" } else { "s" },
        sheet.file
    )
}

/// What a code means.
fn of_code(code: &str) -> Option<String> {
    codes::all().iter().find(|known| known.code == code).map(of_known_code)
}

/// The same of a code that is at hand, as its page says it.
pub fn of_known_code(known: &Code) -> String {
    let says = known.says.iter().map(|(heading, text)| match heading.is_empty() {
        true => (*text).to_owned(),
        false => format!("*{heading}*: {text}"),
    });
    format!("**{}** ({})\n\n{}", known.code, known.page(), says.collect::<Vec<_>>().join("\n\n"))
}
