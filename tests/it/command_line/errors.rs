//! Errors: what is wrong and what to do, with the exit code that scripts rely on.

use super::screen;
use crate::meadow::{Meadow, program, ran};

#[test]
fn each_error_has_a_hint() {
    let meadow = Meadow::open();
    let plan = ["plan", "--pipeline", "payroll-journal", "--for", "2013-11"];
    let mut shown = String::new();
    let mut show = |what: &str, ran: crate::meadow::Ran| {
        shown.push_str(&format!("# {what}\n{}\n", screen(&ran, meadow.project())));
    };
    show(
        "no project",
        ran({
            let mut command = program(&["lint", "-C", "nowhere"]);
            command.current_dir(meadow.project());
            command
        }),
    );
    show("no environment of that name", meadow.ran(&["lint", "-e", "moon"]));
    show("no variable", meadow.ran_with(&plan, &[("BAMBOOHR_API_KEY", "")]));
    show("no pipeline of that name", meadow.ran(&["plan", "--pipeline", "payrol-journal"]));
    show("which pipeline", meadow.ran(&["plan"]));
    show("no such period", meadow.ran(&["plan", "--pipeline", "payroll-journal", "--for", "November"]));
    show("no plan yet", meadow.ran(&["approve", "--pipeline", "payroll-journal"]));
    show("no such plan", meadow.ran(&["approve", "abcdef12"]));
    show("no such journal", meadow.ran(&["explain", "80000099"]));
    show("no such schema", meadow.ran(&["schema", "poem"]));
    show("no starter pack of that name", meadow.ran(&["init", "acme", "--from", "everything"]));
    show("a folder that is not empty", meadow.ran(&["init", "."]));
    insta::assert_snapshot!(shown);
}

#[test]
fn an_outdated_plan_is_not_approved_and_not_sent() {
    let meadow = Meadow::open();
    let plan = ["plan", "--pipeline", "payroll-journal", "--for", "2013-11"];
    let old = meadow.json(&plan)["plan_hash"].as_str().unwrap().to_owned();
    meadow.raise("2013-11-01", "84000.00 USD");
    assert_eq!(meadow.ran(&plan).code, 0);
    meadow.ran(&["approve", &old]).assert(6, &["is stale", "plan again, look at it, and approve the new plan"]);
    meadow.ran(&["send", &old]).assert(6, &["is stale"]);
    assert_eq!(meadow.posts(), 0);
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    for arguments in [&["plann"][..], &["plan", "--colour", "red"], &["plan", "--today", "soon"], &[]] {
        assert_eq!(ran(program(arguments)).code, 2, "{arguments:?}");
    }
}
