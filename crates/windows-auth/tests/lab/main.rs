//! Sign-ins to a real Windows domain: Samba's KDC and directory, Apache with mod_auth_gssapi, MIT's, Samba's and pyspnego's
//! acceptors. What counts is what the servers wrote down. `bash tests/lab/run` starts the domain and runs these.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod connections;
mod matrix;
mod refusals;
mod world;
