//! Reading everybody: pages, fields that are missing, accounts of another age.

use super::company::{Company, add_person, client, day, many, meadow, noticed};
use ml_connector::bamboohr::BamboohrError;
use ml_connector::plan::facts::Facts;
use ml_connector::sandbox::faults::Fault;
use std::time::Duration;

fn fields(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A person's record as one line.
fn record(facts: &Facts, position: usize) -> String {
    let person = &facts.people[position];
    let extras: Vec<&str> = person.extra.iter().map(|&text| facts.text(text)).collect();
    let text = |text| facts.text(text);
    format!(
        "{} {} {} {} {} {:?} {:?} {} {extras:?}",
        text(person.id),
        text(person.number),
        text(person.first_name),
        text(person.last_name),
        text(person.email),
        person.hire_date,
        person.termination_date,
        text(person.status)
    )
}

#[tokio::test]
async fn people_come_with_their_standard_fields_and_the_ones_asked_for() {
    let company = Company::of(&meadow());
    let mut facts = Facts::default();
    let asked = fields(&["preferredName", "employeeNumber", "customUnion", "department", "email"]);
    company.client.people(&asked, &mut facts).await.unwrap();
    assert_eq!(facts.extra_fields, ["preferredName", "customUnion", "department"]);
    assert_eq!(
        record(&facts, 0),
        "101 E-1 Ada Quince ada@meadow.example Some(2010-03-01) None Active [\"Ad\", \"Local 7\", \"Mill\"]"
    );
    assert_eq!(record(&facts, 2), "103  Cleo Sorrel cleo@meadow.example None None Active [\"Cl\", \"Local 7\", \"\"]");
    assert_eq!(noticed(&facts), [""; 0]);
    // List Employees does not know the customer's own field: one report gives it for everybody.
    assert_eq!(company.sandbox.faults().requests().len(), 2);
    assert_eq!(company.sandbox.faults().count("POST /api/v1/reports/custom"), 1);
}

#[tokio::test]
async fn a_second_reading_replaces_the_first() {
    let company = Company::of(&meadow());
    let mut facts = Facts::default();
    company.client.people(&fields(&["customUnion"]), &mut facts).await.unwrap();
    company.sandbox.account().delete_person("102");
    company.client.people(&[], &mut facts).await.unwrap();
    assert_eq!(facts.people.len(), 2);
    assert!(facts.extra_fields.is_empty() && facts.people[0].extra.is_empty());
}

#[tokio::test]
async fn every_page_is_read_once() {
    let company = Company::of(&many(6001));
    let mut facts = Facts::default();
    company.client.people(&[], &mut facts).await.unwrap();
    assert_eq!(facts.people.len(), 6001);
    assert_eq!(facts.text(facts.people[6000].id), "6001");
    assert_eq!(company.sandbox.faults().count("GET /api/v1/employees?"), 3);
}

#[tokio::test]
async fn the_list_begins_again_when_the_edge_of_a_page_changed() {
    let company = Company::of(&many(2600));
    let bad_page = r#"{"error":{"code":"BadPage","message":"The page cursor is invalid."}}"#;
    company.sandbox.faults().next("GET /api/v1/employees?", Fault::Delay(Duration::ZERO));
    company
        .sandbox
        .faults()
        .next("GET /api/v1/employees?", Fault::Answer { status: 400, headers: vec![], body: bad_page.into() });
    let mut facts = Facts::default();
    company.client.people(&[], &mut facts).await.unwrap();
    assert_eq!(facts.people.len(), 2600);
    assert_eq!(company.sandbox.faults().count("GET /api/v1/employees?"), 4);
    assert_eq!(noticed(&facts), [""; 0]);
}

#[tokio::test]
async fn a_list_that_never_stands_still_is_not_read_for_ever() {
    let company = Company::of(&meadow());
    let bad_page = r#"{"error":{"code":"BadPage","message":"The page cursor is invalid."}}"#;
    let fault = Fault::Answer { status: 400, headers: vec![], body: bad_page.into() };
    company.sandbox.faults().always("GET /api/v1/employees", fault);
    let error = company.client.people(&[], &mut Facts::default()).await.unwrap_err();
    assert!(matches!(&error, BamboohrError::Unreadable { why, .. } if why.contains("BadPage")), "{error}");
}

#[tokio::test]
async fn a_page_that_breaks_off_is_read_again_and_nobody_is_there_twice() {
    let company = Company::of(&many(2600));
    company.sandbox.faults().next("GET /api/v1/employees?", Fault::CutHalfway);
    let mut facts = Facts::default();
    company.client.people(&[], &mut facts).await.unwrap();
    assert_eq!(facts.people.len(), 2600);
    assert_eq!(noticed(&facts), [""; 0]);
}

#[tokio::test]
async fn a_field_that_bamboohr_keeps_back_is_told() {
    let company = Company::of(&meadow());
    company.sandbox.account().restrict("hireDate");
    company.sandbox.account().restrict("customUnion");
    let mut facts = Facts::default();
    company.client.people(&fields(&["customUnion", "shoeSise"]), &mut facts).await.unwrap();
    assert_eq!(
        noticed(&facts),
        ["field-dropped people.customUnion", "field-dropped people.hireDate", "field-dropped people.shoeSise"]
    );
    let notice = facts.notices.iter().find(|notice| notice.subject == "people.hireDate").unwrap();
    assert!(notice.message.contains("`hireDate` for 3 of 3 people"), "{}", notice.message);
    assert!(notice.remedy.contains("access level"), "{}", notice.remedy);
    assert_eq!(facts.people[0].hire_date, None);
}

#[tokio::test]
async fn a_field_that_only_drops_out_on_the_way_is_told_too() {
    let company = Company::of(&meadow());
    company.sandbox.faults().always("/api/v1", Fault::DropField("workEmail".into()));
    let mut facts = Facts::default();
    company.client.people(&[], &mut facts).await.unwrap();
    assert_eq!(noticed(&facts), ["field-dropped people.workEmail"]);
}

#[tokio::test]
async fn an_old_account_is_read_by_a_report() {
    let mut seed = meadow();
    seed.people[1].termination_date = Some(day("2013-11-20"));
    let company = Company::of(&seed);
    company.sandbox.account().without_employee_list();
    let mut facts = Facts::default();
    company.client.people(&fields(&["customUnion"]), &mut facts).await.unwrap();
    assert_eq!(facts.people.len(), 3);
    // The report writes an empty date as 0000-00-00.
    assert_eq!(facts.people[0].termination_date, None);
    assert_eq!(facts.people[1].termination_date, Some(day("2013-11-20")));
    assert_eq!(facts.text(facts.people[1].extra[0]), "Local 7");
    assert_eq!(noticed(&facts), [""; 0]);
}

#[tokio::test]
async fn the_older_host_is_asked_under_its_own_path() {
    let company = Company::of(&meadow());
    let url = format!("{}/api/gateway.php/meadow/", company.sandbox.url());
    let mut facts = Facts::default();
    client(&url, super::company::KEY, &company.clock).people(&[], &mut facts).await.unwrap();
    assert_eq!(facts.people.len(), 3);
    assert_eq!(company.sandbox.faults().count("GET /api/gateway.php/meadow/v1/employees?"), 1);
}

#[tokio::test]
async fn an_empty_account_has_no_people_and_no_complaints() {
    let company = Company::of(&Facts::default());
    let facts = company.read_all().await;
    assert!(facts.people.is_empty() && facts.notices.is_empty());
}

#[tokio::test]
async fn who_changed_is_told_with_who_was_deleted() {
    let company = Company::of(&meadow());
    let everybody = company.client.changed_since("1970-01-01T00:00:00Z").await.unwrap();
    assert_eq!(everybody.people.len(), 3);
    company.clock.advance(Duration::from_secs(60));
    let later = "2013-12-02T08:00:30Z";
    let nobody = company.client.changed_since(later).await.unwrap();
    assert!(nobody.people.is_empty());
    company.sandbox.account().delete_person("102");
    let mut seed = Facts::default();
    add_person(&mut seed, "9", "E-9", "Dot", "Thrift", None);
    let changed = company.client.changed_since("2013-12-02T09:00:30+01:00").await.unwrap();
    assert_eq!(changed.people, [("102".to_owned(), true)]);
    assert_eq!(changed.latest, "2013-12-02T08:01:00+00:00");
    let error = company.client.changed_since("yesterday").await.unwrap_err();
    assert!(matches!(error, BamboohrError::Unreadable { .. }), "{error}");
}
