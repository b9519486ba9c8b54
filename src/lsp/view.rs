//! A file and its cursor, with all that the project knows.

use super::cursor::Cursor;
use super::project::Project;
use super::schema::Kind;
use super::wants::{self, Wants};
use super::words::{self, Word};
use crate::project::outline::{LookUp, Outline, ProjectOutline};
use crate::project::table::sheet::Sheet;
use std::sync::Arc;

/// What a question at a cursor is answered from.
pub struct View<'v> {
    pub project: &'v Project,
    pub kind: Kind,
    pub cursor: Cursor,
    /// Of the file itself, or of the pipeline that a story is about.
    pub outline: Outline,
    pub settings: ProjectOutline,
    /// Every pipeline with its file.
    pub pipelines: Vec<(Arc<str>, Outline)>,
}

impl View<'_> {
    /// What the value at the cursor is read as.
    pub fn wants(&self) -> Wants {
        wants::value(self.kind, &self.cursor.steps(), &self.outline, &self.settings.companies)
    }

    /// The name or literal at the cursor, and where it begins in the cursor's word.
    pub fn word(&self, wants: &Wants) -> Option<Word> {
        match wants {
            Wants::Expression(_) => Some(words::in_expression(&self.cursor.word, self.cursor.before)),
            Wants::Template(_) => words::in_template(&self.cursor.word, self.cursor.before),
            _ => None,
        }
    }

    /// The table of a look-up.
    pub fn sheet_of(&self, look_up: &LookUp) -> Option<&Arc<Sheet>> {
        self.project.desk.sheet(look_up.table.as_deref()?)
    }

    /// The tables that a pipeline reads, with the names that fill their columns.
    pub fn columns_of_name<'w>(&'w self, name: &'w str) -> impl Iterator<Item = (&'w Arc<Sheet>, usize)> {
        let looked_up = self.outline.look_ups.iter().filter_map(move |look_up| {
            let sheet = self.sheet_of(look_up)?;
            let column = sheet.columns.iter().position(|column| look_up.name_of(column) == name)?;
            Some((sheet, column))
        });
        let others = self.outline.other_tables.iter().filter_map(move |table| {
            let sheet = self.project.desk.sheet(table)?;
            Some((sheet, sheet.column(name)?))
        });
        looked_up.chain(others)
    }
}
