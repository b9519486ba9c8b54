//! The BambooHR edge: people, dated rows and hours, read into facts.
//!
//! - [`client`]: one question, its retries. All that asks for people leaves here. [`mod@sign_in`]: by key or by token; [`oauth`] gets
//!   tokens; [`connect`]: the address, checked.
//! - [`objects`] cuts an answer into the objects of its list while the bytes arrive; [`wire`] reads one of their
//!   values leniently and exactly. No answer is ever whole in memory.
//! - [`people`] (one [`record`] after the other, with [`report`] as its second way), [`tables`], [`hours`],
//!   [`changed`]: one kind of answer each, into [`crate::plan::facts::Facts`]; [`rows`] reads tables and hours beside
//!   each other; [`balances`] asks person by person, [`benefits`] plan by plan. [`positions`] finds the person of a row. What
//!   BambooHR leaves out is counted in [`dropped`] and told as a notice.
//! - [`fields`]: what the account has, for lint. [`probe`]: the least that proves what the key may read, for `ping`.
//! - [`money`]: the five shapes of one amount. [`retry`]: when a question may be asked again. [`error`]: why it failed.
//! - [`webhooks`]: setting them up, the only thing that is written into BambooHR. [`delivery`]: what they bring, verified and
//!   parsed. Deliveries only wake; polling is the truth.

mod balances;
mod benefits;
pub mod changed;
pub mod client;
mod connect;
pub mod delivery;
mod dropped;
pub mod error;
mod fields;
pub mod hours;
mod money;
pub mod oauth;
mod objects;
mod payments;
pub mod people;
mod positions;
pub mod probe;
mod record;
mod report;
mod retry;
pub mod rows;
mod sign_in;
pub mod tables;
mod time_off;
pub mod webhooks;
mod wire;

pub use changed::Changed;
pub use client::{AT_ONCE, BambooHr};
pub use error::BamboohrError;
pub use fields::AccountField;
pub use probe::{OneRecord, Probe, Probed};
pub use rows::Needed;
pub use sign_in::{AccessTokens, SignIn};
