//! Fiscal periods and dimension values from the project's own CSV, for sites whose GP cannot be asked.
//!
//! The columns are those of a facts folder: `gp_periods.csv` (year, period, first_day, last_day, series, closed) and
//! `gp_dimensions.csv` (dimension, code, active). GP itself still refuses a journal when the file is behind the times.

use super::GpError;
use super::dimensions::Dimensions;
use super::periods::Periods;
use crate::ledger::{FiscalPeriod, Series};
use crate::plan::facts::DimensionValue;
use async_trait::async_trait;
use jiff::civil::Date;

/// A declared fiscal calendar.
pub struct DeclaredPeriods(Vec<FiscalPeriod>);

/// Declared dimension values.
pub struct DeclaredDimensions {
    file: String,
    values: Vec<DimensionValue>,
}

impl DeclaredPeriods {
    /// The calendar in `text`.
    ///
    /// # Errors
    /// [`GpError::Unreadable`] with every bad row of the file, by its number (the header is row 1).
    pub fn new(file: &str, text: &str) -> Result<DeclaredPeriods, GpError> {
        let mut table = Table::new(file, text, ["year", "period", "first_day", "last_day", "series", "closed"])?;
        let periods = table.rows(|[year, period, first_day, last_day, series, closed]| {
            let period = FiscalPeriod {
                year: year.parse().map_err(|_| format!("year `{year}` is no number"))?,
                number: period.parse().map_err(|_| format!("period `{period}` is no number"))?,
                first_day: day("first_day", first_day)?,
                last_day: day("last_day", last_day)?,
                series: named("series", series).map(Series::new)?,
                closed: truth("closed", closed)?,
            };
            if period.last_day < period.first_day {
                return Err(format!("last_day {last_day} is before first_day {first_day}"));
            }
            Ok(period)
        })?;
        for (at, period) in periods.iter().enumerate() {
            let twin = periods[..at].iter().find(|earlier| {
                earlier.series == period.series
                    && earlier.first_day <= period.last_day
                    && period.first_day <= earlier.last_day
            });
            if let Some(twin) = twin {
                let why = format!(
                    "{file}: periods {}-{} and {}-{} of {} share days",
                    twin.year, twin.number, period.year, period.number, period.series
                );
                return Err(GpError::Unreadable { what: "the declared fiscal periods".to_owned(), why });
            }
        }
        Ok(DeclaredPeriods(periods))
    }
}

#[async_trait]
impl Periods for DeclaredPeriods {
    async fn fiscal_periods(&self, first: Date, last: Date) -> Result<Vec<FiscalPeriod>, GpError> {
        let overlaps = |period: &&FiscalPeriod| period.first_day <= last && first <= period.last_day;
        Ok(self.0.iter().filter(overlaps).cloned().collect())
    }
}

impl DeclaredDimensions {
    /// The values in `text`.
    ///
    /// # Errors
    /// [`GpError::Unreadable`] with every bad row of the file, by its number (the header is row 1).
    pub fn new(file: &str, text: &str) -> Result<DeclaredDimensions, GpError> {
        let mut table = Table::new(file, text, ["dimension", "code", "active"])?;
        let values = table.rows(|[dimension, code, active]| {
            Ok(DimensionValue {
                dimension: named("dimension", dimension)?.to_owned(),
                code: named("code", code)?.to_owned(),
                active: truth("active", active)?,
            })
        })?;
        Ok(DeclaredDimensions { file: file.to_owned(), values })
    }
}

#[async_trait]
impl Dimensions for DeclaredDimensions {
    async fn dimension_values(&self, dimension: &str) -> Result<Vec<DimensionValue>, GpError> {
        let values: Vec<_> = self.values.iter().filter(|value| value.is_of(dimension)).cloned().collect();
        if values.is_empty() {
            let hint = format!("{} has no row for the dimension `{dimension}`", self.file);
            return Err(GpError::NotProvided { capability: "dimensions", hint });
        }
        Ok(values)
    }
}

/// A CSV with named columns in any order.
struct Table<'t, const N: usize> {
    file: &'t str,
    reader: csv::Reader<&'t [u8]>,
    at: [usize; N],
}

impl<'t, const N: usize> Table<'t, N> {
    fn new(file: &'t str, text: &'t str, columns: [&str; N]) -> Result<Table<'t, N>, GpError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().cloned().unwrap_or_default();
        let place = |column: &str| header.iter().position(|name| name.trim() == column);
        let missing: Vec<&str> = columns.into_iter().filter(|column| place(column).is_none()).collect();
        if !missing.is_empty() {
            return Err(unreadable(file, format!("row 1 has no column {}", missing.join(", "))));
        }
        let at = columns.map(|column| place(column).unwrap_or_default());
        Ok(Table { file, reader, at })
    }

    fn rows<T>(&mut self, make: impl Fn([&str; N]) -> Result<T, String>) -> Result<Vec<T>, GpError> {
        let (mut rows, mut bad) = (Vec::new(), Vec::new());
        for (index, record) in self.reader.records().enumerate() {
            let made = record
                .map_err(|error| error.to_string())
                .and_then(|record| make(self.at.map(|column| record.get(column).unwrap_or_default().trim())));
            match made {
                Ok(row) => rows.push(row),
                Err(why) => bad.push(format!("row {}: {why}", index + 2)),
            }
        }
        if bad.is_empty() { Ok(rows) } else { Err(unreadable(self.file, bad.join("; "))) }
    }
}

fn unreadable(file: &str, why: String) -> GpError {
    GpError::Unreadable { what: format!("the declared values in {file}"), why }
}

fn day(column: &str, text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("{column} `{text}` is no date (YYYY-MM-DD)"))
}

fn truth(column: &str, text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("{column} `{text}` is neither true nor false")),
    }
}

fn named<'a>(column: &str, text: &'a str) -> Result<&'a str, String> {
    if text.is_empty() { Err(format!("{column} is empty")) } else { Ok(text) }
}
