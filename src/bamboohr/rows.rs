//! The rows that belong to people: three tables and the hours, each alone or all of them beside each other.

use super::client::BambooHr;
use super::error::BamboohrError;
use super::payments::Payments;
use super::positions::Positions;
use super::tables::Table;
use crate::hr::{Text, Texts};
use crate::plan::facts::Facts;
use jiff::civil::Date;
use std::sync::{Mutex, PoisonError};

/// What readers beside each other share: the arena of texts, and where people are.
pub(super) struct Shared<'f> {
    /// They take turns within one task, so nobody ever waits for it.
    texts: Mutex<&'f mut Texts>,
    positions: Positions,
}

impl<'f> Shared<'f> {
    fn of(facts: &'f mut Facts) -> Shared<'f> {
        Shared { positions: Positions::of(&facts.people), texts: Mutex::new(&mut facts.texts) }
    }

    /// `letters` in the arena.
    pub(super) fn text(&self, letters: &str) -> Text {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).add(letters)
    }

    /// Where the person with this id is.
    pub(super) fn position(&self, id: &str) -> Option<u32> {
        let id = self.texts.lock().unwrap_or_else(PoisonError::into_inner).known(id)?;
        self.positions.get(id)
    }
}

/// Which rows a plan needs beside where people work and whether they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
    pub compensation: bool,
    /// First and last day of the hours.
    pub hours: Option<(Date, Date)>,
    /// Bonuses and commissions.
    pub payments: bool,
    /// First and last day of the time off.
    pub time_off: Option<(Date, Date)>,
}

impl BambooHr {
    /// Everybody's rows, as many answers at once as the account is asked for. Replaces the rows that `facts` has of what
    /// is needed; people must have been read before. Rows of others go to `strays`, rows without a date and columns that
    /// are missing to `notices`.
    ///
    /// # Errors
    /// As every question; the facts are then as they were.
    pub async fn dated_rows(&self, needed: Needed, facts: &mut Facts) -> Result<(), BamboohrError> {
        let shared = Shared::of(facts);
        let compensation = async {
            if needed.compensation { self.table(Table::Compensation, &shared).await.map(Some) } else { Ok(None) }
        };
        let hours = async {
            match needed.hours {
                Some(window) => self.hours_between(window, &shared).await.map(Some),
                None => Ok(None),
            }
        };
        let payments = async { if needed.payments { self.payments(&shared).await.map(Some) } else { Ok(None) } };
        let time_off = async {
            match needed.time_off {
                Some(window) => self.time_off_between(window, &shared).await.map(Some),
                None => Ok(None),
            }
        };
        let (job, employment, compensation, hours, payments, time_off) = tokio::try_join!(
            self.table(Table::Job, &shared),
            self.table(Table::Employment, &shared),
            compensation,
            hours,
            payments,
            time_off
        )?;
        // In this order whoever answered first, so that notices stand as they always do.
        job.put_into(Table::Job, facts);
        employment.put_into(Table::Employment, facts);
        if let Some(compensation) = compensation {
            compensation.put_into(Table::Compensation, facts);
        }
        if let Some(hours) = hours {
            hours.put_into(facts);
        }
        if let Some(payments) = payments {
            Payments::put_into(payments, facts);
        }
        if let Some(time_off) = time_off {
            time_off.put_into(facts);
        }
        Ok(())
    }

    /// Where everybody works and worked; replaces `job_rows`, otherwise as [`BambooHr::dated_rows`].
    ///
    /// # Errors
    /// As every question.
    pub async fn job_rows(&self, facts: &mut Facts) -> Result<(), BamboohrError> {
        self.one_table(Table::Job, facts).await
    }

    /// Everybody's employment statuses; replaces `employment_rows`, otherwise as [`BambooHr::dated_rows`].
    ///
    /// # Errors
    /// As every question.
    pub async fn employment_rows(&self, facts: &mut Facts) -> Result<(), BamboohrError> {
        self.one_table(Table::Employment, facts).await
    }

    /// What everybody earns and earned; replaces `compensation_rows`, otherwise as [`BambooHr::dated_rows`]. A rate that
    /// is no exact decimal is `None`.
    ///
    /// # Errors
    /// As every question.
    pub async fn compensation_rows(&self, facts: &mut Facts) -> Result<(), BamboohrError> {
        self.one_table(Table::Compensation, facts).await
    }

    async fn one_table(&self, table: Table, facts: &mut Facts) -> Result<(), BamboohrError> {
        let shared = Shared::of(facts);
        let rows = self.table(table, &shared).await?;
        rows.put_into(table, facts);
        Ok(())
    }

    /// Hours from `first` to `last` (both included), as far back as BambooHR serves them; replaces `hours` and sets
    /// `hours_from` when the window was cut. People must have been read before.
    ///
    /// # Errors
    /// As every question; the facts are then as they were.
    pub async fn hours(&self, first: Date, last: Date, facts: &mut Facts) -> Result<(), BamboohrError> {
        let shared = Shared::of(facts);
        let hours = self.hours_between((first, last), &shared).await?;
        hours.put_into(facts);
        Ok(())
    }
}
