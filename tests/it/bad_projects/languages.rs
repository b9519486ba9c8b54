//! Expressions, scripts and templates that cannot work.

use super::Screens;

const FILE: &str = "pipelines/payroll-journal.yaml";
const KEEP: &str = "employment_status != \"Contractor\"";

#[test]
fn expressions() {
    let mut screens = Screens::new();
    screens.edited("an unknown name", FILE, KEEP, "employement_status != \"Contractor\"");
    screens.edited("a text compared with a number", FILE, KEEP, "department == 410");
    screens.edited("a float", FILE, "0.05, last", "5e-2, last");
    screens.edited("a single equals sign", FILE, KEEP, "status = \"Active\"");
    screens.edited("an unknown part of a name", FILE, "last_period.headcount", "last_period.headcnt");
    screens.edited("no condition", FILE, KEEP, "department");
    screens.edited("an unknown function", FILE, "within(", "whithin(");
    screens.edited("a statement", FILE, KEEP, "while true {}");
    screens.edited(
        "in a block",
        FILE,
        &format!("keep: {KEEP}"),
        "keep: |\n  employment_status != \"Contractor\"\n  && departmnt != \"x\"",
    );
    insta::assert_snapshot!(screens.text());
}

#[test]
fn scripts() {
    let mut screens = Screens::new();
    let mut script = |what: &str, text: &str| {
        screens.show(what, |project| {
            project.edit(FILE, "check:\n", "check:\n  - { script: scripts/cap.rhai, else: hold }\n");
            if !text.is_empty() {
                project.set("scripts/cap.rhai", text);
            }
        });
    };
    script("a script that is not there", "");
    script("an endless loop", "let n = 0;\nloop {\n  n += 1;\n}\n");
    script("an unknown name", "for line in lines {\n  if line.debt > 5 { return \"no\"; }\n}\nheadcout > 3\n");
    script("a file", "import \"other\" as other;\n");
    script("a syntax error", "let x = ;\n");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn templates() {
    let mut screens = Screens::new();
    screens.edited("an unknown name", FILE, "{{ period.code }}", "{{ perod.code }}");
    screens.edited("arithmetic on money", FILE, "Payroll {{ period.name }}", "{{ gross * 2 }}");
    screens.edited("printed money", FILE, "Payroll {{ period.name }}", "Pay {{ gross }}");
    screens.edited("too wide for GP", FILE, "Payroll {{ period.name }}", "Payroll of Acme {{ period.name }}");
    screens.edited("a batch that is too wide", FILE, "PAY{{ period.code }}", "PAYROLL-{{ period.last_day }}");
    screens.edited("a letter that GP lacks", FILE, "Payroll {{ period.name }}", "Löhne č {{ period.name }}");
    screens.edited("no date", FILE, "{{ period.last_day }}", "{{ period.name }}");
    screens.edited("a look-up without a line each", FILE, "Payroll {{ period.name }}", "Pay {{ cost_centre }}");
    screens.edited("an unknown filter", FILE, "{{ period.code }}", "{{ period.code | uper }}");
    screens.edited("an open brace", FILE, "{{ period.code }}", "{{ period.code");
    screens.edited("a setting", FILE, "PAY{{ period.code }}", "${batch}");
    screens.edited(
        "a record key that is too wide",
        "pipelines/vendors.yaml",
        "EMP{{ number | pad(6) }}",
        "EMP{{ number | pad(13) }}",
    );
    insta::assert_snapshot!(screens.text());
}
