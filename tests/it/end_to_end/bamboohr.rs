//! What BambooHR may answer.

use crate::meadow::{Meadow, POST_JOURNAL};
use ml_connector::sandbox::bamboohr::{MoneyShape, Table};
use ml_connector::sandbox::faults::Fault;

const PEOPLE: &str = "/api/v1/";
const COMPENSATION: &str = "/api/v1/employees/all/tables/compensation";

/// November is approved; BambooHR answers `place` with `fault` until it is lifted. The run must end with `code` and tell
/// `texts`; nothing reached GP. Then the fault is lifted.
fn trouble(place: &str, fault: Fault, code: i32, texts: &[&str]) {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.bamboohr.faults().always(place, fault);
    meadow.run().assert(code, texts);
    assert_eq!(meadow.gp.faults().count(POST_JOURNAL), 0);
    meadow.bamboohr.faults().clear();
    meadow.run().assert(0, &["sent", "original journal of 2013-11"]);
    meadow.assert_sent_once("after the trouble");
}

#[test]
fn a_refused_key_ends_with_9_and_is_not_tried_again() {
    trouble(PEOPLE, Fault::status(401), 9, &["BambooHR", "check the API key", "it is not tried twice"]);
    let meadow = Meadow::open();
    let plan = ["plan", "--pipeline", "payroll-journal", "--for", "2013-11"];
    let wrong = meadow.ran_with(&plan, &[("BAMBOOHR_API_KEY", "wrong-key-4711")]);
    wrong.assert(9, &["check the API key"]);
    assert!(!wrong.all().contains("wrong-key-4711"), "{wrong:?}");
    assert_eq!(meadow.bamboohr.faults().requests().len(), 1, "one try, or the account may lock");
}

#[test]
fn a_table_that_is_not_granted_is_named_with_what_to_grant() {
    trouble(COMPENSATION, Fault::status(403), 9, &["compensation", "view Compensation"]);
}

#[test]
fn too_many_requests_and_errors_are_waited_out_or_told() {
    trouble(COMPENSATION, Fault::retry_after(429, "0"), 5, &["it answered 429, 5 times", "run again later"]);
    trouble(PEOPLE, Fault::retry_after(500, "0"), 5, &["it answered 500, 5 times"]);
    let meadow = Meadow::open();
    meadow.approve();
    meadow.bamboohr.faults().times(3, COMPENSATION, Fault::retry_after(429, "0"));
    meadow.bamboohr.faults().times(2, "/api/v1/time_tracking", Fault::retry_after(503, "0"));
    assert_eq!(meadow.run().code, 0);
    meadow.assert_sent_once("waited out");
}

#[test]
fn somebody_who_asks_to_wait_an_hour_is_not_waited_for() {
    trouble(COMPENSATION, Fault::retry_after(429, "3600"), 5, &["asks to come back in 3600 s"]);
}

#[test]
fn a_cut_connection_is_asked_again() {
    let meadow = Meadow::open();
    meadow.approve();
    for fault in [Fault::CutBefore, Fault::CutHalfway] {
        meadow.bamboohr.faults().next(COMPENSATION, fault);
    }
    assert_eq!(meadow.run().code, 0);
    meadow.assert_sent_once("after two cuts");
}

#[test]
fn a_web_page_instead_of_json_is_said_to_be_one() {
    trouble(COMPENSATION, Fault::html(), 5, &["the table compensation", "a web page, not JSON"]);
}

#[test]
fn half_a_table_is_never_taken_for_the_whole() {
    let body = r#"[{"id":"1","employeeId":"1","startDate":"2010-03-01","type":"Salary""#.to_owned();
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    trouble(COMPENSATION, Fault::Answer { status: 200, headers, body }, 5, &["the table compensation"]);
}

#[test]
fn money_is_the_same_in_every_shape_that_names_its_currency() {
    for shape in [MoneyShape::Value, MoneyShape::Amount, MoneyShape::Text, MoneyShape::Beside] {
        let meadow = Meadow::open();
        meadow.bamboohr.account().write_money_as(shape);
        meadow.approve();
        assert_eq!(meadow.run().code, 0);
        meadow.assert_sent_once(&format!("{shape:?}"));
    }
}

#[test]
fn an_amount_without_a_currency_holds_everybody_it_belongs_to() {
    let meadow = Meadow::open();
    meadow.bamboohr.account().write_money_as(MoneyShape::Bare);
    let run = meadow.run();
    run.assert(
        4,
        &["[currency-missing] employee 1", "[currency-missing] employee 4", "Choose the currency in BambooHR"],
    );
    meadow.ran(&["held"]).assert(4, &["currency-missing"]);
    meadow.bamboohr.account().write_money_as(MoneyShape::Value);
    meadow.approve();
    assert_eq!(meadow.run().code, 0);
    meadow.assert_sent_once("with currencies");
}

#[test]
fn a_row_dated_zero_is_warned_of_and_left_out() {
    let meadow = Meadow::open();
    let row = r#"{"id":"77","employeeId":"2","date":"0000-00-00","department":"Mill","location":"Oregon","division":"","jobTitle":""}"#;
    meadow.bamboohr.account().add_verbatim(Table::Job, row);
    meadow.approve();
    meadow.run().assert(0, &["[row-without-date] jobInfo 77"]);
    meadow.assert_sent_once("a row dated 0000-00-00");
}

#[test]
fn a_person_without_a_job_row_holds_the_journal() {
    let meadow = Meadow::open();
    meadow.bamboohr.account().delete_row("2", Table::Job, "2").unwrap();
    meadow.run().assert(4, &["[job-row-missing] employee 2", "Add a Job Information row in BambooHR"]);
    assert_eq!(meadow.posts(), 0);
}

#[test]
fn a_column_that_decides_and_that_the_key_may_not_read_holds_the_journal() {
    let meadow = Meadow::open();
    // Wherever somebody works is right for this table: nothing else would tell that nobody knows.
    meadow.edit("tables/cost-centres.csv", "Orchard,Oregon", "Orchard,*");
    meadow.edit("tables/cost-centres.csv", "Mill,Oregon", "Mill,*");
    meadow.bamboohr.account().restrict("jobInfo.location");
    meadow.run().assert(4, &["[field-not-given] field location", "Grant the field to the connection's user"]);
    assert_eq!(meadow.posts(), 0);
}

#[test]
fn rows_of_a_deleted_person_cost_nothing_and_a_warning_says_so() {
    let meadow = Meadow::open();
    assert!(meadow.bamboohr.account().delete_person("2"));
    let plan = ["plan", "--pipeline", "payroll-journal", "--for", "2013-11"];
    // Orchard without Ben: 6,000.00.
    meadow.ran(&plan).assert(0, &["[unknown-employee] employee 2", "6,000.00"]);
}

#[test]
fn of_two_rows_on_one_date_the_later_counts_and_a_warning_says_so() {
    let meadow = Meadow::open();
    meadow.raise("2010-03-01", "72000.00 USD");
    meadow.approve();
    meadow.run().assert(0, &["[rows-on-one-date] employee 1"]);
    meadow.assert_sent_once("two rows on one date");
}
