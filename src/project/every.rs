//! `every:` of a pipeline: when it wakes by itself.

use jiff::civil::Time;

/// When a pipeline wakes by itself (`every:`): at least one of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Every {
    /// Somebody changed in BambooHR.
    pub change: bool,
    pub time: Option<DueTime>,
}

/// A time of day on some days, in the project's time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTime {
    pub on: DueOn,
    pub at: Time,
    pub if_missed: IfMissed,
}

/// The days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueOn {
    /// `day_at`.
    EachDay,
    /// `month_on: 2nd business day`: by the project's calendar.
    BusinessDay(u8),
    /// `month_on: day 3`, 1 to 28.
    DayOfMonth(i8),
}

/// What happens to a time that passed while the service was down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissed {
    RunOnce,
    Skip,
}
