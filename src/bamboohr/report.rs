//! People by a custom report: the second way, for accounts without List Employees and for fields that it does not
//! know. Deprecated by BambooHR without an end date; its data sets would need one page for every 1,000 people.

use super::client::{BambooHr, Question};
use super::error::BamboohrError;
use super::objects::List;
use super::people::PeopleReader;
use serde::Serialize;

/// BambooHR's limit of fields in one report.
const FIELDS: usize = 400;

#[derive(Serialize)]
struct Body<'a> {
    title: &'static str,
    fields: Vec<&'a str>,
}

impl BambooHr {
    /// Reads `fields` (positions among the wanted ones) of everybody; adds people only where `adds`.
    pub(super) async fn report_people(
        &self,
        fields: &[usize],
        adds: bool,
        reader: &mut PeopleReader<'_>,
    ) -> Result<(), BamboohrError> {
        for (part, fields) in fields.chunks(FIELDS).enumerate() {
            reader.begin_part(fields, adds && part == 0);
            let body = Body { title: "ml-connector", fields: reader.asked_names() };
            let mut question = Question {
                what: if adds { "the people".into() } else { "the people's further fields".into() },
                grant: "give the key's user access to all employees and to reports; check the company's name in the address",
                path: "v1/reports/custom".into(),
                // Everybody's values, also of people whose first day is still to come.
                query: vec![("format", "json".into()), ("onlyCurrent", "false".into())],
                body: None,
            };
            question.body = serde_json::to_string(&body).ok().map(super::client::Body::Posted);
            self.read(&question, List::Member("employees"), reader).await.map_err(|no| question.error(no))?;
        }
        Ok(())
    }
}
