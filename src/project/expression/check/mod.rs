//! What an expression reads and whether its types fit, known before there is any data.
//!
//! One walk over Rhai's tree: [`statements`] and [`expressions`] visit, [`names`] resolves, [`calls`] knows every
//! function and operator, [`sorts`] says what is known of a value.

mod calls;
mod expressions;
mod loops;
mod names;
mod sorts;
mod statements;

pub use names::path;

use super::{Problem, Wanted, engine};
use crate::project::value::Names;
use rhai::{AST, ASTNode, Position};
use sorts::Sort;

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
        self.problems.push(Problem { code, message, line, column, length, help, meant: None });
    }

    /// Says what is certainly meant by what was reported last.
    fn meant(&mut self, meant: Option<&str>) {
        if let Some(problem) = self.problems.last_mut() {
            problem.meant = meant.map(str::to_owned);
        }
    }
}
