//! Balances of time off: BambooHR computes them for one person and one day at a time.

use super::client::{AT_ONCE, BambooHr, Question, Sink};
use super::error::BamboohrError;
use super::objects::List;
use super::wire::Raw;
use crate::hr::BalanceRow;
use crate::plan::facts::Facts;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

/// One type of time off of one person (OpenAPI: `TimeOffBalanceEntry`).
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow)]
    name: Raw<'a>,
    #[serde(borrow)]
    units: Raw<'a>,
    #[serde(borrow)]
    balance: Raw<'a>,
    #[serde(borrow)]
    policy_type: Raw<'a>,
}

#[derive(Default)]
struct Reader {
    /// Type, amount, whether in hours.
    found: Vec<(String, Decimal, bool)>,
}

impl Sink for Reader {
    fn restart(&mut self) {
        self.found.clear();
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let wire: Wire<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        // Who may take as much as they like has no balance.
        if wire.policy_type.text() == "discretionary" {
            return Ok(());
        }
        let kind = wire.name.text().into_owned();
        let amount = wire.balance.decimal().ok_or_else(|| format!("the balance of {kind} is no exact decimal"))?;
        self.found.push((kind, amount, wire.units.text().eq_ignore_ascii_case("hours")));
        Ok(())
    }
}

impl BambooHr {
    /// What these people (positions in `facts`) have left at the end of `day`; adds to `balances`.
    ///
    /// # Errors
    /// As every question; the facts are then as they were.
    pub async fn balances(&self, day: Date, people: &[u32], facts: &mut Facts) -> Result<(), BamboohrError> {
        let found: Vec<(u32, Reader)> = stream::iter(people.iter().map(|&person| {
            let id = facts.text(facts.people[person as usize].id).to_owned();
            async move { Ok((person, self.balances_of(&id, day).await?)) }
        }))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
        for (employee, reader) in found {
            for (kind, amount, in_hours) in reader.found {
                let kind = facts.texts.add(&kind);
                facts.balances.push(BalanceRow { employee, date: day, kind, amount, in_hours });
            }
        }
        Ok(())
    }

    async fn balances_of(&self, id: &str, day: Date) -> Result<Reader, BamboohrError> {
        let question = Question {
            what: format!("the time off that person {id} has left on {day}"),
            grant: "give the key's user the right to view time off, or leave `liability` out of the pipeline",
            path: format!("v1/employees/{id}/time_off/calculator"),
            // Two decimals by default: a third of a day would be short.
            query: vec![("end", day.to_string()), ("precision", "4".to_owned())],
            body: None,
        };
        let mut reader = Reader::default();
        self.read(&question, List::Whole, &mut reader).await.map_err(|no| question.error(no))?;
        Ok(reader)
    }
}
