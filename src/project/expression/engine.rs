//! Rhai, shut in: a raw engine with hand-picked packages, no floats, and every limit set.

use super::chain;
use super::functions;
use super::{EvaluationFailed, Problem};
use crate::project::value::{Bindings, Value};
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicStringPackage,
    LogicPackage, MoreStringPackage, Package,
};
use rhai::{AST, Dynamic, Engine, EvalAltResult, NativeCallContext, OptimizationLevel, ParseError, Position, Scope};
use rust_decimal::Decimal;
use std::sync::OnceLock;

/// Operations one evaluation may take. A hostile loop of a debug build ended after 23 ms; only this budget, never a
/// clock, decides what a script yields, so that a plan can be made again from its stored inputs.
const OPERATIONS: u64 = 200_000;

/// The one engine: compiling and running only read it.
fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(shut_in)
}

fn shut_in() -> Engine {
    let mut engine = Engine::new_raw();
    // Not here on purpose: the core package's `sleep` blocks a thread past every limit, its `exit` hides a result; the
    // math package rounds half to even.
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    BasicFnPackage::new().register_into_engine(&mut engine);

    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_max_operations(OPERATIONS);
    engine.set_max_call_levels(32);
    engine.set_max_expr_depths(64, 32);
    // With the operations, this bounds the memory that a script can fill.
    engine.set_max_string_size(2 * 1024);
    engine.set_max_array_size(10_000);
    engine.set_max_map_size(1_000);
    engine.set_max_variables(200);
    engine.set_max_functions(64);
    engine.set_max_modules(0);
    engine.set_module_resolver(rhai::module_resolvers::DummyModuleResolver::new());
    engine.disable_symbol("eval");
    engine.on_print(|_| {});
    engine.on_debug(|_, _, _| {});
    register_own(&mut engine);
    engine
}

/// Our functions, and a division that does not throw the rest away: Rhai's `7 / 2` of integers is 3.
fn register_own(engine: &mut Engine) {
    engine.set_fast_operators(false);
    engine.register_fn("/", |left: i64, right: i64| divide(Decimal::from(left), Decimal::from(right)));
    engine.register_fn("sleep", |_: Dynamic| refuse("sleep"));
    macro_rules! own {
        ($name:literal, $($value:ident),+) => {
            engine.register_fn($name, |_: NativeCallContext, $($value: Dynamic),+| -> Result<Dynamic, Box<EvalAltResult>> {
                functions::call($name, &[$(from_rhai($value)),+]).map(|value| to_rhai(&value)).map_err(|failed| failed.message.into())
            });
        };
    }
    own!("within", value, share, reference);
    own!("min", left, right);
    own!("max", left, right);
    own!("abs", value);
    own!("round", value, digits);
}

fn divide(left: Decimal, right: Decimal) -> Result<Decimal, Box<EvalAltResult>> {
    left.checked_div(right).ok_or_else(|| "division by zero".into())
}

fn refuse(name: &str) -> Result<(), Box<EvalAltResult>> {
    Err(format!("`{name}` is not available").into())
}

/// One expression, no statements.
pub fn parse_expression(text: &str) -> Result<AST, Vec<Problem>> {
    if let Some(problem) = chain::too_long(text) {
        return Err(vec![problem]);
    }
    engine().compile_expression(text).map_err(|error| vec![syntax_problem(text, &error)])
}

/// A script of statements and functions.
pub fn parse_script(text: &str) -> Result<AST, Vec<Problem>> {
    if let Some(problem) = chain::too_long(text) {
        return Err(vec![problem]);
    }
    engine().compile(text).map_err(|error| vec![Problem { help: None, ..syntax_problem(text, &error) }])
}

fn syntax_problem(text: &str, error: &ParseError) -> Problem {
    let (line, column) = position(error.position());
    let mut message = error.err_type().to_string();
    if message.is_empty() {
        message = "this is not an expression".to_owned();
    }
    Problem {
        code: "expression-syntax",
        message: format!("the expression cannot be read: {message}"),
        line,
        column,
        length: 1,
        help: help_for_syntax(text),
        meant: None,
    }
}

/// The two slips that Rhai explains worst.
fn help_for_syntax(text: &str) -> Option<String> {
    let single_equals = text.replace("==", "").replace("!=", "").replace(">=", "").replace("<=", "").contains('=');
    let exponent = text
        .split(|letter: char| !letter.is_alphanumeric() && letter != '.')
        .any(|word| word.starts_with(|letter: char| letter.is_ascii_digit()) && word.contains(['e', 'E', 'f']));
    if exponent {
        Some("write numbers out as plain decimals, for example `1000` or `0.05`; there are no floats".to_owned())
    } else if single_equals {
        Some("`==` compares; a single `=` would set a value".to_owned())
    } else if let Some((word, sign)) = spelled_out(text) {
        Some(format!("`{word}` is written `{sign}`"))
    } else if text.contains('%') {
        Some("write a percentage as a fraction: 5 % is `0.05`".to_owned())
    } else if text.contains('\'') {
        Some("texts stand in double quotes: \"Contractor\"".to_owned())
    } else {
        None
    }
}

/// The first of the words that other languages have for these signs.
fn spelled_out(text: &str) -> Option<(&str, &'static str)> {
    const WORDS: [(&str, &str); 4] = [("and", "&&"), ("or", "||"), ("not", "!"), ("<>", "!=")];
    let mut quoted = false;
    text.split_inclusive('"').find_map(|part| {
        let outside = !quoted;
        quoted ^= part.ends_with('"');
        let mut words = part.split_whitespace().filter(|_| outside);
        words.find_map(|word| {
            WORDS.iter().find(|(own, _)| own.eq_ignore_ascii_case(word)).map(|(_, sign)| (word, *sign))
        })
    })
}

/// Line and column from 1; the start when Rhai has none.
pub fn position(position: Position) -> (u32, u32) {
    let count = |part: Option<usize>| u32::try_from(part.unwrap_or(1).max(1)).unwrap_or(1);
    (count(position.line()), count(position.position()))
}

/// Runs a tree with the values of its root names.
pub fn run(tree: &AST, roots: &[String], names: &Bindings) -> Result<Value, EvaluationFailed> {
    let mut scope = Scope::new();
    for root in roots {
        let value = names.0.get(root).ok_or_else(|| EvaluationFailed::new(format!("`{root}` has no value here")))?;
        scope.push_constant_dynamic(root.as_str(), to_rhai(value));
    }
    match engine().eval_ast_with_scope::<Dynamic>(&mut scope, tree) {
        Ok(value) => Ok(from_rhai(value)),
        Err(error) => Err(EvaluationFailed::new(explain(&error))),
    }
}

/// Rhai's reason without the values in it.
fn explain(error: &EvalAltResult) -> String {
    let place = match position_text(error.position()) {
        Some(place) => format!(" ({place})"),
        None => String::new(),
    };
    match error {
        EvalAltResult::ErrorTooManyOperations(_) => {
            format!("it does not end within {OPERATIONS} steps{place}")
        }
        EvalAltResult::ErrorRuntime(reason, _) if reason.is_string() => format!("{reason}{place}"),
        EvalAltResult::ErrorInFunctionCall(name, _, inner, _) => format!("in `{name}`: {}", explain(inner)),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => format!("there is no `{signature}`{place}"),
        EvalAltResult::ErrorMismatchDataType(wanted, got, _) => format!("{wanted} is wanted, not {got}{place}"),
        EvalAltResult::ErrorDataTooLarge(what, _) => format!("a value grows too large: {what}{place}"),
        EvalAltResult::ErrorStackOverflow(_) => format!("its functions call each other without end{place}"),
        EvalAltResult::ErrorArithmetic(reason, _) => format!("{reason}{place}"),
        _ => format!("it failed{place}"),
    }
}

fn position_text(position: Position) -> Option<String> {
    position.line().map(|line| format!("line {line}, column {}", position.position().unwrap_or(1)))
}

/// A value as Rhai sees it. A date is its ISO text there, which orders as dates do; nothing known is `()`.
fn to_rhai(value: &Value) -> Dynamic {
    match value {
        Value::Absent => Dynamic::UNIT,
        Value::Text(letters) => Dynamic::from(rhai::ImmutableString::from(letters.as_ref())),
        Value::Integer(number) => Dynamic::from_int(*number),
        Value::Decimal(number) => Dynamic::from_decimal(*number),
        Value::Truth(truth) => Dynamic::from_bool(*truth),
        Value::Date(date) => Dynamic::from(rhai::ImmutableString::from(date.to_string())),
        Value::Record(fields) => {
            Dynamic::from_map(fields.iter().map(|(name, value)| (name.as_str().into(), to_rhai(value))).collect())
        }
        Value::List(items) => Dynamic::from_array(items.iter().map(to_rhai).collect()),
    }
}

/// What Rhai gave, as a value; types of its own (ranges, functions) are nothing to us.
fn from_rhai(value: Dynamic) -> Value {
    if let Ok(truth) = value.as_bool() {
        return Value::Truth(truth);
    }
    if let Ok(number) = value.as_int() {
        return Value::Integer(number);
    }
    if let Ok(number) = value.as_decimal() {
        return Value::Decimal(number);
    }
    if value.is_array() {
        return Value::List(value.into_array().unwrap_or_default().into_iter().map(from_rhai).collect());
    }
    if value.is_map() {
        let map = value.try_cast::<rhai::Map>().unwrap_or_default();
        return Value::Record(map.into_iter().map(|(name, value)| (name.to_string(), from_rhai(value))).collect());
    }
    if value.is_string() || value.is_char() {
        return Value::text(&value.to_string());
    }
    Value::Absent
}
