//! The whole line against both systems, with everything that goes wrong on the way: what the user sees, and that
//! nothing is lost. Afterwards, the trouble gone, `run` gives exactly one journal.

mod accrual;
mod bamboohr;
mod benefits;
mod companies;
mod exchange;
mod gp_answers;
mod gp_refusals;
mod journal_per_centre;
mod late;
mod late_people;
mod liability;
mod other_company;
mod people_in_gp;
mod register;
mod replacement;
mod secrets;
mod serve;
mod watch;
