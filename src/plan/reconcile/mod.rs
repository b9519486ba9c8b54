//! The reconciliation pack of one period: BambooHR ↔ people paid ↔ the plan ↔ what was sent ↔ what GP holds.
//!
//! [`inputs`] are a plan made again, its facts and the period's [`inputs::BookedDocument`]s, with what GP showed of each.
//! [`people`] says who is employed, where they belong and what they cost; [`centres`] puts the columns side by side, a
//! cost centre and an account each; [`differences`] gives a reason for every step at which two columns part;
//! [`movements`] tells the month against the one before in words; [`checklist`] is what a close still needs. [`view`] is
//! the result, ready to be shown: [`pack::reconcile`] makes it, without I/O.
//!
//! What is absent: the amount of a single person. Causes of a movement show people by id and no amount.

pub mod centres;
pub mod checklist;
pub mod differences;
pub mod inputs;
pub mod movements;
pub mod pack;
pub mod people;
pub mod view;
