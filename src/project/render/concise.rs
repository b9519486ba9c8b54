//! One line a finding: `path:line:column: severity[code]: message`. Editors and `grep` read it.

use crate::project::finding::Finding;
use std::fmt::Write as _;

/// All findings, one a line.
pub fn concise(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{}: {}[{}]: {}", finding.place, finding.severity, finding.code, finding.message);
    }
    text
}
