//! One-off payments: BambooHR's tables `bonus` and `commission`, for everybody at once.

use super::client::{BambooHr, Question, Sink};
use super::error::BamboohrError;
use super::money;
use super::objects::List;
use super::rows::Shared;
use super::wire::Raw;
use crate::hr::{PaymentRow, Text};
use crate::plan::facts::{Facts, Notice, StrayRow};
use serde::Deserialize;

/// The tables, and what a payment of each is called in a pipeline.
const TABLES: [(&str, &str); 2] = [("bonus", "Bonus"), ("commission", "Commission")];

/// The date column's name is not documented: all names that are known of it are read (bamboohr.md §3.3, §3.5).
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow)]
    id: Raw<'a>,
    #[serde(borrow)]
    employee_id: Raw<'a>,
    #[serde(borrow)]
    date: Raw<'a>,
    #[serde(borrow)]
    bonus_date: Raw<'a>,
    #[serde(borrow)]
    commission_date: Raw<'a>,
    /// The vendor's own misspelling.
    #[serde(borrow)]
    commision_date: Raw<'a>,
    #[serde(borrow)]
    amount: Raw<'a>,
    #[serde(borrow)]
    bonus_amount: Raw<'a>,
    #[serde(borrow)]
    commission_amount: Raw<'a>,
    #[serde(borrow)]
    amount_currency_code: Raw<'a>,
}

#[derive(Default)]
pub(super) struct Payments {
    rows: Vec<PaymentRow>,
    strays: Vec<StrayRow>,
    notices: Vec<Notice>,
}

struct Reader<'s, 'f> {
    shared: &'s Shared<'f>,
    table: &'static str,
    kind: Text,
    payments: Payments,
}

impl Sink for Reader<'_, '_> {
    fn restart(&mut self) {
        self.payments = Payments::default();
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let wire: Wire<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let date = wire.date.or(wire.bonus_date).or(wire.commission_date).or(wire.commision_date);
        let row_id = wire.id.text();
        let date = match date.date() {
            Ok(Some(date)) => date,
            Ok(None) | Err(_) => {
                self.payments.notices.push(Notice {
                    code: "row-without-date",
                    subject: format!("{} {row_id}", self.table),
                    message: format!(
                        "Row {row_id} of BambooHR's table {} has no readable date and is left out",
                        self.table
                    ),
                    remedy: "Give the row its date in BambooHR".into(),
                });
                return Ok(());
            }
        };
        let id = wire.employee_id.text();
        let Some(employee) = self.shared.position(&id) else {
            let (employee_id, row_id) = (id.into_owned(), row_id.into_owned());
            self.payments.strays.push(StrayRow { table: "payments", employee_id, row_id, date });
            return Ok(());
        };
        let money =
            money::read(wire.amount.or(wire.bonus_amount).or(wire.commission_amount), wire.amount_currency_code);
        self.payments.rows.push(PaymentRow {
            employee,
            row_id: self.shared.text(&row_id),
            date,
            kind: self.kind,
            amount: money.as_ref().map(|money| money.amount),
            currency: money.map_or(Text::EMPTY, |money| self.shared.text(&money.currency)),
        });
        Ok(())
    }
}

impl Payments {
    /// Puts them in place of those that `facts` has.
    pub(super) fn put_into(tables: Vec<Payments>, facts: &mut Facts) {
        facts.payments.clear();
        for table in tables {
            facts.payments.extend(table.rows);
            facts.strays.extend(table.strays);
            facts.notices.extend(table.notices);
        }
    }
}

impl BambooHr {
    /// Every row of both tables.
    pub(super) async fn payments(&self, shared: &Shared<'_>) -> Result<Vec<Payments>, BamboohrError> {
        let mut tables = Vec::new();
        for (table, kind) in TABLES {
            let question = Question {
                what: format!("the table {table}"),
                grant: "give the key's user the right to view bonuses and commissions",
                path: format!("v1/employees/all/tables/{table}"),
                query: Vec::new(),
                body: None,
            };
            let mut reader = Reader { shared, table, kind: shared.text(kind), payments: Payments::default() };
            self.read(&question, List::Whole, &mut reader).await.map_err(|no| question.error(no))?;
            tables.push(reader.payments);
        }
        Ok(tables)
    }
}
