//! Journals that GP takes, and what it shows of them afterwards.

use super::site::*;
use jiff::civil::date;
use ml_connector::gp::Delivery;
use ml_connector::gp::dialect::shipped::SHIPPED;
use ml_connector::ledger::{BatchId, Currency, Exchange, JournalEntry};
use ml_connector::plan::facts::GpState;

#[tokio::test]
async fn a_journal_goes_into_work_once_and_comes_back_as_it_was() {
    let site = site();
    assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
    let found = site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap();
    assert_eq!((found.number, found.state, &found.entry), (80_000_001, GpState::Work, &entry()));
    assert_eq!(site.gp.journal(80_000_001, date(2012, 11, 30)).await.unwrap(), None, "numbers recur over the years");
    assert_eq!(site.gp.journal(80_000_002, NOVEMBER_30).await.unwrap(), None);

    let held = &site.sandbox.journals()[0];
    assert_eq!(held.source_document, "GJ");
    let sequences: Vec<String> = held.lines.iter().map(|line| line.sequence.to_string()).collect();
    assert_eq!(sequences, ["500", "1000"]);
    let batch = site.gp.batch(&BatchId::new("pay2013-11")).await.unwrap().unwrap();
    assert_eq!((batch.transactions, batch.marked_to_post, batch.approved), (1, false, false));
    assert_eq!(site.sandbox.batch("PAY2013-11").unwrap().total.to_string(), "2469135.78");
    assert_eq!(site.sandbox.faults().count(POST), 1, "exactly one POST");
}

#[tokio::test]
async fn amounts_keep_every_digit_written_as_text_or_as_number() {
    for dialect in [SHIPPED.to_owned(), SHIPPED.replace("amounts: text ", "amounts: number ")] {
        let site = site_with(&dialect);
        let mut large = entry();
        // Beyond the 53 bits of a float.
        large.lines =
            vec![line("000-5100-0410", 9_007_199_254_740_993, 0), line("000-2100-0000", 0, 9_007_199_254_740_993)];
        assert_eq!(site.gp.create_journal(80_000_001, &large).await, Delivery::Sent);
        assert_eq!(site.sandbox.journals()[0].lines[0].debit.to_string(), "90071992547409.93");
        assert_eq!(site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap().entry, large);
    }
}

#[tokio::test]
async fn a_journal_in_another_currency_carries_its_rate() {
    let euros = Currency::from_code("EUR").unwrap();
    for dialect in [SHIPPED.to_owned(), SHIPPED.replace("amounts: text ", "amounts: number ")] {
        let site = site_with(&dialect);
        let rate = |digits: &str| Some(Exchange { rate: digits.parse().unwrap(), date: NOVEMBER_30 });
        let foreign = JournalEntry { currency: euros, exchange: rate("1.3591"), ..entry() };
        assert_eq!(site.gp.create_journal(80_000_001, &foreign).await, Delivery::Sent);
        assert_eq!(site.sandbox.journals()[0].exchange.unwrap().0.to_string(), "1.3591");
        let held = site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap();
        assert_eq!(held.entry, foreign, "GP shows seven decimals; it is the same rate");
        for refused in ["0", "-1", "1.00000001"] {
            let foreign = JournalEntry { exchange: rate(refused), ..foreign.clone() };
            assert_eq!(numbers(&site.gp.create_journal(80_000_002, &foreign).await), [942], "{refused}");
        }
    }
    let mute = site_with(&SHIPPED.replace("  exchange: { rate", "  #exchange: { rate"));
    let foreign = JournalEntry {
        currency: euros,
        exchange: Some(Exchange { rate: "1.3591".parse().unwrap(), date: NOVEMBER_30 }),
        ..entry()
    };
    assert!(matches!(mute.gp.create_journal(80_000_001, &foreign).await, Delivery::Refused { .. }));
    assert_eq!(mute.sandbox.journals(), [], "without its rate it does not leave");
}

#[tokio::test]
async fn gp_itself_does_not_notice_the_same_content_under_another_number() {
    let site = site();
    assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
    assert_eq!(site.gp.create_journal(80_000_002, &entry()).await, Delivery::Sent);
    let found = site.gp.journals_in_batch(&entry().batch, "a1b2c3d4").await.unwrap();
    assert_eq!(found.len(), 2, "the look-back is what finds a second copy");
}

#[tokio::test]
async fn a_posted_batch_is_read_only_and_seen_as_posted() {
    let site = site();
    assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
    assert!(site.sandbox.edit_journal(80_000_001, |journal| journal.lines[0].description = "by hand".into()));
    let edited = site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap();
    assert_eq!(edited.entry.lines[0].description, "by hand", "the caller compares the lines");
    site.sandbox.post_batch("PAY2013-11");
    assert!(!site.sandbox.edit_journal(80_000_001, |journal| journal.reference.clear()), "posted is read-only");
    assert!(!site.sandbox.delete_journal(80_000_001));
    let posted = site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap();
    assert_eq!(posted.state, GpState::Posted);
    assert_eq!(site.gp.journals_in_batch(&entry().batch, "a1b2c3d4").await.unwrap(), [posted]);
    assert_eq!(site.gp.batch(&entry().batch).await.unwrap(), None, "the single-use batch is gone");

    assert_eq!(site.gp.create_journal(80_000_002, &entry()).await, Delivery::Sent);
    assert!(site.sandbox.delete_journal(80_000_002));
    assert_eq!(site.gp.journal(80_000_002, NOVEMBER_30).await.unwrap(), None);
}

#[tokio::test]
async fn a_prefix_policy_is_read_back() {
    let by_batch_only = SHIPPED.replace("  by_reference: { path", "  #by_reference: { path");
    let by_prefix = by_batch_only.replace("batch_prefix: \"\"", "batch_prefix: \"HR-\"");
    for (dialect, found) in [(SHIPPED, 1), (by_batch_only.as_str(), 0), (by_prefix.as_str(), 1)] {
        let site = site_with(dialect);
        site.sandbox.set_batch_prefix("HR-");
        assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
        let held = site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap();
        assert_eq!(held.batch, BatchId::new("HR-PAY2013-11"));
        let journals = site.gp.journals_in_batch(&entry().batch, "a1b2c3d4").await.unwrap();
        assert_eq!(journals.len(), found, "{dialect}");
        assert_eq!(site.gp.journals_in_batch(&entry().batch, "00000000").await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_whole_batch_is_listed_without_asking_for_every_journal_of_the_company() {
    let site = site();
    assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
    let other = JournalEntry { batch: BatchId::new("OTHER"), ..entry() };
    assert_eq!(site.gp.create_journal(80_000_002, &other).await, Delivery::Sent);
    let found = site.gp.journals_in_batch(&entry().batch, "").await.unwrap();
    assert_eq!(found.iter().map(|journal| journal.number).collect::<Vec<_>>(), [80_000_001]);
    let asked = site.sandbox.faults().requests();
    assert!(!asked.iter().any(|request| request.contains("ReferenceEndsWith")), "{asked:?}");
}
