//! What untaken vacation is worth: read person by person, booked, and kept with its plan.

use crate::meadow::{Meadow, booked};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use std::fs;

const OCTOBER_31: Date = date(2013, 10, 31);
const NOVEMBER_30: Date = date(2013, 11, 30);
const DECEMBER_31: Date = date(2013, 12, 31);

fn with_vacation() -> Meadow {
    let meadow = Meadow::open();
    let file = meadow.project().join("pipelines/payroll-journal.yaml");
    let text = fs::read_to_string(file).unwrap();
    let (head, rest) = text.split_once("pay:\n").unwrap();
    let (_, rest) = rest.split_once("make:\n").unwrap();
    let (journal, rest) = rest.split_once("    lines:\n").unwrap();
    let (_, send) = rest.split_once("check:\n").unwrap();
    let lines = "      - { name: vacation, debit: vacation, for_each: cost_centre, account: \"000-5150-{{ cost_centre }}\" }\n      \
                 - { name: vacation earned, credit: vacation, account: 000-2110-0000 }\n";
    let pay = "  wages: elsewhere\n  burden:\n    vacation: { liability: { of: [Vacation] } }\n";
    let vacation = format!("{head}pay:\n{pay}make:\n{journal}    lines:\n{lines}check:\n{send}")
        .replace("pipeline: payroll-journal", "pipeline: vacation")
        .replace("PAY{{", "VAC{{");
    fs::write(meadow.project().join("pipelines/vacation.yaml"), vacation).unwrap();
    meadow
}

/// Everybody's balances at the end of a day, in hundredths of an hour.
fn balances(meadow: &Meadow, day: Date, hours: [i64; 4]) {
    for (person, hours) in ["1", "2", "3", "4"].into_iter().zip(hours) {
        meadow.bamboohr.account().set_balance(person, day, "Vacation", Decimal::new(hours, 2));
    }
}

fn deliver(meadow: &Meadow, period: &str) {
    let words = |command: &'static str| [command, "--pipeline", "vacation", "--for", period].map(str::to_owned);
    for command in ["plan", "approve", "run"] {
        let words = words(command);
        meadow.ran(&words.each_ref().map(String::as_str)).assert(0, &[]);
    }
}

#[test]
fn untaken_vacation_is_booked_and_a_late_correction_is_in_the_next_month() {
    let meadow = with_vacation();
    meadow.ran(&["lint"]).assert(0, &["no findings"]);
    let plan = ["plan", "--pipeline", "vacation", "--for", "2013-11"];
    meadow.ran(&plan).assert(4, &["[balances-missing]", "2013-10-31 and 2013-11-30"]);

    balances(&meadow, OCTOBER_31, [1_000, 0, 0, 0]);
    balances(&meadow, NOVEMBER_30, [1_450, 833, 0, 800]);
    deliver(&meadow, "2013-11");
    // Person 1: 72,000 / 2080 = 34.615 an hour: 14.5 h 501.92, 10 h 346.15. Person 2: 61,234.56 / 2080 × 8.33 = 245.23.
    // Person 4, by the hour at 21.375 or by 54,321.12 / 2080 = 26.116.
    let journals = meadow.gp.journals();
    let orchard = booked(&journals[0]).into_iter().find(|(account, ..)| account == "000-5150-0100").unwrap();
    assert_eq!(orchard.1, "401.00", "501.92 − 346.15 + 245.23");

    // Ten hours too many for November come out in January: what was sent stays, and December begins with what it ended with.
    meadow.bamboohr.account().set_balance("1", NOVEMBER_30, "Vacation", Decimal::from(4));
    meadow.ran(&plan).assert(0, &["nothing to do"]);
    balances(&meadow, DECEMBER_31, [400, 833, 0, 800]);
    deliver(&meadow, "2013-12");
    let journals = meadow.gp.journals();
    assert_eq!(journals.len(), 2);
    let december = booked(&journals[1]);
    // 4 h 138.46 less 14.5 h 501.92: −363.46.
    assert_eq!(december[1], ("000-5150-0100".to_owned(), "0".to_owned(), "363.46".to_owned()));
    meadow.ran(&["reconcile", "--pipeline", "vacation", "--for", "2013-11"]).assert(0, &[]);
    let explained = meadow.ran(&["explain", "80000001", "--account", "000-5150-0100"]);
    explained.assert(0, &["vacation"]);
}
