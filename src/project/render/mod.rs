//! Findings, shown: [`human()`] with code frames, [`concise()`] one line each, [`json()`] for machines.

pub mod concise;
pub mod human;
pub mod json;

pub use concise::concise;
pub use human::{Colour, human};
pub use json::json;
