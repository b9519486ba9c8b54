//! Whole screens.

use super::screen;
use crate::meadow::{Meadow, RUN, Ran, program, ran};
use clap::CommandFactory;
use ml_connector::cli::args::Cli;
use std::path::Path;

fn help(arguments: &[&str]) -> Ran {
    ran(program(arguments))
}

#[test]
fn the_help_begins_with_what_to_try_first() {
    insta::assert_snapshot!(help(&["--help"]).out);
}

#[test]
fn commands_that_take_a_choice_show_examples() {
    for command in ["plan", "approve", "run", "explain"] {
        insta::assert_snapshot!(format!("help_of_{command}"), help(&[command, "--help"]).out);
    }
}

#[test]
fn every_command_has_help_and_says_what_it_does() {
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        let shown = help(&[name, "--help"]);
        assert_eq!(shown.code, 0, "{name}");
        assert!(shown.out.contains("Usage:"), "{name}");
        assert!(command.get_about().is_some(), "{name} says nothing");
        for argument in command.get_arguments().filter(|argument| argument.get_id() != "help") {
            let said = argument.get_help().is_some() || !argument.get_possible_values().is_empty();
            assert!(said || argument.is_positional() || argument.get_long() == Some("pipeline"), "{name} {argument}");
        }
    }
}

#[test]
fn a_month_from_the_plan_to_the_books() {
    let meadow = Meadow::open();
    let show = |name: &str, arguments: &[&str]| {
        let ran = meadow.ran(arguments);
        insta::assert_snapshot!(format!("month_{name}"), screen(&ran, meadow.project()));
    };
    let choice = ["--pipeline", "payroll-journal", "--for", "2013-11"];
    show("1_plan", &[&["plan"], &choice[..]].concat());
    show("2_run_waits", &RUN);
    show("3_approve", &[&["approve"], &choice[..]].concat());
    show("4_run_sends", &RUN);
    show("5_run_again", &RUN);
    show("6_explain", &["explain", "80000001", "--account", "000-5100-0200"]);
    show("7_explain_pay", &["explain", "80000001", "--account", "000-5100-0200", "--show-pay"]);
    meadow.raise("2013-11-01", "84000.00 USD");
    show("8_difference", &RUN);
    show("9_status", &["status"]);
}

#[test]
fn what_is_held_and_what_to_do() {
    let meadow = Meadow::open();
    meadow.edit("tables/cost-centres.csv", "Mill,Oregon,0200\n", "");
    let plan = meadow.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]);
    insta::assert_snapshot!("held_plan", screen(&plan, meadow.project()));
    insta::assert_snapshot!("held", screen(&meadow.ran(&["held"]), meadow.project()));
    insta::assert_snapshot!("held_status", screen(&meadow.ran(&["status"]), meadow.project()));
}

#[test]
fn vendors_as_a_list_of_changes() {
    let meadow = Meadow::open();
    let plan = meadow.ran(&["plan", "--pipeline", "people-to-vendors"]);
    insta::assert_snapshot!(screen(&plan, meadow.project()));
}

#[test]
fn the_example_lints_and_its_stories_hold() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adventure-works");
    for command in ["lint", "test"] {
        let mut command = program(&[command]);
        command.current_dir(&example);
        assert_eq!(ran(command).code, 0);
    }
}

#[test]
fn a_broken_project_shows_every_mistake_with_its_place() {
    let meadow = Meadow::open();
    meadow.edit("pipelines/payroll-journal.yaml", "one_per: period", "one_per: colour");
    meadow.edit("pipelines/payroll-journal.yaml", "debit: regular", "debit: regullar");
    meadow.edit("pipelines/people-to-vendors.yaml", "pad(6)", "padd(6)");
    meadow.edit("tables/cost-centres.csv", "Mill,Oregon,0200", "Mill,Oregon,0200\nMill,Oregon,0201");
    insta::assert_snapshot!("broken_lint", screen(&meadow.ran(&["lint"]), meadow.project()));
    insta::assert_snapshot!(
        "broken_lint_concise",
        screen(&meadow.ran(&["lint", "--format", "concise"]), meadow.project())
    );
    meadow.ran(&["plan", "--pipeline", "payroll-journal"]).assert(78, &["the project does not load"]);
}

#[test]
fn a_story_that_fails_says_in_what() {
    let meadow = Meadow::open();
    let story = "format: 1\nstory: A salary.\npipeline: payroll-journal\nfor: 2013-11\ngiven:\n  employees:\n    - { id: 1, \
                 number: 1, hire_date: 2010-01-04, status: Active }\n  job_rows:\n    - { row_id: 1, employee_id: 1, date: \
                 2010-01-04, department: Mill, location: Oregon }\n  compensation_rows:\n    - { row_id: 1, employee_id: 1, \
                 date: 2010-01-04, type: Salary, rate: 12000, paid_per: Year, currency: USD }\nexpect:\n  status: ready\n  \
                 lines:\n    - { account: 000-5100-0200, debit: 999.99 }\n  held: []\n";
    std::fs::create_dir_all(meadow.project().join("tests")).unwrap();
    std::fs::write(meadow.project().join("tests/salary.yaml"), story).unwrap();
    insta::assert_snapshot!(screen(&meadow.ran(&["test"]), meadow.project()));
}
