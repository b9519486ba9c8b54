//! A dialect: how one site's GP calls its services, fields, states and refusals.
//!
//! No two sites offer the same services, and nothing public shows a captured exchange, so everything that could differ
//! is data. `mappings/dialects/sba.yaml` is the default; a project may carry its own.
//!
//! - [`mod@file`], [`wire`], [`services`]: the shape of the file, from which `schemas/dialect.schema.json` is made.
//! - [`lint`]: from a file's text to a [`Dialect`], or everything that is wrong with it; [`check`] says what the shape cannot.
//! - [`shipped`]: the default.
//! - [`template`]: texts with `{names}` that become addresses.
//! - [`refusals`]: GP's error numbers in our words.

pub mod check;
pub mod file;
pub mod lint;
pub mod refusals;
pub mod services;
pub mod shipped;
pub mod template;
pub mod wire;

pub use file::Dialect;
pub use lint::{check_dialect, read_dialect};
pub use shipped::schema;
