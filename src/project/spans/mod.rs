//! YAML as a tree in which every scalar stays the text somebody wrote, and everything knows its place.
//!
//! Built over granit-parser's events. The profile is strict: one document, no tags, no merge keys, no key twice, no
//! tabs to indent, nothing deeper than [`DEEPEST`], and aliases only within a budget, counted before anything is
//! copied. `0410`, `1e5`, `NO` and `1.10` are texts here and stay texts.

mod tree;

pub use tree::{Content, Node, Spot};

use super::finding::{Finding, Place};
use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span};
use std::collections::BTreeMap;
use std::sync::Arc;
use tree::Inside;

/// Levels of nesting. Our deepest key has 7.
const DEEPEST: usize = 32;
/// Keys of one mapping. Each is compared with all others and may be a finding.
const MOST_KEYS: usize = 1_000;
/// Nodes that aliases may copy in one file.
const MOST_COPIES: usize = 2_000;

/// Parses a file. The findings say why there is no tree.
pub fn parse(file: &Arc<str>, text: &str, findings: &mut Vec<Finding>) -> Option<Node> {
    if let Some(finding) = tab(file, text) {
        findings.push(finding);
        return None;
    }
    let before = findings.len();
    let mut builder = Builder { file, text, findings, anchors: BTreeMap::new(), copies: 0 };
    let root = builder.document();
    if findings.len() > before { None } else { root }
}

/// The first line that a tab indents. YAML forbids it, and parsers explain it badly.
fn tab(file: &Arc<str>, text: &str) -> Option<Finding> {
    let (number, line) = text.lines().enumerate().find(|(_, line)| {
        let indent = &line[..line.len() - line.trim_start().len()];
        indent.contains('\t') && !line.trim().is_empty()
    })?;
    let column = line.chars().take_while(|letter| *letter != '\t').count() + 1;
    let place = Place {
        file: Arc::clone(file),
        line: u32::try_from(number + 1).unwrap_or(1),
        column: u32::try_from(column).unwrap_or(1),
        length: 1,
    };
    Some(
        Finding::error("yaml-tab", place, "a tab indents this line")
            .help("YAML is indented with blanks: two for each level"),
    )
}

struct Builder<'b> {
    file: &'b Arc<str>,
    text: &'b str,
    findings: &'b mut Vec<Finding>,
    anchors: BTreeMap<usize, Node>,
    copies: usize,
}

/// A collection that is being filled.
struct Open {
    node: Node,
    /// The key that waits for its value.
    key: Option<(String, Spot)>,
    anchor: usize,
}

impl Builder<'_> {
    fn document(&mut self) -> Option<Node> {
        let mut open: Vec<Open> = Vec::new();
        let mut root: Option<Node> = None;
        let mut documents = 0;
        for next in Parser::new_from_str(self.text) {
            let (event, span) = match next {
                Ok(next) => next,
                Err(error) => {
                    self.syntax(&error);
                    return None;
                }
            };
            let finished = match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        let message = "a second document begins here";
                        self.report("yaml-documents", self.spot(span), message, "one file holds one document");
                        return None;
                    }
                    None
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let spot = self.scalar_spot(span, &text, style);
                    self.refuse_tag(tag.is_some(), span);
                    // What was not written comes as a plain scalar of no length.
                    let empty = span.is_empty() && style == ScalarStyle::Plain;
                    let content = if empty { Content::Empty } else { Content::Text(text.into_owned()) };
                    Some((Node { spot, key: None, content }, anchor))
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.begin(&mut open, span, Content::List(Vec::new()), anchor, tag.is_some())?;
                    None
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.begin(&mut open, span, Content::Map(Vec::new()), anchor, tag.is_some())?;
                    None
                }
                Event::SequenceEnd | Event::MappingEnd => open.pop().map(|open| (open.node, open.anchor)),
                Event::Alias(anchor) => Some((self.copy(anchor, span)?, 0)),
                _ => None,
            };
            let Some((node, anchor)) = finished else { continue };
            if anchor > 0 {
                self.anchors.insert(anchor, node.clone());
            }
            match open.last_mut() {
                Some(parent) => self.add(parent, node)?,
                None => root = Some(node),
            }
        }
        root
    }

    fn begin(&mut self, open: &mut Vec<Open>, span: Span, content: Content, anchor: usize, tag: bool) -> Option<()> {
        let spot = self.spot(span);
        self.refuse_tag(tag, span);
        if open.len() >= DEEPEST {
            let message = format!("this is nested deeper than {DEEPEST} levels");
            self.report("yaml-too-deep", spot, message, "no key of a project is that deep: is a bracket missing?");
            return None;
        }
        open.push(Open { node: Node { spot, key: None, content }, key: None, anchor });
        Some(())
    }

    /// Puts a finished node into its parent: as an item, as a key, or as the value of the key before.
    fn add(&mut self, parent: &mut Open, mut node: Node) -> Option<()> {
        match &mut parent.node.content {
            Content::List(items) => items.push(node),
            Content::Map(entries) if entries.len() >= MOST_KEYS => {
                let message = format!("this mapping has more than {MOST_KEYS} keys");
                self.report("file-too-large", node.spot, message, "is it a table? keep its rows in `tables/`");
                return None;
            }
            Content::Map(entries) => match parent.key.take() {
                Some((key, spot)) => {
                    node.key = Some(spot);
                    // A key is kept once: the second one is reported and left out.
                    match entries.iter().find(|(name, _)| *name == key) {
                        Some((_, first)) => {
                            let first = first.key_or_self().place(self.file);
                            let finding = Finding::error(
                                "duplicate-key",
                                spot.place(self.file),
                                format!("`{key}` is already set"),
                            );
                            self.findings.push(finding.related(first, "first set here").help("keep one of the two"));
                        }
                        None => entries.push((key, node)),
                    }
                }
                None => match node.content {
                    Content::Text(key) if key == "<<" => {
                        let help = "write the keys out; a project's files say what they mean where they mean it";
                        self.report("yaml-merge-key", node.spot, "merge keys are not read", help);
                        return None;
                    }
                    Content::Text(key) => parent.key = Some((key, node.spot)),
                    Content::Empty => parent.key = Some((String::new(), node.spot)),
                    Content::List(_) | Content::Map(_) => {
                        let help = "put quotes around a text that begins with a bracket or `{{`";
                        self.report("yaml-syntax", node.spot, format!("{} cannot be a key", node.noun()), help);
                        return None;
                    }
                },
            },
            Content::Empty | Content::Text(_) => {}
        }
        Some(())
    }

    /// A copy of an anchored node, counted before it is made.
    fn copy(&mut self, anchor: usize, span: Span) -> Option<Node> {
        let spot = self.spot(span);
        let size = self.anchors.get(&anchor).map_or(0, Node::count);
        self.copies += size;
        if self.copies > MOST_COPIES {
            let message = format!("the aliases of this file copy more than {MOST_COPIES} nodes");
            self.report("yaml-alias-bomb", spot, message, "write the values out");
            return None;
        }
        let copy = self.anchors.get(&anchor).cloned();
        if copy.is_none() {
            self.report("yaml-syntax", spot, "this alias names an anchor that is not finished", "write the value out");
        }
        copy
    }

    fn refuse_tag(&mut self, tag: bool, span: Span) {
        if tag {
            let help = "remove the `!`: every value is text until the program reads it as a number or a date";
            let spot = self.spot(span.tag_span().unwrap_or(span));
            self.report("yaml-tag", spot, "tags are not read", help);
        }
    }

    fn report(&mut self, code: &'static str, spot: Spot, message: impl Into<String>, help: &str) {
        self.findings.push(Finding::error(code, spot.place(self.file), message).help(help));
    }

    fn syntax(&mut self, error: &ScanError) {
        let marker = error.marker();
        let place = Place {
            file: Arc::clone(self.file),
            line: number(marker.line()),
            column: number(marker.col() + 1),
            length: 0,
        };
        let reason = error.info();
        let deep = reason.contains("recursion") || reason.contains("nesting") || reason.contains("depth");
        let finding = if deep {
            Finding::error("yaml-too-deep", place, "this is nested too deeply").help("is a bracket missing?")
        } else {
            Finding::error("yaml-syntax", place, format!("this is not YAML: {reason}")).help(help_for_syntax(&reason))
        };
        self.findings.push(finding);
    }

    fn spot(&self, span: Span) -> Spot {
        let one_line = span.start.line() == span.end.line();
        let length = if one_line { span.end.col().saturating_sub(span.start.col()) } else { 0 };
        Spot {
            line: number(span.start.line()),
            column: number(span.start.col() + 1),
            length: number(length),
            inside: Inside::Whole,
        }
    }

    fn scalar_spot(&self, span: Span, text: &str, style: ScalarStyle) -> Spot {
        let spot = self.spot(span);
        let one_line = span.start.line() == span.end.line();
        let letters = text.chars().count();
        let inside = match style {
            ScalarStyle::Plain if one_line => Inside::Line { column: spot.column },
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted if one_line && spot.length == number(letters + 2) => {
                Inside::Line { column: spot.column + 1 }
            }
            // The span begins at the first letter; blank lines before it are part of the text.
            ScalarStyle::Literal => {
                let blank = text.chars().take_while(|letter| *letter == '\n').count();
                Inside::Block {
                    line: number(span.start.line().saturating_sub(blank)),
                    indent: number(span.start.col()),
                }
            }
            _ => Inside::Whole,
        };
        Spot { inside, ..spot }
    }
}

/// What usually is behind the parser's words.
fn help_for_syntax(reason: &str) -> &'static str {
    let of = |words: &str| reason.contains(words);
    if of("did not find expected '-' indicator") {
        "an item of a list begins with `- `: a dash and a blank, all in the same column"
    } else if of("did not find expected key") {
        "all keys of one mapping begin in the same column: is this line, or the one before, moved?"
    } else if of("escape") {
        "between double quotes a backslash is written twice, `\"ACME\\\\kim\"`; without quotes or between single ones, once"
    } else if of("after double-quoted scalar")
        || of("after single-quoted scalar")
        || of("unterminated")
        || of("unexpected end")
    {
        "a quote before this is not closed, or one inside the text ends it: write `\\\"` for a quote in double quotes"
    } else if of("flow") {
        "a `{` or `[` before this is not closed, or a comma between two entries is missing"
    } else {
        "a text with `: `, ` #`, `{`, `[` or a leading quote needs quotes around it"
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
