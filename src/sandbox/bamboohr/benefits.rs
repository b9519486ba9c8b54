//! Benefit plans and people's enrolments: what is in force now and what is scheduled, no history.

use super::account::Account;
use super::answer::{problem, typed};
use super::serve::Shared;
use crate::hr::BenefitRow;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Account {
    /// Enrols a person in a plan in place of what was: from `effective` on the employer pays so much in US dollars at each of so
    /// many deductions a year. No amount: the enrolment ended.
    pub fn enrol(&mut self, employee_id: &str, plan: &str, effective: Date, cost: Option<(Decimal, u32)>) {
        let facts = Arc::make_mut(&mut self.facts);
        let Some(employee) = facts.people.iter().position(|person| facts.texts.get(person.id) == employee_id) else {
            return;
        };
        let employee = employee as u32;
        let mut text = |text: &str| facts.texts.add(text);
        let (plan, unit, currency) = (text(plan), text("$"), text("USD"));
        let status = text(if cost.is_some() { "Enrolled" } else { "Terminated" });
        let began = facts.benefits.iter().find(|row| (row.employee, row.plan) == (employee, plan));
        let first_day = began.map_or(Some(effective), |row| row.first_day);
        facts.benefits.retain(|row| (row.employee, row.plan) != (employee, plan));
        facts.benefits.push(BenefitRow {
            employee,
            date: effective,
            read_on: effective,
            plan,
            status,
            effective: Some(effective),
            first_day,
            last_day: None,
            amount: cost.map(|(amount, _)| amount),
            unit,
            currency,
            a_year: cost.map(|(_, a_year)| Decimal::from(a_year)),
            limited: false,
        });
        facts.sort();
    }

    /// The plans by name; their numbers are their places in this order.
    fn plans(&self) -> Vec<&str> {
        let names: BTreeSet<&str> = self.facts.benefits.iter().map(|row| self.facts.text(row.plan)).collect();
        names.into_iter().collect()
    }
}

/// `GET /benefit/company_benefit`.
pub(super) async fn plans(State(shared): State<Shared>) -> Response {
    let account = shared.account();
    let plan = |(at, name): (usize, &&str)| json!({ "id": (at + 1).to_string(), "name": name });
    let plans: Vec<Value> = account.plans().iter().enumerate().map(plan).collect();
    answered(&json!({ "companyBenefits": plans }))
}

/// `GET /benefit/employee_benefit`, with a filter in its body as BambooHR wants it.
pub(super) async fn enrolments(State(shared): State<Shared>, body: Bytes) -> Response {
    let account = shared.account();
    let asked: Option<Value> = serde_json::from_slice(&body).ok();
    let Some(filters) = asked.as_ref().and_then(|asked| asked.get("filters")?.as_object()) else {
        return problem(StatusCode::BAD_REQUEST, "The filters are required.");
    };
    let known = ["employeeId", "companyBenefitId", "enrollmentStatusEffectiveDate"];
    if !filters.keys().any(|name| known.contains(&name.as_str())) {
        return problem(StatusCode::BAD_REQUEST, "At least one filter is required.");
    }
    let (facts, plans) = (&account.facts, account.plans());
    let number = |name: &str| filters.get(name).map(Value::to_string);
    let wanted = |row: &&BenefitRow| {
        let id = facts.text(facts.people[row.employee as usize].id);
        let plan = plans.iter().position(|plan| *plan == facts.text(row.plan)).map(|at| (at + 1).to_string());
        let day = filters.get("enrollmentStatusEffectiveDate").and_then(Value::as_str);
        number("employeeId").is_none_or(|asked| asked == id)
            && number("companyBenefitId").is_none_or(|asked| Some(asked) == plan)
            && day.is_none_or(|day| row.effective.is_some_and(|effective| effective.to_string() == day))
    };
    let mut people: BTreeMap<u32, Vec<Box<RawValue>>> = BTreeMap::new();
    for row in facts.benefits.iter().filter(wanted) {
        let day = |day: Option<Date>| day.map_or("null".to_owned(), |day| format!("\"{day}\""));
        let plan = plans.iter().position(|plan| *plan == facts.text(row.plan)).map_or(0, |at| at + 1);
        let named = json!({ "name": facts.text(row.plan), "status": facts.text(row.status), "currency": facts.text(row.currency) });
        // The amount is a number, and its digits must not go by way of a binary fraction.
        let written = format!(
            r#"{{"companyBenefitId":"{plan}","companyBenefitName":{},"coverageLevel":null,"deductionStartDate":{},"deductionEndDate":{},"enrollmentStatus":{},"enrollmentStatusEffectiveDate":{},"currencyCode":{},"employeeAmount":null,"employeeAmountType":null,"companyAmount":{},"companyAmountType":"{}","companyPercentBasedOn":null,"companyCapAmount":null,"companyAnnualMax":null,"occurrencesPerYear":{}}}"#,
            named["name"],
            day(row.first_day),
            day(row.last_day),
            named["status"],
            day(row.effective),
            named["currency"],
            row.amount.map_or("null".to_owned(), |amount| amount.to_string()),
            facts.text(row.unit),
            row.a_year.unwrap_or_default(),
        );
        people.entry(row.employee).or_default().extend(RawValue::from_string(written));
    }
    let person = |(employee, rows): (u32, Vec<Box<RawValue>>)| {
        let id = facts.text(facts.people[employee as usize].id);
        let rows: Vec<&str> = rows.iter().map(|row| row.get()).collect();
        format!(r#"{{"employeeId":{id},"payFrequency":null,"employeeBenefit":[{}]}}"#, rows.join(","))
    };
    let people: Vec<String> = people.into_iter().map(person).collect();
    typed(StatusCode::OK, "application/json", format!(r#"{{"employeeBenefits":[{}]}}"#, people.join(",")).into())
}

fn answered(value: &Value) -> Response {
    typed(StatusCode::OK, "application/json", value.to_string().into())
}
