//! The books' nouns: money, accounts, batches, fiscal periods, journal entries, and the records GP keeps of people.
//!
//! Nothing here knows how GP is reached (that is [`crate::gp`]). Money is counted in whole minor units, a share of
//! money is an exact fraction ([`exact`]); no float exists anywhere below.

pub mod account;
pub mod exact;
pub mod fiscal_period;
pub mod gp_record;
pub mod identity;
pub mod journal_entry;
pub mod limits;
pub mod money;
pub mod written;

pub use account::{Account, AccountNumber, BatchId};
pub use exact::Exact;
pub use fiscal_period::{FiscalPeriod, Series};
pub use gp_record::{GpRecord, RecordAction, RecordChange, RecordKind};
pub use identity::{DocumentId, Identity};
pub use journal_entry::{Exchange, JournalEntry, JournalLine};
pub use money::{Currency, Minor};
