//! Words that the language has, and this version does not do yet. They are refused by name, so that nobody believes a
//! rule works because it is written down.

use super::FileKind;

/// Values of later versions: file kind, pointer, value.
const VALUES: &[(FileKind, &str, &str)] = &[
    (FileKind::Pipeline, "/from/bamboohr", "report"),
    (FileKind::Pipeline, "/from/bamboohr", "timesheets"),
    (FileKind::Project, "/connections/gp/providers/journals", "soap"),
    (FileKind::Project, "/connections/gp/providers/accounts", "soap"),
    (FileKind::Project, "/connections/gp/providers/vendors", "soap"),
    (FileKind::Project, "/connections/gp/providers/employees", "soap"),
    (FileKind::Project, "/connections/gp/providers/batches", "soap"),
];

/// Whether a later version knows this value.
pub fn value(kind: FileKind, pointer: &str, value: &str) -> bool {
    VALUES.contains(&(kind, pointer, value))
}
