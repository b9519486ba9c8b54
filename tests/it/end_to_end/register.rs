//! A payroll register from its file to GP, corrected, and taken away.

use crate::meadow::{Meadow, booked};
use std::fs;

const FILE: &str = "registers/2013-11.csv";
const NOVEMBER: &str = "Employee;Pay Date;Salary;Tax;Net;Name\n1;29.11.2013;5.000,00;(1.000,00);4.000,00;Ada\n\
                        2;29.11.2013;4.000,50;(800,50);3.200,00;Ben\n3;29.11.2013;3.000,00;0;3.000,00;Cleo\n\
                        4;29.11.2013;2.000,00;0;2.000,00;Dan\n;;14.000,50;-1.800,50;12.200,00;Total\n";

/// The provider writes taxes below zero, in brackets.
fn paid_by_a_provider() -> Meadow {
    let meadow = Meadow::open();
    meadow.edit(
        "project.yaml",
        "connections:\n",
        "connections:\n  registers:\n    provider:\n      folder: registers\n      delimiter: \";\"\n      decimal: comma\n      \
         dates: DD.MM.YYYY\n      currency: USD\n      columns: { number: Employee, date: Pay Date }\n      \
         amounts: [Salary, Tax, Net]\n      negated: [Tax]\n      totals: { column: Name, is: Total }\n",
    );
    let pipeline = "pipelines/payroll-journal.yaml";
    meadow.edit(pipeline, "  bamboohr: payroll-cost\n", "  register: provider\n");
    meadow.edit(
        pipeline,
        "  period: monthly\n  salaried: { prorate: working days }\n  hourly: { hours: timesheets, unapproved: hold }\n  burden:\n    \
         employer_tax: { rate: 7.65%, of: gross }\n",
        "  earnings: { salary: { register: [Salary] } }\n  withheld: { tax: Tax }\n  control: { net: Net }\n",
    );
    meadow.edit(pipeline, "debit: regular,     ", "debit: salary,");
    let tax = "      - { name: employer tax,  debit: employer_tax,  for_each: cost_centre, account: \"000-5150-{{ cost_centre }}\" }\n";
    meadow.edit(pipeline, tax, "");
    meadow.edit(pipeline, "credit: gross,", "credit: net,");
    meadow.edit(pipeline, "credit: employer_tax,", "credit: tax,");
    fs::create_dir(meadow.project().join("registers")).unwrap();
    meadow
}

fn lines(meadow: &Meadow) -> Vec<String> {
    let journals = meadow.gp.journals();
    let lines = journals.iter().flat_map(booked).map(|(account, debit, credit)| format!("{account} {debit} {credit}"));
    lines.collect()
}

#[test]
fn a_register_is_booked_corrected_and_never_taken_back_by_accident() {
    let meadow = paid_by_a_provider();
    meadow.run().assert(4, &["[register-missing]", "Put the period's file into the register's folder"]);

    fs::write(meadow.project().join(FILE), NOVEMBER).unwrap();
    let file = meadow.project().join(FILE);
    let looked = meadow.ran(&["register", file.to_str().unwrap()]);
    looked.assert(0, &["4 people · 4 lines · 2013-11-29", "14,000.50 USD", "its row of totals agrees"]);

    meadow.approve();
    meadow.run().assert(0, &[]);
    // 5,000.00 + 4,000.50 in the orchard, 3,000.00 + 2,000.00 in the mill; 1,000.00 + 800.50 are withheld.
    let sent =
        ["000-5100-0100 9000.50 0", "000-5100-0200 5000.00 0", "000-2100-0000 0 12200.00", "000-2110-0000 0 1800.50"];
    assert_eq!(lines(&meadow), sent);
    let explained = meadow.ran(&["explain", "80000001", "--account", "000-5100-0200"]);
    explained.assert(0, &["register provider 2013-11.csv:4: Salary", "register provider 2013-11.csv:5: Salary"]);
    assert!(!explained.all().contains("3000"), "pay of single people is behind a flag");

    // A corrected file plans the difference; one that does not add up holds.
    fs::write(&file, NOVEMBER.replace("2.000,00;0;2.000,00", "2.100,00;0;2.100,00")).unwrap();
    meadow.run().assert(4, &["[register-totals-differ]"]);
    let corrected = NOVEMBER.replace("2.000,00;0;2.000,00", "2.100,00;0;2.100,00");
    fs::write(&file, corrected.replace("14.000,50;-1.800,50;12.200,00", "14.100,50;-1.800,50;12.300,00")).unwrap();
    meadow.approve();
    meadow.run().assert(0, &[]);
    assert_eq!(lines(&meadow)[4..], ["000-5100-0200 100.00 0", "000-2100-0000 0 100.00"]);

    // Without its file the month is not credited.
    fs::remove_file(&file).unwrap();
    meadow.run().assert(4, &["[register-missing]"]);
    assert_eq!(meadow.gp.journals().len(), 2);
}

#[test]
fn what_a_file_gets_wrong_is_said_with_its_line() {
    let meadow = paid_by_a_provider();
    let file = meadow.project().join(FILE);
    fs::write(&file, NOVEMBER.replace("2;29.11.2013", "2;11/29/2013").replace("4;29.11.2013", "44;29.11.2013"))
        .unwrap();
    let told = meadow.run();
    told.assert(
        4,
        &["[register-unreadable]", "2013-11.csv line 3: `11/29/2013` is no date", "[register-unknown-person]"],
    );
    assert!(told.all().contains("with number 44") && !told.all().contains("2.000"));
    meadow.ran(&["register", file.to_str().unwrap()]).assert(1, &["line 3: `11/29/2013` is no date as `dates` says"]);
    meadow.ran(&["register", file.to_str().unwrap(), "--register", "adp"]).assert(2, &["this project has provider"]);
}
