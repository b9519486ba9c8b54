//! What an expression reads and whether its types fit, known before there is any data.

use super::functions;
use super::{Problem, Wanted, engine};
use crate::project::finding::{closest, did_you_mean};
use crate::project::value::{Kind, Names};
use rhai::{AST, ASTFlags, ASTNode, Expr, FnCallExpr, Position, Stmt};

/// What an expression reads.
pub struct Read {
    /// Dotted paths in order of appearance, once each.
    pub paths: Vec<String>,
    /// Their first names, once each.
    pub roots: Vec<String>,
}

/// Checks one expression and what it yields.
pub fn expression(tree: &AST, text: &str, names: &Names, wanted: Wanted) -> Result<Read, Vec<Problem>> {
    let mut check = Check::new(names, tree);
    let mut sort = Sort::Unknown;
    for statement in tree.statements() {
        sort = check.statement(statement);
    }
    let fits = match wanted {
        Wanted::Anything => true,
        Wanted::Truth => sort.may_be(&Sort::Truth),
        Wanted::Number => sort.may_be(&Sort::Number),
    };
    if !fits && check.problems.is_empty() {
        let wanted = if wanted == Wanted::Truth { "true or false" } else { "a number" };
        check.report("type-mismatch", Position::START, text.trim().chars().count(), || {
            (format!("this yields {}, but {wanted} is wanted", sort.noun()), None)
        });
    }
    check.finish()
}

/// Checks a whole script: its functions, too.
pub fn script(tree: &AST, names: &Names) -> Result<Read, Vec<Problem>> {
    let mut check = Check::new(names, tree);
    for statement in tree.statements() {
        check.statement(statement);
    }
    // A script function sees its parameters only, none of the names outside. Rhai hands out function bodies through
    // `walk` alone: after the script's own statements, one outermost node for each of theirs.
    check.inside_function = true;
    check.locals = tree
        .iter_fn_def()
        .flat_map(|function| function.params.iter().map(|name| (name.to_string(), Sort::Unknown)))
        .collect();
    let mut own = tree.statements().len();
    tree.walk(&mut |path: &[ASTNode<'_>]| {
        if let [ASTNode::Stmt(statement)] = path {
            match own.checked_sub(1) {
                Some(left) => own = left,
                None => {
                    check.statement(statement);
                }
            }
        }
        true
    });
    check.finish()
}

/// A dotted path of names (`last_period.headcount`) with the position of each part; `None` for anything else.
pub fn path(expression: &Expr) -> Option<(Vec<String>, Vec<Position>)> {
    let (mut names, mut places) = (Vec::new(), Vec::new());
    let mut rest = expression;
    loop {
        match rest {
            Expr::Variable(variable, _, position) if names.is_empty() => {
                names.push(variable.1.to_string());
                places.push(*position);
                return Some((names, places));
            }
            Expr::Dot(pair, flags, _) if !flags.contains(ASTFlags::NEGATED) => {
                match &pair.lhs {
                    Expr::Variable(variable, _, position) if names.is_empty() => {
                        names.push(variable.1.to_string());
                        places.push(*position);
                    }
                    Expr::Property(property, position) if !names.is_empty() => {
                        names.push(property.2.to_string());
                        places.push(*position);
                    }
                    _ => return None,
                }
                rest = &pair.rhs;
            }
            Expr::Property(property, position) if !names.is_empty() => {
                names.push(property.2.to_string());
                places.push(*position);
                return Some((names, places));
            }
            _ => return None,
        }
    }
}

/// What is known of a value's type.
#[derive(Clone, Debug, PartialEq)]
enum Sort {
    Unknown,
    Nothing,
    Text,
    /// A text that is written right here.
    Written(String),
    Number,
    Truth,
    Date,
    Other(Kind),
}

impl Sort {
    fn of(kind: &Kind) -> Sort {
        match kind {
            Kind::Text => Sort::Text,
            Kind::Integer | Kind::Decimal | Kind::Money => Sort::Number,
            Kind::Truth => Sort::Truth,
            Kind::Date => Sort::Date,
            Kind::Record(_) | Kind::List(_) => Sort::Other(kind.clone()),
        }
    }

    fn noun(&self) -> String {
        match self {
            Sort::Unknown => "something".to_owned(),
            Sort::Nothing => "nothing".to_owned(),
            Sort::Text | Sort::Written(_) => "a text".to_owned(),
            Sort::Number => "a number".to_owned(),
            Sort::Truth => "true or false".to_owned(),
            Sort::Date => "a date".to_owned(),
            Sort::Other(kind) => kind.to_string(),
        }
    }

    /// Whether a value of this sort can be used where `wanted` is.
    fn may_be(&self, wanted: &Sort) -> bool {
        *self == Sort::Unknown
            || self == wanted
            || matches!((self, wanted), (Sort::Written(_), Sort::Text) | (Sort::Text, Sort::Written(_)))
            || matches!((self, wanted), (Sort::Written(_), Sort::Written(_)))
    }

    /// Whether two values can be compared with each other.
    fn compares_with(&self, other: &Sort) -> bool {
        match (self, other) {
            (Sort::Unknown | Sort::Nothing, _) | (_, Sort::Unknown | Sort::Nothing) => true,
            (Sort::Date, Sort::Written(text)) | (Sort::Written(text), Sort::Date) => {
                text.parse::<jiff::civil::Date>().is_ok()
            }
            _ => self.may_be(other),
        }
    }
}

struct Check<'c> {
    names: &'c Names,
    locals: Vec<(String, Sort)>,
    own_functions: Vec<(String, usize)>,
    inside_function: bool,
    read: Read,
    problems: Vec<Problem>,
}

impl<'c> Check<'c> {
    fn new(names: &'c Names, tree: &AST) -> Check<'c> {
        let own_functions =
            tree.iter_fn_def().map(|function| (function.name.to_string(), function.params.len())).collect();
        Check {
            names,
            locals: Vec::new(),
            own_functions,
            inside_function: false,
            read: Read { paths: Vec::new(), roots: Vec::new() },
            problems: Vec::new(),
        }
    }

    fn finish(self) -> Result<Read, Vec<Problem>> {
        if self.problems.is_empty() { Ok(self.read) } else { Err(self.problems) }
    }

    fn report(
        &mut self,
        code: &'static str,
        position: Position,
        length: usize,
        words: impl FnOnce() -> (String, Option<String>),
    ) {
        let (line, column) = engine::position(position);
        let (message, help) = words();
        let length = u32::try_from(length).unwrap_or(0);
        self.problems.push(Problem { code, message, line, column, length, help });
    }

    fn block<'s>(&mut self, statements: impl IntoIterator<Item = &'s Stmt>) -> Sort {
        let outside = self.locals.len();
        let mut last = Sort::Nothing;
        for statement in statements {
            last = self.statement(statement);
        }
        self.locals.truncate(outside);
        last
    }

    fn statement(&mut self, statement: &Stmt) -> Sort {
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

    fn sort(&mut self, expression: &Expr) -> Sort {
        if let Some((path, places)) = path(expression) {
            return self.name(&path, &places);
        }
        match expression {
            Expr::BoolConstant(..) => Sort::Truth,
            Expr::IntegerConstant(..) => Sort::Number,
            Expr::StringConstant(letters, _) => Sort::Written(letters.to_string()),
            Expr::CharConstant(..) => Sort::Text,
            Expr::Unit(_) => Sort::Nothing,
            Expr::DynamicConstant(constant, _) if super::native::literal_number(constant) => Sort::Number,
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

    fn all(&mut self, parts: &[Expr]) {
        parts.iter().for_each(|part| {
            self.sort(part);
        });
    }

    /// `value.method(…)`, `value[index]`: the value's own names are checked, its insides are Rhai's.
    fn chain(&mut self, value: &Expr, rest: &Expr) -> Sort {
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

    fn want(&mut self, expression: &Expr, wanted: &Sort) {
        let got = self.sort(expression);
        if !got.may_be(wanted) {
            let length = path(expression).map_or(1, |(path, _)| path.join(".").chars().count());
            self.report("type-mismatch", expression.start_position(), length, || {
                (format!("{} is wanted here, but this is {}", wanted.noun(), got.noun()), None)
            });
        }
    }

    /// A name or a dotted path: local, known, or a finding.
    fn name(&mut self, path: &[String], places: &[Position]) -> Sort {
        let Some(first) = path.first() else { return Sort::Unknown };
        if let Some((_, sort)) = self.locals.iter().rev().find(|(local, _)| local == first) {
            let mut sort = sort.clone();
            for part in path.iter().skip(1) {
                sort = match &sort {
                    Sort::Other(Kind::Record(fields)) => fields.get(part).map_or(Sort::Unknown, Sort::of),
                    _ => Sort::Unknown,
                };
            }
            return sort;
        }
        if self.inside_function {
            self.unknown(first, places.first().copied(), Vec::new(), Some("a function sees only its parameters"));
            return Sort::Unknown;
        }
        let names = self.names;
        match names.kind(path) {
            Ok(kind) => {
                let dotted = path.join(".");
                if !self.read.paths.contains(&dotted) {
                    self.read.paths.push(dotted);
                }
                if !self.read.roots.contains(first) {
                    self.read.roots.push(first.clone());
                }
                Sort::of(kind)
            }
            Err(position) => {
                // `lines.len` is a property that Rhai's list has.
                if position > 0 && matches!(names.kind(&path[..position]), Ok(Kind::List(_) | Kind::Text)) {
                    if !self.read.roots.contains(first) {
                        self.read.roots.push(first.clone());
                    }
                    return Sort::Unknown;
                }
                let candidates = names.candidates(path, position);
                let unknown = path.get(position).cloned().unwrap_or_default();
                self.unknown(&unknown, places.get(position).copied(), candidates, None);
                Sort::Unknown
            }
        }
    }

    fn unknown(&mut self, name: &str, place: Option<Position>, candidates: Vec<&str>, help: Option<&str>) {
        let help = help.map(str::to_owned).or_else(|| did_you_mean(name, &candidates));
        self.report("unknown-name", place.unwrap_or(Position::START), name.chars().count(), || {
            (format!("nothing is called `{name}` here"), help)
        });
    }

    fn call(&mut self, call: &FnCallExpr, position: Position, receiver: Option<Sort>) -> Sort {
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
        self.report("unknown-function", position, text_length, || {
            let known = functions::OWN.iter().chain(&[]).map(|(own, _)| *own);
            let library = LIBRARY.iter().map(|(library, _)| *library);
            let close = closest(name, known.chain(library).chain(own.iter().map(String::as_str)));
            let help = match close {
                Some(close) => format!("did you mean `{close}`?"),
                None => "functions: within(value, share, reference), min, max, abs, round(x, digits)".to_owned(),
            };
            (format!("there is no function `{name}`"), Some(help))
        });
        Sort::Unknown
    }

    fn own_function(
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

    fn operator(&mut self, name: &str, sorts: &[Sort], position: Position) -> Sort {
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

fn comparison_help(left: &Sort, right: &Sort) -> Option<String> {
    match (left, right) {
        (Sort::Date, Sort::Written(_)) | (Sort::Written(_), Sort::Date) => {
            Some("write the date as \"2013-11-30\"".to_owned())
        }
        (Sort::Written(_), Sort::Number) | (Sort::Number, Sort::Written(_)) => {
            Some("write the number without quotes".to_owned())
        }
        (Sort::Text, Sort::Number) | (Sort::Number, Sort::Text) => {
            Some("codes are texts: put the value in double quotes".to_owned())
        }
        _ => None,
    }
}

/// Whether a statement, or one inside it, leaves the loop around it.
fn leaves(statement: &Stmt) -> bool {
    match statement {
        Stmt::BreakLoop(_, flags, _) => flags.contains(ASTFlags::BREAK),
        Stmt::Return(..) => true,
        Stmt::If(flow, _) | Stmt::TryCatch(flow, _) => flow.body.iter().any(leaves) || flow.branch.iter().any(leaves),
        Stmt::Block(block) => block.iter().any(leaves),
        Stmt::While(flow, _) | Stmt::Do(flow, _, _) => flow.body.iter().any(returns),
        Stmt::For(parts, _) => parts.2.body.iter().any(returns),
        Stmt::Switch(..) | Stmt::Expr(_) => true,
        _ => false,
    }
}

/// A `break` inside an inner loop leaves only that one; a `return` leaves all.
fn returns(statement: &Stmt) -> bool {
    match statement {
        Stmt::Return(..) => true,
        Stmt::If(flow, _) | Stmt::TryCatch(flow, _) | Stmt::While(flow, _) | Stmt::Do(flow, _, _) => {
            flow.body.iter().any(returns) || flow.branch.iter().any(returns)
        }
        Stmt::Block(block) => block.iter().any(returns),
        Stmt::For(parts, _) => parts.2.body.iter().any(returns),
        _ => false,
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
