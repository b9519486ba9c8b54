//! The GP edge against the sandboxed GP, over real HTTP on loopback.

use jiff::civil::{Date, date};
use ml_connector::clock::{Clock, StandingClock};
use ml_connector::gp::dialect::check::SHIPPED;
use ml_connector::gp::{Delivery, Gp, GpError, Modified, Refusal, RefusalClass};
use ml_connector::ledger::{
    Account, AccountNumber, BatchId, Currency, FiscalPeriod, GpRecord, JournalEntry, JournalLine, Minor, RecordAction,
    RecordChange, RecordKind, Series,
};
use ml_connector::plan::facts::{DimensionValue, Facts, GpState};
use ml_connector::project::connections::{DimensionSource, FromEnvironment, GpConnection, Provider, Providers};
use ml_connector::sandbox::faults::Fault;
use ml_connector::sandbox::gp::GpSandbox;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

const COMPANY: &str = "Fabrikam, Inc.";
const PASSWORD: &str = "correct horse";
const JOURNALS: &str = "/GPService/Tenants(DefaultTenant)/Companies(Fabrikam, Inc.)/Dynamics/Financial/GLTransactions";
const POST: &str = "POST /GPService";
const NOVEMBER_30: Date = date(2013, 11, 30);

fn account(number: &str, active: bool, allows_entry: bool) -> Account {
    Account { number: AccountNumber::new(number), description: "Wages".into(), active, allows_entry }
}

fn period(year: i16, month: i8, series: &str, closed: bool) -> FiscalPeriod {
    let first_day = date(year, month, 1);
    let number = u16::try_from(month).unwrap();
    FiscalPeriod { year, number, first_day, last_day: first_day.last_of_month(), series: Series::new(series), closed }
}

fn record(key: &str, active: bool, fields: &[(&str, &str)]) -> GpRecord {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    GpRecord { key: key.into(), active, fields }
}

/// A small company: two good accounts, a control account, an inactive one, 2013 open but for October.
fn facts() -> Facts {
    let mut periods: Vec<FiscalPeriod> = (1..=12).map(|month| period(2013, month, "Financial", month == 10)).collect();
    periods.extend((1..=12).map(|month| period(2013, month, "Payroll", true)));
    Facts {
        accounts: vec![
            account("000-5100-0410", true, true),
            account("000-2100-0000", true, true),
            account("000-1100-0000", true, false),
            account("000-5999-0000", false, true),
            account(" 000-7000-0000", true, true),
        ],
        dimension_values: ["0410", "0420"]
            .map(|code| DimensionValue { dimension: "cost_centre".into(), code: code.into(), active: code == "0410" })
            .to_vec(),
        fiscal_periods: periods,
        vendors: vec![record("EMP000001", true, &[("name", "Lovelace, Ada"), ("class", "EMPLOYEE")])],
        employees: vec![record(
            "E1",
            true,
            &[("last_name", "Lovelace"), ("first_name", "Ada"), ("department", "ENG"), ("position", "MATH")],
        )],
        ..Facts::default()
    }
}

fn connection(port: u16, dialect: &str) -> GpConnection {
    GpConnection {
        scheme: "http".into(),
        server: "127.0.0.1".into(),
        port,
        tenant: "DefaultTenant".into(),
        company: COMPANY.into(),
        user: FromEnvironment { variable: "GP_USER".into() },
        password: FromEnvironment { variable: "GP_PASSWORD".into() },
        dialect: "sba".into(),
        dialect_text: dialect.into(),
        dialect_file: "dialects/sba.yaml".into(),
        providers: Providers {
            journals: Provider::Sba,
            accounts: Provider::Sba,
            periods: Provider::Sba,
            dimensions: Provider::Sba,
            vendors: Provider::Sba,
            employees: Provider::Sba,
            batches: Provider::Sba,
        },
        dimensions: BTreeMap::from([
            ("cost_centre".to_owned(), DimensionSource::Segment(3)),
            ("region".to_owned(), DimensionSource::Analytical("cost_centre".into())),
        ]),
        journal_numbers: (80_000_001, 89_999_999),
        calls_at_once: 1,
    }
}

struct Site {
    sandbox: GpSandbox,
    gp: Gp,
    clock: StandingClock,
}

fn clock() -> StandingClock {
    StandingClock::at("2013-12-02T08:00:00Z".parse().unwrap())
}

fn client(connection: &GpConnection, password: &str, clock: &StandingClock) -> Result<Gp, GpError> {
    Gp::new(connection, "CORP\\connector".into(), password.to_owned().into(), Arc::new(clock.clone()))
}

fn site() -> Site {
    site_with(SHIPPED)
}

fn site_with(dialect: &str) -> Site {
    let clock = clock();
    let sandbox = GpSandbox::start(&facts(), COMPANY, "CORP\\connector", PASSWORD, Arc::new(clock.clone())).unwrap();
    let gp = client(&connection(sandbox.port(), dialect), PASSWORD, &clock).unwrap();
    Site { sandbox, gp, clock }
}

fn usd() -> Currency {
    Currency::from_code("USD").unwrap()
}

fn line(account: &str, debit: i128, credit: i128) -> JournalLine {
    let (debit, credit) = (Minor(debit), Minor(credit));
    JournalLine { account: AccountNumber::new(account), description: "wages 0410".into(), debit, credit }
}

fn entry() -> JournalEntry {
    JournalEntry {
        batch: BatchId::new("PAY2013-11"),
        reference: "Payroll Nov 2013 a1b2c3d4".into(),
        date: NOVEMBER_30,
        currency: usd(),
        lines: vec![line("000-5100-0410", 123_456_789, 0), line("000-2100-0000", 0, 123_456_789)],
    }
}

fn numbers(delivery: &Delivery) -> Vec<u32> {
    match delivery {
        Delivery::Refused { refusals } => refusals.iter().filter_map(|refusal| refusal.number).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

fn first(delivery: Delivery) -> Refusal {
    match delivery {
        Delivery::Refused { mut refusals } => refusals.remove(0),
        other => panic!("not refused: {other:?}"),
    }
}

// --- journals: the main path

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
async fn gp_itself_does_not_notice_the_same_content_under_another_number() {
    let site = site();
    assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
    assert_eq!(site.gp.create_journal(80_000_002, &entry()).await, Delivery::Sent);
    let found = site.gp.journals_in_batch(&entry().batch, "a1b2c3d4").await.unwrap();
    assert_eq!(found.len(), 2, "the look-back is what finds a second copy");
}

// --- journals: refusals

#[tokio::test]
async fn a_taken_number_is_already_done_in_work_and_in_open_but_not_in_history() {
    let site = site();
    assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
    let again = site.gp.create_journal(80_000_001, &entry()).await;
    assert_eq!(numbers(&again), [7738, 997]);
    assert!(matches!(first(again), Refusal { class: RefusalClass::AlreadyDone, .. }));

    assert_eq!(site.sandbox.post_batch("PAY2013-11"), [80_000_001]);
    assert_eq!(numbers(&site.gp.create_journal(80_000_001, &entry()).await), [687, 997]);

    site.sandbox.company().calendar.periods.extend((1..=12).map(|month| ml_connector::sandbox::gp::calendar::Period {
        year: 2014,
        number: u16::try_from(month).unwrap(),
        first_day: date(2014, month, 1),
        last_day: date(2014, month, 1).last_of_month(),
        series: Series::Financial,
        closed: false,
        general_entry_closed: false,
    }));
    site.sandbox.company().close_year(2013);
    let next_year = JournalEntry { date: date(2014, 11, 30), ..entry() };
    assert_eq!(site.gp.create_journal(80_000_001, &next_year).await, Delivery::Sent, "history's numbers are free");
    let last_year = site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap();
    assert_eq!(last_year.state, GpState::Posted);
}

#[tokio::test]
async fn every_number_comes_back_at_once() {
    let site = site();
    site.sandbox.mark_batch_to_post("PAY2013-11");
    let mut bad = entry();
    bad.date = date(2013, 10, 31);
    bad.lines = vec![line("000-9999-0000", 100, 0), line("000-5999-0000", 50, 0), line("000-1100-0000", 0, 100)];
    let refused = site.gp.create_journal(80_000_001, &bad).await;
    assert_eq!(numbers(&refused), [679, 5617, 2013, 572, 7117, 944]);
    let Delivery::Refused { refusals } = refused else { unreachable!() };
    let classes: Vec<RefusalClass> = refusals.iter().map(|refusal| refusal.class).collect();
    use RefusalClass::{FixMapping, Hold, RetryLater};
    assert_eq!(classes, [FixMapping, FixMapping, Hold, RetryLater, Hold, FixMapping]);
    assert!(refusals.iter().all(|refusal| !refusal.remedy.is_empty() && !refusal.message.is_empty()));
    assert_eq!(site.sandbox.journals(), [], "one transaction: nothing of it stays");
}

#[tokio::test]
async fn each_refusal_of_a_journal_has_its_number() {
    type Change = fn(&mut JournalEntry);
    let cases: &[(u32, RefusalClass, Change)] = &[
        (679, RefusalClass::FixMapping, |entry| entry.lines[0].account = AccountNumber::new("000-0000-0001")),
        // Leading blanks are part of an account.
        (679, RefusalClass::FixMapping, |entry| entry.lines[0].account = AccountNumber::new("000-7000-0000")),
        (5617, RefusalClass::FixMapping, |entry| entry.lines[0].account = AccountNumber::new("000-5999-0000")),
        (2013, RefusalClass::Hold, |entry| entry.lines[0].account = AccountNumber::new("000-1100-0000")),
        (7117, RefusalClass::Hold, |entry| entry.date = date(2013, 10, 31)),
        (596, RefusalClass::Hold, |entry| entry.date = date(2015, 1, 31)),
        (944, RefusalClass::FixMapping, |entry| entry.lines[0].debit += Minor(1)),
        (5471, RefusalClass::FixMapping, |entry| {
            entry.lines[0].credit = Minor(5);
            entry.lines[1].credit -= Minor(5);
        }),
        (5600, RefusalClass::FixMapping, |entry| {
            entry.lines[0].debit = Minor(-5);
            entry.lines[1].credit = Minor(-5);
        }),
        (141, RefusalClass::Configuration, |entry| entry.reference = String::new()),
        (682, RefusalClass::Configuration, |entry| entry.batch = BatchId::new("")),
    ];
    for (number, class, change) in cases {
        let site = site();
        let mut bad = entry();
        change(&mut bad);
        let refusal = first(site.gp.create_journal(80_000_001, &bad).await);
        assert_eq!((refusal.number, refusal.class), (Some(*number), *class), "{refusal:?}");
    }
}

#[tokio::test]
async fn what_gp_does_not_check_is_taken() {
    let site = site();
    site.sandbox.add_unit_account("UNIT-HEADS", 0);
    let mut odd = entry();
    // A unit account does not count in the balance; a leading blank, other case and trailing blanks are the same account.
    odd.lines.push(line("unit-heads  ", 700, 0));
    odd.lines.push(line(" 000-7000-0000", 0, 0));
    assert_eq!(site.gp.create_journal(80_000_001, &odd).await, Delivery::Sent);
    let empty = JournalEntry { lines: Vec::new(), ..entry() };
    assert_eq!(site.gp.create_journal(80_000_002, &empty).await, Delivery::Sent);
    odd.lines[2].debit = Minor(750);
    assert_eq!(numbers(&site.gp.create_journal(80_000_003, &odd).await), [814], "half a head");
}

#[tokio::test]
async fn a_batch_that_is_marked_approved_or_in_workflow_takes_nothing() {
    let site = site();
    site.sandbox.mark_batch_to_post("PAY2013-11");
    assert_eq!(first(site.gp.create_journal(80_000_001, &entry()).await).class, RefusalClass::RetryLater);
    let marked = site.gp.batch(&entry().batch).await.unwrap().unwrap();
    assert!(marked.marked_to_post && !marked.approved);

    site.sandbox.approve_batch("PAY-B");
    let approved = JournalEntry { batch: BatchId::new("PAY-B"), ..entry() };
    assert_eq!(numbers(&site.gp.create_journal(80_000_001, &approved).await), [5599]);

    site.sandbox.company().batches.open("PAY-C").in_workflow = true;
    let workflow = JournalEntry { batch: BatchId::new("PAY-C"), ..entry() };
    let Delivery::Refused { refusals } = site.gp.create_journal(80_000_001, &workflow).await else { panic!() };
    let found: Vec<_> = refusals.iter().map(|refusal| (refusal.number, refusal.class)).collect();
    assert_eq!(found, [(Some(485), RefusalClass::Hold), (Some(12012), RefusalClass::Hold)], "12012 explains 485");

    site.sandbox.company().ledger.leave_orphan_lines(80_000_009, "OTHER");
    assert_eq!(
        numbers(&site.gp.create_journal(80_000_009, &JournalEntry { batch: BatchId::new("PAY-D"), ..entry() }).await),
        [11985]
    );
    assert_eq!(site.gp.batch(&BatchId::new("NEVER-SEEN")).await.unwrap(), None);
}

#[tokio::test]
async fn a_period_closed_between_check_and_send_is_refused_and_held() {
    let site = site();
    let financial = |periods: Vec<FiscalPeriod>| {
        periods.into_iter().find(|period| period.series == Series::Financial).map(|period| period.closed)
    };
    assert_eq!(financial(site.gp.fiscal_periods(NOVEMBER_30, NOVEMBER_30).await.unwrap()), Some(false));
    site.sandbox.close_period(NOVEMBER_30, "Financial");
    let refusal = first(site.gp.create_journal(80_000_001, &entry()).await);
    assert_eq!((refusal.number, refusal.class), (Some(7117), RefusalClass::Hold));
    assert_eq!(financial(site.gp.fiscal_periods(NOVEMBER_30, NOVEMBER_30).await.unwrap()), Some(true));
    site.sandbox.reopen_period(NOVEMBER_30, "Financial");
    // The visible box may say open while the row that journals are checked against is closed.
    site.sandbox.company().calendar.close_general_entry(NOVEMBER_30);
    assert_eq!(financial(site.gp.fiscal_periods(NOVEMBER_30, NOVEMBER_30).await.unwrap()), Some(false));
    assert_eq!(numbers(&site.gp.create_journal(80_000_001, &entry()).await), [7117]);
}

#[tokio::test]
async fn an_unknown_number_and_the_sites_own_check_wait_for_a_person() {
    let site = site();
    let body = r#"{"Status":{"Messages":[{"Severity":"Error","Number":31337,"Text":"Custom rule"},{"Severity":"Warning","Number":1,"Text":"x"}]},"Payload":null}"#;
    site.sandbox.faults().next(POST, Fault::Answer { status: 400, headers: Vec::new(), body: body.into() });
    let Delivery::Refused { refusals } = site.gp.create_journal(80_000_001, &entry()).await else { panic!() };
    assert_eq!(refusals.len(), 1, "a warning is no refusal: {refusals:?}");
    assert_eq!((refusals[0].number, refusals[0].class), (Some(31337), RefusalClass::Person));
    assert!(refusals[0].message.contains("31337") && refusals[0].message.contains("Custom rule"));

    site.sandbox.company().ledger.site_check = Some("No payroll in Q4 without a form".into());
    let refusal = first(site.gp.create_journal(80_000_001, &entry()).await);
    assert_eq!((refusal.number, refusal.class), (Some(121), RefusalClass::Person));
    assert!(refusal.message.contains("No payroll in Q4 without a form"), "{}", refusal.message);
}

#[tokio::test]
async fn numbers_in_one_text_are_told_apart() {
    let site = site();
    let body = r#"{"Status":{"Messages":[{"Number":"679, 5617 944","Text":"eConnect"}]}}"#;
    site.sandbox.faults().next(POST, Fault::Answer { status: 500, headers: Vec::new(), body: body.into() });
    assert_eq!(numbers(&site.gp.create_journal(80_000_001, &entry()).await), [679, 5617, 944]);
}

#[tokio::test]
async fn text_that_gp_would_cut_or_replace_never_leaves() {
    let site = site();
    let mut long = entry();
    long.reference = "x".repeat(31);
    let mut foreign = entry();
    foreign.lines[0].description = "Dvořák".into();
    for (bad, expected) in [(long, "30 characters"), (foreign, "ř")] {
        let refusal = first(site.gp.create_journal(80_000_001, &bad).await);
        assert_eq!((refusal.number, refusal.class), (None, RefusalClass::Configuration));
        assert!(refusal.message.contains(expected), "{}", refusal.message);
    }
    assert_eq!(site.sandbox.faults().requests(), Vec::<String>::new());
}

// --- unclear answers

#[tokio::test]
async fn an_answer_lost_after_the_commit_is_unknown_and_read_back_finds_it() {
    let html = Fault::AnswerAfter { status: 200, headers: Vec::new(), body: "<html>Sign in</html>".into() };
    let server_error = Fault::AnswerAfter { status: 500, headers: Vec::new(), body: "boom".into() };
    let empty = Fault::AnswerAfter { status: 200, headers: Vec::new(), body: String::new() };
    for fault in [server_error, Fault::CutAfter, Fault::CutHalfway, html, empty] {
        let site = site();
        site.sandbox.faults().next(POST, fault.clone());
        let delivery = site.gp.create_journal(80_000_001, &entry()).await;
        assert!(matches!(delivery, Delivery::Unknown { .. }), "{fault:?}: {delivery:?}");
        let found = site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap();
        assert_eq!(found.entry, entry());
        assert_eq!(site.gp.journals_in_batch(&entry().batch, "a1b2c3d4").await.unwrap(), [found]);
        assert_eq!(site.sandbox.faults().count(POST), 1, "never repeated blindly");
    }
}

#[tokio::test]
async fn an_answer_lost_before_the_commit_is_unknown_and_read_back_finds_nothing() {
    for fault in [Fault::CutBefore, Fault::status(500), Fault::status(502), Fault::html()] {
        let site = site();
        site.sandbox.faults().next(POST, fault.clone());
        let delivery = site.gp.create_journal(80_000_001, &entry()).await;
        assert!(matches!(delivery, Delivery::Unknown { .. }), "{fault:?}: {delivery:?}");
        assert_eq!(site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap(), None);
        assert_eq!(site.gp.journals_in_batch(&entry().batch, "a1b2c3d4").await.unwrap(), []);
        assert_eq!(site.sandbox.faults().count(POST), 1);
    }
}

#[tokio::test]
async fn silence_ends_with_the_dialects_time_out() {
    for (fault, held) in [(Fault::Silence, 0), (Fault::SilenceAfter, 1)] {
        let site = site_with(&SHIPPED.replace("timeout_ms: 120000", "timeout_ms: 200"));
        site.sandbox.faults().next(POST, fault);
        let delivery = site.gp.create_journal(80_000_001, &entry()).await;
        assert_eq!(delivery, Delivery::Unknown { why: "no answer within 200 ms".into() });
        assert_eq!(site.sandbox.journals().len(), held);
    }
    let site = site_with(&SHIPPED.replace("timeout_ms: 120000", "timeout_ms: 200"));
    site.sandbox.faults().next("GET /GPService", Fault::Silence);
    let error = site.gp.all_accounts().await.unwrap_err();
    assert!(matches!(&error, GpError::Unavailable { why, .. } if why.contains("200 ms")), "{error}");
}

#[tokio::test]
async fn what_certainly_never_reached_gp_may_be_sent_again() {
    let site = site();
    site.sandbox.faults().next(POST, Fault::status(503));
    let delivery = site.gp.create_journal(80_000_001, &entry()).await;
    assert!(matches!(delivery, Delivery::NotSent { sign_in_refused: false, .. }), "{delivery:?}");
    assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);

    let port = site.sandbox.port();
    drop(site);
    let closed = client(&connection(port, SHIPPED), PASSWORD, &clock()).unwrap();
    let delivery = closed.create_journal(80_000_001, &entry()).await;
    assert!(matches!(delivery, Delivery::NotSent { sign_in_refused: false, .. }), "{delivery:?}");
    let nowhere = GpConnection { server: "localhost".into(), port: 1, ..connection(port, SHIPPED) };
    let delivery = client(&nowhere, PASSWORD, &clock()).unwrap().create_journal(80_000_001, &entry()).await;
    assert!(matches!(delivery, Delivery::NotSent { .. }), "{delivery:?}");
}

// --- sign-in and rights

#[tokio::test]
async fn a_refused_sign_in_sends_exactly_one_request() {
    let site = site();
    let wrong = client(&connection(site.sandbox.port(), SHIPPED), "wrong horse", &site.clock).unwrap();
    let delivery = wrong.create_journal(80_000_001, &entry()).await;
    assert!(matches!(delivery, Delivery::NotSent { sign_in_refused: true, .. }), "{delivery:?}");
    assert_eq!(site.sandbox.faults().requests().len(), 1);
    let error = wrong.all_accounts().await.unwrap_err();
    assert!(matches!(error, GpError::SignInRefused { .. }));
    assert_eq!(site.sandbox.faults().requests().len(), 2, "never tried again: accounts lock");
    for text in [format!("{error:?}{error}"), format!("{delivery:?}")] {
        assert!(!text.contains("horse"), "{text}");
    }
}

#[tokio::test]
async fn a_missing_role_is_configuration_and_names_what_to_grant() {
    let site = site();
    site.sandbox.revoke("POST Financial/GLTransactions");
    site.sandbox.revoke("GET Financial/Accounts");
    let refusal = first(site.gp.create_journal(80_000_001, &entry()).await);
    assert_eq!(refusal.class, RefusalClass::Configuration);
    assert!(refusal.remedy.contains("role"), "{}", refusal.remedy);
    assert!(matches!(site.gp.all_accounts().await.unwrap_err(), GpError::Forbidden { .. }));
}

#[tokio::test]
async fn a_company_with_blanks_accents_and_parentheses_is_found() {
    for company in ["Café & Söhne (Süd); 50%", "A/B", "Fabrikam, Inc.", "été…"] {
        let clock = clock();
        let user = "CORP\\connector";
        let sandbox = GpSandbox::start(&facts(), company, user, PASSWORD, Arc::new(clock.clone())).unwrap();
        let named = GpConnection { company: company.into(), ..connection(sandbox.port(), SHIPPED) };
        let gp = client(&named, PASSWORD, &clock).unwrap();
        assert_eq!(gp.all_accounts().await.unwrap().len(), 5, "{company}");
        let other = GpConnection { company: "Nobody".into(), ..named };
        let error = client(&other, PASSWORD, &clock).unwrap().all_accounts().await.unwrap_err();
        assert!(error.to_string().contains("text/html"), "{error}");
    }
}

// --- reading

#[tokio::test]
async fn accounts_are_looked_up_one_by_one_and_unknown_ones_left_out() {
    let site = site();
    let asked: BTreeSet<AccountNumber> =
        ["000-5100-0410", "000-1100-0000", "000-5999-0000", "000-0000-0001", " 000-7000-0000", "000-7000-0000"]
            .map(AccountNumber::new)
            .into();
    let found = site.gp.accounts(&asked).await.unwrap();
    let shown: Vec<_> = found.iter().map(|found| (found.number.as_str(), found.active, found.allows_entry)).collect();
    assert_eq!(
        shown,
        [
            (" 000-7000-0000", true, true),
            ("000-1100-0000", true, false),
            ("000-5100-0410", true, true),
            ("000-5999-0000", false, true),
        ]
    );
    assert_eq!(site.sandbox.faults().requests().len(), asked.len(), "one look-up a distinct account");
    assert_eq!(site.gp.all_accounts().await.unwrap().len(), 5);
    assert!(site.sandbox.deactivate_account("000-5100-0410"));
    let now = site.gp.accounts(&BTreeSet::from([AccountNumber::new("000-5100-0410")])).await.unwrap();
    assert!(!now[0].active);
}

#[tokio::test]
async fn periods_come_by_series_and_dimensions_from_where_the_project_says() {
    let site = site();
    let periods = site.gp.fiscal_periods(date(2013, 10, 15), NOVEMBER_30).await.unwrap();
    let shown: Vec<_> =
        periods.iter().map(|period| (period.number, period.series.to_string(), period.closed)).collect();
    let expected = [(10, "Financial", true), (11, "Financial", false), (10, "Payroll", true), (11, "Payroll", true)];
    assert_eq!(shown, expected.map(|(number, series, closed)| (number, series.to_owned(), closed)));
    assert_eq!(site.gp.fiscal_periods(date(2020, 1, 1), date(2020, 1, 31)).await.unwrap(), []);

    for dimension in ["cost_centre", "region"] {
        let values = site.gp.dimension_values(dimension).await.unwrap();
        let shown: Vec<_> = values.iter().map(|value| (value.code.as_str(), value.active)).collect();
        assert_eq!(shown, [("0410", true), ("0420", false)], "{dimension}");
        assert!(values.iter().all(|value| value.dimension == dimension));
    }
    let error = site.gp.dimension_values("project").await.unwrap_err();
    assert!(matches!(&error, GpError::NotProvided { hint, .. } if hint.contains("project")), "{error}");

    let without_service =
        SHIPPED.replace("  segment: { path: \"/Dynamics/Financial/AccountSegments({segment})\" }\n", "");
    let site = site_with(&without_service);
    let used: Vec<String> =
        site.gp.dimension_values("cost_centre").await.unwrap().into_iter().map(|value| value.code).collect();
    assert_eq!(used, ["0000", "0410"], "the accounts themselves show their segments");
}

#[tokio::test]
async fn reads_are_repeated_with_a_growing_pause_and_writes_never() {
    let site = site();
    let start = site.clock.now();
    site.sandbox.faults().times(2, "GET /GPService", Fault::status(503));
    site.sandbox.faults().times(1, "GET /GPService", Fault::CutHalfway);
    assert_eq!(site.gp.all_accounts().await.unwrap().len(), 5);
    assert_eq!(site.sandbox.faults().requests().len(), 4);
    assert_eq!(site.clock.now().duration_since(start).as_millis(), 500 + 1000 + 2000);
    site.sandbox.faults().always("GET /GPService", Fault::CutBefore);
    let error = site.gp.batch(&entry().batch).await.unwrap_err();
    assert!(matches!(&error, GpError::Unavailable { why, .. } if why.contains("4 times")), "{error}");
    assert_eq!(site.sandbox.faults().requests().len(), 8);
}

#[tokio::test]
async fn answers_nobody_can_read_are_errors_that_say_where_to_look() {
    let cases = [
        (Fault::html(), "not JSON"),
        (json_fault(r#"{"Data":[]}"#), "it has no Payload"),
        (json_fault(r#"{"Payload":[{"AccountNumber":"1","Active":"perhaps","AllowAccountEntry":true}]}"#), "`perhaps`"),
        (json_fault(r#"{"Payload":[{"Active":true}]}"#), "account number"),
        (json_fault(r#"{"Payload":[{"AccountNumber":{"a":1}}]}"#), "AccountNumber"),
        (json_fault("[]"), "an object with Payload"),
    ];
    for (fault, expected) in cases {
        let site = site();
        site.sandbox.faults().next("GET /GPService", fault);
        let error = site.gp.all_accounts().await.unwrap_err();
        assert!(matches!(&error, GpError::Unreadable { why, .. } if why.contains(expected)), "{expected}: {error}");
    }
}

fn json_fault(body: &str) -> Fault {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Fault::Answer { status: 200, headers, body: body.to_owned() }
}

#[tokio::test]
async fn ten_thousand_accounts_and_several_calls_at_once() {
    let mut facts = facts();
    facts.accounts = (0..2_000).map(|n| account(&format!("000-5100-{n:04}"), true, true)).collect();
    let clock = clock();
    let user = "CORP\\connector";
    let sandbox = GpSandbox::start(&facts, COMPANY, user, PASSWORD, Arc::new(clock.clone())).unwrap();
    let wide = GpConnection { calls_at_once: 16, ..connection(sandbox.port(), SHIPPED) };
    let gp = client(&wide, PASSWORD, &clock).unwrap();
    let asked: BTreeSet<AccountNumber> = facts.accounts.iter().map(|account| account.number.clone()).collect();
    let found: Vec<AccountNumber> = gp.accounts(&asked).await.unwrap().into_iter().map(|found| found.number).collect();
    assert_eq!(found, asked.into_iter().collect::<Vec<_>>(), "in order, whatever came first");
    assert_eq!(gp.all_accounts().await.unwrap().len(), 2_000);
}

// --- after the sending

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

// --- vendors and employees

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

// --- other providers

#[tokio::test]
async fn declared_periods_and_dimensions_answer_without_gp_and_name_bad_rows() {
    let declared = |text: &str| Provider::Declared { file: "tables/gp.csv".into(), text: text.into() };
    let mut connection = connection(1, SHIPPED);
    let header = "year,period,first_day,last_day,series,closed\n";
    connection.providers.periods = declared(&format!(
        "{header}2013,10,2013-10-01,2013-10-31,Financial,true\n2013,11,2013-11-01,2013-11-30,Financial,false\n"
    ));
    connection.providers.dimensions =
        declared("\u{feff}code,dimension,active\n0410,cost_centre,true\n0420,cost_centre,false\n");
    let gp = client(&connection, PASSWORD, &clock()).unwrap();
    let periods = gp.fiscal_periods(NOVEMBER_30, NOVEMBER_30).await.unwrap();
    assert_eq!(periods, [period(2013, 11, "Financial", false)]);
    let values = gp.dimension_values("cost_centre").await.unwrap();
    assert_eq!(
        values.iter().map(|value| (value.code.as_str(), value.active)).collect::<Vec<_>>(),
        [("0410", true), ("0420", false)]
    );
    assert!(matches!(gp.dimension_values("region").await.unwrap_err(), GpError::NotProvided { .. }));

    let cases = [
        (
            "2013,x,2013-10-01,2013-10-31,Financial,true\n2013,11,2013-11-31,2013-11-30,Financial,no\n",
            "row 2: period `x`",
        ),
        ("2013,11,2013-11-31,2013-11-30,Financial,no\n", "row 2: first_day `2013-11-31`"),
        ("2013,11,2013-11-30,2013-11-01,Financial,true\n", "row 2: last_day 2013-11-01 is before"),
        ("2013,11,2013-11-01,2013-11-30,Financial,yes\n", "row 2: closed `yes`"),
        ("2013,11,2013-11-01,2013-11-30,,true\n", "row 2: series is empty"),
        ("2013,1,2013-01-01,2013-01-31,Financial,true\n2013,2,2013-01-31,2013-02-28,Financial,true\n", "share days"),
    ];
    for (rows, expected) in cases {
        connection.providers.periods = declared(&format!("{header}{rows}"));
        let error = client(&connection, PASSWORD, &clock()).err().unwrap().to_string();
        assert!(error.contains(expected) && error.contains("tables/gp.csv"), "{error}");
    }
    connection.providers.periods = declared("year,period\n");
    let error = client(&connection, PASSWORD, &clock()).err().unwrap().to_string();
    assert!(error.contains("no column first_day, last_day, series, closed"), "{error}");
    connection.providers.periods = Provider::Sba;
    connection.providers.accounts = declared("");
    assert!(matches!(client(&connection, PASSWORD, &clock()).err(), Some(GpError::NotProvided { .. })));
}

#[tokio::test]
async fn a_capability_that_is_off_says_who_could_provide_it() {
    let mut connection = connection(1, SHIPPED);
    connection.providers.periods = Provider::Off;
    connection.providers.journals = Provider::Off;
    let gp = client(&connection, PASSWORD, &clock()).unwrap();
    let error = gp.fiscal_periods(NOVEMBER_30, NOVEMBER_30).await.unwrap_err();
    assert!(
        matches!(&error, GpError::NotProvided { capability: "periods", hint } if hint.contains("declared")),
        "{error}"
    );
    assert_eq!(first(gp.create_journal(80_000_001, &entry()).await).class, RefusalClass::Configuration);
}

#[tokio::test]
async fn plain_http_to_another_machine_and_a_broken_dialect_are_refused_at_once() {
    let mut elsewhere = connection(80, SHIPPED);
    elsewhere.server = "gp.example.com".into();
    let error = client(&elsewhere, PASSWORD, &clock()).err().unwrap();
    assert!(error.to_string().contains("in clear"), "{error}");
    let error = client(&connection(80, "format: 1\nsurprise: yes\n"), PASSWORD, &clock()).err().unwrap();
    assert!(
        matches!(&error, GpError::Dialect { why, .. } if why.contains("surprise") && why.contains("line 2")),
        "{error}"
    );
}

// --- the door of the sandbox

#[tokio::test]
async fn a_person_at_the_sandboxs_door_does_what_gps_windows_do() {
    let site = site();
    assert_eq!(site.gp.create_journal(80_000_001, &entry()).await, Delivery::Sent);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let knock = async |what: &str, body: &str, password: &str| {
        let url = format!("{}/sandbox/{what}", site.sandbox.url());
        let answer = http.post(url).basic_auth("CORP\\connector", Some(password)).body(body.to_owned()).send().await;
        answer.unwrap().status().as_u16()
    };
    assert_eq!(knock("close-period", r#"{"date":"2013-11-30"}"#, "wrong").await, 401);
    assert_eq!(knock("close-period", r#"{"date":"2013-11-30"}"#, PASSWORD).await, 200);
    assert_eq!(numbers(&site.gp.create_journal(80_000_002, &entry()).await), [7117]);
    assert_eq!(knock("post-batch", r#"{"batch":"PAY2013-11"}"#, PASSWORD).await, 200);
    assert_eq!(site.gp.journal(80_000_001, NOVEMBER_30).await.unwrap().unwrap().state, GpState::Posted);
    assert_eq!(knock("post-batch", r#"{"batch":"NONE"}"#, PASSWORD).await, 404);
    assert_eq!(knock("close-period", r#"{"date":"yesterday"}"#, PASSWORD).await, 400);
    assert_eq!(knock("burn", "{}", PASSWORD).await, 400);
    let fault = r#"{"place":"GET /GPService","fault":"answer","status":503,"times":4}"#;
    assert_eq!(knock("fault", fault, PASSWORD).await, 200);
    assert!(matches!(site.gp.all_accounts().await, Err(GpError::Unavailable { .. })));
    let url = format!("{}/sandbox/journals", site.sandbox.url());
    let shown = http.get(url).basic_auth("CORP\\connector", Some(PASSWORD)).send().await.unwrap().text().await.unwrap();
    assert!(shown.contains(r#""debit":"1234567.89""#), "{shown}");
}

#[tokio::test]
async fn the_service_reads_only_what_it_knows() {
    let site = site();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let send = async |body: &str, kind: &str| {
        let url = format!("{}{}", site.sandbox.url(), JOURNALS.replace(' ', "%20"));
        let request = http.post(url).basic_auth("CORP\\connector", Some(PASSWORD)).header("Content-Type", kind);
        let answer = request.body(body.to_owned()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(send("{}", "text/plain").await.0, 415);
    let (status, text) = send(r#"{"JournalId":1}"#, "application/json").await;
    assert!(status == 400 && text.contains("Payload"), "{text}");
    let (status, text) = send(r#"{"Payload":{"Surprise":1}}"#, "application/json").await;
    assert!(status == 400 && text.contains("Surprise"), "{text}");
    // An offset moves the day's midnight: GP's column takes no time.
    let body = r#"{"Payload":{"JournalId":100000000,"TransactionDate":"2013-11-30T05:00:00","BatchId":"x","Reference":"r","Lines":[{"SequenceNumber":-1,"AccountNumber":"","DebitAmount":"0.005"}]}}"#;
    let (status, text) = send(body, "application/json").await;
    let numbers: Vec<&str> = text.split("\"Number\":").skip(1).filter_map(|rest| rest.split(',').next()).collect();
    assert_eq!((status, numbers), (400, vec!["680", "9368", "683", "5618", "9367", "486", "9276", "944"]), "{text}");
}
