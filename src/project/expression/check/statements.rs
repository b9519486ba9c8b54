//! Statements: only scripts have them.

use super::loops::leaves;
use super::{Check, Sort};
use crate::project::value::Kind;
use rhai::{Expr, Stmt};

impl Check<'_> {
    pub(super) fn block<'s>(&mut self, statements: impl IntoIterator<Item = &'s Stmt>) -> Sort {
        let outside = self.locals.len();
        let mut last = Sort::Nothing;
        for statement in statements {
            last = self.statement(statement);
        }
        self.locals.truncate(outside);
        last
    }

    pub(super) fn statement(&mut self, statement: &Stmt) -> Sort {
        match statement {
            Stmt::Expr(expression) => return self.sort(expression),
            Stmt::FnCall(call, position) => return self.call(call, *position, None),
            Stmt::Block(block) => return self.block(block.iter()),
            Stmt::If(flow, _) => {
                self.want(&flow.expr, &Sort::Truth);
                let one = self.block(flow.body.iter());
                let two = self.block(flow.branch.iter());
                return if one == two { one } else { Sort::Unknown };
            }
            Stmt::While(flow, position) => {
                let endless = matches!(flow.expr, Expr::Unit(_) | Expr::BoolConstant(true, _));
                if endless && !flow.body.iter().any(leaves) {
                    self.report("endless-loop", *position, 4, || {
                        ("this loop never ends".to_owned(), Some("leave it with `break` or `return`".to_owned()))
                    });
                }
                if !matches!(flow.expr, Expr::Unit(_)) {
                    self.want(&flow.expr, &Sort::Truth);
                }
                self.block(flow.body.iter());
            }
            Stmt::Do(flow, _, _) => {
                self.block(flow.body.iter());
                self.want(&flow.expr, &Sort::Truth);
            }
            Stmt::For(parts, _) => {
                let items = self.sort(&parts.2.expr);
                let outside = self.locals.len();
                let item = match items {
                    Sort::Other(Kind::List(item)) => Sort::of(&item),
                    _ => Sort::Unknown,
                };
                self.locals.push((parts.0.name.to_string(), item));
                if let Some(counter) = &parts.1 {
                    self.locals.push((counter.name.to_string(), Sort::Number));
                }
                self.block(parts.2.body.iter());
                self.locals.truncate(outside);
            }
            Stmt::Var(parts, _, _) => {
                // A variable may be given another type later, so its first value says nothing for sure.
                self.sort(&parts.1);
                self.locals.push((parts.0.name.to_string(), Sort::Unknown));
            }
            Stmt::Assignment(parts) => {
                self.sort(&parts.1.lhs);
                self.sort(&parts.1.rhs);
            }
            Stmt::Import(_, position) | Stmt::Export(_, position) => {
                self.report("unknown-function", *position, 6, || {
                    ("a script stands alone: there is nothing to import or export".to_owned(), None)
                });
            }
            Stmt::Switch(parts, _) => {
                self.sort(&parts.0);
                for case in &parts.1.expressions {
                    self.sort(&case.lhs);
                    self.sort(&case.rhs);
                }
                return Sort::Unknown;
            }
            Stmt::TryCatch(flow, _) => {
                self.block(flow.body.iter());
                let outside = self.locals.len();
                if let Expr::Variable(variable, _, _) = &flow.expr {
                    self.locals.push((variable.1.to_string(), Sort::Unknown));
                }
                self.block(flow.branch.iter());
                self.locals.truncate(outside);
            }
            Stmt::BreakLoop(Some(expression), _, _) | Stmt::Return(Some(expression), _, _) => {
                self.sort(expression);
                return Sort::Unknown;
            }
            _ => {}
        }
        Sort::Nothing
    }
}
