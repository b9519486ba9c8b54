//! The service: what wakes pipelines by themselves, and what becomes of each run.

pub mod webhooks;
