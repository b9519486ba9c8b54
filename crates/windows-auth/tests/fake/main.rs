//! Sign-ins against scripted servers on this machine: what they got, and what they can do to us. No domain is needed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod basic;
mod cancelled;
mod connections;
mod encrypted;
mod kerberos;
mod legs;
mod ntlm;
mod proxies;
mod server;
mod world;
