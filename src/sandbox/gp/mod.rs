//! A sandboxed Dynamics GP: one company behind SBA services, on a free loopback port.
//!
//! It refuses what GP refuses, with GP's own numbers and all of them at once, and lets through what GP lets through:
//! the same journal under another number is accepted, an empty journal balances. It knows nothing of the connector's
//! client; both are written from what is known about GP, so that each checks the other.
//!
//! - [`server`]: [`GpSandbox`], and what a person at GP's own windows does in between (close a period, post a batch).
//! - [`company`]: what the company holds.
//! - [`calendar`], [`chart`], [`batches`], [`journals`], [`records`]: the parts and their checks.
//! - [`refusal`]: GP's error numbers.
//! - [`text`]: what GP's columns keep of a text.
//! - [`service`]: addresses, sign-in and answers.
//! - [`door`]: the same things a person does, over HTTP, for `ml-connector sandbox`.

pub mod batches;
pub mod calendar;
pub mod chart;
pub mod company;
pub mod door;
pub mod journals;
pub mod records;
pub mod refusal;
pub mod server;
mod service;
pub mod text;

pub use server::GpSandbox;
