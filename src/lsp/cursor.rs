//! Where a cursor stands in a YAML text: under which keys, and in which word. Told from indentation and brackets alone, so
//! that it works while the text is half written and no parser would take it; what things mean never comes from here.

use super::scan::{Mark, Scan, Spot};
use crate::project::spans::{self, Content, Node};
use std::ops::Range;
use std::sync::Arc;

/// One step from the root of a file to a place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Key(String),
    /// An item of a list, counted from 0.
    Item(usize),
}

/// What is written at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// A key of the mapping at the cursor's path.
    Key,
    /// The first letters of the node at the path: of a mapping's first key, or of a text.
    Start,
    /// The value at the path.
    Value,
    /// A line of a text in a block (`|`): the value at the path.
    Block,
}

/// A cursor in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub path: Vec<Step>,
    pub at: At,
    /// Keys that the mapping at the cursor has beside the one under it.
    pub beside: Vec<String>,
    /// The word under the cursor without its quotes: a whole key, or a whole value as far as it stands on this line.
    pub word: String,
    /// Where the word stands on its line, in characters from 0.
    pub columns: Range<usize>,
    /// Characters of the word before the cursor.
    pub before: usize,
    pub line: usize,
    pub quote: Option<char>,
}

impl Cursor {
    /// The cursor at a line and a column, both from 0, in characters. `None` in a comment or behind a finished value.
    pub fn find(text: &str, line: usize, column: usize) -> Option<Cursor> {
        let mut scan = Scan::default();
        let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r').chars().collect::<Vec<char>>());
        for full in lines.by_ref().take(line) {
            scan.line(&full, false);
        }
        let full = lines.next()?;
        let cut = full.get(..column).unwrap_or(&full);
        let spot = scan.line(cut, true)?;
        let end = end_of_word(&full, &spot).max(cut.len());
        let word: String = full[spot.start.min(end)..end].iter().collect();
        let follows_colon =
            full[end..].iter().find(|letter| **letter != ' ' && Some(**letter) != spot.quote) == Some(&':');
        let at = if spot.at == At::Start && follows_colon { At::Key } else { spot.at };
        let path = scan.path(&spot);
        let mark = Mark::of(&scan, &spot);
        let beside = scan.beside(mark, &full, end + usize::from(spot.quote.is_some()), lines);
        let (columns, before) = (spot.start..end, cut.len().saturating_sub(spot.start));
        Some(Cursor { path, at, beside, word, columns, before, line, quote: spot.quote })
    }

    /// The cursor in a script, which is one expression.
    pub fn in_script(own: &str, line: usize, column: usize) -> Cursor {
        let columns = 0..own.chars().count();
        let (path, beside) = (Vec::new(), Vec::new());
        Cursor { path, at: At::Value, beside, word: own.to_owned(), columns, before: column, line, quote: None }
    }

    /// The steps as words, `#` for an item of a list.
    pub fn steps(&self) -> Vec<&str> {
        self.path.iter().map(|step| if let Step::Key(key) = step { key.as_str() } else { "#" }).collect()
    }
}

/// The keys and texts of the mapping that the cursor's value is in, where the text can be read.
pub fn row_around(text: &str, cursor: &Cursor) -> Vec<(String, String)> {
    let mut node = spans::parse(&Arc::from("row"), text, &mut Vec::new());
    for step in cursor.path.iter().take(cursor.path.len().saturating_sub(1)) {
        node = node.and_then(|node| match (step, node.content) {
            (Step::Key(key), Content::Map(entries)) => {
                entries.into_iter().find(|(own, _)| own == key).map(|(_, node)| node)
            }
            (Step::Item(item), Content::List(items)) => items.into_iter().nth(*item),
            _ => None,
        });
    }
    let Some(Content::Map(entries)) = node.map(|node| node.content) else { return Vec::new() };
    let text = |(key, node): (String, Node)| match node.content {
        Content::Text(text) => Some((key, text)),
        Content::Empty | Content::List(_) | Content::Map(_) => None,
    };
    entries.into_iter().filter_map(text).collect()
}

/// Where the word that begins at the spot ends.
fn end_of_word(line: &[char], spot: &Spot) -> usize {
    let from = spot.start.min(line.len());
    if let Some(quote) = spot.quote {
        return super::scan::closing(line, from, quote).unwrap_or(line.len());
    }
    if spot.at == At::Block {
        return line.len();
    }
    let mut end = from;
    while let Some(letter) = line.get(end) {
        let next_is_blank = line.get(end + 1).is_none_or(|next| *next == ' ');
        let ends_key = *letter == ':' && spot.at != At::Value && (next_is_blank || spot.flow);
        let ends_flow = spot.flow && [',', '}', ']', '{', '['].contains(letter);
        let comment = *letter == '#' && end > 0 && line[end - 1] == ' ';
        if ends_key || ends_flow || comment {
            break;
        }
        end += 1;
    }
    while end > from && line[end - 1] == ' ' {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cursor at the `¦` of a text.
    fn at(text: &str) -> Option<Cursor> {
        let mark = text.find('¦').unwrap();
        let before = &text[..mark];
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap().chars().count();
        Cursor::find(&text.replace('¦', ""), line, column)
    }

    fn shown(text: &str) -> String {
        at(text).map_or_else(
            || "nothing".to_owned(),
            |cursor| {
                let beside = if cursor.beside.is_empty() {
                    String::new()
                } else {
                    format!(" beside {}", cursor.beside.join(","))
                };
                format!("{:?} /{} `{}`{beside}", cursor.at, cursor.steps().join("/"), cursor.word)
            },
        )
    }

    #[test]
    fn keys_and_values_of_blocks() {
        for (text, expected) in [
            ("¦", "Start / ``"),
            ("for¦", "Start / `for`"),
            ("format: 1\nke¦\n", "Key / `ke` beside format"),
            ("format: 1\n¦\nkeep: x\n", "Key / `` beside format,keep"),
            ("keep: dep¦artment == 1 # why\n", "Value /keep `department == 1`"),
            ("keep: x # wh¦y\n", "nothing"),
            ("keep: ¦", "Value /keep ``"),
            ("keep:¦", "Value /keep ``"),
            ("ke¦ep: x", "Key / `keep`"),
            ("look_up:\n  ¦", "Start /look_up ``"),
            ("look_up:\n  ¦\n  b: x\nsend: y\n", "Start /look_up `` beside b"),
            ("look_up:\n  a: { in: x }\n  ¦", "Key /look_up `` beside a"),
            ("look_up:\n  a: { in: x }\n¦", "Key / `` beside look_up"),
            ("look_up:\n  a:\n    in: x\n    ta¦\n    else: hold\nkeep: y", "Key /look_up/a `ta` beside in,else"),
            ("keep: a ==\n  b¦", "Value /keep `b`"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn lists() {
        for (text, expected) in [
            ("check:\n  - ¦", "Start /check/# ``"),
            ("check:\n  - ru¦", "Start /check/# `ru`"),
            ("check:\n- rule: x\n- expect: y\n  s¦", "Key /check/# `s` beside expect"),
            ("check:\n  - rule: a¦\n", "Value /check/#/rule `a`"),
            ("check:\n  - rule: a\n  - rule: b\n    else: ¦", "Value /check/#/else ``"),
            ("check:\n- rule: a\nsen¦", "Key / `sen` beside check"),
            ("a:\n  - - x\n    - y¦", "Start /a/#/# `y`"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        assert_eq!(at("a:\n  - x\n  - y\n  - z¦\n").unwrap().path, [Step::Key("a".into()), Step::Item(2)]);
    }

    #[test]
    fn brackets() {
        for (text, expected) in [
            ("a: { in: cost-¦centres, else: hold }", "Value /a/in `cost-centres`"),
            ("a: { ¦in: x, else: hold }", "Key /a `in` beside else"),
            ("a: { in: x, ¦ }", "Key /a `` beside in"),
            ("a: { \"i¦n\": x, else: hold }", "Key /a `in` beside else"),
            ("a: { in: x, el¦", "Key /a `el` beside in"),
            ("a: { in: x, el¦\nb: y\n", "Key /a `el` beside in"),
            ("a: { by: { x: y¦ } }", "Value /a/by/x `y`"),
            ("a: [x, ¦]", "Start /a/# ``"),
            ("a: { in: x }¦", "nothing"),
            ("a: { in: \"x, y: z }\nb: ¦", "Value /b ``"),
            ("a: {\n  b: 1\n}\nc¦", "Key / `c` beside a"),
            ("l:\n  - { name: a, debit: ¦, account: \"000-{{ x }}\" }", "Value /l/#/debit ``"),
            ("l:\n  - { name: a, account: \"000-{{ co¦st }}\", debit: x }", "Value /l/#/account `000-{{ cost }}`"),
            ("l:\n  - { name: a,\n      de¦bit: x,\n      account: y }", "Key /l/# `debit` beside name,account"),
            ("s: { to: gp gen¦eral ledger, as: x }", "Value /s/to `gp general ledger`"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn texts_in_quotes_and_blocks() {
        for (text, expected) in [
            ("a: \"x ¦y\" # c", "Value /a `x y`"),
            ("a: 'it''s ¦ok'", "Value /a `it''s ok`"),
            ("a: \"x\"¦", "nothing"),
            ("\"a¦\": x", "Key / `a`"),
            ("sent: |\n  pipeline,per¦iod\n  x,y\nexpect: z", "Block /sent `  pipeline,period`"),
            ("about: |\n  key: no\nke¦", "Key / `ke` beside about"),
            ("about: \"two\n  lines: here¦ \"\nb: c", "Value /about `  lines: here `"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn every_place_of_every_text_has_an_answer() {
        let text = "a: { b: [1, {c: 'x' }, \"é\n  ü\" ] } # z\n- - ? !! & * | > %\n\t x: |\n  y\nk: \"\\\"";
        for (line, full) in text.split('\n').enumerate() {
            for column in 0..=full.chars().count() + 1 {
                Cursor::find(text, line, column);
            }
        }
        assert_eq!(Cursor::find("a", 7, 0), None);
    }
}
