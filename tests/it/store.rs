//! What every store promises, written once: a store is a way to open one, and the suite runs against it.

use jiff::Timestamp;
use ml_connector::hr::PeriodCode;
use ml_connector::ledger::DocumentId;
use ml_connector::plan::facts::GpState;
use ml_connector::store::audit::first_break;
use ml_connector::store::sqlite::SqliteStore;
use ml_connector::store::{
    Approved, AuditEntry, DocumentState, HoldRow, NewDocument, NewPlan, Outcome, Store, StoreError, StoredContent,
    StoredLine, Waiting,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const NUMBERS: (u32, u32) = (80_000_001, 80_000_003);

struct Opened {
    folder: tempfile::TempDir,
    store: Arc<dyn Store>,
}

fn open() -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(&folder.path().join("store.db")).unwrap());
    Opened { folder, store }
}

fn now() -> Timestamp {
    "2013-12-02T09:00:00Z".parse().unwrap()
}

fn journal(id: &str, amount: &str) -> NewDocument {
    let line = |account: &str, debit: &str, credit: &str| StoredLine {
        account: account.to_owned(),
        description: "wages".to_owned(),
        debit: debit.to_owned(),
        credit: credit.to_owned(),
    };
    let credit = format!("-{amount}");
    let accounts = BTreeMap::from([("5100".to_owned(), amount.to_owned()), ("2100".to_owned(), credit)]);
    NewDocument {
        id: DocumentId::from_text(id),
        kind: "journal".to_owned(),
        role: "original".to_owned(),
        period: PeriodCode("2013-11".to_owned()),
        booked_in: PeriodCode("2013-11".to_owned()),
        sequence: 1,
        state: DocumentState::Planned,
        needs_approval: true,
        gp_company: String::new(),
        content: StoredContent::Journal {
            reverses_on: None,
            company: String::new(),
            group: String::new(),
            batch: "PAY2013-11".to_owned(),
            reference: format!("Payroll Nov 2013 {}", &id[..8]),
            date: "2013-11-30".to_owned(),
            currency: "USD".to_owned(),
            exchange: None,
            replaces: None,
            lines: vec![line("5100", amount, "0.00"), line("2100", "0.00", amount)],
            by_period: BTreeMap::from([("2013-11".to_owned(), accounts)]),
        },
    }
}

fn plan(hash: &str, documents: Vec<NewDocument>) -> NewPlan {
    NewPlan {
        hash: hash.to_owned(),
        pipeline: "payroll-journal".to_owned(),
        ledger: "payroll-journal".to_owned(),
        period: PeriodCode("2013-11".to_owned()),
        generation: "g1".to_owned(),
        status: "ready".to_owned(),
        headcount: 7,
        report: "{}".to_owned(),
        documents,
        covers: vec![PeriodCode("2013-11".to_owned())],
        holds: Vec::new(),
        inputs: vec![("facts/sent.csv".to_owned(), vec![1, 2, 3])],
        now: now(),
        who: "test".to_owned(),
        people: 1,
    }
}

const A: &str = "aaaaaaaa00000000";
const B: &str = "bbbbbbbb00000000";

fn id(text: &str) -> DocumentId {
    DocumentId::from_text(text)
}

async fn states(store: &dyn Store, plan: &str) -> Vec<DocumentState> {
    store.documents(plan).await.unwrap().into_iter().map(|document| document.state).collect()
}

#[tokio::test]
async fn the_same_plan_again_changes_nothing() {
    let opened = open();
    let first = opened.store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    let again = opened.store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(opened.store.plans(10).await.unwrap().len(), 1);
    assert_eq!(opened.store.inputs("hash-1").await.unwrap(), [("facts/sent.csv".to_owned(), vec![1, 2, 3])]);
}

#[tokio::test]
async fn a_newer_plan_takes_the_place_of_documents_nobody_sent() {
    let opened = open();
    let store = opened.store.as_ref();
    store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    store.approve("hash-1", "A. Ledger", 1, now()).await.unwrap();
    store.save_plan(plan("hash-2", vec![journal(A, "11.00")])).await.unwrap();
    assert_eq!(states(store, "hash-1").await, [DocumentState::Superseded]);
    // Its lines changed, so the approval does not carry over.
    assert_eq!(states(store, "hash-2").await, [DocumentState::Planned]);
    assert!(store.plan("hash-1").await.unwrap().superseded);
    // Going back to what it was is a plan of its own, not a dead one.
    let back = store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    assert!(!back.superseded);
    assert_eq!(states(store, &back.id).await, [DocumentState::Planned]);
}

/// GP may still take the first request: under another number it would be a second journal.
#[tokio::test]
async fn what_was_tried_once_keeps_its_number_though_its_lines_change() {
    let opened = open();
    let store = opened.store.as_ref();
    store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    store.approve("hash-1", "A. Ledger", 1, now()).await.unwrap();
    assert_eq!(store.begin_sending(&id(A), NUMBERS, now()).await.unwrap(), Some(80_000_001));
    store.record_outcome(&id(A), Outcome::NotThere, now()).await.unwrap();
    store.save_plan(plan("hash-2", vec![journal(A, "11.00"), journal(B, "1.00")])).await.unwrap();
    store.approve("hash-2", "A. Ledger", 1, now()).await.unwrap();
    assert_eq!(store.begin_sending(&id(A), NUMBERS, now()).await.unwrap(), Some(80_000_001));
    assert_eq!(store.begin_sending(&id(B), NUMBERS, now()).await.unwrap(), Some(80_000_002));
}

#[tokio::test]
async fn another_number_is_beyond_all_that_were_found_in_gp() {
    let opened = open();
    let store = opened.store.as_ref();
    store.adopt(journal(A, "10.00"), "payroll-journal", 80_000_040, now()).await.unwrap();
    store.save_plan(plan("hash-1", vec![journal(B, "1.00")])).await.unwrap();
    store.approve("hash-1", "A. Ledger", 1, now()).await.unwrap();
    let numbers = (80_000_001, 80_000_999);
    assert_eq!(store.begin_sending(&id(B), numbers, now()).await.unwrap(), Some(80_000_001));
    assert_eq!(store.draw_again(&id(B), numbers, now()).await.unwrap(), 80_000_041);
}

#[tokio::test]
async fn an_unchanged_document_keeps_its_approval() {
    let opened = open();
    let store = opened.store.as_ref();
    store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    assert_eq!(store.approve("hash-1", "A. Ledger", 1, now()).await.unwrap().documents, [id(A)]);
    store.save_plan(plan("hash-2", vec![journal(A, "10.00"), journal(B, "5.00")])).await.unwrap();
    assert_eq!(states(store, "hash-2").await, [DocumentState::Approved, DocumentState::Planned]);
}

#[tokio::test]
async fn two_different_people_approve_and_the_same_one_counts_once() {
    let opened = open();
    let store = opened.store.as_ref();
    store.save_plan(NewPlan { people: 2, ..plan("hash-1", vec![journal(A, "10.00")]) }).await.unwrap();
    for (who, said_before) in [("Kim", false), (" kim", true), ("KIM", true)] {
        let yes = store.approve("hash-1", who, 2, now()).await.unwrap();
        let waiting = Waiting { id: id(A), approvals: vec!["Kim".to_owned()], said_before };
        assert_eq!(yes, Approved { documents: Vec::new(), waiting: vec![waiting] });
    }
    assert_eq!(states(store, "hash-1").await, [DocumentState::Planned]);
    assert!(store.outbox("payroll-journal").await.unwrap().is_empty());
    // A second plan with the same document: the yes stays, and a changed one starts anew.
    let both = vec![journal(A, "10.00"), journal(B, "5.00")];
    store.save_plan(NewPlan { people: 2, ..plan("hash-2", both) }).await.unwrap();
    let yes = store.approve("hash-2", "Lee", 2, now()).await.unwrap();
    assert_eq!((yes.documents, yes.waiting.len()), (vec![id(A)], 1));
    let documents = store.documents("hash-2").await.unwrap();
    assert_eq!(documents[0].approved_by.as_deref(), Some("Kim, Lee"));
    assert_eq!(
        (documents[1].approved_by.as_deref(), documents[1].approvals.as_slice()),
        (None, &["Lee".to_owned()][..])
    );
    store.save_plan(NewPlan { people: 2, ..plan("hash-3", vec![journal(A, "11.00")]) }).await.unwrap();
    assert!(store.documents("hash-3").await.unwrap()[0].approvals.is_empty());
    let said = store.audit_rows(Some(A)).await.unwrap();
    let said: Vec<String> = said
        .iter()
        .filter(|row| row.entry.who != "engine")
        .map(|row| format!("{} {} {}", row.entry.who, row.entry.what, row.entry.detail))
        .collect();
    assert_eq!(said, ["Kim said yes plan hash-1: 1 of 2", "Lee approved plan hash-2: 2 of 2"]);
}

#[tokio::test]
async fn a_hold_that_asks_is_released_with_the_last_yes_and_a_new_one_asks_anew() {
    let opened = open();
    let store = opened.store.as_ref();
    let held = || vec![NewDocument { state: DocumentState::Held, ..journal(A, "10.00") }];
    let asks = |hash: &str, message: &str| {
        let holds = vec![HoldRow { plan_id: hash.to_owned(), message: message.to_owned(), ..ask(A) }];
        NewPlan { holds, people: 2, ..plan(hash, held()) }
    };
    store.save_plan(asks("hash-1", "Headcount moved a lot")).await.unwrap();
    assert_eq!(store.approve("hash-1", "Kim", 2, now()).await.unwrap().waiting.len(), 1);
    assert_eq!(states(store, "hash-1").await, [DocumentState::Held]);
    assert_eq!(store.holds(None).await.unwrap()[0].released_by, None);
    // The same document and reason, planned again: the yes stays. Another reason: nobody has said yes to it.
    store.save_plan(asks("hash-2", "Headcount moved a lot")).await.unwrap();
    assert_eq!(store.documents("hash-2").await.unwrap()[0].approvals, ["Kim"]);
    store.save_plan(asks("hash-3", "Gross moved a lot")).await.unwrap();
    assert!(store.documents("hash-3").await.unwrap()[0].approvals.is_empty());
    store.approve("hash-3", "Kim", 2, now()).await.unwrap();
    assert_eq!(store.approve("hash-3", "Lee", 2, now()).await.unwrap().documents, [id(A)]);
    assert_eq!(store.holds(None).await.unwrap()[0].released_by.as_deref(), Some("Kim, Lee"));
}

/// A hold of a document that approval releases.
fn ask(document: &str) -> HoldRow {
    HoldRow {
        plan_id: "hash-1".to_owned(),
        code: "expectation-failed".to_owned(),
        subject: "period 2013-11".to_owned(),
        message: "Headcount moved a lot".to_owned(),
        remedy: "Look.".to_owned(),
        place: String::new(),
        asks: true,
        scope: "documents".to_owned(),
        documents: vec![document.to_owned()],
        released_by: None,
    }
}

#[tokio::test]
async fn approval_releases_asks_and_leaves_hard_holds() {
    let opened = open();
    let store = opened.store.as_ref();
    let held = |id: &str| NewDocument { state: DocumentState::Held, ..journal(id, "10.00") };
    let hold = |document: &str, asks: bool| HoldRow { asks, ..ask(document) };
    let holds = vec![hold(A, true), hold(B, false)];
    store.save_plan(NewPlan { holds, ..plan("hash-1", vec![held(A), held(B)]) }).await.unwrap();
    assert_eq!(store.approve("hash-1", "A. Ledger", 1, now()).await.unwrap().documents, [id(A)]);
    assert_eq!(states(store, "hash-1").await, [DocumentState::Approved, DocumentState::Held]);
    let released: Vec<Option<String>> =
        store.holds(None).await.unwrap().into_iter().map(|hold| hold.released_by).collect();
    assert_eq!(released, [Some("A. Ledger".to_owned()), None]);
}

#[tokio::test]
async fn nothing_is_sent_that_was_not_approved_and_nothing_twice() {
    let opened = open();
    let store = opened.store.as_ref();
    store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    let early = store.begin_sending(&id(A), NUMBERS, now()).await;
    assert!(matches!(early, Err(StoreError::WrongState { state: DocumentState::Planned, .. })), "{early:?}");
    store.approve("hash-1", "A. Ledger", 1, now()).await.unwrap();
    assert_eq!(store.begin_sending(&id(A), NUMBERS, now()).await.unwrap(), Some(NUMBERS.0));
    let twice = store.begin_sending(&id(A), NUMBERS, now()).await;
    assert!(matches!(twice, Err(StoreError::WrongState { state: DocumentState::Sending, .. })), "{twice:?}");
    store.record_outcome(&id(A), Outcome::Sent { batch: None }, now()).await.unwrap();
    let lines = store.sent_lines("payroll-journal").await.unwrap();
    let texts: Vec<String> = lines
        .iter()
        .map(|line| {
            format!(
                "{} {} {} {}",
                line.journal,
                line.account,
                line.debit.text(line.currency),
                line.credit.text(line.currency)
            )
        })
        .collect();
    assert_eq!(texts, ["80000001 2100 0.00 10.00", "80000001 5100 10.00 0.00"]);
    assert_eq!(store.history("payroll-journal").await.unwrap()[0].headcount, 7);
    let again = store.record_outcome(&id(A), Outcome::Sent { batch: None }, now()).await;
    assert!(again.is_err(), "a sent document ended again");
    // And no other plan may bring the same identity on its way while it is out there.
    let known = store.save_plan(plan("hash-2", vec![journal(A, "10.00")])).await.unwrap();
    assert!(store.approve(&known.id, "A. Ledger", 1, now()).await.is_err());
}

#[tokio::test]
async fn one_difference_waits_in_one_plan_only_and_is_not_sent_when_it_was_booked() {
    let opened = open();
    let store = opened.store.as_ref();
    let december = |hash: &str, documents| NewPlan {
        period: PeriodCode("2013-12".to_owned()),
        covers: vec![PeriodCode("2013-11".to_owned()), PeriodCode("2013-12".to_owned())],
        ..plan(hash, documents)
    };
    // November's own plan and December's both found the same difference of November, under identities of their own.
    store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    store.approve("hash-1", "A. Ledger", 1, now()).await.unwrap();
    store.save_plan(december("hash-2", vec![journal(B, "10.00")])).await.unwrap();
    assert_eq!(states(store, "hash-1").await, [DocumentState::Superseded]);
    // Even where both were approved (a store of an older version), the second is not sent after the first.
    store.approve("hash-2", "A. Ledger", 1, now()).await.unwrap();
    let outside = rusqlite::Connection::open(opened.folder.path().join("store.db")).unwrap();
    outside.execute("UPDATE documents SET state = 'approved' WHERE plan_id = 'hash-1'", []).unwrap();
    store.begin_sending(&id(B), NUMBERS, now()).await.unwrap();
    store.record_outcome(&id(B), Outcome::Sent { batch: None }, now()).await.unwrap();
    let overtaken = store.begin_sending(&id(A), NUMBERS, now()).await;
    assert!(matches!(overtaken, Err(StoreError::Overtaken { .. })), "{overtaken:?}");
}

#[tokio::test]
async fn a_crash_while_sending_leaves_the_number_and_the_question() {
    let opened = open();
    opened.store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    opened.store.approve("hash-1", "A. Ledger", 1, now()).await.unwrap();
    opened.store.begin_sending(&id(A), NUMBERS, now()).await.unwrap();
    let Opened { folder, store } = opened;
    drop(store);
    let store = SqliteStore::open(&folder.path().join("store.db")).unwrap();
    let waiting = store.outbox("payroll-journal").await.unwrap();
    assert_eq!((waiting[0].state, waiting[0].journal_number), (DocumentState::Sending, Some(NUMBERS.0)));
    let replan = store.save_plan(plan("hash-2", vec![journal(A, "11.00")])).await;
    assert!(matches!(replan, Err(StoreError::WrongState { .. })), "planned over a document of unclear outcome");
    // Read back: it is not in GP. The same number is used again, so that GP refuses a late first copy.
    store.record_outcome(&id(A), Outcome::NotThere, now()).await.unwrap();
    assert_eq!(store.begin_sending(&id(A), NUMBERS, now()).await.unwrap(), Some(NUMBERS.0));
}

#[tokio::test]
async fn numbers_are_drawn_once_each_and_end() {
    let opened = open();
    let store = opened.store.as_ref();
    let ids: Vec<String> = (0..4).map(|n| format!("{n}{n}{n}{n}{n}{n}{n}{n}00000000")).collect();
    let documents = ids.iter().map(|id| journal(id, "1.00")).collect();
    store.save_plan(plan("hash-1", documents)).await.unwrap();
    store.approve("hash-1", "A. Ledger", 1, now()).await.unwrap();
    let mut drawn = BTreeSet::new();
    for text in &ids[..3] {
        drawn.insert(store.begin_sending(&id(text), NUMBERS, now()).await.unwrap());
    }
    assert_eq!(drawn.len(), 3);
    let last = store.begin_sending(&id(&ids[3]), NUMBERS, now()).await;
    assert!(matches!(last, Err(StoreError::NumbersUsedUp { .. })), "{last:?}");
    assert_eq!(states(store, "hash-1").await[3], DocumentState::Approved, "a failed step left a trace");
}

#[tokio::test]
async fn what_gp_refused_goes_out_again_with_the_same_plan() {
    let opened = open();
    let store = opened.store.as_ref();
    store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    store.approve("hash-1", "A. Ledger", 1, now()).await.unwrap();
    store.begin_sending(&id(A), NUMBERS, now()).await.unwrap();
    store.record_outcome(&id(A), Outcome::Refused { reason: "GP 5617".to_owned() }, now()).await.unwrap();
    assert_eq!(states(store, "hash-1").await, [DocumentState::Refused]);
    store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    assert_eq!(states(store, "hash-1").await, [DocumentState::Approved]);
}

#[tokio::test]
async fn what_people_do_in_gp_is_remembered() {
    let opened = open();
    let store = opened.store.as_ref();
    store
        .adopt(NewDocument { state: DocumentState::Sent, ..journal(A, "10.00") }, "payroll-journal", 80_000_009, now())
        .await
        .unwrap();
    assert_eq!(store.unposted("payroll-journal").await.unwrap().len(), 1);
    store.record_gp_state(&id(A), GpState::Posted, now()).await.unwrap();
    assert!(store.unposted("payroll-journal").await.unwrap().is_empty());
    assert!(store.sent_lines("payroll-journal").await.unwrap().iter().all(|line| line.gp_state == GpState::Posted));
    assert_eq!(store.by_number(80_000_009).await.unwrap().len(), 1);
    // Adopting it again is nothing.
    store.adopt(journal(A, "10.00"), "payroll-journal", 80_000_009, now()).await.unwrap();
    assert_eq!(store.sent_lines("payroll-journal").await.unwrap().len(), 2);
}

#[tokio::test]
async fn writes_side_by_side_are_all_kept_and_the_trail_is_whole() {
    let opened = open();
    let writes: Vec<_> = (0..250)
        .map(|n| {
            let store = Arc::clone(&opened.store);
            let entry = AuditEntry {
                at: now(),
                who: format!("writer {n}"),
                what: "noted".to_owned(),
                subject: n.to_string(),
                detail: String::new(),
            };
            tokio::spawn(async move { store.audit(entry).await })
        })
        .collect();
    for write in writes {
        write.await.unwrap().unwrap();
    }
    let rows = opened.store.audit_rows(None).await.unwrap();
    assert_eq!((rows.len(), first_break(&rows)), (250, None));
}

#[tokio::test]
async fn the_audit_trail_cannot_be_changed_from_outside() {
    let opened = open();
    opened.store.save_plan(plan("hash-1", vec![journal(A, "10.00")])).await.unwrap();
    let outside = rusqlite::Connection::open(opened.folder.path().join("store.db")).unwrap();
    for change in ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"] {
        assert!(outside.execute(change, []).unwrap_err().to_string().contains("append-only"), "{change}");
    }
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_refused() {
    let opened = open();
    let file = opened.folder.path().join("store.db");
    drop(opened.store);
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 999).unwrap();
    assert!(matches!(SqliteStore::open(&file), Err(StoreError::TooNew { found: 999, .. })));
}
