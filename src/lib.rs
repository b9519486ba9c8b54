//! ml-connector keeps Microsoft Dynamics GP in step with BambooHR.
//!
//! The map, in reading order; arrows point down only, and a test reads every `use` to keep it so:
//!
//! - [`hr`] and [`ledger`]: the nouns of the field. Money, periods, people, accounts, journal entries.
//! - [`project`]: a customer's folder of YAML and tables, compiled into one generation.
//! - [`plan`]: the pure core. From facts and a generation, what GP should hold, and the difference to what it does.
//! - [`bamboohr`], [`register`], [`gp`], [`store`], [`sandbox`]: edges, each knows one outside thing.
//! - [`signature`], [`sheet`] and [`vault`]: leaves. How BambooHR signs its webhooks, a spreadsheet as rows of cells, and
//!   secrets sealed so that the store alone opens nothing.
//! - [`run`]: one run from start to end: observe, plan, send, record.
//! - [`service`]: what wakes pipelines by themselves.
//! - [`lsp`]: talks to editors.
//! - [`cli`]: talks to people.

pub mod bamboohr;
pub mod cli;
pub mod clock;
pub mod gp;
pub mod hr;
pub mod ledger;
pub mod lsp;
pub mod plan;
pub mod project;
pub mod register;
pub mod run;
pub mod sandbox;
pub mod service;
pub mod sheet;
pub mod signature;
pub mod store;
pub mod vault;
