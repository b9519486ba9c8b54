//! A table's row as BambooHR writes it, and the columns that a request gives for one.

use super::account::{Account, Table};
use super::money::{MoneyShape, Shaped};
use crate::hr::{CompensationRow, EmploymentRow, JobRow, PayType, Text};
use crate::plan::facts::Facts;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether a row names itself: the tables of changed employees do not (recorded answers and the vendor's sample).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ids {
    Shown,
    Hidden,
}

/// What rows are written from: a snapshot.
#[derive(Clone)]
pub(super) struct Rows {
    pub(super) facts: Arc<Facts>,
    restricted: Arc<BTreeSet<String>>,
    verbatim: Arc<Vec<(Table, String)>>,
    money_shape: MoneyShape,
    pub(super) table: Table,
}

impl Rows {
    pub(super) fn of(account: &Account, table: Table) -> Rows {
        Rows {
            facts: Arc::clone(&account.facts),
            restricted: Arc::clone(&account.restricted),
            verbatim: Arc::clone(&account.verbatim),
            money_shape: account.money_shape,
            table,
        }
    }

    /// How many rows of people there are.
    pub(super) fn len(&self) -> usize {
        match self.table {
            Table::Job => self.facts.job_rows.len(),
            Table::Employment => self.facts.employment_rows.len(),
            Table::Compensation => self.facts.compensation_rows.len(),
        }
    }

    /// Rows of nobody and rows served as they were given, which come after the rows of people.
    pub(super) fn extras(&self) -> Vec<String> {
        let strays = self.facts.strays.iter().filter(|stray| stray.table == self.table.facts_name()).map(|stray| {
            let date = match self.table {
                Table::Compensation => "startDate",
                Table::Job | Table::Employment => "date",
            };
            serde_json::json!({ "id": stray.row_id, "employeeId": stray.employee_id, date: stray.date }).to_string()
        });
        let verbatim = self.verbatim.iter().filter(|(table, _)| *table == self.table).map(|(_, json)| json.clone());
        strays.chain(verbatim).collect()
    }

    /// Whose row it is.
    pub(super) fn employee(&self, at: usize) -> u32 {
        match self.table {
            Table::Job => self.facts.job_rows[at].employee,
            Table::Employment => self.facts.employment_rows[at].employee,
            Table::Compensation => self.facts.compensation_rows[at].employee,
        }
    }

    pub(super) fn row_id(&self, at: usize) -> Text {
        match self.table {
            Table::Job => self.facts.job_rows[at].row_id,
            Table::Employment => self.facts.employment_rows[at].row_id,
            Table::Compensation => self.facts.compensation_rows[at].row_id,
        }
    }

    pub(super) fn row(&self, at: usize, ids: Ids) -> Row<'_> {
        Row { rows: self, at, ids }
    }
}

/// One row, ready to be written.
pub(super) struct Row<'r> {
    rows: &'r Rows,
    at: usize,
    ids: Ids,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let facts = &self.rows.facts;
        if self.ids == Ids::Shown {
            map.serialize_entry("id", facts.text(self.rows.row_id(self.at)))?;
            map.serialize_entry("employeeId", facts.text(facts.people[self.rows.employee(self.at) as usize].id))?;
        }
        match self.rows.table {
            Table::Job => self.job(&mut map, &facts.job_rows[self.at])?,
            Table::Employment => self.employment(&mut map, &facts.employment_rows[self.at])?,
            Table::Compensation => self.compensation(&mut map, &facts.compensation_rows[self.at])?,
        }
        map.end()
    }
}

impl Row<'_> {
    /// Writes a column, unless the key's user may not see it.
    fn column<M: SerializeMap, V: Serialize + ?Sized>(
        &self,
        map: &mut M,
        name: &str,
        value: &V,
    ) -> Result<(), M::Error> {
        let restricted = &self.rows.restricted;
        let table = self.rows.table.name();
        let is_hidden =
            !restricted.is_empty() && restricted.iter().any(|field| field.split_once('.') == Some((table, name)));
        if is_hidden { Ok(()) } else { map.serialize_entry(name, value) }
    }

    fn text(&self, text: Text) -> &str {
        self.rows.facts.text(text)
    }

    fn job<M: SerializeMap>(&self, map: &mut M, row: &JobRow) -> Result<(), M::Error> {
        self.column(map, "date", &row.date)?;
        self.column(map, "location", self.text(row.location))?;
        self.column(map, "department", self.text(row.department))?;
        self.column(map, "division", self.text(row.division))?;
        self.column(map, "jobTitle", self.text(row.job_title))?;
        self.column(map, "reportsTo", "")?;
        self.column(map, "teams", &None::<()>)
    }

    fn employment<M: SerializeMap>(&self, map: &mut M, row: &EmploymentRow) -> Result<(), M::Error> {
        self.column(map, "date", &row.date)?;
        self.column(map, "employmentStatus", self.text(row.employment_status))?;
        self.column(map, "comment", "")?;
        self.column(map, "terminationReasonId", &None::<()>)?;
        self.column(map, "terminationTypeId", &None::<()>)?;
        self.column(map, "terminationRehireId", &None::<()>)
    }

    fn compensation<M: SerializeMap>(&self, map: &mut M, row: &CompensationRow) -> Result<(), M::Error> {
        let (currency, shape) = (self.text(row.currency), self.rows.money_shape);
        self.column(map, "startDate", &row.date)?;
        self.column(map, "endDate", &None::<()>)?;
        self.column(map, "rate", &row.rate.map(|amount| Shaped { amount, currency, shape }))?;
        if shape == MoneyShape::Beside {
            self.column(map, "rateCurrencyCode", currency)?;
        }
        self.column(map, "type", pay_type(&self.rows.facts, row.pay_type))?;
        self.column(map, "exempt", if row.pay_type == PayType::Salary { "Exempt" } else { "Non-exempt" })?;
        self.column(map, "reason", "")?;
        self.column(map, "comment", "")?;
        self.column(map, "paidPer", self.text(row.paid_per))?;
        self.column(map, "paySchedule", &Some(self.text(row.pay_schedule)).filter(|text| !text.is_empty()))?;
        self.column(map, "overtimeRate", "")
    }
}

/// A pay type as BambooHR spells it.
pub(super) fn pay_type(facts: &Facts, pay_type: PayType) -> &str {
    match pay_type {
        PayType::Salary => "Salary",
        PayType::Hourly => "Hourly",
        PayType::Other(text) => facts.text(text),
    }
}

/// The columns of a row in a request: name and text value, money as `56.00 USD`.
#[derive(Clone, Debug, Default)]
pub struct Columns(pub(super) Vec<(String, String)>);

impl Columns {
    pub fn of(pairs: &[(&str, &str)]) -> Columns {
        Columns(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}
