//! The law of lowering: a plain expression means to [`super::native`] what it means to Rhai, whatever values it meets.
//!
//! One difference is meant and is not drawn here: two names of which nothing is known are unequal to us, and `()` is equal
//! to `()` in Rhai, where that is how a script asks whether something is known. So only the left side of a comparison is
//! ever unknown.

use super::*;
use crate::project::value::Kind;
use jiff::civil::Date;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// Every kind of name, each with values at the edges.
fn names() -> Names {
    Names::default()
        .with("text", Kind::Text)
        .with("other", Kind::Text)
        .with("count", Kind::Integer)
        .with("number", Kind::Integer)
        .with("amount", Kind::Decimal)
        .with("money", Kind::Money)
        .with("truth", Kind::Truth)
        .with("day", Kind::Date)
        .with("later", Kind::Date)
        .with("last", Kind::record([("count", Kind::Integer), ("text", Kind::Text)]))
}

fn text_value() -> impl Strategy<Value = Value> {
    prop_oneof![Just(""), Just("Sales"), Just("sales"), Just("ÄÖ"), Just("2013-11-01"), Just("10")]
        .prop_map(Value::text)
}

fn integer() -> impl Strategy<Value = i64> {
    prop_oneof![-3i64..4, -1_000_000i64..1_000_000, Just(i64::MAX), Just(i64::MIN), Just(i64::MIN + 1)]
}

fn decimal() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        (-100_000i64..100_000, 0u32..5).prop_map(|(digits, scale)| Decimal::new(digits, scale)),
        Just(Decimal::MAX),
        Just(Decimal::MIN),
        Just(Decimal::new(1, 28)),
        Just(Decimal::ZERO),
    ]
}

fn date() -> impl Strategy<Value = Value> {
    (1990i16..2030, 1i8..13, 1i8..29).prop_map(|(year, month, day)| Value::Date(Date::constant(year, month, day)))
}

/// Sometimes nothing is known.
fn maybe(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop_oneof![9 => value, 1 => Just(Value::Absent)]
}

fn bindings() -> impl Strategy<Value = Bindings> {
    let whole = || maybe(integer().prop_map(Value::Integer));
    let exact = || maybe(decimal().prop_map(Value::Decimal));
    let texts = (maybe(text_value()), text_value(), maybe(any::<bool>().prop_map(Value::Truth)));
    let last = (whole(), maybe(text_value()))
        .prop_map(|(count, text)| Value::Record([("count".to_owned(), count), ("text".to_owned(), text)].into()));
    let known = (integer().prop_map(Value::Integer), decimal().prop_map(Value::Decimal));
    (texts, (whole(), known.0, exact(), known.1), (maybe(date()), date(), last)).prop_map(|(texts, numbers, rest)| {
        let mut bindings = Bindings::default();
        for (name, value) in [
            ("text", texts.0),
            ("other", texts.1),
            ("truth", texts.2),
            ("count", numbers.0),
            ("number", numbers.1),
            ("amount", numbers.2),
            ("money", numbers.3),
            ("day", rest.0),
            ("later", rest.1),
            ("last", rest.2),
        ] {
            bindings.set(name, value);
        }
        bindings
    })
}

/// An expression that gives a number of these names.
fn number_of(names: &'static [&'static str]) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        (0i64..2_000).prop_map(|number| number.to_string()),
        (0i64..100_000, 1u32..4).prop_map(|(digits, scale)| Decimal::new(digits, scale).to_string()),
        prop::sample::select(names).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["+", "-", "*", "/"]), inner.clone())
                .prop_map(|(left, sign, right)| format!("({left} {sign} {right})")),
            (inner.clone(), prop::sample::select(vec!["+", "-", "*", "/"]), inner.clone())
                .prop_map(|(left, sign, right)| format!("{left} {sign} {right}")),
            inner.clone().prop_map(|value| format!("-({value})")),
            inner.clone().prop_map(|value| format!("abs({value})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("min({left}, {right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("max({left}, {right})")),
            (inner, 0..30).prop_map(|(value, digits)| format!("round({value}, {digits})")),
        ]
    })
    .boxed()
}

fn a_number() -> BoxedStrategy<String> {
    number_of(&["count", "number", "amount", "money", "last.count", "9223372036854775807"])
}

/// Nothing in it is ever unknown.
fn a_known_number() -> BoxedStrategy<String> {
    number_of(&["number", "money", "9223372036854775807"])
}

fn sign() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="])
}

/// An expression that is true or false.
fn a_truth() -> BoxedStrategy<String> {
    let text = || prop::sample::select(vec!["text", "other", "last.text", "\"Sales\"", "\"\"", "\"ÄÖ\""]);
    let known = || prop::sample::select(vec!["other", "\"Sales\"", "\"\"", "\"ÄÖ\""]);
    let day = || prop::sample::select(vec!["day", "later", "\"2013-11-01\""]);
    let known_day = || prop::sample::select(vec!["later", "\"2013-11-01\"", "\"2000-02-29\""]);
    let leaf = prop_oneof![
        prop::sample::select(vec!["true", "false", "truth"]).prop_map(str::to_owned),
        (a_number(), sign(), a_known_number()).prop_map(|(left, sign, right)| format!("{left} {sign} {right}")),
        (text(), sign(), known()).prop_map(|(left, sign, right)| format!("{left} {sign} {right}")),
        (day(), sign(), known_day()).prop_map(|(left, sign, right)| format!("{left} {sign} {right}")),
        (a_number(), a_number(), a_number()).prop_map(|(value, share, of)| format!("within({value}, {share}, {of})")),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left}) && ({right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left}) || ({right})")),
            (inner.clone(), sign(), inner.clone())
                .prop_map(|(left, sign, right)| format!("({left}) {sign} !({right})")),
            inner.prop_map(|value| format!("!({value})")),
        ]
    })
    .boxed()
}

/// Both answers, for the message.
fn differ(text: &str, bindings: &Bindings) -> Option<String> {
    let expression = Expression::compile(text, &names(), Wanted::Anything).ok()?;
    let Body::Native(term) = &expression.body else { return None };
    let roots: Vec<String> = bindings.0.keys().cloned().collect();
    let rhai = engine::run(&engine::parse_expression(text).ok()?, &roots, bindings);
    let native = term.value(bindings);
    let same = match (&native, &rhai) {
        (Ok(left), Ok(right)) => left == right || (left.number().is_some() && left.number() == right.number()),
        (Err(_), Err(_)) => true,
        _ => false,
    };
    (!same).then(|| format!("{text}\nnative: {native:?}\nrhai:   {rhai:?}\nwith:   {bindings:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_condition_means_the_same_to_both(text in a_truth(), bindings in bindings()) {
        prop_assert_eq!(differ(&text, &bindings), None);
    }

    #[test]
    fn an_amount_is_the_same_to_both(text in a_number(), bindings in bindings()) {
        prop_assert_eq!(differ(&text, &bindings), None);
    }
}

#[test]
fn most_of_what_is_drawn_is_lowered() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut lowered = 0;
    for _ in 0..200 {
        let text = a_truth().new_tree(&mut runner).unwrap().current();
        let compiled = Expression::compile(&text, &names(), Wanted::Truth);
        lowered += usize::from(compiled.is_ok_and(|expression| matches!(expression.body, Body::Native(_))));
    }
    assert!(lowered > 150, "{lowered} of 200");
}
