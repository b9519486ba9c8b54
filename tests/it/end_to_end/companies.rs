//! Two GP companies: each gets its own journal, and all are sent or none.

use crate::meadow::{Meadow, NOVEMBER_30, booked};
use ml_connector::ledger::Series;
use ml_connector::sandbox::bamboohr::Columns;
use ml_connector::sandbox::bamboohr::account::Table;
use std::fs;

/// Orchard is Meadow East's, the mill Meadow West's; Meadow East pays everybody.
fn two_companies() -> Meadow {
    let meadow = Meadow::open();
    meadow.edit(
        "project.yaml",
        "company: Meadow Goods, Inc.",
        "company: Meadow Goods, Inc.\n    companies: [Meadow East, Meadow West]",
    );
    fs::write(
        meadow.project().join("tables/companies.csv"),
        "department,company\nOrchard,Meadow East\nMill,Meadow West\n",
    )
    .unwrap();
    meadow.edit(
        "pipelines/payroll-journal.yaml",
        "pay:\n",
        "  bearer: { in: companies, take: company }\n\
         companies: { route: bearer, paid_by: Meadow East, due_from: 000-1500-0000, due_to: 000-2500-0000 }\n\
         pay:\n",
    );
    meadow
}

fn lines(meadow: &Meadow, company: &str) -> Vec<String> {
    let company = meadow.gp.other_company(company).unwrap();
    let journals = company.ledger.all().flat_map(booked);
    journals.map(|(account, debit, credit)| format!("{account} {debit} {credit}")).collect()
}

/// East bears 11,102.88 and 849.37 and pays 16,099.89 and 1,231.64: West owes it 4,997.01 + 382.27 = 5,379.28.
const EAST: [&str; 5] = [
    "000-1500-0000 5379.28 0",
    "000-5100-0100 11102.88 0",
    "000-5150-0100 849.37 0",
    "000-2100-0000 0 16099.89",
    "000-2110-0000 0 1231.64",
];
const WEST: [&str; 3] = ["000-5100-0200 4997.01 0", "000-5150-0200 382.27 0", "000-2500-0000 0 5379.28"];

#[test]
fn each_company_gets_its_journal_and_owes_what_the_other_paid() {
    let meadow = two_companies();
    meadow.approve();
    meadow.run().assert(0, &[]);
    assert_eq!(lines(&meadow, "Meadow East"), EAST);
    assert_eq!(lines(&meadow, "Meadow West"), WEST);
    assert_eq!(meadow.gp.journals(), []);
    assert_eq!(meadow.documents(), ["sent original 2013-11 work", "sent original 2013-11 work"]);
    // Nothing the second time; and after a lost store both are found again in GP.
    meadow.run().assert(0, &["GP holds what it should"]);
    fs::remove_dir_all(meadow.project().join(".ml-connector")).unwrap();
    meadow.run().assert(0, &["GP holds what it should"]);
    assert_eq!(lines(&meadow, "Meadow West"), WEST);
}

#[test]
fn one_closed_period_holds_all_companies() {
    let meadow = two_companies();
    let close = |closed: bool| {
        meadow.gp.other_company("Meadow West").unwrap().calendar.set_closed(NOVEMBER_30, &Series::Financial, closed)
    };
    meadow.approve();
    close(true);
    // Closed between approval and sending: neither leaves.
    meadow.ran(&["send", "--pipeline", "payroll-journal"]).assert(4, &["fiscal period of Meadow West of 2013-11-30"]);
    assert_eq!(meadow.posts(), 0);
    // And a new plan holds both for it.
    meadow.run().assert(4, &["[period-closed]", "Meadow West"]);
    assert_eq!(meadow.posts(), 0);
    close(false);
    meadow.approve();
    meadow.run().assert(0, &[]);
    assert_eq!(
        (lines(&meadow, "Meadow East"), lines(&meadow, "Meadow West")),
        (EAST.map(str::to_owned).into(), WEST.map(str::to_owned).into())
    );
}

#[test]
fn what_one_company_refuses_keeps_the_others_back() {
    let meadow = two_companies();
    meadow.approve();
    let account = |active: bool| {
        let mut company = meadow.gp.other_company("Meadow East").unwrap();
        company.chart.account_mut("000-1500-0000").unwrap().active = active;
    };
    account(false);
    meadow.ran(&["send", "--pipeline", "payroll-journal"]).assert(4, &["GP 5617", "other-company-held"]);
    assert_eq!(lines(&meadow, "Meadow West"), Vec::<String>::new());
    // The next plan sees it before GP has to refuse, and holds both.
    meadow.run().assert(4, &["[account-inactive] account 000-1500-0000", "[other-company-held]"]);
    account(true);
    meadow.approve();
    meadow.run().assert(0, &[]);
    assert_eq!(lines(&meadow, "Meadow West"), WEST);
}

#[test]
fn what_is_refused_after_another_company_took_its_side_is_sent_later_and_once() {
    let meadow = two_companies();
    meadow.approve();
    let account = |active: bool| {
        let mut company = meadow.gp.other_company("Meadow West").unwrap();
        company.chart.account_mut("000-2500-0000").unwrap().active = active;
    };
    account(false);
    meadow.ran(&["send", "--pipeline", "payroll-journal"]).assert(4, &["GP 5617"]);
    assert_eq!(
        (lines(&meadow, "Meadow East"), lines(&meadow, "Meadow West")),
        (EAST.map(str::to_owned).into(), vec![])
    );
    account(true);
    // Only what is missing is planned, and the screen says whose it is.
    let planned = meadow.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]);
    planned.assert(0, &["original journal", "Meadow West", "1 document"]);
    assert!(!planned.out.contains("Meadow East"), "{planned:?}");
    meadow.approve();
    meadow.run().assert(0, &[]);
    assert_eq!(
        (lines(&meadow, "Meadow East"), lines(&meadow, "Meadow West")),
        (EAST.map(str::to_owned).into(), WEST.map(str::to_owned).into())
    );
}

/// Everybody is Meadow East's in the month that was sent; then employee 1 turns out to have been in the mill, which is West's.
#[test]
fn a_late_move_into_a_company_without_a_journal_is_sent_at_both_or_at_none() {
    let meadow = two_companies();
    let moves = |person: &str, day: &str, department: &str| {
        let row = [("date", day), ("department", department), ("location", "Oregon"), ("division", "West")];
        meadow.bamboohr.account().add_row(person, Table::Job, &Columns::of(&row)).unwrap();
    };
    moves("3", "2012-02-01", "Orchard");
    moves("4", "2012-02-01", "Orchard");
    meadow.approve();
    meadow.run().assert(0, &[]);
    assert_eq!(meadow.posts(), 1);
    moves("1", "2013-11-01", "Mill");
    let account = |active: bool| {
        let mut company = meadow.gp.other_company("Meadow West").unwrap();
        company.chart.account_mut("000-5100-0200").unwrap().active = active;
    };
    account(false);
    meadow.run().assert(4, &["[account-inactive]", "[other-company-held] company Meadow West"]);
    // Approved while it was well, and refused by GP: the side that is left stays back as well.
    account(true);
    meadow.approve();
    account(false);
    meadow.ran(&["send", "--pipeline", "payroll-journal"]).assert(4, &[]);
    assert_eq!((lines(&meadow, "Meadow West"), lines(&meadow, "Meadow East").len()), (vec![], 4), "one side was sent");
    account(true);
    meadow.approve();
    meadow.run().assert(0, &[]);
    assert_eq!(lines(&meadow, "Meadow West").len(), 3);
}
