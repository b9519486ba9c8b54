//! What a template reads and whether that can be printed, known before there is any data.

use super::filters::FILTERS;
use super::parts::{Filter, Part, Piece, Test};
use crate::project::finding::{Problem, did_you_mean};
use crate::project::value::{Kind, Names, Value};
use minijinja::machinery::ast::{self, Expr, Spanned, Stmt};
use minijinja::machinery::{self, Span};

/// The widest text a filter may ask for; every field of GP is far shorter.
pub const WIDEST: usize = 256;

/// A template that has no problem.
pub struct Checked {
    /// Dotted, once each, in order of appearance.
    pub names: Vec<String>,
    /// `None` when only minijinja can run it.
    pub parts: Option<Vec<Part>>,
}

/// Parses `text` and checks every name, filter and operation in it.
pub fn check(text: &str, names: &Names) -> Result<Checked, Vec<Problem>> {
    let tree = machinery::parse(text, "template", Default::default()).map_err(|error| vec![syntax_problem(&error)])?;
    let mut check = Check { names, text, locals: Vec::new(), read: Vec::new(), problems: Vec::new() };
    let parts = check.statement(&tree);
    if check.problems.is_empty() { Ok(Checked { names: check.read, parts }) } else { Err(check.problems) }
}

/// A syntax error of minijinja as a problem.
pub fn syntax_problem(error: &minijinja::Error) -> Problem {
    let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    Problem {
        code: "template-syntax",
        message: format!("the template cannot be read: {reason}"),
        line: error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(1),
        column: 1,
        length: 0,
        help: Some("a name stands in double braces: `{{ period.code }}`".to_owned()),
    }
}

struct Check<'c> {
    names: &'c Names,
    text: &'c str,
    /// Names that the template itself sets: loop variables.
    locals: Vec<String>,
    read: Vec<String>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn report(&mut self, code: &'static str, span: Span, message: String, help: Option<String>) {
        // minijinja counts columns from 0; a span of several lines is shown by its start.
        let length = if span.start_line == span.end_line { span.end_col.saturating_sub(span.start_col) } else { 0 };
        self.problems.push(Problem {
            code,
            message,
            line: u32::from(span.start_line.max(1)),
            column: u32::from(span.start_col) + 1,
            length: u32::from(length),
            help,
        });
    }

    fn body(&mut self, statements: &[Stmt<'_>]) -> Option<Vec<Part>> {
        let mut parts = Some(Vec::new());
        for statement in statements {
            let more = self.statement(statement);
            parts = parts.zip(more).map(|(mut all, more)| {
                all.extend(more);
                all
            });
        }
        parts
    }

    fn statement(&mut self, statement: &Stmt<'_>) -> Option<Vec<Part>> {
        match statement {
            Stmt::Template(template) => self.body(&template.children),
            Stmt::EmitRaw(raw) => Some(vec![Part::Literal(raw.raw.to_owned())]),
            Stmt::EmitExpr(hole) => {
                let piece = self.piece(&hole.expr);
                self.printable(&hole.expr);
                piece.map(|piece| vec![Part::Hole(piece)])
            }
            Stmt::IfCond(branches) => {
                self.test(&branches.expr);
                self.body(&branches.true_body);
                self.body(&branches.false_body);
                None
            }
            Stmt::ForLoop(each) => {
                self.piece(&each.iter);
                let outside = self.locals.len();
                self.locals.push("loop".to_owned());
                if let Expr::Var(variable) = &each.target {
                    self.locals.push(variable.id.to_owned());
                }
                self.body(&each.body);
                self.locals.truncate(outside);
                self.body(&each.else_body);
                None
            }
            Stmt::Set(set) => {
                self.piece(&set.expr);
                if let Expr::Var(variable) = &set.target {
                    self.locals.push(variable.id.to_owned());
                }
                None
            }
            other => {
                self.not_offered(other);
                None
            }
        }
    }

    /// Imports, macros and blocks: one template is one text here.
    fn not_offered(&mut self, statement: &Stmt<'_>) {
        let what = match statement {
            Stmt::Include(_) => "include",
            Stmt::Import(_) | Stmt::FromImport(_) => "import",
            Stmt::Extends(_) => "extends",
            Stmt::Macro(_) => "macro",
            Stmt::WithBlock(_) => "with",
            _ => "this block",
        };
        let line = self.text.lines().position(|line| line.contains(what)).unwrap_or(0);
        self.problems.push(Problem {
            code: "template-syntax",
            message: format!("`{what}` is not offered in a project's templates"),
            line: u32::try_from(line + 1).unwrap_or(1),
            column: 1,
            length: 0,
            help: Some("texts, names, filters, `if` and `for` are".to_owned()),
        });
    }

    /// The name's type where it is a plain name, for what a hole may print.
    fn kind(&self, expression: &Expr<'_>) -> Option<Kind> {
        let path = path(expression)?.0;
        let first = path.first()?;
        if self.locals.contains(first) { None } else { self.names.kind(&path).ok().cloned() }
    }

    fn printable(&mut self, expression: &Expr<'_>) {
        match self.kind(expression) {
            Some(Kind::Record(fields)) => {
                let inside: Vec<&str> = fields.keys().map(String::as_str).collect();
                let name = path(expression).map(|(path, _)| path.join(".")).unwrap_or_default();
                let help = inside.first().map(|first| format!("print a part of it, for example `{name}.{first}`"));
                self.report("type-mismatch", expression.span(), format!("`{name}` is a record, not a text"), help);
            }
            Some(Kind::List(_)) => {
                self.report(
                    "type-mismatch",
                    expression.span(),
                    "a list cannot be printed as one text".to_owned(),
                    None,
                );
            }
            _ => {}
        }
    }

    fn piece(&mut self, expression: &Expr<'_>) -> Option<Piece> {
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
                if matches!(operation.op, ast::UnaryOpKind::Neg) {
                    self.arithmetic("-", expression.span(), &[&operation.expr]);
                }
                self.piece(&operation.expr);
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

    fn constant(&self, value: &minijinja::Value) -> Option<Value> {
        if let Some(text) = value.as_str() {
            return Some(Value::text(text));
        }
        value.as_i64().filter(|_| value.is_integer()).map(Value::Integer)
    }

    fn name(&mut self, path: Vec<String>, span: Span) -> Option<Piece> {
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
                let help = did_you_mean(&unknown, &names.candidates(&path, position));
                let length = u16::try_from(unknown.chars().count()).unwrap_or(0);
                // The span covers the whole path; the unknown part starts after the known ones and their dots.
                let before: usize = path.iter().take(position).map(|part| part.chars().count() + 1).sum();
                let start_col = span.start_col.saturating_add(u16::try_from(before).unwrap_or(0));
                let span =
                    Span { start_col, end_col: start_col.saturating_add(length), end_line: span.start_line, ..span };
                self.report("unknown-name", span, format!("nothing is called `{unknown}` here"), help);
                None
            }
        }
    }

    fn filter(&mut self, filter: &Spanned<ast::Filter<'_>>) -> Option<Piece> {
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

    fn operation(&mut self, operation: &Spanned<ast::BinOp<'_>>) -> Option<Piece> {
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
    fn arithmetic(&mut self, sign: &str, span: Span, sides: &[&Expr<'_>]) {
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

    fn test(&mut self, expression: &Expr<'_>) -> Option<Test> {
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

    fn equality(&self, operator: ast::CompareOpKind, left: Piece, right: Piece) -> Option<Test> {
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

/// `period.code` as its parts, with the span of the whole.
fn path(expression: &Expr<'_>) -> Option<(Vec<String>, Span)> {
    match expression {
        Expr::Var(variable) => Some((vec![variable.id.to_owned()], variable.span())),
        Expr::GetAttr(attribute) => {
            let (mut names, first) = path(&attribute.expr)?;
            names.push(attribute.name.to_owned());
            let whole = attribute.span();
            Some((names, Span { start_line: first.start_line, start_col: first.start_col, ..whole }))
        }
        _ => None,
    }
}
