//! The bytes a generation was compiled from: what a stored plan keeps of its project.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Every file that was read, by its path in the project folder, and the environment that was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectFiles {
    files: BTreeMap<String, Arc<[u8]>>,
    pub environment: Option<String>,
}

impl ProjectFiles {
    pub fn insert(&mut self, path: &str, bytes: impl Into<Arc<[u8]>>) {
        self.files.insert(path.to_owned(), bytes.into());
    }

    /// (path, bytes) in the order of paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), &**bytes))
    }
}
