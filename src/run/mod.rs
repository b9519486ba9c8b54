//! One run from start to end: [`observe`] → plan → [`send`] → record. The only room that awaits edges and calls the core.
//!
//! [`systems`] are the edges of one project; [`planning`] makes and stores a plan from live facts; [`recover`] asks GP
//! about every document of unclear outcome before anything else happens, and [`adopt`] for journals that a lost store has
//! forgotten; [`send`] delivers stored documents, never
//! anything else. [`balances`], [`benefits`] and [`saved_hours`] keep what a plan was made from, [`renamed`] finds what a pipeline sent that is gone, [`unlisted`] who was paid and is gone. [`facts_folder`] and [`inputs`] keep facts on disk and in the store; [`explain`] makes a
//! stored plan again from them, and [`reconcile`] sets it against the ledger and GP.
//! [`shadow`] compares a period with other books before anything is sent. [`stories`] test a project, [`coverage`] tells what they touch, [`expectation`] and [`record`] write them. [`lint`] is all that can be said of a
//! project without asking, [`live`] asks, [`impact`] compares it with what it was (in [`git`]); [`watch`] keeps its newest good generation; [`mod@vault`] keeps its secrets, [`sign_in`] its tokens, [`webhook`] its webhook. [`doctor`] tells what works and what is missing.

pub mod adopt;
mod balances;
mod benefits;
pub mod coverage;
pub mod doctor;
pub mod expectation;
pub mod explain;
pub mod facts_folder;
pub mod git;
pub mod impact;
pub mod inputs;
pub mod lint;
pub mod live;
pub mod observe;
pub mod planning;
pub mod reconcile;
pub mod record;
pub mod recover;
mod renamed;
mod replace;
mod saved_hours;
pub mod send;
pub mod shadow;
pub mod sign_in;
pub mod stories;
pub mod systems;
mod unlisted;
pub mod vault;
pub mod watch;
pub mod webhook;
