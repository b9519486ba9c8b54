//! The pure core: from facts and a generation to a plan. No clock, no network, no file, no randomness: the same inputs
//! and the same project give a byte-identical plan.
//!
//! The line, in reading order: [`facts`] are cut into [`segment`]s (with the [`names`] and [`centre`]s that look-ups
//! give, and the [`split`] of who is shared), a person's exact [`earning`]s ([`hourly`], [`payment`], [`leave`]) become the
//! rounded [`cost`] of a period by [`allocation`], with [`burden`]s on top (those with a cap go by the [`wage_base`]) and
//! other currencies brought home by [`exchange`]. Costs become [`journal`] balances: of several [`companies`], and with few
//! people rolled up for [`privacy`]. [`desire`] does so for the planned period and every one sent before, [`sent`] is what
//! the ledger holds (of whichever of the [`groups`]), and [`propose`] makes documents of the difference. People become [`record`] changes (of what [`record_names`] gives). [`checks`] turn
//! what GP would refuse into [`hold`]s, and [`make`] puts the [`document::Plan`] together. [`report`] and [`explain`] show
//! it; [`reconcile`] sets it against what was sent and what GP holds.

pub mod accrual;
pub mod allocation;
pub mod benefit;
pub mod burden;
pub mod centre;
pub mod checks;
pub mod companies;
pub mod cost;
pub mod days;
pub mod desire;
pub mod difference;
pub mod document;
pub mod draft;
pub mod earning;
pub mod exchange;
pub mod explain;
pub mod facts;
pub mod facts_csv;
pub mod fiscal;
pub mod groups;
pub mod hash;
pub mod hold;
pub mod hourly;
pub mod impact;
pub mod journal;
pub mod keep;
pub mod leave;
pub mod liability;
pub mod make;
pub mod names;
pub mod not_given;
pub mod payment;
pub mod people;
pub mod privacy;
pub mod probe;
pub mod propose;
pub mod reconcile;
pub mod record;
pub mod record_names;
pub mod register;
pub mod replace;
pub mod report;
pub mod row_words;
pub mod scheduled;
pub mod segment;
pub mod sent;
pub mod spell;
pub mod split;
pub mod wage_base;
pub mod words;
