//! The stable black box: `plan --facts FOLDER --format json` plans offline, the same on every machine.

mod facts_folder;
mod live;
mod statuses;
mod workbench;
