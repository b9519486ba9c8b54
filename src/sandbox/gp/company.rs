//! What the sandboxed company holds.

use super::batches::Batches;
use super::calendar::Calendar;
use super::chart::Chart;
use super::journals::Ledger;
use super::records::{Employees, Vendors};
use crate::clock::Clock;
use crate::plan::facts::{Books, Facts};
use std::fmt;
use std::sync::Arc;

/// One GP company.
pub struct Company {
    pub name: String,
    pub chart: Chart,
    pub calendar: Calendar,
    pub batches: Batches,
    pub ledger: Ledger,
    pub vendors: Vendors,
    pub employees: Employees,
    pub clock: Arc<dyn Clock>,
}

impl Company {
    /// A company with these books and nobody in it; it holds no journals yet.
    pub fn with_books(name: &str, books: &Books, clock: Arc<dyn Clock>) -> Company {
        let Books { accounts, dimension_values, fiscal_periods } = books.clone();
        Company::new(name, &Facts { accounts, dimension_values, fiscal_periods, ..Facts::default() }, clock)
    }

    /// The company as the facts show its GP; it holds no journals yet.
    pub fn new(name: &str, facts: &Facts, clock: Arc<dyn Clock>) -> Company {
        let now = clock.now();
        Company {
            name: name.to_owned(),
            chart: Chart::new(&facts.accounts, &facts.dimension_values),
            calendar: Calendar::new(&facts.fiscal_periods),
            batches: Batches::default(),
            ledger: Ledger::default(),
            vendors: Vendors::new(&facts.vendors, now),
            employees: Employees::new(&facts.employees, now),
            clock,
        }
    }
}

impl fmt::Debug for Company {
    /// Only the name: the records hold tax ids.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Company").field("name", &self.name).finish_non_exhaustive()
    }
}
