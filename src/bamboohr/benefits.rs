//! What employers pay for benefit plans: BambooHR's enrolments, as they are now and as they are scheduled to be.

use super::client::{BambooHr, Body, Question, Sink};
use super::error::BamboohrError;
use super::objects::List;
use super::wire::Raw;
use crate::hr::BenefitRow;
use crate::plan::facts::{Facts, StrayRow};
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

const GRANT: &str = "give the key's user the right to view benefits, or leave `benefits` out of the pipeline";

/// A plan (OpenAPI: `CompanyBenefitSummary`).
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Plan<'a> {
    #[serde(borrow)]
    id: Raw<'a>,
    #[serde(borrow)]
    name: Raw<'a>,
}

/// One person's enrolments.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Enrolled<'a> {
    #[serde(borrow)]
    employee_id: Raw<'a>,
    #[serde(borrow)]
    employee_benefit: Vec<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow)]
    company_benefit_name: Raw<'a>,
    #[serde(borrow)]
    deduction_start_date: Raw<'a>,
    #[serde(borrow)]
    deduction_end_date: Raw<'a>,
    #[serde(borrow)]
    enrollment_status: Raw<'a>,
    #[serde(borrow)]
    enrollment_status_effective_date: Raw<'a>,
    #[serde(borrow)]
    currency_code: Raw<'a>,
    #[serde(borrow)]
    company_amount: Raw<'a>,
    #[serde(borrow)]
    company_amount_type: Raw<'a>,
    #[serde(borrow)]
    company_cap_amount: Raw<'a>,
    #[serde(borrow)]
    company_annual_max: Raw<'a>,
    #[serde(borrow)]
    occurrences_per_year: Raw<'a>,
}

#[derive(Default)]
struct Plans(Vec<(String, String)>);

impl Sink for Plans {
    fn restart(&mut self) {
        self.0.clear();
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let plan: Plan<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        self.0.push((plan.name.text().into_owned(), plan.id.text().into_owned()));
        Ok(())
    }
}

struct Enrolments<'f> {
    facts: &'f mut Facts,
    people: FxHashMap<String, u32>,
    /// How many benefits and strays the facts had before this answer.
    before: (usize, usize),
    date: Date,
    read_on: Date,
}

impl Sink for Enrolments<'_> {
    fn restart(&mut self) {
        self.facts.benefits.truncate(self.before.0);
        self.facts.strays.truncate(self.before.1);
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let enrolled: Enrolled<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let id = enrolled.employee_id.text();
        let Some(&employee) = self.people.get(id.as_ref()) else {
            let (employee_id, row_id) = (id.into_owned(), String::new());
            self.facts.strays.push(StrayRow { table: "benefits", employee_id, row_id, date: self.date });
            return Ok(());
        };
        for raw in enrolled.employee_benefit {
            let wire: Wire<'_> = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
            let plan = wire.company_benefit_name.text();
            let day = |raw: &Raw<'_>, what: &str| match raw.text().as_ref() {
                "" | "0000-00-00" => Ok(None),
                text => text.parse().map(Some).map_err(|_| format!("the {what} of {plan} is no date")),
            };
            let number = |raw: &Raw<'_>, what: &str| match raw.text().is_empty() {
                true => Ok(None),
                false => raw.decimal().map(Some).ok_or_else(|| format!("the {what} of {plan} is no exact decimal")),
            };
            let is_set = |raw: &Raw<'_>| raw.decimal().is_none_or(|most| !most.is_zero()) && !raw.text().is_empty();
            let texts = &mut self.facts.texts;
            self.facts.benefits.push(BenefitRow {
                employee,
                date: self.date,
                read_on: self.read_on,
                effective: day(&wire.enrollment_status_effective_date, "effective date")?,
                first_day: day(&wire.deduction_start_date, "deduction start")?,
                last_day: day(&wire.deduction_end_date, "deduction end")?,
                amount: number(&wire.company_amount, "company amount")?.filter(|amount| !amount.is_zero()),
                a_year: number(&wire.occurrences_per_year, "number of deductions")?,
                limited: is_set(&wire.company_cap_amount) || is_set(&wire.company_annual_max),
                plan: texts.add(&plan),
                status: texts.add(&wire.enrollment_status.text()),
                unit: texts.add(&wire.company_amount_type.text()),
                currency: texts.add(&wire.currency_code.text()),
            });
        }
        Ok(())
    }
}

impl BambooHr {
    /// Everybody's enrolments in these plans, for the period that ends on `date`; adds to `benefits`.
    ///
    /// # Errors
    /// As every question, and when BambooHR has no plan of a name.
    pub async fn benefits(
        &self,
        plans: &[String],
        (date, read_on): (Date, Date),
        facts: &mut Facts,
    ) -> Result<(), BamboohrError> {
        let question = question("the benefit plans", "v1/benefit/company_benefit", None);
        let mut known = Plans::default();
        self.read(&question, List::Member("companyBenefits"), &mut known).await.map_err(|no| question.error(no))?;
        for plan in plans {
            let Some((_, id)) = known.0.iter().find(|(name, _)| name == plan) else {
                let names: Vec<&str> = known.0.iter().map(|(name, _)| name.as_str()).collect();
                return Err(question.unreadable(format!("it has no plan `{plan}`; there is: {}", names.join(", "))));
            };
            // The filter wants a number (OpenAPI), and the list writes it as text.
            let id: u64 = id.parse().map_err(|_| question.unreadable(format!("the plan `{plan}` has no number")))?;
            self.enrolments(plan, id, (date, read_on), facts).await?;
        }
        Ok(())
    }

    async fn enrolments(
        &self,
        plan: &str,
        id: u64,
        (date, read_on): (Date, Date),
        facts: &mut Facts,
    ) -> Result<(), BamboohrError> {
        let filter = format!(r#"{{"filters":{{"companyBenefitId":{id}}}}}"#);
        let what = format!("the enrolments in {plan}");
        let question = question(&what, "v1/benefit/employee_benefit", Some(Body::OfGet(filter)));
        let people = (0..).zip(&facts.people).map(|(at, person)| (facts.text(person.id).to_owned(), at)).collect();
        let before = (facts.benefits.len(), facts.strays.len());
        let mut sink = Enrolments { facts, people, before, date, read_on };
        self.read(&question, List::Member("employeeBenefits"), &mut sink).await.map_err(|no| question.error(no))?;
        Ok(())
    }
}

fn question(what: &str, path: &str, body: Option<Body>) -> Question {
    Question { what: what.to_owned(), grant: GRANT, path: path.to_owned(), query: Vec::new(), body }
}
