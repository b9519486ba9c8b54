//! Templates with loops, blocks or tests: minijinja runs them, strict and fuelled.

use super::check;
use super::filters;
use crate::project::expression::EvaluationFailed;
use crate::project::finding::Problem;
use crate::project::value::{Bindings, Value};
use minijinja::{Environment, UndefinedBehavior};
use std::collections::BTreeMap;

/// Instructions one rendering may take; a page of text takes a few hundred.
const FUEL: u64 = 50_000;
const NAME: &str = "template";

/// A template in an environment of its own.
#[derive(Debug)]
pub struct Rich {
    environment: Environment<'static>,
}

impl Rich {
    pub fn compile(text: &str) -> Result<Rich, Vec<Problem>> {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.add_filter("pad", |text: String, width: usize| filters::pad(&text, width.min(check::WIDEST)));
        environment.add_filter("truncate", |text: String, length: usize| filters::truncate(&text, length));
        environment.add_filter("upper", |text: String| text.to_uppercase());
        environment.add_filter("lower", |text: String| text.to_lowercase());
        environment.add_filter("trim", |text: String| text.trim().to_owned());
        environment.add_filter(
            "default",
            |value: minijinja::Value, instead: minijinja::Value| {
                if value.is_undefined() || value.is_none() { instead } else { value }
            },
        );
        environment.add_test("defined", |value: minijinja::Value| !value.is_undefined());
        environment.add_test("undefined", |value: minijinja::Value| value.is_undefined());
        match environment.add_template_owned(NAME, text.to_owned()) {
            Ok(()) => Ok(Rich { environment }),
            Err(error) => Err(vec![check::syntax_problem(&error)]),
        }
    }

    pub fn render(&self, names: &Bindings) -> Result<String, EvaluationFailed> {
        let known = names.0.iter().filter(|(_, value)| **value != Value::Absent);
        let values: BTreeMap<&str, minijinja::Value> =
            known.map(|(name, value)| (name.as_str(), to_jinja(value))).collect();
        let template = self.environment.get_template(NAME).map_err(|error| explain(&error))?;
        template.render(minijinja::Value::from(values)).map_err(|error| explain(&error))
    }
}

/// minijinja's kind of failure without the values in its detail.
fn explain(error: &minijinja::Error) -> EvaluationFailed {
    let place = error.line().map(|line| format!(" (line {line})")).unwrap_or_default();
    EvaluationFailed::new(match error.kind() {
        minijinja::ErrorKind::UndefinedError => format!("a name of the template is empty here{place}"),
        minijinja::ErrorKind::OutOfFuel => format!("the template does not end within {FUEL} steps{place}"),
        kind => format!("the template failed: {kind}{place}"),
    })
}

fn to_jinja(value: &Value) -> minijinja::Value {
    match value {
        Value::Absent => minijinja::Value::UNDEFINED,
        Value::Text(letters) => minijinja::Value::from(letters.as_ref()),
        Value::Integer(number) => minijinja::Value::from(*number),
        // Its text: minijinja has no exact decimals, and lint refuses to calculate with it.
        Value::Decimal(number) => minijinja::Value::from(number.to_string()),
        Value::Truth(truth) => minijinja::Value::from(*truth),
        Value::Date(date) => minijinja::Value::from(date.to_string()),
        Value::Record(fields) => minijinja::Value::from(
            fields.iter().map(|(name, value)| (name.clone(), to_jinja(value))).collect::<BTreeMap<String, _>>(),
        ),
        Value::List(items) => items.iter().map(to_jinja).collect(),
    }
}
