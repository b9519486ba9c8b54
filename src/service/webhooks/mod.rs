//! BambooHR's webhooks, received: verified, made durable, answered, and only then worked on.
//!
//! [`mod@listen`] opens the port and ends it; [`doors`] bounds how many come in and how long they may stay; [`intake`] decides
//! what each delivery is answered; [`key`] is what deliveries are signed with. A delivery only wakes: what changed is asked
//! of BambooHR, which is the truth, and so a delivery that is lost costs time and nothing else.

mod doors;
mod intake;
mod key;
mod listen;

pub use intake::{Counts, Limits};
pub use key::DeliveryKey;
pub use listen::{ListenError, Listening, Receiver, listen, listen_for};
