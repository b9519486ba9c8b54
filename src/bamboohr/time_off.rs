//! Approved time off, day by day, from BambooHR's time-off requests.

use super::client::{BambooHr, Question, Sink};
use super::error::BamboohrError;
use super::objects::List;
use super::rows::Shared;
use super::wire::Raw;
use crate::hr::TimeOffRow;
use crate::plan::facts::{Facts, Notice};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Scalars come as numbers or as text (bamboohr.md §3.9).
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow)]
    id: Raw<'a>,
    #[serde(borrow)]
    employee_id: Raw<'a>,
    #[serde(borrow)]
    status: Status<'a>,
    #[serde(borrow, rename = "type")]
    kind: Kind<'a>,
    #[serde(borrow)]
    amount: Amount<'a>,
    /// A map of days to amounts; `[]` when it is empty.
    #[serde(borrow)]
    dates: Raw<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Status<'a> {
    #[serde(borrow)]
    status: Raw<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Kind<'a> {
    #[serde(borrow)]
    name: Raw<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Amount<'a> {
    #[serde(borrow)]
    unit: Raw<'a>,
}

#[derive(Default)]
pub(super) struct TimeOff {
    rows: Vec<TimeOffRow>,
    notices: Vec<Notice>,
}

struct Reader<'s, 'f> {
    shared: &'s Shared<'f>,
    window: (Date, Date),
    found: TimeOff,
}

impl Sink for Reader<'_, '_> {
    fn restart(&mut self) {
        self.found = TimeOff::default();
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let wire: Wire<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        // We ask for approved ones; a site that answers more is not believed.
        if !wire.status.status.text().eq_ignore_ascii_case("approved") {
            return Ok(());
        }
        let Some(employee) = self.shared.position(&wire.employee_id.text()) else { return Ok(()) };
        let id = wire.id.text();
        let days: BTreeMap<&str, &RawValue> = match wire.dates.json().starts_with('{') {
            true => serde_json::from_str(wire.dates.json()).map_err(|error| error.to_string())?,
            false => BTreeMap::new(),
        };
        for (day, amount) in days {
            let amount: Raw<'_> = serde_json::from_str(amount.get()).map_err(|error| error.to_string())?;
            let (Ok(date), Some(amount)) = (day.parse::<Date>(), amount.decimal()) else {
                self.found.notices.push(Notice {
                    code: "time-off-unreadable",
                    subject: format!("time off {id}"),
                    message: format!("The time-off request {id} has a day that cannot be read and is not counted"),
                    remedy: "Correct the request in BambooHR".into(),
                });
                continue;
            };
            if date < self.window.0 || date > self.window.1 || amount.is_zero() {
                continue;
            }
            self.found.rows.push(TimeOffRow {
                employee,
                row_id: self.shared.text(&id),
                date,
                kind: self.shared.text(&wire.kind.name.text()),
                amount,
                in_hours: wire.amount.unit.text().eq_ignore_ascii_case("hours"),
            });
        }
        Ok(())
    }
}

impl TimeOff {
    /// Puts it in place of what `facts` has.
    pub(super) fn put_into(self, facts: &mut Facts) {
        facts.time_off = self.rows;
        facts.notices.extend(self.notices);
    }
}

impl BambooHr {
    /// Approved time off from the first to the last day, both included. BambooHR gives the requests that overlap them.
    pub(super) async fn time_off_between(
        &self,
        window: (Date, Date),
        shared: &Shared<'_>,
    ) -> Result<TimeOff, BamboohrError> {
        let query = vec![
            ("start", window.0.to_string()),
            ("end", window.1.to_string()),
            ("status", "approved".to_owned()),
            ("excludeNote", "true".to_owned()),
        ];
        let question = Question {
            what: format!("the time off of {} to {}", window.0, window.1),
            grant: "give the key's user the right to view time off, or leave `pay.leave` out of the pipeline",
            path: "v1/time_off/requests".into(),
            query,
            body: None,
        };
        let mut reader = Reader { shared, window, found: TimeOff::default() };
        self.read(&question, List::Whole, &mut reader).await.map_err(|no| question.error(no))?;
        Ok(reader.found)
    }
}
