//! Findings, printed: for people, for editors, and for the pages where a change is reviewed.

mod ci;
mod concise;
mod human;
mod json;
mod sarif;

pub use ci::{Case, github, gitlab, junit};
pub use concise::concise;
pub use human::{Colour, human};
pub use json::json;
pub use sarif::sarif;
