//! Fiscal periods over SBA.

use super::accounts::truth;
use super::answer::{Row, Shape};
use super::read::Question;
use super::site::Site;
use crate::gp::GpError;
use crate::gp::dialect::Dialect;
use crate::gp::dialect::file::read_date;
use crate::gp::periods::Periods;
use crate::ledger::{FiscalPeriod, Series};
use async_trait::async_trait;
use jiff::civil::Date;
use std::sync::Arc;

/// The fiscal calendar by list.
pub struct SbaPeriods(pub Arc<Site>);

#[async_trait]
impl Periods for SbaPeriods {
    async fn fiscal_periods(&self, first: Date, last: Date) -> Result<Vec<FiscalPeriod>, GpError> {
        let dialect = Arc::clone(&self.0.dialect);
        let fields = &dialect.periods.fields;
        let shape = Arc::new(Shape::of([
            fields.year.as_str(),
            fields.period.as_str(),
            fields.first_day.as_str(),
            fields.last_day.as_str(),
            fields.series.as_str(),
            fields.closed.field.as_str(),
        ]));
        let (from, to) = (dialect.key_date(first), dialect.key_date(last));
        let question = Question {
            what: "the fiscal periods",
            read: &dialect.periods.list,
            names: &[("first_day", &from), ("last_day", &to)],
            shape: &shape,
        };
        let words = Arc::clone(&dialect);
        let mut periods = self.0.all(&question, None, move |row| period(&row, &words)).await?;
        // Whether the site narrowed the list is its own matter.
        periods.retain(|period| period.first_day <= last && first <= period.last_day);
        Ok(periods)
    }
}

fn period(row: &Row, dialect: &Dialect) -> Result<FiscalPeriod, String> {
    let fields = &dialect.periods.fields;
    let number = |slot: usize, member: &str| -> Result<i16, String> {
        let text = row.needed(slot, member)?;
        text.parse().map_err(|_| format!("{member} `{text}` is no number"))
    };
    let day = |slot: usize, member: &str| -> Result<Date, String> {
        let text = row.needed(slot, member)?;
        read_date(&dialect.values.dates, text).ok_or_else(|| format!("{member} `{text}` is no date"))
    };
    let series = row.needed(4, &fields.series)?;
    let series = dialect.periods.series_names.get(series).map_or(series, String::as_str);
    Ok(FiscalPeriod {
        year: number(0, &fields.year)?,
        number: u16::try_from(number(1, &fields.period)?).map_err(|_| format!("{} is below 0", fields.period))?,
        first_day: day(2, &fields.first_day)?,
        last_day: day(3, &fields.last_day)?,
        series: Series::new(series),
        closed: truth(row, 5, &fields.closed)?,
    })
}
