//! The vault of a project: its sealed secrets in the store, and its master key wherever the project's keeper put it.
//!
//! [`keeper`] opens it, sets and gives secrets. [`master_key`] gets at master keys, [`key_file`] is the one kept in a file,
//! which [`user_key`] protects on Windows where that is asked for.
//! [`rotate`] changes the master key so that a crash anywhere leaves one that opens everything; [`backup`] takes the sealed
//! records out of the store, and back. [`lock`] lets one command at a time do so.

pub mod backup;
pub mod keeper;
pub mod key_file;
pub mod lock;
pub mod master_key;
pub mod rotate;
pub mod user_key;

pub use keeper::{Place, Vault};
pub use master_key::{Asked, MasterKeys};
