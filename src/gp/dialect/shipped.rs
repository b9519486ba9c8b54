//! The dialect that ships with the program, and the schema for editors.

use super::file::Dialect;
use super::lint::check_dialect;
use crate::gp::GpError;

/// The text of the dialect that ships with the program.
pub const SHIPPED: &str = include_str!("../../../mappings/dialects/sba.yaml");
/// Its name in messages.
pub const SHIPPED_FILE: &str = "mappings/dialects/sba.yaml";

/// The dialect that ships with the program.
///
/// # Errors
/// Never in a build whose tests passed.
pub fn shipped() -> Result<Dialect, GpError> {
    check_dialect(SHIPPED_FILE, SHIPPED)
}

/// The JSON Schema of a dialect file, as in `schemas/dialect.schema.json`.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Dialect);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
