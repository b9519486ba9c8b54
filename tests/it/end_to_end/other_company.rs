//! A store that knows a test company's months, and a project that names the real one: nothing of the one counts in the other.

use crate::end_to_end::late::{deliver, on, plan};
use crate::meadow::Meadow;

const JOURNAL: &str = "payroll-journal";
const GOODS: &str = "company: Meadow Goods, Inc.";
const EAST: &str = "company: Meadow East";

#[test]
fn months_that_were_sent_to_the_test_company_are_not_taken_for_sent_in_the_real_one() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    meadow.gp.post_batch("PAY2013-11");
    meadow.edit("project.yaml", GOODS, EAST);
    let said =
        "this store is of the GP company Meadow Goods, Inc. (it sent 2013-11 there), and the project names Meadow East";
    plan(&meadow, "2013-12-02", JOURNAL, "2013-11").assert(78, &[said, "--store"]);
    plan(&meadow, "2014-01-03", JOURNAL, "2013-12").assert(78, &[said]);
    on(&meadow, "2013-12-02", &["reconcile", "--pipeline", JOURNAL, "--for", "2013-11"]).assert(78, &[said]);
    // A store of its own: November is planned there, as a first journal.
    let own = ["plan", "--pipeline", JOURNAL, "--for", "2013-11", "--store", "live.db"];
    on(&meadow, "2013-12-02", &own).assert(0, &["original journal"]);
}

#[test]
fn what_was_approved_for_the_test_company_does_not_go_to_the_real_one() {
    let meadow = Meadow::open();
    meadow.edit("project.yaml", GOODS, EAST);
    meadow.approve();
    meadow.edit("project.yaml", EAST, GOODS);
    on(&meadow, "2013-12-02", &["send", "--pipeline", JOURNAL]).assert(78, &["approved is 2013-11", "plan again"]);
    assert_eq!(meadow.gp.journals().len(), 0);
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    meadow.assert_sent_once("planned again for the real company");
}

#[test]
fn a_company_that_gp_calls_otherwise_now_keeps_its_months() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    meadow.gp.post_batch("PAY2013-11");
    plan(&meadow, "2013-12-02", JOURNAL, "2013-11").assert(0, &["nothing to do"]);
    meadow.edit("project.yaml", GOODS, &format!("{EAST}\n    formerly: [\"Meadow Goods, Inc.\"]"));
    plan(&meadow, "2013-12-02", JOURNAL, "2013-11").assert(0, &["nothing to do"]);
}

/// A store from before the company was kept goes on as it was.
#[test]
fn an_older_store_is_taken_for_the_companys_own() {
    let meadow = Meadow::open();
    deliver(&meadow, "2013-12-02", JOURNAL, "2013-11");
    let store = rusqlite::Connection::open(meadow.project().join(".ml-connector/store.db")).unwrap();
    store.execute("UPDATE documents SET gp_company = ''", []).unwrap();
    drop(store);
    plan(&meadow, "2013-12-02", JOURNAL, "2013-11").assert(0, &["nothing to do"]);
}
