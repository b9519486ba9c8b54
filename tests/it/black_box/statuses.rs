//! Statuses, exit codes, and the form of what is printed.

use super::workbench::{Workbench, held, lines};
use serde_json::Value;
use std::fs;

const NOVEMBER: [&str; 6] = [
    "000-5100-0100 11102.88 0.00",
    "000-5100-0200 4997.01 0.00",
    "000-5150-0100 849.37 0.00",
    "000-5150-0200 382.27 0.00",
    "000-2100-0000 0.00 16099.89",
    "000-2110-0000 0.00 1231.64",
];

#[test]
fn a_ready_plan_is_one_document_with_debits_first_and_amounts_as_text() {
    let bench = Workbench::meadow();
    let plan = bench.journal(0);
    assert_eq!(plan["status"], "ready");
    assert_eq!(plan["held"], Value::Array(Vec::new()));
    assert_eq!(plan["totals"]["headcount"], 4);
    assert_eq!(plan["totals"]["currencies"]["USD"]["debit"], "17331.53");
    assert_eq!(plan["totals"]["currencies"]["USD"]["credit"], "17331.53");
    let document = &plan["documents"][0];
    assert_eq!(lines(document), NOVEMBER);
    let is = |name: &str, value: &str| assert_eq!(document[name], value, "{name}");
    is("state", "ready");
    is("kind", "journal");
    is("role", "original");
    is("pipeline", "payroll-journal");
    is("period", "2013-11");
    is("booked_in", "2013-11");
    is("date", "2013-11-30");
    is("batch", "PAY2013-11");
    is("currency", "USD");
    let reference = document["reference"].as_str().unwrap();
    assert!(reference.starts_with("Payroll Nov 2013 ") && reference.len() <= 30, "{reference}");
    assert_eq!(reference.rsplit(' ').next().unwrap(), &document["document_id"].as_str().unwrap()[..8]);
    assert_eq!(
        document["lines"][0]["lineage"],
        serde_json::json!(["1/regular/2013-11-01/0100", "2/regular/2013-11-01/0100"])
    );
    for hash in ["generation", "plan_hash"] {
        assert!(plan[hash].as_str().unwrap().bytes().all(|letter| letter.is_ascii_hexdigit()), "{hash}");
    }
}

#[test]
fn changes_end_with_3_only_when_asked() {
    let bench = Workbench::meadow();
    assert_eq!(bench.ran("payroll-journal", &["--exit-on-changes"]).code, 3);
    assert_eq!(bench.ran("payroll-journal", &[]).code, 0);
}

#[test]
fn the_same_facts_give_the_same_bytes_in_whatever_order_they_come() {
    let bench = Workbench::meadow();
    let first = bench.ran("payroll-journal", &["--format", "json"]).out;
    for name in ["employees.csv", "job_rows.csv", "compensation_rows.csv", "hours.csv", "gp_accounts.csv"] {
        let text = fs::read_to_string(bench.file(name)).unwrap();
        let (header, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.reverse();
        // Windows line ends and a byte-order mark do not count either.
        bench.write(name, &format!("\u{feff}{header}\r\n{}\r\n", rows.join("\r\n")));
    }
    assert_eq!(bench.ran("payroll-journal", &["--format", "json"]).out, first);
}

#[test]
fn one_person_without_a_cost_centre_holds_the_journal_and_says_what_to_add() {
    let bench = Workbench::meadow();
    bench.edit("job_rows.csv", "2,2,2012-07-16,Orchard,Oregon", "2,2,2012-07-16,Meadow,Idaho");
    let plan = bench.journal(4);
    assert_eq!(plan["status"], "held");
    assert_eq!(held(&plan), ["look-up-missing employee 2"]);
    let hold = &plan["held"][0];
    assert_eq!(hold["message"], "no cost_centre for department `Meadow` and location `Idaho` on 2013-11-01");
    assert_eq!(hold["remedy"], "Add a row `Meadow,Idaho` with its cost_centre to tables/cost-centres.csv.");
    assert!(hold["place"].as_str().unwrap().starts_with("pipelines/payroll-journal.yaml:"), "{hold}");
    assert_eq!(plan["documents"][0]["state"], "held");
    assert_eq!(hold["documents"][0], plan["documents"][0]["document_id"]);
}

#[test]
fn every_reason_is_told_at_once() {
    let bench = Workbench::meadow();
    bench.edit("job_rows.csv", "2,2,2012-07-16,Orchard,Oregon", "2,2,2012-07-16,Meadow,Idaho");
    bench.edit("gp_accounts.csv", "000-2110-0000,Tax payable,true,true", "000-2110-0000,Tax payable,false,true");
    bench.edit("gp_accounts.csv", "000-2100-0000,Wages payable,true,true", "000-2100-0000,Wages payable,true,false");
    bench.edit("gp_accounts.csv", "000-5150-0100,Tax Orchard,true,true\n", "");
    bench.edit("gp_dimensions.csv", "cost_centre,0200,true", "cost_centre,0200,false");
    bench.edit("gp_periods.csv", "2013-11-30,Financial,false", "2013-11-30,Financial,true");
    bench.edit("compensation_rows.csv", "61234.56,Year,USD", "61234.56,Year,");
    bench.edit("hours.csv", "7.5,true", "7.5,false");
    let mut held = held(&bench.journal(4));
    held.sort();
    assert_eq!(
        held,
        [
            "account-inactive account 000-2110-0000",
            "account-missing account 000-5150-0100",
            "account-no-entry account 000-2100-0000",
            "cost-centre-inactive cost_centre 0200",
            "currency-missing employee 2",
            "hours-not-approved employee 3",
            "look-up-missing employee 2",
            "period-closed period 2013-11",
        ]
    );
}

#[test]
fn records_are_partly_held_when_one_of_them_is() {
    let bench = Workbench::meadow();
    bench.edit("employees.csv", "4,4,Dan,Tansy", "4,4,Đan,Tansy");
    let plan = bench.plan("people-to-vendors", 4);
    assert_eq!(plan["status"], "partly_held");
    assert_eq!(held(&plan), ["text-outside-code-page employee 4"]);
    let documents: Vec<String> = plan["documents"].as_array().unwrap().iter().map(record).collect();
    assert_eq!(
        documents,
        [
            r#"ready update EMP000002 {"name":"Rowan, Benjamin"} → {"name":"Rowan, Ben"}"#,
            r#"ready create EMP000003 {} → {"class":"EMPLOYEE","name":"Sorrel, Cleo","status":"active"}"#,
            r#"held create EMP000004 {} → {"class":"EMPLOYEE","name":"Tansy, Đan","status":"active"}"#,
        ]
    );
}

fn record(document: &Value) -> String {
    let text = |name: &str| document[name].as_str().unwrap();
    format!("{} {} {} {} → {}", text("state"), text("action"), text("key"), document["before"], document["after"])
}

#[test]
fn what_was_sent_leaves_nothing_and_a_raise_leaves_its_difference() {
    let bench = Workbench::meadow();
    let id = bench.journal(0)["documents"][0]["document_id"].as_str().unwrap().to_owned();
    let sent = NOVEMBER.map(|line| {
        let [account, debit, credit] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        format!("payroll-journal,2013-11,1,{id},80000001,work,2013-11,{account},USD,{debit},{credit}\n")
    });
    let header = "pipeline,period,sequence,document_id,journal,gp_state,booked_in,account,currency,debit,credit\n";
    bench.write("sent.csv", &format!("{header}{}", sent.concat()));
    let plan = bench.journal(0);
    assert_eq!((plan["status"].as_str(), plan["documents"].as_array().unwrap().len()), (Some("nothing"), 0));
    assert_eq!(bench.ran("payroll-journal", &["--exit-on-changes"]).code, 0);

    // 72,000.00 → 84,000.00 from Monday the 18th on: 10 of 21 working days of 1,000.00 = 476.19 (476.1904…); tax of
    // the new total 6,476.19 is 495.43 (495.428…) instead of 459.00.
    bench.edit(
        "compensation_rows.csv",
        "2,2,2012-07-16",
        "5,1,2013-11-18,Salary,84000.00,Year,USD,Monthly\n2,2,2012-07-16",
    );
    let plan = bench.journal(0);
    let document = &plan["documents"][0];
    assert_eq!((document["role"].as_str(), document["sequence"].as_i64()), (Some("difference"), Some(2)));
    assert_eq!(
        lines(document),
        [
            "000-5100-0100 476.19 0.00",
            "000-5150-0100 36.43 0.00",
            "000-2100-0000 0.00 476.19",
            "000-2110-0000 0.00 36.43",
        ]
    );
    assert_eq!(document["corrects"], serde_json::json!(["journal 80000001 of 2013-11 (unposted in GP)"]));
    assert_eq!(document["needs_approval"], true);
    assert_ne!(document["document_id"], id.as_str());
}
