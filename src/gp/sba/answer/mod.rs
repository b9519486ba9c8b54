//! Takes the wanted members out of an answer while it streams by.
//!
//! A dialect names the members, so they are only known at run time; building a tree of everything and picking from it
//! would cost several times the memory and time. Numbers stay the digits that GP wrote: an amount never becomes a float.
//!
//! - [`shape`]: which members are wanted, and the row they land in.
//! - [`reading`]: a whole answer with its envelope.
//! - [`rows`]: the visitors of the body.
//! - [`messages`]: the errors beside the body.

pub mod messages;
pub mod reading;
mod rows;
pub mod shape;

pub use reading::{Answer, Reading};
pub use shape::{Row, Shape};
