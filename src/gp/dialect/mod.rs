//! A dialect: how one site's GP calls its services, fields, states and refusals.
//!
//! No two sites offer the same services, and nothing public shows a captured exchange, so everything that could differ
//! is data. `mappings/dialects/sba.yaml` is the default; a project may carry its own.
//!
//! - [`file`], [`wire`], [`services`]: the shape of the file, from which `schemas/dialect.schema.json` is made.
//! - [`check`]: what the shape alone cannot say: placeholders, actions, paths.
//! - [`template`]: texts with `{names}` that become addresses.
//! - [`refusals`]: GP's error numbers in our words.

pub mod check;
pub mod file;
pub mod refusals;
pub mod services;
pub mod template;
pub mod wire;

pub use check::{check_dialect, schema};
pub use file::Dialect;
