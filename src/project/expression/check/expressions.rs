//! Expressions, down to names and calls.

use super::names::path;
use super::{Check, Sort};
use rhai::{Expr, Position};

impl Check<'_> {
    pub(super) fn sort(&mut self, expression: &Expr) -> Sort {
        if let Some((path, places)) = path(expression) {
            return self.name(&path, &places);
        }
        match expression {
            Expr::BoolConstant(..) => Sort::Truth,
            Expr::IntegerConstant(..) => Sort::Number,
            Expr::StringConstant(letters, _) => Sort::Written(letters.to_string()),
            Expr::CharConstant(..) => Sort::Text,
            Expr::Unit(_) => Sort::Nothing,
            Expr::DynamicConstant(constant, _) if constant.is_int() || constant.is_decimal() => Sort::Number,
            Expr::InterpolatedString(parts, _) => {
                self.all(parts);
                Sort::Text
            }
            Expr::Array(parts, _) => {
                self.all(parts);
                Sort::Unknown
            }
            Expr::Map(parts, _) => {
                parts.0.iter().for_each(|(_, value)| {
                    self.sort(value);
                });
                Sort::Unknown
            }
            Expr::And(parts, _) | Expr::Or(parts, _) => {
                parts.iter().for_each(|part| self.want(part, &Sort::Truth));
                Sort::Truth
            }
            Expr::Coalesce(parts, _) => {
                self.all(parts);
                Sort::Unknown
            }
            Expr::Stmt(block) => self.block(block.iter()),
            Expr::FnCall(call, position) => self.call(call, *position, None),
            Expr::Dot(pair, _, _) | Expr::Index(pair, _, _) => self.chain(&pair.lhs, &pair.rhs),
            _ => Sort::Unknown,
        }
    }

    pub(super) fn all(&mut self, parts: &[Expr]) {
        parts.iter().for_each(|part| {
            self.sort(part);
        });
    }

    /// `value.method(…)`, `value[index]`: the value's own names are checked, its insides are Rhai's.
    pub(super) fn chain(&mut self, value: &Expr, rest: &Expr) -> Sort {
        let receiver = self.sort(value);
        match rest {
            Expr::MethodCall(call, position) => self.call(call, *position, Some(receiver)),
            Expr::Dot(pair, _, _) | Expr::Index(pair, _, _) => {
                match &pair.lhs {
                    Expr::MethodCall(call, position) => {
                        self.call(call, *position, Some(receiver));
                    }
                    Expr::Property(..) => {}
                    other => {
                        self.sort(other);
                    }
                }
                self.chain(&Expr::Unit(Position::NONE), &pair.rhs)
            }
            Expr::Property(..) => Sort::Unknown,
            other => {
                self.sort(other);
                Sort::Unknown
            }
        }
    }

    pub(super) fn want(&mut self, expression: &Expr, wanted: &Sort) {
        let got = self.sort(expression);
        if !got.may_be(wanted) {
            let length = path(expression).map_or(1, |(path, _)| path.join(".").chars().count());
            self.report("type-mismatch", expression.start_position(), length, || {
                (format!("{} is wanted here, but this is {}", wanted.noun(), got.noun()), None)
            });
        }
    }
}
