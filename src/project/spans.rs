//! YAML as a tree in which every scalar stays the text somebody wrote, and everything knows its place.
//!
//! Built over granit-parser's events. The profile is strict: one document, no tags, no merge keys, no key twice, no
//! tabs to indent, nothing deeper than [`DEEPEST`], and aliases only within a budget, counted before anything is
//! copied. `0410`, `1e5`, `NO` and `1.10` are texts here and stay texts.

use super::finding::{Finding, Place};
use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Levels of nesting. Our deepest key has 7.
const DEEPEST: usize = 32;
/// Nodes that aliases may copy in one file.
const MOST_COPIES: usize = 2_000;

/// Where a node stands, and how a position inside its text becomes a position in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    pub line: u32,
    pub column: u32,
    pub length: u32,
    inside: Inside,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    /// The text's first character stands at this column of the spot's line.
    Line { column: u32 },
    /// A literal block: its lines follow each other from here, all moved right.
    Block { line: u32, indent: u32 },
    /// Folded or escaped: only the whole can be shown.
    #[default]
    Whole,
}

impl Spot {
    pub fn place(&self, file: &Arc<str>) -> Place {
        Place { file: Arc::clone(file), line: self.line, column: self.column, length: self.length }
    }

    /// The place of a part of the text: line and column from 1, in characters.
    pub fn part(&self, file: &Arc<str>, line: u32, column: u32, length: u32) -> Place {
        let file = Arc::clone(file);
        match self.inside {
            Inside::Line { column: first } if line == 1 => {
                Place { file, line: self.line, column: first + column.saturating_sub(1), length }
            }
            Inside::Block { line: first, indent } => {
                Place { file, line: first + line.saturating_sub(1), column: indent + column, length }
            }
            Inside::Line { .. } | Inside::Whole => self.place(&file),
        }
    }
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub struct Node {
    pub spot: Spot,
    /// The key it stands under.
    pub key: Option<Spot>,
    pub content: Content,
}

#[derive(Clone, Debug)]
pub enum Content {
    /// Nothing was written.
    Empty,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.content {
            Content::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, node)| node),
            Content::Empty | Content::Text(_) | Content::List(_) => None,
        }
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.content {
            Content::Map(entries) => entries.iter_mut().find(|(name, _)| name == key).map(|(_, node)| node),
            Content::List(items) => key.parse::<usize>().ok().and_then(|position| items.get_mut(position)),
            Content::Empty | Content::Text(_) => None,
        }
    }

    /// The key's place where there is one, else the node's own.
    pub fn key_or_self(&self) -> Spot {
        self.key.unwrap_or(self.spot)
    }

    pub fn noun(&self) -> &'static str {
        match self.content {
            Content::Empty => "nothing",
            Content::Text(_) => "a text",
            Content::List(_) => "a list",
            Content::Map(_) => "a mapping",
        }
    }

    fn count(&self) -> usize {
        match &self.content {
            Content::Empty | Content::Text(_) => 1,
            Content::List(items) => 1 + items.iter().map(Node::count).sum::<usize>(),
            Content::Map(entries) => 1 + entries.iter().map(|(_, node)| 1 + node.count()).sum::<usize>(),
        }
    }
}

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
                    self.refuse_tag(tag.is_some(), spot);
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
        self.refuse_tag(tag, spot);
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

    fn refuse_tag(&mut self, tag: bool, spot: Spot) {
        if tag {
            let help = "remove the `!`: every value is text until the program reads it as a number or a date";
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
        let (code, message) = if deep {
            ("yaml-too-deep", "this is nested too deeply".to_owned())
        } else {
            ("yaml-syntax", format!("this is not YAML: {reason}"))
        };
        let help = "a text with `: `, ` #`, `{`, `[` or a leading quote needs quotes around it";
        self.findings.push(Finding::error(code, place, message).help(help));
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

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_text(text: &str) -> (Option<Node>, Vec<String>) {
        let mut findings = Vec::new();
        let node = parse(&Arc::from("p.yaml"), text, &mut findings);
        (node, findings.iter().map(|f| format!("{} {}: {}", f.place, f.code, f.message)).collect())
    }

    #[test]
    fn every_scalar_stays_what_was_written() {
        let (node, findings) = parse_text("a: 0410\nb: 1e5\nc: NO\nd: 1.10\ne: 2013-11-01\nf: ~\ng:\n");
        assert!(findings.is_empty());
        let node = node.unwrap();
        for (key, text) in [("a", "0410"), ("b", "1e5"), ("c", "NO"), ("d", "1.10"), ("e", "2013-11-01"), ("f", "~")] {
            assert!(matches!(&node.get(key).unwrap().content, Content::Text(own) if own == text), "{key}");
        }
        assert!(matches!(node.get("g").unwrap().content, Content::Empty));
    }

    #[test]
    fn a_part_of_a_text_has_its_place() {
        let file: Arc<str> = Arc::from("p.yaml");
        let (node, _) =
            parse_text("keep: abc def\nquoted: \"abc def\"\nblock: |\n  abc\n  abc def\nescaped: \"a\\tc def\"\n");
        let node = node.unwrap();
        let part = |key: &str, line, column| node.get(key).unwrap().spot.part(&file, line, column, 3).to_string();
        assert_eq!(part("keep", 1, 5), "p.yaml:1:11");
        assert_eq!(part("quoted", 1, 5), "p.yaml:2:14");
        assert_eq!(part("block", 2, 5), "p.yaml:5:7");
        assert_eq!(part("escaped", 1, 5), "p.yaml:6:10", "an escaped text is shown as a whole");
    }

    #[test]
    fn what_yaml_would_hide_is_refused() {
        for (text, expected) in [
            ("a: 1\nb: 2\na: 3\n", "p.yaml:3:1 duplicate-key: `a` is already set"),
            ("a:\n\tb: 1\n", "p.yaml:2:1 yaml-tab: a tab indents this line"),
            ("a: !!int 5\n", "p.yaml:1:10 yaml-tag: tags are not read"),
            ("a: &x {b: 1}\nc:\n  <<: *x\n", "p.yaml:3:3 yaml-merge-key: merge keys are not read"),
            ("a: 1\n---\nb: 2\n", "p.yaml:2:1 yaml-documents: a second document begins here"),
            ("{{ x }}: 1\n", "p.yaml:1:2 yaml-syntax: a mapping cannot be a key"),
        ] {
            assert_eq!(parse_text(text).1, [expected], "{text}");
        }
        let deep = format!("a: {}{}", "[".repeat(40), "]".repeat(40));
        assert!(parse_text(&deep).1[0].contains("yaml-too-deep"));
        let (_, findings) = parse_text(&format!("a: {}", "[".repeat(100_000)));
        assert!(findings[0].contains("yaml-too-deep"), "{findings:?}");
        assert!(parse_text("a: [1, 2\nb: 3\n").1[0].contains("yaml-syntax"));
    }

    #[test]
    fn an_alias_bomb_ends_before_it_is_copied() {
        let mut bomb = String::from("l0: &l0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..25 {
            let below = level - 1;
            bomb.push_str(&format!("l{level}: &l{level} [{}]\n", vec![format!("*l{below}"); 9].join(", ")));
        }
        let (node, findings) = parse_text(&bomb);
        assert!(node.is_none());
        assert_eq!(findings.len(), 1);
        assert!(findings[0].contains("yaml-alias-bomb"), "{findings:?}");
        let (node, findings) = parse_text("a: &x [1, 2]\nb: *x\n");
        assert!(node.is_some() && findings.is_empty(), "a harmless alias is fine");
    }
}
