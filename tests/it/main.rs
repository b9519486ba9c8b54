//! One integration binary: each module is a story about one part, against real HTTP on loopback where there is any.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail as the test itself may")]

mod bad_projects;
mod bamboohr;
mod black_box;
mod command_line;
mod consultant;
mod crash;
mod doctor;
mod end_to_end;
mod fuzz;
mod gp;
mod house_rules;
mod lab;
mod lsp;
mod meadow;
mod mistakes;
mod oauth;
mod ping;
mod proxies;
mod random;
mod reconcile;
mod reload;
mod reports;
mod roles;
mod service;
mod store;
mod stories;
mod tutorial;
mod vault;
mod webhooks;
