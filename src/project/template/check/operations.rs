//! Filters, operators and conditions.

use super::super::filters::FILTERS;
use super::super::parts::{Filter, Piece, Test};
use super::{Check, WIDEST, path};
use crate::project::finding::did_you_mean;
use crate::project::value::{Kind, Value};
use minijinja::machinery::Span;
use minijinja::machinery::ast::{self, Expr, Spanned};

impl Check<'_> {
    pub(super) fn filter(&mut self, filter: &Spanned<ast::Filter<'_>>) -> Option<Piece> {
        let inner = filter.expr.as_ref().and_then(|inner| {
            self.printable(inner);
            self.piece(inner)
        });
        let values: Vec<Option<Piece>> = filter
            .args
            .iter()
            .map(|value| match value {
                ast::CallArg::Pos(value) | ast::CallArg::Kwarg(_, value) => self.piece(value),
                ast::CallArg::PosSplat(_) | ast::CallArg::KwargSplat(_) => None,
            })
            .collect();
        let known = FILTERS.iter().find(|(name, _)| *name == filter.name);
        let Some((name, counts)) = known else {
            let all: Vec<&str> = FILTERS.iter().map(|(name, _)| *name).collect();
            let help = did_you_mean(filter.name, &all);
            self.report("unknown-function", filter.span(), format!("there is no filter `{}`", filter.name), help);
            return None;
        };
        if !counts.contains(&values.len()) {
            let message = format!("`{name}` takes {} value, not {}", counts.start(), values.len());
            self.report("type-mismatch", filter.span(), message, None);
            return None;
        }
        let filter_of = |value: Option<Piece>| value.and_then(as_width);
        let mut values = values.into_iter();
        let made = match *name {
            "upper" => Filter::Upper,
            "lower" => Filter::Lower,
            "trim" => Filter::Trim,
            "default" => Filter::Default(Box::new(values.next().flatten()?)),
            "pad" | "truncate" => match filter_of(values.next().flatten()) {
                Some(width) if *name == "pad" => Filter::Pad(width),
                Some(width) => Filter::Truncate(width),
                None => {
                    let message = format!("`{name}` takes a whole number from 0 to {WIDEST}");
                    self.report("type-mismatch", filter.span(), message, None);
                    return None;
                }
            },
            _ => return None,
        };
        Some(Piece::Filter(Box::new(inner?), made))
    }

    pub(super) fn operation(&mut self, operation: &Spanned<ast::BinOp<'_>>) -> Option<Piece> {
        let sign = match operation.op {
            ast::BinOpKind::Add => "+",
            ast::BinOpKind::Sub => "-",
            ast::BinOpKind::Mul => "*",
            ast::BinOpKind::Div => "/",
            ast::BinOpKind::FloorDiv => "//",
            ast::BinOpKind::Rem => "%",
            ast::BinOpKind::Pow => "**",
            ast::BinOpKind::Concat => {
                let (left, right) = (self.piece(&operation.left), self.piece(&operation.right));
                return Some(Piece::Joined(Box::new((left?, right?))));
            }
            _ => {
                self.piece(&operation.left);
                self.piece(&operation.right);
                return None;
            }
        };
        self.arithmetic(sign, operation.span(), &[&operation.left, &operation.right]);
        None
    }

    /// Templates make text. A sum made here would escape the rounding rules and the balance proof.
    pub(super) fn arithmetic(&mut self, sign: &str, span: Span, sides: &[&Expr<'_>]) {
        let money = sides.iter().find_map(|side| match self.kind(side) {
            Some(Kind::Money) => path(side).map(|(path, _)| path.join(".")),
            _ => None,
        });
        let message = match money {
            Some(name) => format!("`{sign}` calculates with `{name}`, which is money: a template only makes text"),
            None => format!("`{sign}` calculates: a template only makes text"),
        };
        let help =
            if sign == "+" { "`~` joins texts" } else { "amounts are made under `pay`, conditions under `check`" };
        self.report("template-arithmetic", span, message, Some(help.to_owned()));
        for side in sides {
            if self.kind(side) != Some(Kind::Money) {
                self.piece(side);
            }
        }
    }

    pub(super) fn test(&mut self, expression: &Expr<'_>) -> Option<Test> {
        match expression {
            Expr::Compare(comparison) => {
                let left = self.piece(&comparison.expr);
                let rights: Vec<Option<Piece>> = comparison.ops.iter().map(|side| self.piece(&side.expr)).collect();
                let [side] = comparison.ops.as_slice() else { return None };
                let right = rights.into_iter().next().flatten();
                self.equality(side.op, left?, right?)
            }
            Expr::BinOp(operation) => match operation.op {
                ast::BinOpKind::ScAnd | ast::BinOpKind::ScOr => {
                    let sides = (self.test(&operation.left), self.test(&operation.right));
                    let sides = Box::new((sides.0?, sides.1?));
                    let all = matches!(operation.op, ast::BinOpKind::ScAnd);
                    Some(if all { Test::All(sides) } else { Test::Any(sides) })
                }
                ast::BinOpKind::Eq | ast::BinOpKind::Ne => {
                    let (left, right) = (self.piece(&operation.left), self.piece(&operation.right));
                    let equal = matches!(operation.op, ast::BinOpKind::Eq);
                    Some(if equal { Test::Equal(left?, right?) } else { Test::Unequal(left?, right?) })
                }
                _ => {
                    self.piece(expression);
                    None
                }
            },
            Expr::UnaryOp(operation) if matches!(operation.op, ast::UnaryOpKind::Not) => {
                self.test(&operation.expr).map(|inner| Test::Not(Box::new(inner)))
            }
            _ => self.piece(expression).map(Test::Holds),
        }
    }

    pub(super) fn equality(&self, operator: ast::CompareOpKind, left: Piece, right: Piece) -> Option<Test> {
        match operator {
            ast::CompareOpKind::Eq => Some(Test::Equal(left, right)),
            ast::CompareOpKind::Ne => Some(Test::Unequal(left, right)),
            _ => None,
        }
    }
}

fn as_width(piece: Piece) -> Option<usize> {
    match piece {
        Piece::Constant(Value::Integer(width)) => usize::try_from(width).ok().filter(|width| *width <= WIDEST),
        _ => None,
    }
}
