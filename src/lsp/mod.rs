//! The language server: what `lint` says, told while somebody writes, and what there is to write at a cursor.
//!
//! One thread owns everything. [`server`] takes messages in their order and answers requests at once; when none waits,
//! [`project`] compiles what changed, by the very path of `lint`, so that a burst of keystrokes is compiled once, with the
//! newest text. [`documents`] are the open buffers, [`position`] turns our columns into the editor's and back.
//!
//! What is at a cursor: [`cursor`] (with [`scan`]) finds keys and word from the text alone, because the text is half written;
//! [`schema`] knows which keys and words there are, [`wants`] which names of the project fit. [`completion`], [`hover`] and
//! [`definition`] tell it; [`diagnostics`] and [`actions`] tell findings.

mod actions;
mod completion;
mod cursor;
mod definition;
mod diagnostics;
mod documents;
mod hover;
mod position;
mod project;
mod scan;
mod schema;
mod server;
mod view;
mod wants;
mod words;

pub use server::{End, serve};
