//! The open buffers.

use super::position::Encoding;
use lsp_types::{TextDocumentContentChangeEvent, Uri};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file that is open in the editor.
#[derive(Debug)]
pub struct Document {
    /// As the editor writes it: what is told about the file is told under the same address.
    pub uri: Uri,
    pub version: i32,
    pub text: Arc<str>,
}

impl Document {
    /// Writes changes into the text, in their order.
    pub fn edit(&mut self, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) {
        let mut text = self.text.to_string();
        for change in changes {
            match change.range {
                None => text = change.text,
                Some(range) => {
                    let (start, end) = (encoding.byte(&text, range.start), encoding.byte(&text, range.end));
                    text.replace_range(start..end.max(start), &change.text);
                }
            }
        }
        self.text = Arc::from(text);
    }
}

/// The path of a file's address; `None` for what is no file.
pub fn path(uri: &Uri) -> Option<PathBuf> {
    url::Url::parse(uri.as_str()).ok()?.to_file_path().ok()
}

/// The address of a file.
pub fn uri(path: &Path) -> Option<Uri> {
    url::Url::from_file_path(path).ok()?.as_str().parse().ok()
}
