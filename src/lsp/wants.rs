//! Which names of the project fit at a place: what meaning the passes after the schema give to it.

use super::schema::Kind;
use crate::project::outline::{self, Outline};
use crate::project::shape::FileKind;
use crate::project::value::Names;

/// What a value is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wants {
    Expression(Names),
    Template(Names),
    /// One of these names by itself.
    Name(Names),
    Table,
    /// A look-up of the pipeline, or one of these words.
    LookUp(Vec<String>),
    /// What a line books.
    Amount,
    /// What a burden is a share of.
    Earning,
    /// A column of this look-up's table.
    Column(String),
    Pipeline,
    Script,
    Schedule,
    Register,
    Field,
    Setting,
    /// A code of lint, or of a plan.
    LintCode,
    PlanCode,
    /// A cell of a facts file.
    Cell(String),
    /// An account that a story expects.
    Account,
    Nothing,
}

/// What the value at a path is.
pub fn value(kind: Kind, steps: &[&str], outline: &Outline, companies: &[String]) -> Wants {
    match kind {
        Kind::Yaml(FileKind::Pipeline) => of_pipeline(steps, outline, companies),
        Kind::Yaml(FileKind::Story) => match steps {
            ["pipeline"] => Wants::Pipeline,
            ["given", _, "#", column] => Wants::Cell((*column).to_owned()),
            ["expect", "lines", "#", "account"] => Wants::Account,
            ["expect", "held", "#", "code"] | ["expect", "warnings", "#"] => Wants::PlanCode,
            _ => Wants::Nothing,
        },
        Kind::Yaml(FileKind::Project) => match steps {
            ["ignore", "#", "code"] => Wants::LintCode,
            ["connections", ..] => Wants::Setting,
            [.., "in"] => Wants::Table,
            _ => Wants::Nothing,
        },
        Kind::Script => Wants::Expression(outline::of_plan(true)),
        Kind::Yaml(FileKind::Environment | FileKind::Table) | Kind::Dialect => Wants::Nothing,
    }
}

fn of_pipeline(steps: &[&str], outline: &Outline, companies: &[String]) -> Wants {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    match steps {
        ["keep"] => Wants::Expression(outline.of_people()),
        ["look_up", name, "take"] => Wants::Column((*name).to_owned()),
        ["look_up", name, "by", _] => Wants::Name(before(outline, name)),
        [.., "in"] => Wants::Table,
        ["make", "journal", "one_per"] => Wants::LookUp(words(&["period", "company", "person"])),
        ["make", "journal", "batch" | "reference" | "date"] | ["make", "journal", "lines", "#", "account"] => {
            Wants::Template(outline.of_journal())
        }
        ["make", "journal", "lines", "#", "debit" | "credit"] => Wants::Amount,
        ["make", "journal", "lines", "#", "for_each"] | ["companies", "route"] => Wants::LookUp(Vec::new()),
        ["companies", "paid_by"] => Wants::LookUp(companies.to_vec()),
        ["companies", "due_from" | "due_to"] => {
            Wants::Template(outline.of_journal().with("other", crate::project::value::Kind::Text))
        }
        ["make", "vendor" | "employee", "id"] | ["make", "vendor" | "employee", "set", _] => {
            Wants::Template(outline.with_look_ups())
        }
        ["make", "vendor" | "employee", "match", "#", ..] => Wants::Name(outline.with_look_ups()),
        ["check", "#", "expect"] => Wants::Expression(outline::of_plan(false)),
        ["check", "#", "script"] => Wants::Script,
        ["from", "take", _] => Wants::Field,
        ["from", "periods"] => Wants::Schedule,
        ["from", "register"] => Wants::Register,
        ["corrects"] => Wants::Pipeline,
        ["pay", "burden", _, "of"] | ["pay", "burden", _, "of", "#"] => Wants::Earning,
        _ => Wants::Nothing,
    }
}

/// The names that a look-up's keys can be: people's, and the look-ups that stand before it.
fn before(outline: &Outline, name: &str) -> Names {
    let mut names = outline.of_people();
    for look_up in outline.look_ups.iter().take_while(|look_up| look_up.named.name != name) {
        names.add(&look_up.named.name, crate::project::value::Kind::Text);
    }
    names
}

/// What the keys of a mapping are, where the schema leaves them to the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Columns of this look-up's table.
    Columns(String),
    VendorFields,
    EmployeeFields,
    Settings,
    Facts,
    /// Columns of a facts file.
    FactColumns(String),
    LookUps,
    OfSchema,
}

/// What the keys at a path are.
pub fn keys(kind: Kind, steps: &[&str]) -> Keys {
    match (kind, steps) {
        (Kind::Yaml(FileKind::Pipeline), ["look_up", name, "by"]) => Keys::Columns((*name).to_owned()),
        (Kind::Yaml(FileKind::Pipeline), ["make", "vendor", "set"] | ["make", "vendor", "match", "#"]) => {
            Keys::VendorFields
        }
        (Kind::Yaml(FileKind::Pipeline), ["make", "employee", "set"] | ["make", "employee", "match", "#"]) => {
            Keys::EmployeeFields
        }
        (Kind::Yaml(FileKind::Environment), ["settings"]) => Keys::Settings,
        (Kind::Yaml(FileKind::Story), ["given"]) => Keys::Facts,
        (Kind::Yaml(FileKind::Story), ["given", file, "#"]) => Keys::FactColumns((*file).to_owned()),
        (Kind::Yaml(FileKind::Project), ["connections", "gp", "dimensions"]) => Keys::LookUps,
        _ => Keys::OfSchema,
    }
}
