//! The service: what wakes pipelines by themselves, and what becomes of each run.
//!
//! [`due`] knows the clock, [`agenda`] decides what is to be run, [`changes`] gathers who changed in BambooHR: pure, all three.
//! [`work`] is the loop that asks them and owes each run in the store before it is made; what it does to the world are its
//! [`hands`]. [`webhooks`] takes what BambooHR tells.

pub mod agenda;
pub mod changes;
pub mod due;
pub mod hands;
pub mod webhooks;
pub mod work;
