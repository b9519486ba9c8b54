//! Names and dotted paths.

use super::{Check, Sort};
use crate::project::finding::{certainly, did_you_mean};
use crate::project::value::Kind;
use rhai::{ASTFlags, Expr, Position};

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

impl Check<'_> {
    /// A name or a dotted path: local, known, or a finding.
    pub(super) fn name(&mut self, path: &[String], places: &[Position]) -> Sort {
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

    pub(super) fn unknown(&mut self, name: &str, place: Option<Position>, candidates: Vec<&str>, help: Option<&str>) {
        let meant = certainly(name, candidates.iter().copied());
        let help = help.map(str::to_owned).or_else(|| did_you_mean(name, &candidates));
        self.report("unknown-name", place.unwrap_or(Position::START), name.chars().count(), || {
            (format!("nothing is called `{name}` here"), help)
        });
        self.meant(meant);
    }
}
