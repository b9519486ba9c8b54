//! The BambooHR edge against its sandbox, and the sandbox against BambooHR's own OpenAPI document.

pub mod company;
mod contract;
mod people;
mod refusals;
mod rows;
mod sandbox;
