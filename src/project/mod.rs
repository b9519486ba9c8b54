//! A customer's project: a folder of YAML, tables, templates and scripts, compiled into one [`Generation`].
//!
//! One path for lint, test, plan, reload and serve, in passes (design: config pipeline):
//! read all files once ([`source`]) → span tree ([`spans`]) → [`shape`] by JSON Schema, and decoded into texts with
//! their places → [`meaning`]: names, tables, templates, expressions, widths, balance → [`generation`].
//! Mistakes are collected as [`finding::Finding`]s, all at once; [`render`] shows them to people and machines, [`codes`] says what
//! each means, [`mistake`] shows one, [`mend`] writes what is certain, [`ignore`] accepts warnings.
//!
//! Beside the path: [`describe`] and [`graph`] tell a project to people, [`tidy`] and [`upgrade`] write its files, [`starter`]
//! begins one, [`story_text`] writes stories, [`knobs`] sets environments side by side. [`roles`] decides who may do what.

pub mod codes;
pub mod connections;
pub mod describe;
pub mod desk;
mod every;
pub mod expression;
pub mod fact_files;
pub mod files;
pub mod finding;
pub mod generation;
pub mod graph;
pub mod ignore;
pub mod knobs;
mod meaning;
pub mod mend;
pub mod mistake;
pub mod outline;
mod pay;
pub mod pipeline;
mod rates;
mod reads;
pub mod render;
pub mod reuse;
pub mod roles;
mod secrets;
pub mod shape;
pub mod source;
pub(crate) mod spans;
pub mod split;
pub mod starter;
pub mod story;
pub mod story_text;
pub mod table;
pub mod template;
pub mod tidy;
pub mod upgrade;
pub mod value;
mod work;

pub use finding::{Finding, Place, Severity};
pub use generation::{Generation, Project};
pub use meaning::names::{StandardName, of_pipeline as names_of_pipeline, standard_names};
pub use pipeline::Pipeline;
