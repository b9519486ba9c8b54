//! What stands in a hole: names, constants, and what is made of them.

use super::super::filters::FILTERS;
use super::super::parts::Piece;
use super::{Check, path};
use crate::project::finding::{certainly, did_you_mean};
use crate::project::value::{Kind, Value};
use minijinja::machinery::Span;
use minijinja::machinery::ast::{self, Expr};

impl Check<'_> {
    pub(super) fn piece(&mut self, expression: &Expr<'_>) -> Option<Piece> {
        if let Some((path, span)) = path(expression) {
            return self.name(path, span);
        }
        match expression {
            Expr::Const(constant) => self.constant(&constant.value).map(Piece::Constant),
            Expr::Filter(filter) => self.filter(filter),
            Expr::IfExpr(branches) => {
                let test = self.test(&branches.test_expr);
                let one = self.piece(&branches.true_expr);
                let two = match &branches.false_expr {
                    Some(other) => self.piece(other),
                    None => Some(Piece::Constant(Value::text(""))),
                };
                Some(Piece::If(Box::new((test?, one?, two?))))
            }
            Expr::BinOp(operation) => self.operation(operation),
            Expr::UnaryOp(operation) => {
                // `arithmetic` looks into its sides itself: to look here, too, would double with every sign.
                if matches!(operation.op, ast::UnaryOpKind::Neg) {
                    self.arithmetic("-", expression.span(), &[&operation.expr]);
                } else {
                    self.piece(&operation.expr);
                }
                None
            }
            Expr::Compare(comparison) => {
                self.piece(&comparison.expr);
                comparison.ops.iter().for_each(|side| {
                    self.piece(&side.expr);
                });
                None
            }
            Expr::Test(test) => {
                // `is defined` asks about a name that may be absent: still one that has to be known.
                self.piece(&test.expr);
                None
            }
            Expr::Call(call) => {
                let name = match &call.expr {
                    Expr::Var(variable) => variable.id,
                    _ => "this",
                };
                let help = did_you_mean(name, &FILTERS.iter().map(|(filter, _)| *filter).collect::<Vec<_>>());
                self.report("unknown-function", expression.span(), format!("`{name}` cannot be called"), help);
                None
            }
            Expr::List(list) => {
                list.items.iter().for_each(|item| {
                    self.piece(item);
                });
                None
            }
            Expr::GetItem(item) => {
                self.piece(&item.expr);
                self.piece(&item.subscript_expr);
                None
            }
            Expr::Slice(slice) => {
                self.piece(&slice.expr);
                None
            }
            _ => None,
        }
    }

    pub(super) fn constant(&self, value: &minijinja::Value) -> Option<Value> {
        if let Some(text) = value.as_str() {
            return Some(Value::text(text));
        }
        value.as_i64().filter(|_| value.is_integer()).map(Value::Integer)
    }

    pub(super) fn name(&mut self, path: Vec<String>, span: Span) -> Option<Piece> {
        let first = path.first()?;
        if self.locals.contains(first) {
            return None;
        }
        let names = self.names;
        match names.kind(&path) {
            Ok(Kind::Money) => {
                let name = path.join(".");
                self.report(
                    "money-in-template",
                    span,
                    format!("`{name}` is money, and a template does not print or change money"),
                    Some("amounts go into journal lines; put conditions on them into `check`".to_owned()),
                );
                None
            }
            Ok(_) => {
                let dotted = path.join(".");
                if !self.read.contains(&dotted) {
                    self.read.push(dotted);
                }
                Some(Piece::Name(path))
            }
            Err(position) => {
                let unknown = path.get(position).cloned().unwrap_or_default();
                let candidates = names.candidates(&path, position);
                let help = did_you_mean(&unknown, &candidates);
                let length = u16::try_from(unknown.chars().count()).unwrap_or(0);
                // The span covers the whole path; the unknown part starts after the known ones and their dots.
                let before: usize = path.iter().take(position).map(|part| part.chars().count() + 1).sum();
                let start_col = span.start_col.saturating_add(u16::try_from(before).unwrap_or(0));
                let span =
                    Span { start_col, end_col: start_col.saturating_add(length), end_line: span.start_line, ..span };
                self.report("unknown-name", span, format!("nothing is called `{unknown}` here"), help);
                self.meant(certainly(&unknown, candidates));
                None
            }
        }
    }
}
