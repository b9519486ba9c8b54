//! BambooHR's sandbox: one account over real HTTP, as the published OpenAPI document and recorded answers describe it.
//!
//! - [`serve`]: the running sandbox, its routes and its gate (sign-in, rate limit, JSON or XML).
//! - [`account`]: what the account holds, seeded from facts; every change of it, made by a test or over HTTP, moves
//!   the person's last change and fires webhooks. [`edit`] checks a change as BambooHR does.
//! - [`employees`], [`report`], [`tables`], [`changed`], [`timesheets`], [`meta`]: one kind of answer each. [`fields`]
//!   names a person's fields, [`row`] a row's columns, [`money`] the five shapes of an amount.
//! - [`oauth`]: signing in, and its tokens. [`webhooks`]: set-up and signed deliveries; [`webhook_log`]: what became of them.
//! - [`answer`]: streamed lists and refusals, in the forms that BambooHR gives them.
//!
//! It knows neither our client nor our plan: it shares only the nouns.

pub mod account;
mod answer;
mod benefits;
mod changed;
mod edit;
mod employees;
mod fields;
mod meta;
pub mod money;
pub mod oauth;
mod report;
mod row;
pub mod serve;
mod tables;
mod time_off;
mod timesheets;
mod webhook_log;
pub mod webhooks;

pub use account::{Account, Table};
pub use edit::Refused;
pub use money::MoneyShape;
pub use row::Columns;
pub use serve::BamboohrSandbox;
