use super::*;
use crate::project::value::Kind;
use jiff::civil::Date;

fn names() -> Names {
    Names::default()
        .with("employment_status", Kind::Text)
        .with("department", Kind::Text)
        .with("hire_date", Kind::Date)
        .with("headcount", Kind::Integer)
        .with("last_period", Kind::record([("headcount", Kind::Integer)]))
        .with("total", Kind::record([("gross", Kind::Money)]))
        .with("lines", Kind::List(Box::new(Kind::record([("account", Kind::Text), ("debit", Kind::Money)]))))
}

fn bindings(last_period: Value) -> Bindings {
    let mut bindings = Bindings::default();
    bindings.set("employment_status", Value::text("Full-Time"));
    bindings.set("department", Value::Absent);
    bindings.set("hire_date", Value::Date(Date::constant(2013, 3, 1)));
    bindings.set("headcount", Value::Integer(290));
    bindings.set("last_period", Value::Record([("headcount".to_owned(), last_period)].into()));
    let gross = Value::Decimal(Decimal::new(123_456, 2));
    bindings.set("total", Value::Record([("gross".to_owned(), gross.clone())].into()));
    let line = |account: &str| {
        Value::Record([("account".to_owned(), Value::text(account)), ("debit".to_owned(), gross.clone())].into())
    };
    bindings.set("lines", Value::List(vec![line("000-5100-0010"), line("000-5100-0020")]));
    bindings
}

fn compile(text: &str, wanted: Wanted) -> Expression {
    Expression::compile(text, &names(), wanted).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

#[test]
fn conditions_hold_as_a_reader_expects() {
    for (text, holds) in [
        (r#"employment_status != "Contractor""#, true),
        (r#"employment_status == "Full-Time" && headcount > 100"#, true),
        (r#"!(headcount >= 290.0)"#, false),
        ("headcount / 4 == 72.5", true),
        ("0.1 + 0.2 == 0.3", true),
        (r#"hire_date < "2013-11-01""#, true),
        ("within(headcount, 0.05, last_period.headcount)", true),
        ("round(10.005, 2) == 10.01 && round(-10.005, 2) == -10.01", true),
        ("min(headcount, 5) == 5 && max(1.5, 2) == 2 && abs(-3) == 3", true),
        ("true || headcount == 1", true),
    ] {
        let expression = compile(text, Wanted::Truth);
        assert!(matches!(expression.body, Body::Native(_)), "{text} runs without Rhai");
        assert_eq!(expression.holds(&bindings(Value::Integer(300))), Ok(holds), "{text}");
    }
}

#[test]
fn native_terms_and_rhai_give_the_same_answers() {
    let bindings = bindings(Value::Integer(300));
    for text in [
        r#"department == "Sales""#,
        r#"department != "Sales""#,
        "headcount / 7",
        "headcount * 2 - 1",
        "-headcount",
        "abs(0 - headcount)",
        "round(headcount / 7, 2)",
        "within(headcount, 0.01, last_period.headcount)",
        "total.gross > 1234.5",
        r#"hire_date >= "2013-03-01""#,
    ] {
        let native = compile(text, Wanted::Anything);
        assert!(matches!(native.body, Body::Native(_)), "{text}");
        let roots: Vec<String> = bindings.0.keys().cloned().collect();
        let rhai = engine::run(&engine::parse_expression(text).unwrap(), &roots, &bindings);
        let same = match (native.value(&bindings), rhai) {
            (Ok(left), Ok(right)) => left == right || left.number().is_some() && left.number() == right.number(),
            (left, right) => panic!("{text}: {left:?} {right:?}"),
        };
        assert!(same, "{text}");
    }
}

#[test]
fn nothing_known_is_unequal_to_everything() {
    let first_time = bindings(Value::Absent);
    for (text, holds) in [
        (r#"department == "Sales""#, false),
        (r#"department != "Sales""#, true),
        ("last_period.headcount == last_period.headcount", false),
        ("last_period.headcount < 5", false),
        ("within(headcount, 0.05, last_period.headcount)", true),
    ] {
        assert_eq!(compile(text, Wanted::Truth).holds(&first_time), Ok(holds), "{text}");
    }
}

#[test]
fn the_names_it_reads_are_known() {
    let expression = compile("within(headcount, 0.05, last_period.headcount) && headcount > 0", Wanted::Truth);
    assert_eq!(expression.names(), ["headcount", "last_period.headcount"]);
}

#[track_caller]
fn problem(text: &str, code: &str, column: u32, words: &str) {
    let problems = Expression::compile(text, &names(), Wanted::Truth).expect_err(text);
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    let first = &problems[0];
    let said = format!("{} {}", first.message, first.help.as_deref().unwrap_or_default());
    assert_eq!((first.code, first.column), (code, column), "{text}: {said}");
    assert!(said.contains(words), "{text}: {said}");
}

#[test]
fn what_cannot_work_is_found_before_any_data() {
    problem(r#"employement_status != "x""#, "unknown-name", 1, "did you mean `employment_status`?");
    problem("headcount > last_period.headcont", "unknown-name", 25, "did you mean `headcount`?");
    problem(r#"headcount > "5""#, "type-mismatch", 11, "without quotes");
    problem("department == 410", "type-mismatch", 12, "codes are texts");
    problem(r#"hire_date < "1 Nov 2013""#, "type-mismatch", 11, "2013-11-30");
    problem("headcount", "type-mismatch", 1, "true or false is wanted");
    problem("headcount && true", "type-mismatch", 1, "true or false is wanted");
    problem("wihtin(headcount, 0.05, 3)", "unknown-function", 1, "did you mean `within`?");
    problem("within(headcount, 0.05)", "type-mismatch", 1, "takes 3 values");
    problem("sleep(2)", "unknown-function", 1, "no function `sleep`");
    problem("print(headcount)", "unknown-function", 1, "no function `print`");
}

#[test]
fn floats_and_statements_are_no_expressions() {
    for text in
        ["headcount > 1e3", "headcount > 1.5e2", "while true {}", "let x = 1; x > 0", "eval(\"1\")", "", "headcount ="]
    {
        let problems = Expression::compile(text, &names(), Wanted::Truth).expect_err(text);
        assert!(!problems.is_empty(), "{text}");
        if text.starts_with("headcount > 1") {
            assert!(problems[0].help.as_deref().unwrap_or_default().contains("plain decimals"), "{text}: {problems:?}");
        }
    }
}

#[test]
fn a_script_sees_the_lines_and_gives_reasons() {
    let script = r#"
        let reasons = [];
        for line in lines {
            if line.debit > 1000 && line.account.starts_with("000-5100") {
                reasons.push(`${line.account} is above the cap`);
            }
        }
        reasons
    "#;
    let script = Expression::compile_script(script, &names()).unwrap();
    let Value::List(reasons) = script.value(&bindings(Value::Absent)).unwrap() else { panic!("a list of texts") };
    assert_eq!(reasons[1], Value::text("000-5100-0020 is above the cap"));
}

#[test]
fn scripts_end_within_their_budget() {
    let problems = Expression::compile_script("loop { let x = 1; }", &names()).unwrap_err();
    assert_eq!(problems[0].code, "endless-loop");
    for (hostile, why) in [
        ("let n = 0; while n >= 0 { n += 1; }", "does not end"),
        ("fn again(n) { again(n + 1) } again(0)", "without end"),
        (r#"let s = "xxxxxxxx"; for i in range(0, 30) { s += s; } s"#, "too large"),
    ] {
        let script = Expression::compile_script(hostile, &names()).unwrap_or_else(|problems| panic!("{problems:?}"));
        let failed = script.value(&bindings(Value::Absent)).unwrap_err();
        assert!(failed.message.contains(why), "{hostile}: {failed}");
    }
}

#[test]
fn two_conditions_that_never_hold_together_are_known() {
    let excludes = |one: &str, two: &str| compile(one, Wanted::Truth).excludes(&compile(two, Wanted::Truth));
    assert!(excludes(r#"department == "Sales""#, r#"department == "IT""#));
    assert!(excludes(r#"department != "Sales" && headcount > 1"#, r#"department == "Sales""#));
    assert!(!excludes(r#"department == "Sales""#, r#"employment_status == "IT""#));
    assert!(!excludes(r#"department != "Sales""#, r#"department != "IT""#));
}
