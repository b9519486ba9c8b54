//! A project that is loaded again at every keystroke: the texts that are not saved yet, and what the load before read and
//! nobody has changed since ([`Reuse`]). A load with a desk says exactly what a load without one says.

use super::reuse::Reuse;
use super::source::Unsaved;
use super::table::sheet::Sheet;
use std::sync::Arc;

/// What one load leaves for the next.
#[derive(Debug, Default)]
pub struct Desk {
    pub unsaved: Unsaved,
    pub(super) reuse: Reuse,
}

impl Desk {
    /// The sheet of a table's name, as the last load read it.
    pub fn sheet(&self, name: &str) -> Option<&Arc<Sheet>> {
        self.sheets().find(|sheet| sheet.name == name)
    }

    /// Every sheet of the last load, in the order of their names.
    pub fn sheets(&self) -> impl Iterator<Item = &Arc<Sheet>> {
        self.reuse.sheets()
    }
}
