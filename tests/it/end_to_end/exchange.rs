//! A journal in another currency: GP converts it, by the rate that it carries.

use crate::meadow::{Meadow, NOVEMBER_30, booked};
use ml_connector::sandbox::bamboohr::Columns;
use ml_connector::sandbox::bamboohr::account::Table;
use std::fs;

const PLAN: [&str; 5] = ["plan", "--pipeline", "payroll-journal", "--for", "2013-11"];

/// Employee 1 earns euros, at 1.3591 dollars on 30 November.
fn with_euros() -> Meadow {
    let meadow = Meadow::open();
    let row = [("startDate", "2013-11-01"), ("type", "Salary"), ("rate", "30000.00 EUR"), ("paidPer", "Year")];
    meadow.bamboohr.account().add_row("1", Table::Compensation, &Columns::of(&row)).unwrap();
    fs::write(meadow.project().join("tables/rates.csv"), "currency,rate\nEUR,1.3591\n").unwrap();
    let file = "pipelines/payroll-journal.yaml";
    meadow.edit(file, "make:\n", "make:\n  rates: { in: rates, to: USD, as: exchange fields }\n");
    meadow
}

#[test]
fn the_rate_goes_with_the_journal_and_a_person_who_changes_it_is_noticed() {
    let meadow = with_euros();
    meadow.ran(&PLAN).assert(0, &["EUR at 1.3591 of 2013-11-30"]);
    meadow.approve();
    meadow.run().assert(0, &[]);
    let journals = meadow.gp.journals();
    let euros = journals.iter().find(|journal| journal.currency.contains("EUR")).unwrap();
    let dollars = journals.iter().find(|journal| !journal.currency.contains("EUR")).unwrap();
    // 30,000.00 / 12 = 2,500.00; employer tax 7.65 %: 191.25.
    assert_eq!(booked(euros)[0], ("000-5100-0100".to_owned(), "2500.00".to_owned(), "0".to_owned()));
    assert_eq!(euros.exchange, Some(("1.3591".parse().unwrap(), NOVEMBER_30)));
    assert_eq!(dollars.exchange, None);

    let rate = |digits: &str| Some((digits.parse().unwrap(), NOVEMBER_30));
    meadow.gp.company().edit_journal(euros.number, |journal| journal.exchange = rate("1.4"));
    meadow.ran(&PLAN).assert(0, &["sent-journal-edited"]);
    meadow.gp.company().edit_journal(euros.number, |journal| journal.exchange = rate("1.3591"));
    meadow.ran(&PLAN).assert(0, &["nothing to do"]);

    // A rate corrected in the table changes no euro; after a lost store both are found again.
    fs::write(meadow.project().join("tables/rates.csv"), "currency,rate\nEUR,1.3600\n").unwrap();
    meadow.ran(&PLAN).assert(0, &["nothing to do"]);
    fs::remove_dir_all(meadow.project().join(".ml-connector")).unwrap();
    meadow.ran(&PLAN).assert(0, &["nothing to do"]);
    assert_eq!(meadow.posts(), 2);
}

#[test]
fn a_site_whose_journals_carry_no_rate_is_found_by_lint_and_before_anything_is_planned() {
    let meadow = with_euros();
    meadow.dialect("  exchange: { rate: ExchangeRate, date: ExchangeDate }\n", "");
    let lint = ["error[cannot-exchange]", "pipelines/payroll-journal.yaml", "add `exchange` under its `journals`"];
    meadow.ran(&["lint"]).assert(1, &lint);
    meadow.ran(&PLAN).assert(78, &["does not say how a journal carries its exchange rate"]);
    let meadow = with_euros();
    meadow.dialect("functional_currency: USD", "functional_currency: GBP");
    meadow.ran(&["lint"]).assert(1, &["GP's own currency is GBP", "here it is USD"]);
}
