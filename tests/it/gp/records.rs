//! Vendors and employees.

use super::site::*;
use ml_connector::gp::dialect::shipped::SHIPPED;
use ml_connector::gp::{Delivery, Modified, RefusalClass};
use ml_connector::ledger::{RecordAction, RecordChange, RecordKind};
use ml_connector::sandbox::faults::Fault;
use std::collections::BTreeMap;
use std::time::Duration;

fn change(kind: RecordKind, key: &str, action: RecordAction, after: &[(&str, &str)]) -> RecordChange {
    let after = after.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    RecordChange { kind, key: key.into(), action, before: BTreeMap::new(), after }
}

#[tokio::test]
async fn a_vendor_is_created_changed_and_made_inactive() {
    use RecordKind::Vendor;
    let site = site();
    let create = [("name", "Hopper, Grace"), ("class", "employee"), ("status", "active")];
    assert_eq!(site.gp.send_record(&change(Vendor, "EMP000002", RecordAction::Create, &create)).await, Delivery::Sent);
    let update = change(Vendor, "EMP000002", RecordAction::Update, &[("city", "Zürich")]);
    assert_eq!(site.gp.send_record(&update).await, Delivery::Sent);
    let leave = change(Vendor, "EMP000002", RecordAction::Inactivate, &[("status", "inactive")]);
    assert_eq!(site.gp.send_record(&leave).await, Delivery::Sent);
    let found = site.gp.record(Vendor, "EMP000002").await.unwrap().unwrap();
    assert!(!found.active);
    assert_eq!((found.fields["name"].as_str(), found.fields["city"].as_str()), ("Hopper, Grace", "Zürich"));
    let back = change(Vendor, "EMP000002", RecordAction::Reactivate, &[("status", "active")]);
    assert_eq!(site.gp.send_record(&back).await, Delivery::Sent);
    assert!(site.gp.records(Vendor).await.unwrap().iter().all(|vendor| vendor.active));
    assert_eq!(site.gp.record(Vendor, "NOBODY").await.unwrap(), None);
    assert_eq!(site.sandbox.faults().count("PATCH /GPService"), 3);
    assert_eq!(site.sandbox.company().vendors.get("EMP000002").unwrap().status, 1);
}

#[tokio::test]
async fn each_refusal_of_a_record_has_its_number() {
    use RecordAction::{Create, Inactivate, Update};
    use RecordKind::{Employee, Vendor};
    type Case = (RecordKind, &'static str, RecordAction, &'static [(&'static str, &'static str)], &'static [u32]);
    let ada = [("last_name", "Hopper"), ("first_name", "Grace")];
    let cases: &[Case] = &[
        (Vendor, "EMP000009", Create, &[("class", "STRANGERS")], &[7851, 233]),
        (Vendor, "EMP000001", Create, &[("name", "Lovelace, Ada")], &[7807]),
        (Vendor, "", Create, &[("name", "Lovelace, Ada")], &[933]),
        (Employee, "E9", Create, &[("last_name", "Hopper"), ("first_name", "Grace")], &[4364]),
        (
            Employee,
            "E9",
            Create,
            &[("department", "NONE"), ("position", "NONE"), ("tax_id", "000-00-0001")],
            &[4366, 4367, 4362, 4363],
        ),
        (Employee, "E1", Create, &[("last_name", "Hopper"), ("first_name", "Grace"), ("tax_id", "1")], &[8694]),
        (Employee, "E1", Inactivate, &[("status", "inactive")], &[3814, 3815]),
        (Employee, "E1", Update, &[("inactive_date", "2013-11-30"), ("inactive_reason", "left")], &[9529, 9530]),
    ];
    for (kind, key, action, after, expected) in cases {
        let site = site();
        assert_eq!(numbers(&site.gp.send_record(&change(*kind, key, *action, after)).await), *expected, "{after:?}");
    }
    let site = site();
    site.sandbox.company().employees.put_in_pay_run("e1");
    let leave = [("status", "inactive"), ("inactive_date", "2013-11-30"), ("inactive_reason", "left")];
    let refusal = first(site.gp.send_record(&change(Employee, "E1", Inactivate, &leave)).await);
    assert_eq!((refusal.number, refusal.class), (Some(5650), RefusalClass::RetryLater));
    let nobody = first(site.gp.send_record(&change(Employee, "E7", Update, &ada)).await);
    assert_eq!(nobody.class, RefusalClass::Configuration, "PATCH needs an object that exists");
}

#[tokio::test]
async fn a_tax_id_is_written_and_seen_nowhere_else() {
    use RecordKind::Employee;
    let site = site();
    let fields = [("last_name", "Hopper"), ("first_name", "Grace"), ("tax_id", "987-65-4320")];
    let create = change(Employee, "E2", RecordAction::Create, &fields);
    let echo = r#"{"Status":{"Messages":[{"Number":4550,"Text":"Bad id 987-65-4320 (987654320)"}]}}"#;
    site.sandbox.faults().next(POST, Fault::Answer { status: 400, headers: Vec::new(), body: echo.into() });
    let refused = format!("{:?}", site.gp.send_record(&create).await);
    assert!(refused.contains("(hidden)") && !refused.contains("4320"), "{refused}");

    assert_eq!(site.gp.send_record(&create).await, Delivery::Sent);
    assert_eq!(site.sandbox.company().employees.get("E2").unwrap().value("SocialSecurityNumber"), "987-65-4320");
    let read = format!("{:?}", site.gp.records(Employee).await.unwrap());
    assert!(read.contains("Hopper") && !read.contains("4320"), "{read}");
    assert!(!format!("{:?}", site.sandbox.company()).contains("4320"));

    let too_long = change(Employee, "E3", RecordAction::Create, &[("tax_id", "987-65-4320-987-65-4320")]);
    let refused = format!("{:?}", site.gp.send_record(&too_long).await);
    assert!(!refused.contains("4320"), "{refused}");
}

#[tokio::test]
async fn a_leaver_and_a_rehire_keep_gps_rules_about_dates() {
    use RecordKind::Employee;
    let site = site();
    let leave = [("status", "inactive"), ("inactive_date", "2013-11-30"), ("inactive_reason", "left")];
    assert_eq!(site.gp.send_record(&change(Employee, "E1", RecordAction::Inactivate, &leave)).await, Delivery::Sent);
    let gone = site.gp.record(Employee, "E1").await.unwrap().unwrap();
    assert_eq!((gone.active, gone.fields["inactive_date"].as_str()), (false, "2013-11-30"));
    let back = change(Employee, "E1", RecordAction::Reactivate, &[("status", "active")]);
    assert_eq!(site.gp.send_record(&back).await, Delivery::Sent, "date and reason are emptied with it");
    assert!(site.gp.record(Employee, "E1").await.unwrap().unwrap().active);
}

#[tokio::test]
async fn records_too_wide_or_unknown_to_the_dialect_never_leave() {
    use RecordKind::Vendor;
    let site = site();
    let wide = "x".repeat(65);
    for (name, value, expected) in
        [("name", wide.as_str(), "64"), ("name", "Dvořák", "ř"), ("shoe_size", "9", "shoe_size")]
    {
        let refusal =
            first(site.gp.send_record(&change(Vendor, "EMP000001", RecordAction::Update, &[(name, value)])).await);
        assert_eq!(refusal.class, RefusalClass::Configuration);
        assert!(refusal.message.contains(expected), "{}", refusal.message);
    }
    assert_eq!(site.sandbox.faults().requests().len(), 0);
}

#[tokio::test]
async fn changes_are_asked_for_where_the_site_can_tell() {
    let since = "2013-12-02T09:00:00Z".parse().unwrap();
    let site = site();
    let everything = site.gp.records_modified_since(RecordKind::Vendor, since).await.unwrap();
    assert!(matches!(&everything, Modified::Everything(rows) if rows.len() == 1));

    let filtered = SHIPPED.replace(
        "list: { path: /Dynamics/Purchasing/Vendors }",
        "list: { path: /Dynamics/Purchasing/Vendors, modified_since: { ModifiedDate: \"{since}\" } }",
    );
    let site = site_with(&filtered);
    assert_eq!(site.gp.records_modified_since(RecordKind::Vendor, since).await.unwrap(), Modified::Changed(vec![]));
    site.clock.advance(Duration::from_secs(7200));
    let update = change(RecordKind::Vendor, "EMP000001", RecordAction::Update, &[("city", "Bath")]);
    assert_eq!(site.gp.send_record(&update).await, Delivery::Sent);
    let changed = site.gp.records_modified_since(RecordKind::Vendor, since).await.unwrap().into_rows();
    assert_eq!(changed[0].fields["city"], "Bath");
}
