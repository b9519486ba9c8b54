//! GP over Service Based Architecture: the customer's REST services, as a dialect describes them.
//!
//! - [`address`]: server, tenant, company and keys become a URL.
//! - [`site`]: sign-in, time-outs, one call at a time (or as many as the project allows), writes.
//! - [`read`]: questions, asked again after a failure that may pass.
//! - [`answer`]: takes the wanted members out of an answer as it streams by; no tree of the rest is built.
//! - [`body`]: writes a request's body, amounts digit for digit.
//! - [`outcome`]: what an answer to a write proves.
//! - [`journals`], [`accounts`], [`periods`], [`dimensions`], [`records`], [`batches`]: the capabilities.

pub mod accounts;
pub mod address;
pub mod answer;
pub mod batches;
pub mod body;
pub mod dimensions;
pub mod journals;
pub mod outcome;
pub mod periods;
pub mod read;
pub mod records;
pub mod site;
