//! Facts as a folder of CSV files: what `observe --save` records and `plan --facts` reads (docs/facts.md).
//!
//! Header row, ISO dates, decimal text, `true|false`. [`read`] reports every missing file and column and every
//! unreadable cell at once, with file and line; [`mod@write`] gives files that read back to the same facts.

pub mod given;
pub mod read;
mod read_books;
mod read_time;
pub mod write;
