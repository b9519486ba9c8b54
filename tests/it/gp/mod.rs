//! The GP edge against the sandboxed GP, over real HTTP on loopback.

mod dialects;
mod journals;
mod providers;
mod reading;
mod records;
mod refusals;
mod sandbox;
mod sign_in;
pub mod site;
mod unclear;
