//! The back-dated raise, given as a payroll clerk would: a new row in BambooHR's compensation table.

use crate::cli::exit::{Exit, Failure};
use crate::cli::sandbox::{SIGN_INS, Sandbox};
use anyhow::anyhow;
use serde_json::json;

/// Who gets the raise: the person who moved from one department to another that month.
const EMPLOYEE: &str = "234";

fn url(sandbox: &Sandbox) -> String {
    format!("{}/api/v1_1/employees/{EMPLOYEE}/tables/compensation", sandbox.bamboohr.url())
}

fn row() -> serde_json::Value {
    json!({
        "startDate": "2013-11-01", "type": "Salary", "rate": { "value": "131000.00", "currency": "USD" },
        "paidPer": "Year", "exempt": "Exempt", "paySchedule": "Every other week", "reason": "Promotion", "comment": ""
    })
}

/// Adds the row through BambooHR's own interface.
///
/// # Errors
/// When BambooHR refuses it.
pub async fn give(sandbox: &Sandbox) -> Result<String, Failure> {
    let [(_, key), ..] = SIGN_INS;
    let failed = |why: String| Failure::new(Exit::Bug, anyhow!("the raise was not accepted: {why}"));
    let client = reqwest::Client::builder().no_proxy().build().map_err(|error| failed(error.to_string()))?;
    let request =
        client.post(url(sandbox)).basic_auth(key, Some("x")).header("Accept", "application/json").json(&row());
    let answer = request.send().await.map_err(|error| failed(error.to_string()))?;
    if !answer.status().is_success() {
        return Err(failed(format!("status {}", answer.status())));
    }
    Ok(format!("employee {EMPLOYEE} has a new compensation row from 2013-11-01, entered after November was sent"))
}

/// The same as a command for people.
pub fn curl(sandbox: &Sandbox) -> String {
    let [(_, key), ..] = SIGN_INS;
    format!(
        "curl -u {key}:x -H 'Accept: application/json' -H 'Content-Type: application/json' -X POST {} -d '{}'",
        url(sandbox),
        row()
    )
}
