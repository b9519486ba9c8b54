//! What is worked out of a table when somebody asks for it, and then kept.

use std::fmt;
use std::sync::OnceLock;

/// A value that is made when it is first asked for. It is not part of what a table is, and `Debug` does not show it: two
/// tables of the same rows are shown alike, whoever asked them before.
#[derive(Clone)]
pub struct Once<T>(OnceLock<T>);

impl<T> Once<T> {
    pub fn get(&self, make: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(make)
    }
}

impl<T> Default for Once<T> {
    fn default() -> Once<T> {
        Once(OnceLock::new())
    }
}

impl<T> fmt::Debug for Once<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("_")
    }
}
