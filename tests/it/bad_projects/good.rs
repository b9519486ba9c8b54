//! What must load: the examples of the documentation, whatever the editor and the platform did to the bytes.

use super::{JOURNAL, PROJECT, Project, TABLE, screen};
use jiff::civil::time;
use ml_connector::project::Generation;
use ml_connector::project::pipeline::{
    Amount, BurdenCost, DueOn, DueTime, Every, IfMissed, Make, OnePer, Prorate, Unapproved,
};
use std::path::Path;

fn example() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adventure-works")
}

#[test]
fn the_example_has_no_findings_in_any_environment() {
    assert_eq!(screen(&example(), None), "no findings\n");
    assert_eq!(screen(&example(), Some("test")), "no findings\n");
}

#[test]
fn the_small_project_has_no_findings() {
    assert_eq!(Project::sound().lint(), "no findings\n");
}

/// The payroll pipeline as the documentation prints it, every word of it.
const DOCUMENTED: &str = r##"# yaml-language-server: $schema=../schemas/pipeline.schema.json
format: 1
pipeline: payroll-journal
about: Month-end labour cost by cost centre, into the general ledger.

every: { month_on: 2nd business day, at: "07:00", if_missed: run once }

from:
  bamboohr: payroll-cost          # people × job rows × compensation rows (× hours); also: employees, report, timesheets
  for: previous month
  take: { number: employeeNumber, department: department, location: location }

keep: employment_status != "Contractor"

look_up:
  cost_centre: { in: cost-centres, as_of: segment.first_day, else: hold }

pay:
  period: monthly                           # the divisor of a yearly rate: never the row's pay schedule
  salaried: { prorate: working days }       # or calendar days, hours
  hourly:   { hours: timesheets, overtime: { above_weekly: 40, at: 1.5 } }
  burden:
    employer_tax: { rate: 7.65%, of: gross }

make:
  journal:
    one_per: period                         # or cost_centre, company, person; a currency always has its own
    batch: "PAY{{ period.code }}"
    reference: "Payroll {{ period.name }}"
    date: "{{ period.last_day }}"
    lines:
      - { name: wages,         debit: regular,       for_each: cost_centre, account: "000-5100-{{ cost_centre }}" }
      - { name: overtime,      debit: overtime,      for_each: cost_centre, account: "000-5110-{{ cost_centre }}" }
      - { name: employer tax,  debit: employer_tax,  for_each: cost_centre, account: "000-5150-{{ cost_centre }}" }
      - { name: wages payable, credit: gross,        account: 000-2100-0000 }
      - { name: tax payable,   credit: employer_tax, account: 000-2110-0000 }

check:
  - { rule: debits equal credits,          else: stop }
  - { rule: accounts exist and are active, else: hold }
  - { rule: cost centres are valid,        else: hold }
  - { rule: period is open,                else: hold }
  - { rule: not sent before,               else: stop }
  - { expect: "within(headcount, 0.05, last_period.headcount)", say: "Headcount moved a lot", else: ask }
  - { script: scripts/bonus-cap.rhai, else: hold }

send: { to: gp general ledger, as: unposted work batch, after: approval }
"##;

const DOCUMENTED_EMPLOYEES: &str = r#"format: 1
pipeline: employees
about: Everybody BambooHR knows, as GP vendors; leavers become inactive, nobody is deleted.
every: { day_at: "06:00" }
from: { bamboohr: employees, take: { number: employeeNumber, first: firstName, last: lastName, status: status } }
keep: status != "Prospect"
make:
  vendor:
    match: [number]                         # adopt what is there before creating
    id: "EMP{{ number | pad(6) }}"
    set: { name: "{{ last }}, {{ first }}", class: EMPLOYEE, status: "{{ 'active' if status == 'Active' else 'inactive' }}" }
    create: true                            # update: true, on_leave: inactive
send: { to: gp vendors, after: checks }   # journals: after: approval
"#;

fn documented() -> Project {
    let mut project = Project::sound();
    project.set("pipelines/payroll-journal.yaml", DOCUMENTED);
    project.set("pipelines/vendors.yaml", DOCUMENTED_EMPLOYEES);
    project.set("scripts/bonus-cap.rhai", "lines.all(|line| line.debit < 1000000)");
    project
}

#[test]
fn the_documented_pipelines_load_word_for_word() {
    let folder = documented().write();
    assert_eq!(screen(folder.path(), None), "no findings\n");
    let generation = Generation::load(folder.path(), None).unwrap();
    let payroll = generation.pipeline("payroll-journal").unwrap();
    let time = DueTime { on: DueOn::BusinessDay(2), at: time(7, 0, 0, 0), if_missed: IfMissed::RunOnce };
    assert_eq!(payroll.every, Some(Every { change: false, time: Some(time) }));
    let pay = payroll.pay.as_ref().unwrap();
    assert_eq!((pay.prorate, pay.hourly.unapproved), (Prorate::WorkingDays, Unapproved::Hold));
    let BurdenCost::Share { rate, of, .. } = &pay.burdens[0].cost else { panic!("{:?}", pay.burdens) };
    assert_eq!(*of, [Amount::Gross]);
    assert_eq!(rate.to_string(), "0.0765");
    let Make::Journal(journal) = &payroll.make else { panic!("a journal") };
    assert_eq!(journal.one_per, OnePer::Period);
    let amounts: Vec<Amount> = journal.lines.iter().map(|line| line.amount).collect();
    assert_eq!(amounts, [Amount::Regular, Amount::Overtime, Amount::Burden(0), Amount::Gross, Amount::Burden(0)]);
    assert_eq!(payroll.look_ups[0].keys, ["department", "location"]);
    let place = generation.pipeline("employees").unwrap().place.to_string();
    assert_eq!(place, "pipelines/vendors.yaml:2:1");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let unix = Generation::load(documented().write().path(), None).unwrap();
    let mut windows = documented();
    windows.set("pipelines/payroll-journal.yaml", format!("\u{feff}{}", DOCUMENTED.replace('\n', "\r\n")));
    windows.set("project.yaml", PROJECT.replace('\n', "\r\n"));
    windows.set("tables/cost-centres.csv", format!("\u{feff}{}", TABLE.replace('\n', "\r\n")));
    let windows = Generation::load(windows.write().path(), None).unwrap();
    assert_eq!(unix.id, windows.id);
    assert!(windows.warnings.is_empty());
}

#[test]
fn a_generation_is_named_by_what_can_change_a_plan() {
    let id = |project: &Project| Generation::load(project.write().path(), None).unwrap().id;
    let base = id(&documented());
    assert_eq!(base.len(), 64);
    let mut other = documented();
    other.set("README.md", "notes");
    other.set("environments/test.yaml", "format: 1\nsettings: { gp_server: other.example }\n");
    other.set("data/history.csv", "a,b\n1,2\n");
    assert_eq!(id(&other), base, "environments, notes and data cannot");
    other.edit("tables/cost-centres.csv", "0420", "0421");
    assert_ne!(id(&other), base, "a table can");
}

#[test]
fn codes_stay_the_text_that_was_written() {
    let mut project = documented();
    project.remove("tables/cost-centres.csv");
    let rows = "- { department: Sales, location: NO, cost_centre: 0410 }\n\
                - { department: IT, location: \"*\", cost_centre: 1e5 }\n\
                - { department: HR, location: '1.10', cost_centre: NO }\n";
    project.set("tables/cost-centres.yaml", rows);
    let generation = Generation::load(project.write().path(), None).unwrap();
    let table = &generation.pipeline("payroll-journal").unwrap().look_ups[0].table;
    let day = "2013-11-01".parse().unwrap();
    for (keys, code) in [(["Sales", "NO"], "0410"), (["IT", "x"], "1e5"), (["HR", "1.10"], "NO")] {
        assert_eq!(table.look_up(&keys, day, "cost_centre").unwrap().value, code);
    }
}

#[test]
fn an_environment_turns_declared_knobs() {
    let mut project = documented();
    project.set("environments/test.yaml", "format: 1\nsettings: { gp_server: test.acme.example }\n");
    let folder = project.write();
    let server = |environment| Generation::load(folder.path(), environment).unwrap().project.gp.unwrap().server;
    assert_eq!(server(None), "gp.acme.example");
    assert_eq!(server(Some("test")), "test.acme.example");
    let gp = Generation::load(folder.path(), None).unwrap().project.gp.unwrap();
    assert_eq!((gp.port, gp.journal_numbers, gp.calls_at_once), (443, Some((80_000_001, 89_999_999)), 1));
    assert_eq!(gp.tenant, "DefaultTenant");
    let bamboohr = Generation::load(folder.path(), None).unwrap().project.bamboohr.unwrap();
    assert_eq!(bamboohr.base_url, "https://acme.bamboohr.com");
}

#[test]
fn a_project_without_connections_plans_offline() {
    let mut project = Project::sound();
    let (head, _) = PROJECT.split_once("settings:").unwrap();
    project.set("project.yaml", head);
    assert_eq!(project.lint(), "no findings\n");
}

#[test]
fn a_journal_per_cost_centre_knows_its_cost_centre() {
    let mut project = Project::sound();
    let text = JOURNAL
        .replace("one_per: period", "one_per: cost_centre")
        .replace("\"PAY{{ period.code }}\"", "\"P{{ cost_centre }}-{{ period.code }}\"");
    project.set("pipelines/payroll-journal.yaml", text);
    assert_eq!(project.lint(), "no findings\n");
}

/// Every code that the program can give has its line in the documentation.
#[test]
fn every_code_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documented = std::fs::read_to_string(root.join("docs/findings.md")).unwrap();
    let mut codes = std::collections::BTreeSet::new();
    let mut folders = vec![root.join("src/project")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).unwrap();
            for start in ["error(", "warning(", "report(", "code: "] {
                let calls = text.split(start).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
                codes.extend(
                    calls
                        .filter_map(|rest| rest.split('"').next())
                        .filter(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit()))
                        .map(str::to_owned),
                );
            }
        }
    }
    assert!(codes.len() > 70, "the codes are found: {codes:?}");
    let missing: Vec<&String> = codes.iter().filter(|code| !documented.contains(&format!("| `{code}` |"))).collect();
    assert!(missing.is_empty(), "docs/findings.md lacks {missing:?}");
}
