//! What IIS, SBA and the site's own services do around the company.
//!
//! - [`routes`]: sign-in, rights, and which service an address means.
//! - [`address`]: names and keys of an address.
//! - [`envelope`]: what is around every request and answer.
//! - [`ledger`]: journals, accounts, periods, dimensions and batches as JSON.
//! - [`journal_body`]: a journal as a caller writes it.
//! - [`records`]: vendors and employees as JSON.

mod address;
mod envelope;
mod journal_body;
mod ledger;
mod records;
mod routes;

pub(super) use routes::answer;
