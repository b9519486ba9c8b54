//! The Dynamics GP edge.
//!
//! No two GP sites offer the same, so GP is a set of **capabilities**, each a small trait with one named provider:
//! [`journals`], [`accounts`], [`periods`], [`dimensions`], [`records`] (vendors, employees), [`batches`].
//! Providers: [`sba`] (the customer's REST services, as a [`dialect`] describes them), [`declared`] (the project's own
//! CSV, for periods and dimensions) and [`off`]. [`Gp`] puts one company together from them; what becomes of a document
//! is a [`Delivery`], and only a question can end in a [`GpError`].
//!
//! What is absent: nothing here posts, deletes or moves a date, and no write is ever repeated by this room.

pub mod accounts;
pub mod batches;
pub mod company;
pub mod declared;
pub mod delivery;
pub mod dialect;
pub mod dimensions;
pub mod error;
pub mod journals;
pub mod off;
pub mod periods;
pub mod reach;
pub mod records;
pub mod refusals;
pub mod sba;
#[cfg(test)]
pub(crate) mod testing;

pub use batches::Batch;
pub use company::Gp;
pub use delivery::{Delivery, Refusal, RefusalClass};
pub use error::GpError;
pub use journals::GpJournal;
pub use records::Modified;
pub use refusals::Refusals;
