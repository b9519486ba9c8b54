//! The sandbox: both systems on loopback, behaving and refusing as the real ones do.
//!
//! - [`server`]: listens on a free loopback port and ends with its owner.
//! - [`faults`]: what goes wrong on demand, between the network and a system, so that recovery can be proved.
//! - [`adventure_works`]: the sample company that the demo runs on.
//! - [`bamboohr`]: BambooHR as its OpenAPI and its recorded answers describe it.
//! - [`gp`]: Dynamics GP with one company, refusing with GP's own numbers.

pub mod adventure_works;
pub mod bamboohr;
pub mod faults;
pub mod gp;
pub mod server;
