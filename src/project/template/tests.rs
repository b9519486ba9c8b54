use super::*;
use crate::project::value::{Kind, Value};
use jiff::civil::Date;

fn names() -> Names {
    Names::default()
        .with("number", Kind::Text)
        .with("first", Kind::Text)
        .with("last", Kind::Text)
        .with("status", Kind::Text)
        .with("cost_centre", Kind::Text)
        .with("gross", Kind::Money)
        .with("period", Kind::record([("code", Kind::Text), ("name", Kind::Text), ("last_day", Kind::Date)]))
}

fn bindings() -> Bindings {
    let mut bindings = Bindings::default();
    bindings.set("number", Value::text("7"));
    bindings.set("first", Value::text("Ada"));
    bindings.set("last", Value::Absent);
    bindings.set("status", Value::text("Active"));
    bindings.set("cost_centre", Value::text("0410"));
    let period = [
        ("code".to_owned(), Value::text("2013-11")),
        ("name".to_owned(), Value::text("Nov 2013")),
        ("last_day".to_owned(), Value::Date(Date::constant(2013, 11, 30))),
    ];
    bindings.set("period", Value::Record(period.into()));
    bindings
}

/// Whatever is nested in whatever way: there are never more levels than fit on a small stack.
#[test]
fn no_template_is_deeper_than_the_stack() {
    for (open, close) in [
        ("-", "1"),
        ("- ", "1"),
        ("not ", "1"),
        ("(", ")"),
        ("a[", "]"),
        ("a ~ ", "b"),
        ("1 | upper ", ""),
        ("a.", "b"),
    ] {
        for levels in [20, 100, 140, 200, 290, 400, 3_000] {
            for (before, after) in [("{{ ", " }}"), ("{{ {'a': {'b': 1}} ~ ", " }}"), ("{% if ", " %}{% endif %}")] {
                let text = format!("{before}{}{}{after}", open.repeat(levels), close.repeat(levels));
                let _ = Template::compile(&text, &names());
            }
        }
    }
}

/// Each was asked for twice a level: 30 levels were a billion.
#[test]
fn nested_signs_and_defaults_cost_no_more_than_their_length() {
    let signs = format!("{{{{ {}1 }}}}", "- ".repeat(200));
    let problems = Template::compile(&signs, &Names::default()).unwrap_err();
    assert_eq!(problems.len(), 200);
    let names = Names::default().with("code", Kind::Text);
    let defaults = Template::compile(&format!("{{{{ code{} }}}}", " | default('x')".repeat(30)), &names).unwrap();
    let mut bindings = Bindings::default();
    for (value, text) in [(Value::Absent, "x"), (Value::text("0410"), "0410")] {
        bindings.set("code", value);
        assert_eq!(defaults.render(&bindings).as_deref(), Ok(text));
    }
}

#[test]
fn holes_are_filled() {
    for (text, expected) in [
        ("000-2100-0000", "000-2100-0000"),
        ("PAY{{ period.code }}", "PAY2013-11"),
        ("{{ period.last_day }}", "2013-11-30"),
        ("EMP{{ number | pad(6) }}", "EMP000007"),
        ("{{ 'active' if status == 'Active' else 'inactive' }}", "active"),
        ("{{ 'in' if status != 'Active' or not first }}active", "active"),
        ("{{ last | default('nobody') | upper }}, {{ first | truncate(2) }}", "NOBODY, Ad"),
        ("{{ first ~ '/' ~ number }}", "Ada/7"),
        ("{% if status == 'Active' %}yes{% else %}no{% endif %}", "yes"),
        ("{% for letter in 'ab' %}{{ letter }}{% endfor %}", "ab"),
    ] {
        let template = Template::compile(text, &names()).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
        assert_eq!(template.render(&bindings()).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn an_empty_name_is_no_empty_text() {
    for text in ["{{ last }}", "{% if true %}{{ last }}{% endif %}"] {
        let failed = Template::compile(text, &names()).unwrap().render(&bindings()).unwrap_err();
        assert!(failed.message.contains("empty"), "{failed}");
    }
}

#[track_caller]
fn problem(text: &str, code: &str, column: u32, words: &str) {
    let problems = Template::compile(text, &names()).map(|_| ()).expect_err(text);
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    let first = &problems[0];
    let said = format!("{} {}", first.message, first.help.as_deref().unwrap_or_default());
    assert_eq!((first.code, first.column), (code, column), "{text}: {said}");
    assert!(said.contains(words), "{text}: {said}");
}

#[test]
fn what_cannot_work_is_found_before_any_data() {
    problem("PAY{{ perod.code }}", "unknown-name", 7, "did you mean `period`?");
    problem("PAY{{ period.cod }}", "unknown-name", 14, "did you mean `code`?");
    problem("{{ gross }}", "money-in-template", 4, "money");
    problem("{{ gross * 2 }}", "template-arithmetic", 4, "`gross`, which is money");
    problem("{{ number + 1 }}", "template-arithmetic", 4, "joins texts");
    problem("{{ number | padd(6) }}", "unknown-function", 13, "did you mean `pad`?");
    problem("{{ number | pad }}", "type-mismatch", 13, "takes 1 value");
    problem("{{ number | pad(99999) }}", "type-mismatch", 13, "whole number");
    problem("{{ period }}", "type-mismatch", 4, "period.code");
    problem("{{ number", "template-syntax", 1, "cannot be read");
    problem("{% include 'x' %}", "template-syntax", 1, "include");
}

#[test]
fn its_width_is_known_as_far_as_its_names_are() {
    let width = |name: &str| (name == "period.name").then_some(8);
    for (text, widest) in [
        ("Payroll {{ period.name }}", 16),
        ("EMP{{ number | pad(6) }}", 9),
        ("{{ 'active' if status == 'x' else 'inactive' }}", 8),
        ("{{ period.name | truncate(3) }}!", 4),
    ] {
        assert_eq!(Template::compile(text, &names()).unwrap().widest(&width), widest, "{text}");
    }
}

#[test]
fn fuel_ends_a_hostile_template() {
    let text = "{% for a in 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' %}{% for b in 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' %}\
                {% for c in 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' %}x{% endfor %}{% endfor %}{% endfor %}";
    let failed = Template::compile(text, &names()).unwrap().render(&bindings()).unwrap_err();
    assert!(failed.message.contains("does not end"), "{failed}");
}
