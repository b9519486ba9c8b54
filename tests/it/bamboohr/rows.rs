//! Dated rows and hours, in the forms that real accounts give them.

use super::company::{Company, add_hours, add_job, day, decimal, jobs, many, meadow, noticed, pays};
use ml_connector::bamboohr::Needed;
use ml_connector::hr::{PaymentRow, TimeOffRow};
use ml_connector::plan::facts::Facts;
use ml_connector::sandbox::bamboohr::{MoneyShape, Table};
use ml_connector::sandbox::faults::Fault;

#[tokio::test]
async fn what_the_account_holds_is_what_is_read() {
    let company = Company::of(&meadow());
    let facts = company.read_all().await;
    assert_eq!(
        jobs(&facts),
        ["101 2010-03-01 Orchard Oregon", "101 2013-11-11 Mill Oregon", "102 2012-07-16 Mill Idaho"]
    );
    assert_eq!(
        pays(&facts),
        [
            "6 2010-03-01 Salary 72000.06 USD Year",
            "7 2013-07-01 Salary 75000 USD Year",
            "8 2012-07-16 Hourly 21.375 USD Hour"
        ]
    );
    let hours: Vec<_> = facts.hours.iter().map(|row| (row.date, row.hours, row.approved)).collect();
    assert_eq!(hours.len(), 3);
    assert!(hours.contains(&(day("2013-11-05"), decimal("7.25"), true)));
    assert_eq!(facts.employment_rows.len(), 2);
    assert!(facts.strays.is_empty() && facts.notices.is_empty() && facts.hours_from.is_none());
    // Cleo has no row at all; that is for the plan to judge.
    assert!(!facts.job_rows.iter().any(|row| row.employee == 2));
}

#[tokio::test]
async fn all_five_shapes_of_money_are_the_same_amount() {
    let company = Company::of(&meadow());
    for shape in [MoneyShape::Value, MoneyShape::Amount, MoneyShape::Text, MoneyShape::Beside] {
        company.sandbox.account().write_money_as(shape);
        let facts = company.read_all().await;
        assert_eq!(pays(&facts)[0], "6 2010-03-01 Salary 72000.06 USD Year", "{shape:?}");
        assert_eq!(pays(&facts)[1], "7 2013-07-01 Salary 75000 USD Year", "{shape:?}");
    }
    company.sandbox.account().write_money_as(MoneyShape::Bare);
    let facts = company.read_all().await;
    assert_eq!(pays(&facts)[0], "6 2010-03-01 Salary 72000.06  Year");
}

#[tokio::test]
async fn a_rate_that_would_have_to_be_guessed_is_none() {
    let company = Company::of(&meadow());
    for (row, rate) in [(50, r#""75,000.00 USD""#), (51, r#""""#), (52, "null"), (53, r#"{"value":"n/a"}"#)] {
        let json = format!(
            r#"{{"id":"{row}","employeeId":"102","startDate":"2013-01-0{}","type":"SALARY","rate":{rate},"paidPer":"Year"}}"#,
            row - 49
        );
        company.sandbox.account().add_verbatim(Table::Compensation, &json);
    }
    let facts = company.read_all().await;
    let read: Vec<String> = pays(&facts).into_iter().filter(|line| line.starts_with('5')).collect();
    assert_eq!(read[0], "50 2013-01-01 Salary unreadable  Year");
    assert!(read.iter().all(|line| line.contains("unreadable")), "{read:?}");
}

#[tokio::test]
async fn pay_types_are_known_in_any_case_and_others_keep_their_name() {
    let company = Company::of(&meadow());
    let json = r#"{"id":60,"employeeId":102,"startDate":"2013-01-01","type":"hourly","rate":12.10,"payPer":"Hour"}"#;
    company.sandbox.account().add_verbatim(Table::Compensation, json);
    let json = r#"{"id":61,"employeeId":102,"startDate":"2013-02-01","type":"Commission","rate":null,"paidPer":""}"#;
    company.sandbox.account().add_verbatim(Table::Compensation, json);
    let facts = company.read_all().await;
    assert_eq!(pays(&facts)[1..3], ["60 2013-01-01 Hourly 12.10  Hour", "61 2013-02-01 Commission unreadable  "]);
}

#[tokio::test]
async fn a_row_without_a_date_is_named_and_left_out() {
    let company = Company::of(&meadow());
    for (row, date) in [(70, "\"0000-00-00\""), (71, "\"\""), (72, "null"), (73, "\"13.11.2013\"")] {
        let json = format!(
            r#"{{"id":"{row}","employeeId":"102","date":{date},"department":"Mill","location":"Idaho","division":"","jobTitle":""}}"#
        );
        company.sandbox.account().add_verbatim(Table::Job, &json);
    }
    let facts = company.read_all().await;
    assert_eq!(facts.job_rows.len(), 3);
    assert_eq!(
        noticed(&facts),
        [
            "row-without-date jobInfo 70",
            "row-without-date jobInfo 71",
            "row-without-date jobInfo 72",
            "row-without-date jobInfo 73"
        ]
    );
    assert!(facts.notices.iter().any(|notice| notice.message.contains("`13.11.2013` for a date")));
}

#[tokio::test]
async fn a_thousand_rows_without_a_date_are_named_up_to_a_limit_and_counted() {
    let company = Company::of(&meadow());
    for row in 0..1000 {
        let json = format!(r#"{{"id":"{}","employeeId":"102","date":""}}"#, 1000 + row);
        company.sandbox.account().add_verbatim(Table::Employment, &json);
    }
    let facts = company.read_all().await;
    let undated: Vec<_> = facts.notices.iter().filter(|notice| notice.code == "row-without-date").collect();
    assert_eq!(undated.len(), 21);
    assert!(undated.iter().any(|notice| notice.message.starts_with("980 more rows")), "{undated:?}");
}

#[tokio::test]
async fn a_column_that_bamboohr_keeps_back_is_told() {
    let company = Company::of(&meadow());
    company.sandbox.account().restrict("compensation.rate");
    company.sandbox.account().restrict("jobInfo.date");
    let facts = company.read_all().await;
    assert_eq!(noticed(&facts), ["field-dropped compensation.rate", "field-dropped jobInfo.date"]);
    assert_eq!(pays(&facts)[0], "6 2010-03-01 Salary unreadable  Year");
    assert!(facts.job_rows.is_empty());
}

#[tokio::test]
async fn rows_of_a_deleted_person_are_strays() {
    let company = Company::of(&meadow());
    company.sandbox.account().delete_person("101");
    let facts = company.read_all().await;
    assert_eq!(jobs(&facts), ["102 2012-07-16 Mill Idaho"]);
    let strays: Vec<_> = facts
        .strays
        .iter()
        .map(|stray| format!("{} {} {} {}", stray.table, stray.employee_id, stray.row_id, stray.date))
        .collect();
    assert_eq!(strays.len(), 5);
    assert!(strays.contains(&"compensation_rows 101 7 2013-07-01".to_owned()), "{strays:?}");
}

#[tokio::test]
async fn two_rows_on_one_date_both_come_with_their_own_ids() {
    let mut seed = meadow();
    add_job(&mut seed, 1, "31", "2012-07-16", "Orchard", "Idaho");
    let facts = Company::of(&seed).read_all().await;
    let mut ids: Vec<&str> =
        facts.job_rows.iter().filter(|row| row.employee == 1).map(|row| facts.text(row.row_id)).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["3", "31"]);
}

#[tokio::test]
async fn a_table_that_breaks_off_is_read_again_from_its_beginning() {
    let company = Company::of(&meadow());
    company.sandbox.account().delete_person("102");
    for table in ["jobInfo", "employmentStatus", "compensation"] {
        company.sandbox.faults().next(&format!("/api/v1/employees/all/tables/{table}"), Fault::CutHalfway);
    }
    let facts = company.read_all().await;
    assert_eq!((facts.job_rows.len(), facts.employment_rows.len(), facts.compensation_rows.len()), (2, 1, 2));
    assert_eq!(facts.strays.len(), 3);
    let company = Company::of(&many(50));
    company.sandbox.faults().times(2, "/api/v1/employees/all/tables/jobInfo", Fault::CutHalfway);
    assert_eq!(company.read_all().await.job_rows.len(), 50);
}

#[tokio::test]
async fn read_beside_each_other_or_one_by_one_the_rows_are_the_same() {
    let company = Company::of(&meadow());
    company.sandbox.account().delete_person("101");
    company.sandbox.account().add_verbatim(Table::Job, r#"{"id":"70","employeeId":"102","date":"0000-00-00"}"#);
    let mut one_by_one = Facts::default();
    company.client.people(&[], &mut one_by_one).await.unwrap();
    company.client.job_rows(&mut one_by_one).await.unwrap();
    company.client.employment_rows(&mut one_by_one).await.unwrap();
    company.client.compensation_rows(&mut one_by_one).await.unwrap();
    company.client.hours(day("2013-11-01"), day("2013-11-30"), &mut one_by_one).await.unwrap();
    // One breaks off and is read again while the others have gone on.
    company.sandbox.faults().next("/api/v1/employees/all/tables/jobInfo", Fault::CutHalfway);
    let together = company.read_all().await;
    assert_eq!((jobs(&together), pays(&together)), (jobs(&one_by_one), pays(&one_by_one)));
    assert_eq!((&together.strays, &together.notices), (&one_by_one.strays, &one_by_one.notices));
    assert_eq!(together.hours.len(), one_by_one.hours.len());
    assert!(!together.strays.is_empty() && !together.notices.is_empty());
}

#[tokio::test]
async fn one_table_that_is_refused_leaves_the_facts_as_they_were() {
    let company = Company::of(&meadow());
    let mut facts = company.read_all().await;
    let before = (jobs(&facts), pays(&facts), facts.strays.len(), facts.notices.len());
    company.sandbox.faults().next("/api/v1/employees/all/tables/compensation", Fault::status(403));
    let needed = Needed { compensation: true, hours: None, payments: false, time_off: None };
    assert!(company.client.dated_rows(needed, &mut facts).await.is_err());
    assert_eq!((jobs(&facts), pays(&facts), facts.strays.len(), facts.notices.len()), before);
}

#[tokio::test]
async fn hours_are_asked_for_as_far_back_as_they_are_served() {
    let mut seed = meadow();
    add_hours(&mut seed, 1, "904", "2012-12-03", "8");
    add_hours(&mut seed, 1, "905", "2012-12-02", "8");
    let company = Company::of(&seed);
    let mut facts = Facts::default();
    company.client.people(&[], &mut facts).await.unwrap();
    company.client.hours(day("2012-10-01"), day("2014-02-28"), &mut facts).await.unwrap();
    // One day less than BambooHR serves: the company may be a day ahead.
    assert_eq!(facts.hours_from, Some(day("2012-12-03")));
    assert_eq!(facts.hours.len(), 4);
    let asked = company.sandbox.faults().requests();
    let asked: Vec<_> = asked.iter().filter(|request| request.contains("timesheet_entries")).collect();
    assert_eq!(asked.len(), 13);
    assert!(asked[0].ends_with("start=2012-12-03&end=2012-12-31"), "{}", asked[0]);
    assert!(asked[12].ends_with("start=2013-12-01&end=2013-12-02"), "{}", asked[12]);
}

#[tokio::test]
async fn a_month_of_hours_that_breaks_off_is_read_again_alone() {
    let mut seed = meadow();
    add_hours(&mut seed, 1, "904", "2013-10-01", "8");
    add_hours(&mut seed, 1, "905", "2013-10-02", "8");
    let company = Company::of(&seed);
    let mut facts = Facts::default();
    company.client.people(&[], &mut facts).await.unwrap();
    for month in ["10", "11"] {
        let place = format!("/api/v1/time_tracking/timesheet_entries?start=2013-{month}-01");
        company.sandbox.faults().next(&place, Fault::CutHalfway);
    }
    company.client.hours(day("2013-10-01"), day("2013-11-30"), &mut facts).await.unwrap();
    assert_eq!(facts.hours.len(), 5);
    assert_eq!(company.sandbox.faults().count("/api/v1/time_tracking"), 4);
}

#[tokio::test]
async fn hours_before_everything_that_is_served_are_not_asked_for() {
    let company = Company::of(&meadow());
    let mut facts = Facts::default();
    company.client.hours(day("2011-01-01"), day("2011-01-31"), &mut facts).await.unwrap();
    assert_eq!(facts.hours_from, Some(day("2012-12-03")));
    assert!(company.sandbox.faults().requests().is_empty());
}

#[tokio::test]
async fn entries_that_cannot_be_counted_are_named() {
    let company = Company::of(&meadow());
    let body = r#"[
        {"id":1,"employeeId":102,"type":"clock","date":"2013-11-04","hours":null,"approved":false},
        {"id":2,"employeeId":102,"type":"hour","date":"2013-11-04","hours":"8.10","approved":"yes"},
        {"id":3,"employeeId":102,"type":"hour","date":"0000-00-00","hours":8,"approved":true},
        {"id":4,"employeeId":102,"type":"oncall","date":"2013-11-04","hours":8,"approved":true},
        {"id":5,"employeeId":102,"type":"hour","date":"2013-11-04","hours":"eight","approved":true},
        {"id":6,"employeeId":777,"type":"hour","date":"2013-11-04","hours":8,"approved":true},
        {"id":7,"employeeId":"102","type":"hour","date":"2013-11-05","hours":0.1,"approvedAt":"2013-11-06T00:00:00Z"}
    ]"#;
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    company.sandbox.faults().next("/api/v1/time_tracking", Fault::Answer { status: 200, headers, body: body.into() });
    let facts = company.read_all().await;
    let hours: Vec<_> = facts.hours.iter().map(|row| (row.hours.to_string(), row.approved)).collect();
    assert_eq!(hours, [("8.10".to_owned(), true), ("0.1".to_owned(), true)]);
    assert_eq!(
        noticed(&facts),
        ["hours-open hours 1", "hours-unknown-type hours 4", "hours-unreadable hours 5", "row-without-date hours 3"]
    );
    assert_eq!(facts.strays[0].employee_id, "777");
}

/// Ada has a bonus, Ben a commission, an unpaid day and four hours of vacation; one bonus is of somebody deleted.
fn with_payments() -> Facts {
    let mut seed = meadow();
    let texts = |seed: &mut Facts, text: &str| seed.texts.add(text);
    for (employee, row, date, kind, amount) in
        [(0, "21", "2013-11-05", "Bonus", "500.00"), (1, "22", "2013-11-29", "Commission", "-33.335")]
    {
        let (row_id, kind, currency) = (texts(&mut seed, row), texts(&mut seed, kind), texts(&mut seed, "USD"));
        let amount = Some(decimal(amount));
        seed.payments.push(PaymentRow { employee, row_id, date: day(date), kind, amount, currency });
    }
    for (row, date, kind, amount, in_hours) in
        [("31", "2013-11-07", "Unpaid", "1", false), ("32", "2013-11-08", "Vacation", "3.75", true)]
    {
        let (row_id, kind) = (texts(&mut seed, row), texts(&mut seed, kind));
        let amount = decimal(amount);
        seed.time_off.push(TimeOffRow { employee: 1, row_id, date: day(date), kind, amount, in_hours });
    }
    seed
}

#[tokio::test]
async fn payments_and_time_off_read_back_as_they_are() {
    let company = Company::of(&with_payments());
    let facts = company.read_all().await;
    let payments: Vec<String> = facts
        .payments
        .iter()
        .map(|row| {
            let amount = row.amount.map(|amount| amount.to_string()).unwrap_or_default();
            let (kind, currency) = (facts.text(row.kind), facts.text(row.currency));
            format!("{} {} {kind} {amount} {currency}", facts.text(row.row_id), row.date)
        })
        .collect();
    assert_eq!(payments, ["21 2013-11-05 Bonus 500.00 USD", "22 2013-11-29 Commission -33.335 USD"]);
    let time_off: Vec<String> = facts
        .time_off
        .iter()
        .map(|row| format!("{} {} {} {}", row.date, facts.text(row.kind), row.amount, row.in_hours))
        .collect();
    assert_eq!(time_off, ["2013-11-07 Unpaid 1 false", "2013-11-08 Vacation 3.75 true"]);
    let asked = company.sandbox.faults().requests();
    let time_off = asked.iter().find(|request| request.contains("time_off")).unwrap();
    assert!(time_off.contains("start=2013-11-01&end=2013-11-30&status=approved"), "{time_off}");
}

#[tokio::test]
async fn a_table_of_payments_that_is_not_granted_is_an_error_and_not_no_payments() {
    let company = Company::of(&with_payments());
    let mut facts = Facts::default();
    company.client.people(&[], &mut facts).await.unwrap();
    company.sandbox.faults().next("/api/v1/employees/all/tables/bonus", Fault::status(403));
    let needed = Needed { compensation: false, hours: None, payments: true, time_off: None };
    let error = company.client.dated_rows(needed, &mut facts).await.unwrap_err().to_string();
    assert!(error.contains("the table bonus"), "{error}");
    assert_eq!(facts.payments, []);
}

#[tokio::test]
async fn the_project_and_the_task_of_hours_are_kept_by_their_names() {
    let mut seed = meadow();
    let [bridge, watch] = ["Bridge", "Night watch"].map(|name| seed.texts.add(name));
    (seed.hours[0].project, seed.hours[0].task) = (bridge, watch);
    seed.hours[1].project = bridge;
    let facts = Company::of(&seed).read_all().await;
    let mut read: Vec<_> =
        facts.hours.iter().map(|row| [row.row_id, row.project, row.task].map(|text| facts.text(text))).collect();
    read.sort();
    assert_eq!(read, [["901", "Bridge", "Night watch"], ["902", "Bridge", ""], ["903", "", ""]]);
}
