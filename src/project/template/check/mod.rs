//! What a template reads and whether that can be printed, known before there is any data.

mod operations;
mod pieces;

use super::parts::Part;
use crate::project::finding::Problem;
use crate::project::value::{Kind, Names};
use minijinja::machinery::ast::{Expr, Stmt};
use minijinja::machinery::{self, Span};

/// The widest text a filter may ask for; every field of GP is far shorter.
pub const WIDEST: usize = 256;

/// Words and signs of a template. Signs in a row are as many levels of a tree, which has to fit on the stack; where a hole
/// ends is known only to the parser, so all count. GP's widest field has 255 characters.
const MOST_SIGNS: usize = 300;
/// Characters of a template.
const LONGEST: usize = 10_000;
/// Brackets inside brackets: minijinja's parser takes a good part of a small stack for each.
const DEEPEST: usize = 30;

/// A template that has no problem.
pub struct Checked {
    /// Dotted, once each, in order of appearance.
    pub names: Vec<String>,
    /// `None` when only minijinja can run it.
    pub parts: Option<Vec<Part>>,
}

/// Parses `text` and checks every name, filter and operation in it.
pub fn check(text: &str, names: &Names) -> Result<Checked, Vec<Problem>> {
    if let Some(message) = too_much(text) {
        let help = Some("look the text up in a table instead".to_owned());
        let problem = Problem { code: "template-syntax", message, line: 1, column: 1, length: 0, help, meant: None };
        return Err(vec![problem]);
    }
    let tree = machinery::parse(text, "template", Default::default()).map_err(|error| vec![syntax_problem(&error)])?;
    let mut check = Check { names, text, locals: Vec::new(), read: Vec::new(), problems: Vec::new() };
    let parts = check.statement(&tree);
    if check.problems.is_empty() { Ok(Checked { names: check.read, parts }) } else { Err(check.problems) }
}

/// What keeps a template from being parsed at all.
fn too_much(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return Some(format!("a template has at most {LONGEST} characters"));
    }
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words = text.split(|letter| !is_part(letter)).filter(|word| !word.is_empty()).count();
    let signs = text.chars().filter(|letter| letter.is_ascii_punctuation() && !"\"'{}_,".contains(*letter)).count();
    if words + signs > MOST_SIGNS {
        return Some(format!("a template has at most {MOST_SIGNS} words and signs"));
    }
    let (mut open, mut deepest) = (0_usize, 0);
    for letter in text.chars() {
        match letter {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    (deepest > DEEPEST).then(|| format!("more than {DEEPEST} brackets stand inside each other"))
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
        meant: None,
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
            meant: None,
        });
    }

    /// Says what is certainly meant by what was reported last.
    fn meant(&mut self, meant: Option<&str>) {
        if let Some(problem) = self.problems.last_mut() {
            problem.meant = meant.map(str::to_owned);
        }
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
            meant: None,
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
