//! When people work: the project's week and public holidays, and what tables say of some people.

use super::table::Table;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Scheduled hours from Monday to Sunday, in hundredths.
pub type Week = [i64; 7];

/// The hours of a day's weekday, in hundredths.
pub fn hours_in(week: &Week, day: Date) -> i64 {
    week[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0)]
}

/// `calendar:` of project.yaml: how many hours a day has, and which days are public holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    /// `None` where the project says nothing.
    pub week: Option<Week>,
    /// Everybody's, in order, each once.
    pub holidays: Vec<Date>,
    /// The table of holidays, by name; `None` where the project has none.
    pub holiday_table: Option<String>,
}

impl WorkCalendar {
    /// Whether people work on that day: as scheduled, else Monday to Friday, and no public holiday.
    pub fn is_business_day(&self, day: Date) -> bool {
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        let scheduled = self.week.map_or(weekday < 5, |week| week[weekday] > 0);
        scheduled && self.holidays.binary_search(&day).is_err()
    }
}

/// The public holidays that count nothing.
#[derive(Clone, Debug, Default)]
pub struct Holidays {
    /// In order, each once.
    pub days: Vec<Date>,
    /// Whose each of them is; `None`: everybody's.
    pub whose: Option<HolidayTable>,
}

/// A table of holidays by date and, for example, location.
#[derive(Clone, Debug)]
pub struct HolidayTable {
    /// Its first key is the date.
    pub table: Arc<Table>,
    /// For each other key column, the pipeline's name that fills it.
    pub keys: Vec<String>,
    /// A column that answers.
    pub column: String,
}

impl HolidayTable {
    /// Whether `day` is a holiday of the person whose `keys` these are.
    pub fn is_theirs(&self, day: Date, keys: &[&str]) -> bool {
        let date = day.to_string();
        let keys: Vec<&str> = std::iter::once(date.as_str()).chain(keys.iter().copied()).collect();
        self.table.look_up(&keys, day, &self.column).is_some()
    }
}

/// `pay.work_week`: who has other hours than the project's week.
#[derive(Clone, Debug)]
pub struct WorkWeeks {
    pub table: Arc<Table>,
    /// For each key column, the pipeline's name that fills it.
    pub keys: Vec<String>,
    /// A column that answers.
    pub column: String,
    /// By row, the header being row 1.
    pub weeks: BTreeMap<u32, Week>,
}

impl WorkWeeks {
    /// The week of the person whose `keys` these are, and the last day on which it is the same; `None`: no row is theirs.
    pub fn find(&self, keys: &[&str], day: Date) -> Option<(&Week, Option<Date>)> {
        let answer = self.table.look_up(keys, day, &self.column)?;
        Some((self.weeks.get(&answer.row)?, answer.until))
    }
}
