//! Files as payroll providers write them, read into facts.

use super::*;
use crate::hr::Employee;
use crate::ledger::Currency;
use crate::ledger::written::DecimalMark;
use crate::project::connections::{RegisterAmounts, RegisterCurrency, TotalsRow};
use crate::sheet::CsvForm;
use jiff::civil::date;
use rust_decimal::Decimal;

fn german(folder: &Path) -> RegisterConnection {
    RegisterConnection {
        name: "datev".into(),
        folder: folder.to_owned(),
        csv: CsvForm { delimiter: Some(b';'), encoding: encoding_rs::WINDOWS_1252 },
        mark: DecimalMark::Comma,
        dates: "%d.%m.%Y".into(),
        currency: RegisterCurrency::Column("Währung".into()),
        person: RegisterPerson::Number("Personalnummer".into()),
        date: "Zahltag".into(),
        department: None,
        location: None,
        amounts: RegisterAmounts::Columns(vec!["Gehalt".into(), "Lohnsteuer".into()]),
        negated: vec!["Lohnsteuer".into()],
        totals: Some(TotalsRow { column: "Name".into(), is: "Summe".into() }),
    }
}

fn people(numbers: &[&str]) -> Facts {
    let mut facts = Facts::default();
    for (at, number) in numbers.iter().enumerate() {
        let (id, number) = (facts.texts.add(&at.to_string()), facts.texts.add(number));
        facts.people.push(Employee {
            id,
            number,
            first_name: Text::EMPTY,
            last_name: Text::EMPTY,
            email: Text::EMPTY,
            hire_date: None,
            termination_date: None,
            status: Text::EMPTY,
            extra: Box::default(),
        });
    }
    facts
}

use crate::hr::Text;

fn november() -> (Date, Date) {
    (date(2013, 11, 1), date(2013, 11, 30))
}

/// `employee code amount` of every row, in the order of the file.
fn told(facts: &Facts) -> Vec<String> {
    let amount = |amount: Option<Decimal>| amount.map_or_else(|| "unreadable".to_owned(), |amount| amount.to_string());
    let told = facts.registers.iter().map(|row| {
        let [row_id, code, currency] = [row.row_id, row.code, row.currency].map(|text| facts.text(text));
        format!("{} {row_id} {} {code} {} {currency}", row.employee, row.date, amount(row.amount))
    });
    told.collect()
}

fn notices(facts: &Facts) -> Vec<&str> {
    facts.notices.iter().map(|notice| notice.message.as_str()).collect()
}

const DATEV: &str = "Lohnjournal November\n\nPersonalnummer;Name;Zahltag;Währung;Gehalt;Lohnsteuer\n\
                     0100;Müller;29.11.2013;EUR;1.234,50;(100,25)\n\
                     0200;Weiß;29.11.2013;EUR;2000;12,00-\n\
                     ;;;;;\n\
                     ;Summe;;;3.234,50;-112,25\n";

#[test]
fn a_german_file_reads_with_its_commas_brackets_letters_and_totals() {
    let folder = tempfile::tempdir().unwrap();
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(DATEV);
    std::fs::write(folder.path().join("2013-11.csv"), bytes).unwrap();
    std::fs::write(folder.path().join("~$2013-11.xlsx"), "left by a spreadsheet").unwrap();
    std::fs::write(folder.path().join("notes.txt"), "none of ours").unwrap();
    let mut facts = people(&["0100", "0200"]);
    read(&german(folder.path()), november(), &mut facts);
    assert_eq!(notices(&facts), Vec::<&str>::new());
    assert_eq!(
        told(&facts),
        [
            "0 2013-11.csv:4 2013-11-29 Gehalt 1234.50 EUR",
            "0 2013-11.csv:4 2013-11-29 Lohnsteuer 100.25 EUR",
            "1 2013-11.csv:5 2013-11-29 Gehalt 2000 EUR",
            "1 2013-11.csv:5 2013-11-29 Lohnsteuer 12.00 EUR",
        ]
    );
    let totals: Vec<String> =
        facts.register_totals.iter().map(|total| format!("{} {}", total.code, total.amount)).collect();
    assert_eq!(totals, ["Gehalt 3234.50", "Lohnsteuer 112.25"]);
}

#[test]
fn a_workbook_reads_its_dates_and_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in ["Employee", "Pay Date", "Code", "Amount"].into_iter().enumerate() {
        sheet.write(0, column as u16, heading).unwrap();
    }
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2013, 11, 29).unwrap();
    let form = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    for (row, (code, amount)) in [("Salary", 5000.1), ("Federal", 600.25)].into_iter().enumerate() {
        let row = row as u32 + 1;
        sheet.write(row, 0, 100).unwrap();
        sheet.write_datetime_with_format(row, 1, &day, &form).unwrap();
        sheet.write(row, 2, code).unwrap();
        sheet.write(row, 3, amount).unwrap();
    }
    book.save(folder.path().join("nov.xlsx")).unwrap();
    let register = RegisterConnection {
        currency: RegisterCurrency::All(Currency::from_code("USD").unwrap()),
        person: RegisterPerson::Number("employee".into()),
        date: "Pay Date".into(),
        amounts: RegisterAmounts::Rows { code: "Code".into(), amount: "Amount".into() },
        totals: None,
        ..german(folder.path())
    };
    let mut facts = people(&["100"]);
    read(&register, november(), &mut facts);
    assert_eq!(notices(&facts), Vec::<&str>::new());
    assert_eq!(
        told(&facts),
        ["0 nov.xlsx:2 2013-11-29 Salary 5000.1 USD", "0 nov.xlsx:3 2013-11-29 Federal 600.25 USD"]
    );
}

#[test]
fn what_cannot_be_read_is_said_and_nothing_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let header = "Personalnummer;Name;Zahltag;Währung;Gehalt;Lohnsteuer\n";
    let rows = "0100;A;29.11.2013;EUR;1,234.50;1\n0100;A;31.11.2013;EUR;1;1\n;B;29.11.2013;EUR;1;\n\
                0300;C;29.11.2013;EUR;1;1\n0400;D;29.11.2013;EUR;1;1\n";
    std::fs::write(folder.path().join("a.csv"), encoding_rs::WINDOWS_1252.encode(&format!("{header}{rows}")).0)
        .unwrap();
    std::fs::write(folder.path().join("b.csv"), "Personalnummer;Name;Zahltag;Gehalt\n").unwrap();
    std::fs::write(folder.path().join("c.xlsx"), "no workbook").unwrap();
    let mut facts = people(&["0100", "0400", "0400"]);
    read(&german(folder.path()), november(), &mut facts);
    assert_eq!(
        notices(&facts),
        [
            "a.csv line 3: `31.11.2013` is no date as `dates` says",
            "a.csv line 4: amounts without a person",
            "a.csv: the row of totals is missing, so nobody can tell whether the file is whole",
            "a.csv line 6: several people in BambooHR have the number 0400",
            "b.csv line 1: there is no column `Währung`, `Lohnsteuer`; the file has Personalnummer, Name, Zahltag, Gehalt",
            "c.xlsx: it is no XLSX workbook: Zip error: invalid Zip archive: Could not find EOCD",
        ]
    );
    assert_eq!(told(&facts)[0], "0 a.csv:2 2013-11-29 Gehalt unreadable EUR");
    let strays: Vec<&str> = facts.strays.iter().map(|stray| stray.employee_id.as_str()).collect();
    assert_eq!(strays, ["with number 0300"]);
}

#[test]
fn files_of_other_months_are_left_alone_and_a_missing_folder_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let october = DATEV.replace(".11.2013", ".10.2013");
    std::fs::write(folder.path().join("oct.csv"), encoding_rs::WINDOWS_1252.encode(&october).0).unwrap();
    let mut facts = people(&["0100", "0200"]);
    read(&german(folder.path()), november(), &mut facts);
    assert!(facts.registers.is_empty() && facts.register_totals.is_empty() && facts.notices.is_empty());
    read(&german(&folder.path().join("gone")), november(), &mut facts);
    assert!(notices(&facts)[0].contains("cannot be read"));
}

#[test]
fn amounts_that_no_sum_can_hold_are_said_and_end_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let most = "79228162514264337593543950335";
    let header = "Personalnummer;Name;Zahltag;Währung;Gehalt;Lohnsteuer\n";
    let rows = format!(
        "0100;A;29.11.2013;EUR;{most};1\n0200;B;29.11.2013;EUR;{most};1\n;Summe;;;{most};2\n;Summe;;;{most};2\n"
    );
    let file = folder.path().join("a.csv");
    std::fs::write(&file, encoding_rs::WINDOWS_1252.encode(&format!("{header}{rows}")).0).unwrap();
    let looked = look(&german(folder.path()), &file);
    assert_eq!(looked.problems.len(), 3, "{:?}", looked.problems);
    assert!(looked.problems.contains(&"line 3: `Gehalt` is no exact amount".to_owned()), "{:?}", looked.problems);
    let mut facts = people(&["0100", "0200"]);
    read(&german(folder.path()), november(), &mut facts);
    assert_eq!(notices(&facts), ["a.csv line 5: the total of `Gehalt` is no exact amount"]);
}

#[test]
fn a_new_column_of_amounts_that_nothing_names_is_told() {
    let folder = tempfile::tempdir().unwrap();
    // `Prämie` is new; the tax office's code, the note and what is zero for everybody are no amounts.
    let text = "Personalnummer;Name;Zahltag;Währung;Gehalt;Prämie;Finanzamt;Notiz;Kirchensteuer;Lohnsteuer\n\
                0100;Müller;29.11.2013;EUR;1.000,00;250,00;0815;neu;0,00;10,00\n\
                0200;Weiß;29.11.2013;EUR;2.000,00;;0816;12;0,00;20,00\n\
                ;Summe;;;3.000,00;250,00;;;0,00;30,00\n";
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(text);
    std::fs::write(folder.path().join("2013-11.csv"), bytes).unwrap();
    let mut facts = people(&["0100", "0200"]);
    read(&german(folder.path()), november(), &mut facts);
    let told: Vec<(&str, &str)> = facts.notices.iter().map(|notice| (notice.code, notice.message.as_str())).collect();
    let message = "2013-11.csv: nothing names the column `Prämie`, which holds numbers: it is not read";
    assert_eq!(told, [("register-column-unread", message)]);
    assert_eq!(look(&german(folder.path()), &folder.path().join("2013-11.csv")).unread, ["Prämie"]);
}
