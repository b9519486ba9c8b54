//! What a consultant does before anything is live: seeing a change, trying a text, drawing, writing and measuring stories.

use crate::meadow::{Meadow, Ran, cases, copy, program, ran};
use rust_decimal::Decimal;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn harbor() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/harbor-supply"), folder.path());
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = program(arguments);
    command.current_dir(folder);
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    ran(command)
}

fn edit(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no `{from}`");
    fs::write(path, text.replace(from, to)).unwrap();
}

fn git(folder: &Path, arguments: &[&str]) {
    let settings =
        ["-c", "user.name=A. Consultant", "-c", "user.email=a@consultant.example", "-c", "commit.gpgsign=false"];
    let answer = Command::new("git").arg("-C").arg(folder).args(settings).args(arguments).output().unwrap();
    assert!(answer.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&answer.stderr));
}

/// A project inside a repository, below its root, as a customer keeps it; the working tree differs from the commit.
#[test]
fn a_change_is_seen_against_a_commit_before_it_is_live() {
    let repository = tempfile::tempdir().unwrap();
    let project = repository.path().join("customers/harbor");
    fs::create_dir_all(&project).unwrap();
    copy(harbor().path(), &project);
    git(repository.path(), &["init", "-q", "."]);
    git(repository.path(), &["add", "-A"]);
    git(repository.path(), &["commit", "-q", "-m", "as agreed"]);
    run(&project, &["impact", "--against", "HEAD", "--exit-on-changes"]).assert(0, &["the same comes out"]);
    edit(&project, "tables/cost-centres.csv", "Sales,Portland,2100", "Sales,Portland,2200");
    // One person of Sales moves, 60,000 a year: the reviewer sees where, and not what somebody earns.
    let facts = ["--facts", "facts", "--for", "2013-11-A", "--pipeline", "payroll-journal"];
    let impact = |more: &[&str]| run(&project, &[&["impact", "--against", "HEAD"], &facts[..], more].concat());
    let seen = impact(&["--exit-on-changes"]);
    seen.assert(3, &["tables/cost-centres.csv (changed)", "000-5100-2100", "000-5100-2200", "1 person come", "row 3"]);
    seen.assert(3, &["one person's pay (--show-pay shows it)"]);
    let markdown = impact(&["--markdown"]);
    markdown.assert(
        0,
        &["### What this changes in GP", "| account | before | after | change | why |", "| 000-5100-2100 | |"],
    );
    for ran in [&seen, &markdown, &impact(&["--format", "json"])] {
        assert!(!ran.all().contains("2,500.00") && !ran.all().contains("2500.00"), "{}", ran.all());
        assert!(!ran.all().contains("employee 3"), "{}", ran.all());
    }
    let shown = impact(&["--format", "json", "--show-pay", "--by", "A. Controller"]);
    let json: Value = serde_json::from_str(&shown.out).unwrap();
    let lines = json["cases"][0]["impact"]["lines"].as_array().unwrap();
    let change = |line: &Value| line["change"].as_str().unwrap().parse::<Decimal>().unwrap();
    assert_eq!(lines.iter().map(change).sum::<Decimal>(), Decimal::ZERO, "what leaves one account comes to another");
    assert!(lines.iter().any(|line| line["before"] == "2500.00"), "{lines:#?}");
    run(&project, &["audit"]).assert(0, &["A. Controller", "read pay", "impact against HEAD"]);
    // Without facts and without a store, the stories' rows are planned with both.
    run(&project, &["impact", "--against", "HEAD"]).assert(0, &["the rows of the stories"]);
    run(&project, &["impact", "--against", "no-such-branch"]).assert(2, &["no-such-branch", "name a commit"]);
    run(&project, &["impact", "--against", "--output=x"]).assert(2, &["error"]);
}

#[test]
fn an_impact_tells_rates_holds_and_accounts_that_gp_was_not_asked_about() {
    let (before, after) = (harbor(), harbor());
    edit(after.path(), "pipelines/payroll-journal.yaml", "7.65%", "7.75%");
    edit(after.path(), "pipelines/payroll-journal.yaml", "000-2110-0000", "000-2115-0000");
    edit(after.path(), "tables/cost-centres.csv", "Finance,Portland,1100\n", "");
    let other = before.path().to_str().unwrap();
    let facts = ["--facts", "facts", "--for", "2013-11-A", "--pipeline", "payroll-journal"];
    let seen = run(after.path(), &[&["impact", "--against", other], &facts[..]].concat());
    seen.assert(0, &["status: ready → held", "held: [look-up-missing]", "GP was not asked about 000-2115-0000"]);
    let sum = run(after.path(), &["impact", "--against", other]);
    sum.assert(0, &["employer_tax of employee 3 is another amount"]);
}

#[test]
fn an_expression_is_tried_for_one_person_step_by_step() {
    let harbor = harbor();
    let facts = ["--facts", "facts", "--for", "2013-11-A", "--pipeline", "payroll-journal"];
    let tried = |text: &str, more: &[&str]| run(harbor.path(), &[&["try", text], &facts[..], more].concat());
    tried("keep", &["--employee", "3"])
        .assert(0, &["pay_type = \"Salary\"", "compensation row", "keep on 2013-11-15: true"]);
    let steps = tried("hire_date < \"2013-06-01\" && department == \"IT\"", &["--employee", "0003"]);
    steps.assert(0, &["department == \"IT\"  →  false", "hire_date < 2013-06-01  →  true", ": false"]);
    tried("cost_centre", &["--employee", "3"]).assert(0, &["tables/cost-centres.csv", "row 3", "answers", "\"2100\""]);
    tried("EMP{{ number | pad(6) }}", &["--employee", "3"]).assert(0, &["template on 2013-11-15: \"EMP000003\""]);
    tried("keep", &["--employee", "99"]).assert(2, &["the facts have no employee `99`"]);
    tried("depratment == \"IT\"", &["--employee", "3"]).assert(2, &["column 1", "did you mean `department`?"]);
    // Nobody real: just names.
    let imagined =
        ["--pipeline", "payroll-journal", "--for", "2013-11-A", "--with", "department=Mars", "--with", "location=Reno"];
    run(harbor.path(), &[&["try", "cost_centre"], &imagined[..]].concat())
        .assert(1, &["no row has these keys", "a plan would hold this person"]);
    run(harbor.path(), &["try", "keep", "--pipeline", "payroll-journal", "--with", "shoe=42"])
        .assert(2, &["nothing is called `shoe`"]);
}

#[test]
fn a_project_is_drawn_and_told_in_plain_words() {
    let harbor = harbor();
    run(harbor.path(), &["graph"])
        .assert(0, &["flowchart LR", "pipeline payroll-journal", "tables/shared-staff.csv", "-->"]);
    let svg = run(harbor.path(), &["graph", "--as", "svg"]);
    svg.assert(0, &["<svg xmlns", "GP: general ledger, unposted", "</svg>"]);
    assert_eq!(svg.out.matches("<rect").count(), 7, "{}", svg.out);
    run(harbor.path(), &["docs", "harbor.html"]).assert(0, &["wrote harbor.html"]);
    let page = fs::read_to_string(harbor.path().join("harbor.html")).unwrap();
    for words in [
        "A salary costs a 24th of the yearly rate a period",
        "above 40 in a week at 1.5 times the rate",
        "Employer tax: 7.65 % of gross",
        "000-5150-{{ cost_centre }}",
        "<td>Boise</td>",
        "GP reverses it on the day after",
        "Nothing is sent before a person approved exactly this plan",
    ] {
        assert!(page.contains(words), "`{words}` is not on the page");
    }
    let page = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    assert!(
        !page.contains("<script") && !page.contains("http://") && !page.contains("https://"),
        "it needs nothing else"
    );
}

#[test]
fn environments_are_shown_side_by_side() {
    let meadow = Meadow::open();
    let other = "format: 1\nsettings: { gp_server: gp-test.meadow.example }\n";
    fs::write(meadow.project().join("environments/test.yaml"), other).unwrap();
    let shown = meadow.ran(&["diff-env", "sandbox", "test", "--changed"]);
    shown.assert(0, &["gp_server", "127.0.0.1", "gp-test.meadow.example", "differ:"]);
    meadow.ran(&["diff-env", "tset"]).assert(2, &["there is no environment `tset`", "sandbox, test"]);
}

#[test]
fn stories_are_written_anew_on_demand_and_measured() {
    let harbor = harbor();
    let before = fs::read_to_string(harbor.path().join("tests/joiner.yaml")).unwrap();
    edit(harbor.path(), "pipelines/payroll-journal.yaml", "7.65%", "7.75%");
    run(harbor.path(), &["test"])
        .assert(1, &["FAIL", "- line 000-5150-2300  debit  122.40", "+ line 000-5150-2300  debit  124.00"]);
    run(harbor.path(), &["test", "--update"]).assert(0, &["wrote tests/joiner.yaml", "read the difference"]);
    run(harbor.path(), &["test"]).assert(0, &["5 passed, 0 failed"]);
    let after = fs::read_to_string(harbor.path().join("tests/joiner.yaml")).unwrap();
    assert_eq!(after, before.replace("debit: 122.40", "debit: 124.00").replace("credit: 122.40", "credit: 124.00"));
    let coverage = run(harbor.path(), &["test", "--coverage"]);
    coverage.assert(
        0,
        &["3 of 3 pipelines", "Finance, Portland payroll-journal  tables/cost-centres.csv, row 2", "no story touches"],
    );
    let json: Value =
        serde_json::from_str(&run(harbor.path(), &["test", "--coverage", "--format", "json"]).out).unwrap();
    let touched = |pipeline: &str, kind: &str, what: &str| {
        let same = |item: &&Value| item["kind"] == kind && item["what"] == what && item["pipeline"] == pipeline;
        let found = json.as_array().unwrap().iter().find(same);
        found.unwrap_or_else(|| panic!("{kind} {what}"))["touched"].as_bool().unwrap()
    };
    assert!(touched("payroll-journal", "table row", "Sales, Reno"));
    assert!(!touched("payroll-journal", "table row", "Finance, Portland"));
    assert!(touched("warehouse-payroll", "amount", "overtime") && touched("payroll-journal", "line", "wages"));
    assert!(!touched("payroll-journal", "amount", "bonus"));
}

/// What happened to two people becomes a story that holds, and that nobody can be recognised in.
#[test]
fn what_happened_is_recorded_of_invented_people() {
    let meadow = Meadow::open();
    let record = ["record", "--pipeline", "payroll-journal", "--for", "2013-11", "--employee", "2", "--employee", "3"];
    let recorded = meadow.ran(&[&record[..], &["--story", "Two people.", "--out", "tests/two.yaml"]].concat());
    recorded.assert(0, &["wrote", "look before you commit it"]);
    let text = fs::read_to_string(meadow.project().join("tests/two.yaml")).unwrap();
    for real in ["Ben", "Rowan", "Cleo", "Sorrel", "meadow.example", "61234.56", "21.375", "2012-07-16"] {
        assert!(!text.contains(real), "`{real}` is in\n{text}");
    }
    meadow.ran(&["lint", "--deny", "warnings"]).assert(0, &["1 test"]);
    meadow.ran(&["test"]).assert(0, &["ok   Two people.", "1 passed"]);
    meadow
        .ran(&["record", "--pipeline", "payroll-journal", "--for", "2013-11", "--employee", "77"])
        .assert(78, &["no employee `77`"]);
    meadow.ran(&["record", "--pipeline", "payroll-journal"]).assert(2, &["whom is the story about?"]);
}

#[test]
fn the_fields_of_the_account_are_recorded_and_lint_knows_them() {
    let meadow = Meadow::open();
    meadow.ran(&["record", "--fields"]).assert(0, &["fields of the account"]);
    meadow.ran(&["lint", "--deny", "warnings"]).assert(0, &["no findings"]);
    let before = meadow.ran(&["status"]).out;
    meadow.edit("pipelines/payroll-journal.yaml", "number: employeeNumber", "number: employeeNumber, shoe: shoeSize");
    meadow.ran(&["lint"]).assert(1, &["unknown-field-of-bamboohr", "shoeSize"]);
    fs::remove_file(meadow.project().join("bamboohr-fields.csv")).unwrap();
    meadow.edit("pipelines/payroll-journal.yaml", ", shoe: shoeSize", "");
    assert_eq!(meadow.ran(&["status"]).out, before, "recorded fields change no plan");
}

/// What no file can know: an account that GP lacks, a department without a row, a field that BambooHR does not have.
#[test]
fn both_systems_are_asked_when_lint_is_live() {
    let meadow = Meadow::open();
    meadow.ran(&["lint", "--live", "--deny", "warnings"]).assert(0, &["no findings"]);
    meadow.edit("pipelines/payroll-journal.yaml", "000-2110-0000", "000-2119-0000");
    meadow.edit("tables/cost-centres.csv", "Mill,Oregon,0200\n", "");
    let warned = meadow.ran(&["lint", "--live", "--deny", "warnings"]);
    warned.assert(1, &["warning[look-up-missing]", "tables/cost-centres.csv"]);
    meadow.edit("tables/cost-centres.csv", "Orchard,Oregon,0100\n", "Orchard,Oregon,0100\nMill,Oregon,0200\n");
    meadow.ran(&["lint", "--live"]).assert(0, &["warning[account-missing]", "000-2119-0000"]);
    meadow.edit("pipelines/payroll-journal.yaml", "number: employeeNumber", "number: employeeNumber, shoe: shoeSize");
    meadow.ran(&["lint", "--live"]).assert(1, &["error[unknown-field-of-bamboohr]", "shoeSize"]);
    assert_eq!(meadow.posts(), 0, "nothing is sent");
    assert!(cases("meadow/project").exists());
}

/// A starter pack with its answers lints and tests green, is laid out, and has its checks around it.
#[test]
fn a_new_project_is_checked_from_its_first_commit() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["init", "--list"])
        .assert(0, &["monthly-salaried", "semi-monthly-overtime", "register-import"]);
    let answers = ["--from", "semi-monthly-overtime", "--bamboohr-company", "acme", "--gp-company", "Acme, Inc."];
    let more =
        ["--timezone", "America/Chicago", "--gp-server", "gp.acme.example", "--journal-numbers", "70000001-79999999"];
    let made = run(folder.path(), &[&["init", "acme"], &answers[..], &more[..]].concat());
    made.assert(
        0,
        &[
            ".github/workflows/ml-connector.yml",
            ".gitlab-ci.yml",
            "azure-pipelines.yml",
            "hooks/pre-commit",
            ".gitignore",
        ],
    );
    let project = fs::read_to_string(folder.path().join("acme/project.yaml")).unwrap();
    for answer in ["America/Chicago", "gp.acme.example", "70000001-79999999", "Acme, Inc."] {
        assert!(project.contains(answer), "{answer} is in\n{project}");
    }
    run(folder.path(), &["lint", "-C", "acme", "--deny", "warnings"]).assert(0, &["no findings"]);
    run(folder.path(), &["fmt", "-C", "acme", "--check"]).assert(0, &["0 laid out anew"]);
    run(folder.path(), &["upgrade", "-C", "acme"]).assert(0, &["nothing to do", "format 1"]);
    run(folder.path(), &["init", "plain", "--ci", "none", "--yes"]).assert(0, &["hooks/pre-commit"]);
    assert!(!folder.path().join("plain/.gitlab-ci.yml").exists());
    run(folder.path(), &["init", "plain"]).assert(78, &["is not empty"]);
    // The hook keeps a mistake out: it runs the program that is on the path.
    let acme = folder.path().join("acme");
    git(&acme, &["init", "-q", "."]);
    git(&acme, &["add", "-A"]);
    git(&acme, &["config", "core.hooksPath", "hooks"]);
    let program = Path::new(env!("CARGO_BIN_EXE_ml-connector")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var_os("PATH").unwrap_or_default().display());
    let commit = || {
        let mut git = Command::new("git");
        git.arg("-C").arg(&acme).args(["-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-aqm", "first"]);
        git.env("PATH", &path).output().unwrap()
    };
    edit(&acme, "project.yaml", "America/Chicago", "America/Chicaco");
    let refused = commit();
    let told = String::from_utf8_lossy(&refused.stderr) + String::from_utf8_lossy(&refused.stdout);
    assert!(!refused.status.success() && told.contains("unknown-time-zone"), "{told}");
    edit(&acme, "project.yaml", "America/Chicaco", "America/Chicago");
    let kept = commit();
    assert!(kept.status.success(), "{}", String::from_utf8_lossy(&kept.stderr));
}

#[test]
fn yaml_is_laid_out_and_its_comments_stay() {
    let harbor = harbor();
    let file = harbor.path().join("pipelines/payroll-journal.yaml");
    let before = fs::read_to_string(&file).unwrap();
    run(harbor.path(), &["fmt", "--check"]).assert(0, &["0 laid out anew"]);
    let messy = before.replace("{ number:", "{number:").replace('\n', "  \n");
    fs::write(&file, &messy).unwrap();
    run(harbor.path(), &["fmt", "--check"]).assert(1, &["is not laid out: pipelines/payroll-journal.yaml"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), messy, "--check writes nothing");
    run(harbor.path(), &["fmt"]).assert(0, &["wrote pipelines/payroll-journal.yaml"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    fs::write(&file, "format: [").unwrap();
    run(harbor.path(), &["fmt"]).assert(1, &["left alone: pipelines/payroll-journal.yaml"]);
    fs::write(&file, before.replace("format: 1", "format: 2")).unwrap();
    run(harbor.path(), &["upgrade"]).assert(1, &["format 2: a newer ml-connector is needed"]);
}

/// What every starter pack says of itself is true: its stories hold.
#[test]
fn the_stories_of_every_starter_pack_hold() {
    for pack in ml_connector::project::starter::packs() {
        let folder = tempfile::tempdir().unwrap();
        let answers = [("project".to_owned(), "acme".to_owned())].into();
        ml_connector::project::starter::write(&pack, folder.path(), &answers).unwrap();
        let ran = run(folder.path(), &["test"]);
        assert_eq!(ran.code, 0, "{pack}:\n{}", ran.all());
    }
}

/// The page goes to whoever signs: a table of what each person costs is not on it.
#[test]
fn the_page_shows_no_table_of_single_peoples_pay() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in ml_connector::project::mistake::sound() {
        fs::create_dir_all(folder.path().join(&path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), text).unwrap();
    }
    fs::write(folder.path().join("tables/health.csv"), "number,amount,currency\n0007,310.55,USD\n").unwrap();
    fs::write(folder.path().join("tables/before.csv"), "number,wages\n0007,54321.12\n").unwrap();
    let capped = "rate: 7.65%, of: gross, cap: { wages: 7000.00, currency: USD, year_starts: 01-01, before: { in: before, until: 2013-10-31 } }";
    edit(folder.path(), "pipelines/payroll-journal.yaml", "rate: 7.65%, of: gross", capped);
    edit(
        folder.path(),
        "pipelines/payroll-journal.yaml",
        "  burden:\n",
        "  burden:\n    health: { cost_of: { in: health } }\n",
    );
    let lines = "    lines:\n      - { name: health, debit: health, account: 000-5160-0000 }\n      - { name: health payable, credit: health, account: 000-2120-0000 }\n";
    edit(folder.path(), "pipelines/payroll-journal.yaml", "    lines:\n", lines);
    run(folder.path(), &["docs", "page.html"]).assert(0, &["wrote page.html"]);
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert!(page.contains("health.csv for each person") && page.contains("cost-centres.csv</h3>"));
    for pay in ["310.55", "54321.12", "health.csv</h3>"] {
        assert!(!page.contains(pay), "{pay} is on the page");
    }
}
