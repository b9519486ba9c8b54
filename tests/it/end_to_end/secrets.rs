//! Nobody's pay and no secret is printed or logged, however much is told.

use crate::meadow::{KEY, MONTHS_PAY, Meadow, PASSWORD, RATES, RUN};
use ml_connector::sandbox::bamboohr::Columns;
use ml_connector::sandbox::bamboohr::account::Table;
use ml_connector::sandbox::faults::Fault;

/// Asserts that no canary is in `text`.
fn assert_clean(what: &str, text: &str) {
    let grouped = |amount: &&str| match amount.split_once('.') {
        Some((whole, part)) if whole.len() == 4 => format!("{},{}.{part}", &whole[..1], &whole[1..]),
        _ => (*amount).to_owned(),
    };
    let secrets = [KEY, PASSWORD].map(str::to_owned).into_iter();
    // A whole yearly rate without cents would also be found in a hash.
    let rates = RATES.iter().filter(|rate| rate.contains('.')).map(|rate| (*rate).to_owned());
    let pay = MONTHS_PAY.iter().flat_map(|amount| [(*amount).to_owned(), grouped(amount)]);
    for canary in secrets.chain(rates).chain(pay) {
        assert!(!text.contains(&canary), "{what} shows {canary}:\n{text}");
    }
}

#[test]
fn nothing_shows_a_secret_or_one_persons_pay() {
    let meadow = Meadow::open();
    let plan = ["plan", "--pipeline", "payroll-journal", "--for", "2013-11"];
    let vendors = ["run", "--pipeline", "people-to-vendors", "--for", "2013-11"];
    let mut told = Vec::new();
    let mut tell = |what: &str, arguments: &[&str]| {
        for more in [&["-vv"][..], &["-vv", "--format", "json"]] {
            let ran = meadow.ran(&[arguments, more].concat());
            assert_clean(what, &ran.all());
            told.push(ran.all());
        }
    };
    tell("plan", &plan);
    tell("observe", &["observe", "--for", "2013-11"]);
    meadow.bamboohr.faults().next("/api/v1/employees/all/tables/compensation", Fault::status(403));
    tell("a refusal", &plan);
    meadow.bamboohr.faults().next("/api", Fault::html());
    tell("a web page", &plan);
    meadow.approve();
    meadow.gp.faults().next("POST /GPService", Fault::status(500));
    tell("run", &RUN);
    tell("run", &RUN);
    meadow.raise("2013-11-01", "84000.00 USD");
    tell("a difference", &RUN);
    tell("vendors", &vendors);
    for command in ["status", "held", "audit"] {
        tell(command, &[command]);
    }
    tell("explain", &["explain", "80000001"]);
    tell("replay", &["replay", "--pipeline", "payroll-journal", "--as-it-was"]);
    assert!(told.iter().any(|text| text.contains("BambooHR answered")), "the log is on");
}

#[test]
fn reading_single_pay_is_asked_for_and_leaves_a_row_in_the_audit_trail() {
    let meadow = Meadow::open();
    meadow.approve();
    assert_eq!(meadow.run().code, 0);
    let read = ["explain", "80000001", "--account", "000-5100-0200", "--show-pay", "--by", "R. Eader"];
    meadow.ran(&read).assert(0, &["470.25", "21.375 per Hour", "4,526.76"]);
    meadow.ran(&["audit"]).assert(0, &["R. Eader", "read pay", "000-5100-0200"]);
    meadow.ran(&["audit", "--verify"]).assert(0, &["whole:"]);
}

/// Employee 3 is alone in the mill: its 470.25 are their pay.
#[test]
fn a_line_of_one_person_is_explained_without_its_amount_unless_it_is_asked_for() {
    let meadow = Meadow::open();
    let orchard = [("date", "2012-02-01"), ("department", "Orchard"), ("location", "Oregon"), ("division", "West")];
    meadow.bamboohr.account().add_row("4", Table::Job, &Columns::of(&orchard)).unwrap();
    meadow.approve();
    meadow.run().assert(0, &[]);
    for format in ["human", "json"] {
        let explained = meadow.ran(&["explain", "80000001", "--format", format]);
        explained.assert(0, &["***", "--show-pay", "000-5100-0100"]);
        assert!(!explained.all().contains("470.25") && !explained.all().contains("35.97"), "{}", explained.all());
    }
    let asked = ["explain", "80000001", "--account", "000-5100-0200", "--show-pay", "--by", "A. Uditor"];
    meadow.ran(&asked).assert(0, &["debit 470.25"]);
}

#[test]
fn a_salary_that_cannot_be_read_is_held_without_being_shown() {
    let meadow = Meadow::open();
    let row = r#"{"id":"60","employeeId":"2","startDate":"2013-11-01","type":"Salary","rate":"sixty-one.234,56 USD","paidPer":"Year"}"#;
    let compensation = Table::Compensation;
    meadow.bamboohr.account().add_verbatim(compensation, row);
    let run = meadow.run();
    run.assert(4, &["[pay-unreadable] employee 2"]);
    assert!(!run.all().contains("sixty-one"), "{}", run.all());
}
