//! The pure core: from facts and a generation to a plan. No clock, no network, no file, no randomness.

pub mod facts;
