//! Functions, methods and operators.

use super::sorts::comparison_help;
use super::{Check, Sort};
use crate::project::expression::functions;
use crate::project::finding::{certainly, closest};
use rhai::{FnCallExpr, Position};

impl Check<'_> {
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position, receiver: Option<Sort>) -> Sort {
        let sorts: Vec<Sort> = call.args.iter().map(|value| self.sort(value)).collect();
        let name = call.name.as_str();
        if call.is_operator_call() {
            return self.operator(name, &sorts, position);
        }
        let count = sorts.len() + usize::from(receiver.is_some());
        if let Some((_, wanted)) = functions::OWN.iter().find(|(own, _)| *own == name) {
            return self.own_function(name, *wanted, count, &sorts, call, position);
        }
        if self.own_functions.iter().any(|(own, _)| own == name) || name.starts_with("anon$") {
            return Sort::Unknown;
        }
        if let Some((_, gives)) = LIBRARY.iter().find(|(known, _)| *known == name) {
            return gives.clone();
        }
        let text_length = name.chars().count();
        let own = self.own_functions.iter().map(|(own, _)| own.clone()).collect::<Vec<_>>();
        let library = functions::OWN.iter().map(|(own, _)| *own).chain(LIBRARY.iter().map(|(library, _)| *library));
        let known: Vec<&str> = library.chain(own.iter().map(String::as_str)).collect();
        self.report("unknown-function", position, text_length, || {
            let help = match closest(name, known.iter().copied()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => "functions: within(value, share, reference), min, max, abs, round(x, digits)".to_owned(),
            };
            (format!("there is no function `{name}`"), Some(help))
        });
        self.meant(certainly(name, known));
        Sort::Unknown
    }

    pub(super) fn own_function(
        &mut self,
        name: &str,
        wanted: usize,
        count: usize,
        sorts: &[Sort],
        call: &FnCallExpr,
        position: Position,
    ) -> Sort {
        if count != wanted {
            self.report("type-mismatch", position, name.chars().count(), || {
                (format!("`{name}` takes {wanted} values, not {count}"), None)
            });
        }
        for (sort, value) in sorts.iter().zip(&call.args) {
            if !sort.may_be(&Sort::Number) {
                self.report("type-mismatch", value.start_position(), 1, || {
                    (format!("`{name}` takes numbers, but this is {}", sort.noun()), None)
                });
            }
        }
        if name == "within" { Sort::Truth } else { Sort::Number }
    }

    pub(super) fn operator(&mut self, name: &str, sorts: &[Sort], position: Position) -> Sort {
        let length = name.chars().count();
        match (name, sorts) {
            ("==" | "!=" | "<" | "<=" | ">" | ">=", [left, right]) => {
                if !left.compares_with(right) {
                    let help = comparison_help(left, right);
                    self.report("type-mismatch", position, length, || {
                        (format!("`{name}` compares {} with {}", left.noun(), right.noun()), help)
                    });
                }
                Sort::Truth
            }
            ("!", [value]) => {
                if !value.may_be(&Sort::Truth) {
                    self.report("type-mismatch", position, length, || {
                        (format!("`!` turns true and false around, but this is {}", value.noun()), None)
                    });
                }
                Sort::Truth
            }
            ("+", [left, right]) if !left.may_be(&Sort::Number) && left.may_be(right) => left.clone(),
            ("+" | "-" | "*" | "/" | "%" | "**", _) => {
                if let Some(other) = sorts.iter().find(|sort| !sort.may_be(&Sort::Number)) {
                    self.report("type-mismatch", position, length, || {
                        (format!("`{name}` calculates with numbers, but this is {}", other.noun()), None)
                    });
                }
                Sort::Number
            }
            _ => Sort::Unknown,
        }
    }
}

/// What the registered Rhai packages offer, by name, with what each surely gives. `print`, `debug`, `eval` and `sleep`
/// are left out: a script has no output and no clock.
const LIBRARY: &[(&str, Sort)] = &[
    ("len", Sort::Number),
    ("is_empty", Sort::Truth),
    ("contains", Sort::Truth),
    ("starts_with", Sort::Truth),
    ("ends_with", Sort::Truth),
    ("some", Sort::Truth),
    ("all", Sort::Truth),
    ("index_of", Sort::Number),
    ("to_upper", Sort::Text),
    ("to_lower", Sort::Text),
    ("to_string", Sort::Text),
    ("sub_string", Sort::Text),
    ("trim", Sort::Unknown),
    ("replace", Sort::Unknown),
    ("split", Sort::Unknown),
    ("pad", Sort::Unknown),
    ("push", Sort::Unknown),
    ("pop", Sort::Unknown),
    ("shift", Sort::Unknown),
    ("insert", Sort::Unknown),
    ("remove", Sort::Unknown),
    ("append", Sort::Unknown),
    ("extract", Sort::Unknown),
    ("truncate", Sort::Unknown),
    ("reverse", Sort::Unknown),
    ("sort", Sort::Unknown),
    ("map", Sort::Unknown),
    ("filter", Sort::Unknown),
    ("find", Sort::Unknown),
    ("reduce", Sort::Unknown),
    ("for_each", Sort::Unknown),
    ("dedup", Sort::Unknown),
    ("drain", Sort::Unknown),
    ("keys", Sort::Unknown),
    ("values", Sort::Unknown),
    ("get", Sort::Unknown),
    ("set", Sort::Unknown),
    ("range", Sort::Unknown),
    ("chars", Sort::Unknown),
    ("call", Sort::Unknown),
    ("curry", Sort::Unknown),
    ("Fn", Sort::Unknown),
];
