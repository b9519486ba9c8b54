//! Every rule of payroll costing as a story in the project's own format (`tests/cases/payroll/tests`), worked out by
//! hand in each story's `about`; and the laws that hold for all of them.

mod laws;
mod said;
mod small_company;

use crate::meadow::cases;
use ml_connector::project::{Generation, render};
use ml_connector::run::stories::tell;

/// Tells all stories of a project; gives how many there are.
fn all_hold(project: &std::path::Path) -> usize {
    let generation =
        Generation::load(project, None).unwrap_or_else(|broken| panic!("{}", render::concise(&broken.findings)));
    let told = tell(&generation, None);
    let failed: Vec<String> = told
        .iter()
        .filter(|told| !told.holds())
        .map(|told| format!("{}\n  {}\n    {}", told.place, told.story, told.differences.join("\n    ")))
        .collect();
    assert!(failed.is_empty(), "{} of {} stories differ:\n{}", failed.len(), told.len(), failed.join("\n"));
    told.len()
}

#[test]
fn every_rule_of_payroll_costing_comes_out_as_worked_out_by_hand() {
    assert!(all_hold(&cases("payroll")) >= 60);
}

#[test]
fn pay_periods_other_than_months_come_out_as_worked_out_by_hand() {
    assert!(all_hold(&cases("periods")) >= 8);
}

#[test]
fn accruals_and_liabilities_come_out_as_worked_out_by_hand() {
    assert!(all_hold(&cases("accruals")) >= 35);
}

#[test]
fn costs_that_cost_centres_share_come_out_as_worked_out_by_hand() {
    assert!(all_hold(&cases("splits")) >= 9);
}

#[test]
fn work_weeks_and_holidays_of_some_people_come_out_as_worked_out_by_hand() {
    assert!(all_hold(&cases("calendars")) >= 9);
}

#[test]
fn payroll_registers_come_out_as_worked_out_by_hand() {
    assert!(all_hold(&cases("register")) >= 23);
}

#[test]
fn the_customers_own_earnings_and_burdens_come_out_as_worked_out_by_hand() {
    assert!(all_hold(&cases("earnings")) >= 20);
}

#[test]
fn what_accountants_decide_about_the_books_comes_out_as_worked_out_by_hand() {
    assert!(all_hold(&cases("books")) >= 10);
}

#[test]
fn what_a_record_looks_up_comes_out_as_worked_out_by_hand() {
    assert!(all_hold(&cases("people")) >= 8);
}

/// What the loader refuses is no remedy.
#[test]
fn an_employee_whom_gp_lacks_is_not_to_be_created_without_a_tax_id() {
    let generation = Generation::load(&cases("payroll"), None).unwrap();
    let told = tell(&generation, Some("none is created without a tax id"));
    let plan = told[0].plan.as_ref().unwrap();
    assert_eq!(
        plan.warnings[0].remedy,
        "Create it in GP. To have it created, say under make.employee what GP demands of a new one \
         (`set: { tax_id: … }`), with `create: true`."
    );
}
