//! The month's close against both systems: what agrees, what somebody changed in GP, who is held and who moved.

mod hand_worked;

use crate::meadow::Meadow;
use ml_connector::sandbox::bamboohr::Columns;
use ml_connector::sandbox::bamboohr::account::Table;
use serde_json::Value;

const RECONCILE: [&str; 5] = ["reconcile", "--pipeline", "payroll-journal", "--for", "2013-11"];

/// November is planned, approved and sent.
fn sent() -> Meadow {
    let meadow = Meadow::open();
    meadow.approve();
    meadow.run().assert(0, &[]);
    meadow
}

fn pack(meadow: &Meadow) -> Value {
    meadow.json(&RECONCILE)
}

/// An account's row as `planned sent in_gp`.
fn account(pack: &Value, number: &str) -> String {
    let rows = pack["accounts"].as_array().unwrap();
    let row = rows.iter().find(|row| row["account"] == number).unwrap_or_else(|| panic!("{number}: {pack:#}"));
    ["planned", "sent", "in_gp"].map(|column| row[column].as_str().unwrap_or("-").to_owned()).join(" ")
}

/// Differences as `code subject`.
fn differences(pack: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = pack["differences"].as_array().unwrap().iter();
    rows.map(|row| format!("{} {}", text(&row["code"]), text(&row["subject"]))).collect()
}

/// The items of the checklist that are open.
fn open(pack: &Value) -> Vec<&str> {
    let items = pack["checklist"].as_array().unwrap().iter();
    items.filter(|item| item["state"] == "open").map(|item| item["what"].as_str().unwrap()).collect()
}

#[test]
fn a_sent_month_agrees_in_every_column() {
    let meadow = sent();
    meadow.ran(&RECONCILE).assert(0, &["agrees", "plan, ledger and GP agree in each", "unposted: journal 80000001"]);
    let pack = pack(&meadow);
    assert_eq!(open(&pack), [""; 0]);
    // Orchard: Ada and Ben; 6,000.00 + 5,102.88 and 459.00 + 390.37 of tax; both accounts together 11,952.25.
    let orchard = &pack["centres"][0];
    assert_eq!((&orchard["centre"], &orchard["about"]), (&"0100".into(), &"Orchard".into()));
    assert_eq!((orchard["employed"].as_u64(), orchard["paid"].as_u64()), (Some(2), Some(2)));
    assert_eq!(orchard["money"][0]["amounts"], serde_json::json!(["11102.88", "849.37"]));
    for column in ["planned", "sent", "in_gp"] {
        assert_eq!(orchard["money"][0][column], "11952.25", "{column}");
    }
    assert_eq!(account(&pack, "000-2100-0000"), "-16099.89 -16099.89 -16099.89");

    meadow.gp.post_batch("PAY2013-11");
    assert!(pack_item(&meadow, "posted in GP").starts_with("done"));
}

/// A line of the checklist, as `state detail`.
fn pack_item(meadow: &Meadow, what: &str) -> String {
    let pack = pack(meadow);
    let item = pack["checklist"].as_array().unwrap().iter().find(|item| item["what"] == what).unwrap();
    format!("{} {}", item["state"].as_str().unwrap(), item["detail"].as_str().unwrap())
}

#[test]
fn a_month_on_its_way_says_what_is_left_to_do() {
    let meadow = Meadow::open();
    meadow.ran(&RECONCILE).assert(1, &["no plan of payroll-journal is stored"]);
    assert_eq!(meadow.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]).code, 0);
    meadow.ran(&RECONCILE).assert(4, &["awaits-approval", "ml-connector approve"]);
    let planned = pack(&meadow);
    assert_eq!(open(&planned), ["journal approved", "everything sent"]);
    assert_eq!(account(&planned, "000-5100-0100"), "11102.88 0.00 0.00");
    meadow.approve();
    assert_eq!(open(&pack(&meadow)), ["everything sent"]);
    assert_eq!(meadow.posts(), 0, "reconcile sends nothing");
}

#[test]
fn a_journal_edited_in_gp_differs_by_exactly_what_was_changed() {
    let meadow = sent();
    let edited = meadow.gp.edit_journal(80_000_001, |journal| {
        journal.lines[0].debit += rust_decimal::Decimal::new(12_345, 2);
        journal.lines[1].debit -= rust_decimal::Decimal::new(12_345, 2);
    });
    assert!(edited);
    meadow.ran(&RECONCILE).assert(
        4,
        &["account 000-5100-0100 has 123.45 USD more debit in GP", "account 000-5100-0200 has 123.45 USD more credit"],
    );
    let pack = pack(&meadow);
    assert_eq!(open(&pack), ["GP holds what was sent"]);
    assert_eq!(account(&pack, "000-5100-0100"), "11102.88 11102.88 11226.33");
    assert_eq!(pack["documents"][0]["in_gp"], "edited");
    // Our own ledger still agrees with the plan.
    meadow.ran(&[&RECONCILE[..], &["--offline"]].concat()).assert(0, &["GP was not asked"]);
}

#[test]
fn a_journal_deleted_in_gp_is_found_and_planned_again() {
    let meadow = sent();
    assert!(meadow.gp.delete_journal(80_000_001));
    let pack = pack(&meadow);
    assert_eq!(differences(&pack), ["deleted journal 80000001"]);
    assert_eq!(open(&pack), ["GP holds what was sent"]);
    assert_eq!(account(&pack, "000-5150-0200"), "382.27 382.27 0.00");
    // The next plan knows: nothing counts as sent, and the new journal awaits approval.
    assert_eq!(meadow.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]).code, 0);
    let again = self::pack(&meadow);
    assert_eq!(account(&again, "000-5150-0200"), "382.27 0.00 0.00");
    assert!(differences(&again).iter().any(|text| text.starts_with("awaits-approval")), "{again:#}");
}

#[test]
fn a_held_person_and_a_moved_one_are_named() {
    let meadow = Meadow::open();
    let row = [("date", "2013-11-01"), ("department", "Mill"), ("location", "Oregon")];
    meadow.bamboohr.account().add_row("2", Table::Job, &Columns::of(&row)).unwrap();
    meadow.bamboohr.account().delete_row("4", Table::Job, "4").unwrap();
    meadow.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(4, &["job-row-missing"]);
    let pack = pack(&meadow);
    assert!(differences(&pack).contains(&"held employee 4".to_owned()), "{pack:#}");
    assert!(open(&pack).contains(&"every person resolved"), "{pack:#}");
    // Orchard: 5,493.25 of 11,952.25 went with Ben; that is 45.96 %.
    let stories: Vec<&str> =
        pack["movements"].as_array().unwrap().iter().map(|one| one["story"].as_str().unwrap()).collect();
    assert!(stories.contains(&"0100 Orchard −46 %: 1 person moved to 0200 Mill"), "{stories:?}");
    let total = &pack["total"];
    assert_eq!((total["employed"].as_u64(), total["paid"].as_u64()), (Some(4), Some(3)));
}

#[test]
fn gp_that_is_away_is_safe_to_ask_again() {
    let meadow = sent();
    let port = format!("gp_port: {}", meadow.gp.port());
    meadow.edit("environments/sandbox.yaml", &port, "gp_port: 1");
    meadow.ran(&RECONCILE).assert(5, &["run again later"]);
    meadow.ran(&[&RECONCILE[..], &["--offline"]].concat()).assert(0, &[]);
}

#[test]
fn the_page_and_the_workbook_read_back_to_the_cent() {
    use calamine::{DataType as _, Reader as _};
    let meadow = sent();
    let arguments = ["--html", "close.html", "--xlsx", "close.xlsx", "--format", "json"];
    assert_eq!(meadow.ran(&[&RECONCILE[..], &arguments].concat()).code, 0);
    let page = std::fs::read_to_string(meadow.project().join("close.html")).unwrap();
    for text in ["Nov 2013", "11,102.88", "16,099.89", "<svg", "0100 Orchard", "Agrees"] {
        assert!(page.contains(text), "`{text}` is not in the page");
    }
    for forbidden in ["<script", "http:", "https:", "<link", "@import", "url("] {
        assert!(!page.contains(forbidden), "the page must stand alone: {forbidden}");
    }
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(meadow.project().join("close.xlsx")).unwrap();
    let accounts = book.worksheet_range("Accounts").unwrap();
    let wages = accounts.rows().find(|row| row[0] == "000-5100-0100").unwrap();
    for column in 3..6 {
        assert_eq!((wages[column].is_float(), wages[column].to_string().as_str()), (true, "11102.88"), "{wages:?}");
    }
    let centres = book.worksheet_range("Cost centres").unwrap();
    assert_eq!(centres.rows().next_back().unwrap()[3].to_string(), "4", "four people are employed");
}

#[test]
fn centres_of_one_person_are_marked_or_rolled_together() {
    let meadow = Meadow::open();
    let row = [("date", "2013-11-01"), ("department", "Orchard"), ("location", "Oregon")];
    meadow.bamboohr.account().add_row("4", Table::Job, &Columns::of(&row)).unwrap();
    assert_eq!(meadow.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]).code, 0);
    let shown = pack(&meadow);
    assert_eq!((&shown["centres"][1]["centre"], &shown["centres"][1]["single_person"]), (&"0200".into(), &true.into()));
    // Only Cleo is left in Mill: rolled up with the next centre, so that nothing of hers can be read.
    let hidden = meadow.ran(&[&RECONCILE[..], &["--hide-single", "--format", "json"]].concat());
    for amount in ["470.25", "35.97", "506.22"] {
        assert!(!hidden.out.contains(amount), "{amount}");
    }
    assert!(hidden.out.contains("others"), "{}", hidden.out);
}

const SHADOW: [&str; 6] = ["shadow", "--pipeline", "payroll-journal", "--for", "2013-11", "--with"];

fn shadow(meadow: &Meadow, arguments: &[&str]) -> crate::meadow::Ran {
    meadow.ran(&[&SHADOW[..], arguments].concat())
}

#[test]
fn a_spreadsheet_is_compared_to_the_cent_and_nothing_is_kept() {
    let meadow = Meadow::open();
    let file = |name: &str, text: &str| std::fs::write(meadow.project().join(name), text).unwrap();
    let rows = crate::meadow::JOURNAL.map(|(account, debit, credit)| format!("{account},{debit},{credit}\n"));
    file("same.csv", &format!("account,debit,credit\n{}", rows.concat()));
    shadow(&meadow, &["same.csv"]).assert(0, &["equal", "6 of 6 accounts are equal to the cent"]);
    // A cent off, one account of theirs, one of ours; with a decimal comma, brackets and a column for both sides.
    file(
        "other.csv",
        "Konto;Betrag\n000-5100-0100;11.102,88\n000-5100-0200;4.997,02\n000-5150-0100;849,37\n000-9999-0000;1,00\n\
         000-2100-0000;(16.099,89)\n000-2110-0000;-1231,64\n",
    );
    let comma = ["other.csv", "--account", "konto", "--amount", "betrag", "--decimal-comma"];
    shadow(&meadow, &comma).assert(4, &["0.01  differs", "missing here", "missing there", "row 3", "4 of 7"]);
    // Unreadable cells are all told at once, and never repeated: a line may be one person's pay.
    file("broken.csv", "account,debit,credit\n000-5100-0100,47.255,\n,12.00,\n");
    let broken = shadow(&meadow, &["broken.csv"]);
    broken.assert(78, &["broken.csv:2", "broken.csv:3", "no exact amount of USD", "an amount without an account"]);
    assert!(!broken.all().contains("47.255"));
    shadow(&meadow, &["same.csv", "--debit", "soll"]).assert(78, &["no column `soll`", "account, debit, credit"]);
    shadow(&meadow, &["nowhere.csv"]).assert(78, &["nowhere.csv"]);
    meadow.ran(&["status"]).assert(0, &["no plans yet"]);
    assert_eq!(meadow.posts(), 0);
}

#[test]
fn a_workbook_is_read_to_the_cent_and_gps_own_batch_is_compared() {
    let meadow = Meadow::open();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, title) in (0u16..).zip(["account", "debit", "credit"]) {
        sheet.write_string(0, column, title).unwrap();
    }
    for (row, (account, debit, credit)) in (1u32..).zip(crate::meadow::JOURNAL) {
        sheet.write_string(row, 0, account).unwrap();
        for (column, amount) in [(1, debit), (2, credit)] {
            sheet.write(row, column, amount.parse::<rust_decimal::Decimal>().unwrap()).unwrap();
        }
    }
    book.save(meadow.project().join("november.xlsx")).unwrap();
    shadow(&meadow, &["november.xlsx"]).assert(0, &["6 of 6"]);

    shadow(&meadow, &["gp"]).assert(4, &["GP batch PAY2013-11", "missing there"]);
    meadow.approve();
    meadow.run().assert(0, &[]);
    shadow(&meadow, &["gp", "--all"]).assert(0, &["journal 80000001", "6 of 6"]);
}
