//! What BambooHR leaves out. A field that the key may not read is not an error: it is silently missing, and a
//! synchronisation built on it is green and wrong. So every field that was asked for is counted, and a gap is told.

use crate::plan::facts::Notice;

/// One field or column that was asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) name: String,
    /// In how many records the key was there at all.
    pub(super) seen: usize,
    /// In how many of those it was not marked restricted.
    pub(super) given: usize,
}

impl Asked {
    /// Counts a record that has the key.
    pub(super) fn count(&mut self, is_restricted: bool) {
        self.seen += 1;
        self.given += usize::from(!is_restricted);
    }

    /// Forgets what was counted.
    pub(super) fn restart(&mut self) {
        (self.seen, self.given) = (0, 0);
    }
}

/// The fields that were asked for, and how often each was given.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) asked: Vec<Asked>,
    pub(super) records: usize,
}

impl Fields {
    pub(super) fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Fields {
        let asked = names.into_iter().map(|name| Asked { name: name.to_owned(), seen: 0, given: 0 }).collect();
        Fields { asked, records: 0 }
    }

    /// Forgets what was counted, when an answer is read again from its beginning.
    pub(super) fn restart(&mut self) {
        self.records = 0;
        self.asked.iter_mut().for_each(Asked::restart);
    }

    /// A notice for each field that was not given with every record; `place` is `people` or a table's name, `unit`
    /// what a record is.
    pub(super) fn notices(&self, place: &str, unit: &str) -> impl Iterator<Item = Notice> {
        self.asked.iter().filter(|asked| asked.given < self.records).map(move |asked| {
            let missing = self.records - asked.given;
            Notice {
                code: "field-dropped",
                subject: format!("{place}.{}", asked.name),
                message: format!(
                    "BambooHR gave no `{}` for {missing} of {} {unit}: this key may not read it, or the account has no such field",
                    asked.name, self.records
                ),
                remedy: format!(
                    "In BambooHR, give the access level of the key's user the right to view `{}`, or check its name in the account's list of fields",
                    asked.name
                ),
            }
        })
    }
}
