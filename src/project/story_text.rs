//! A story's text: what is expected, written as somebody would, and put into a file that somebody wrote.

use super::shape::FileKind;
use super::spans::{self, Content, Node};
use std::sync::Arc;

/// A scalar as YAML: plain where that is clear, else in double quotes.
pub fn scalar(text: &str) -> String {
    let first = text.chars().next().is_some_and(|letter| letter.is_alphanumeric());
    let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '.' | '_' | '/' | '-' | '(' | ')');
    let last = text.chars().last().is_some_and(|letter| letter != ' ');
    if first && last && text.chars().all(plain) {
        text.to_owned()
    } else {
        let mut quoted = String::from("\"");
        for letter in text.chars() {
            match letter {
                '"' | '\\' => quoted.extend(['\\', letter]),
                '\n' => quoted.push_str("\\n"),
                '\t' => quoted.push_str("\\t"),
                letter => quoted.push(letter),
            }
        }
        quoted.push('"');
        quoted
    }
}

/// `{ name: text, … }`.
pub fn mapping<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> String {
    let pairs: Vec<String> = pairs.into_iter().map(|(name, text)| format!("{name}: {}", scalar(text))).collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// A part of `expect` to be written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    One(String),
    /// Items without their dash.
    List(Vec<String>),
}

/// The story with these parts of `expect` written anew; everything else, comments too, stays as it is. An item that is the
/// same keeps its line. `None` where a part is not written on lines of its own.
pub fn with_parts(text: &str, parts: &[(&str, Part)]) -> Option<String> {
    parts.iter().try_fold(text.to_owned(), |text, (key, part)| with_part(&text, key, part))
}

fn with_part(text: &str, key: &str, part: &Part) -> Option<String> {
    let file: Arc<str> = Arc::from(FileKind::Story.word());
    let root: Node = spans::parse(&file, text, &mut Vec::new())?;
    let node = root.get("expect")?.get(key)?;
    let spot = node.key?;
    let lines: Vec<&str> = text.lines().collect();
    let at = (spot.line as usize).checked_sub(1)?;
    let indent = (spot.column as usize).checked_sub(1)?;
    let own = lines.get(at)?;
    if !own.trim_start().starts_with(&format!("{key}:")) || indent_of(own) != indent {
        return None;
    }
    let end = end_of_block(&lines, at, indent);
    let block = lines.get(at + 1..end)?;
    let mut new: Vec<String> = Vec::new();
    let pad = " ".repeat(indent);
    match part {
        Part::One(word) => new.push(format!("{pad}{key}: {}", scalar(word))),
        Part::List(items) if items.is_empty() => new.push(format!("{pad}{key}: []")),
        Part::List(items) => {
            new.push(format!("{pad}{key}:"));
            new.extend(block.iter().filter(|line| line.trim_start().starts_with('#')).map(|line| (*line).to_owned()));
            let inner = match &node.content {
                Content::List(old) => {
                    old.first().map(|item| item.spot.column as usize).map(|column| column.saturating_sub(3))
                }
                _ => None,
            };
            let inner = inner.filter(|inner| *inner >= indent && block.iter().any(|line| is_item(line, *inner)));
            let inner = " ".repeat(inner.unwrap_or(indent + 2));
            let mut left: Vec<&str> = block.to_vec();
            for item in items {
                let same = left.iter().position(|line| plain(line) == plain(&format!("- {item}")));
                match same {
                    Some(same) => new.push(left.remove(same).to_owned()),
                    None => new.push(format!("{inner}- {item}")),
                }
            }
        }
    }
    let all = lines[..at]
        .iter()
        .map(|line| (*line).to_owned())
        .chain(new)
        .chain(lines[end..].iter().map(|line| (*line).to_owned()));
    let mut all = all.collect::<Vec<_>>().join("\n");
    all.push('\n');
    Some(all)
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_item(line: &str, indent: usize) -> bool {
    indent_of(line) == indent && line.trim_start().starts_with("- ")
}

/// The line after the last one that belongs to the key at `at`.
fn end_of_block(lines: &[&str], at: usize, indent: usize) -> usize {
    let mut end = at + 1;
    for (number, line) in lines.iter().enumerate().skip(at + 1) {
        let (own, text) = (indent_of(line), line.trim_start());
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if own > indent || (own == indent && text.starts_with("- ")) {
            end = number + 1;
        } else {
            break;
        }
    }
    end
}

/// A line without its blanks and its comment, to be compared.
fn plain(line: &str) -> String {
    let text = line.split(" #").next().unwrap_or(line);
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '"').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "format: 1\nexpect:\n  status: ready   # as ever\n  lines:\n    # by hand: 72,000 / 12\n    - { account: 5100, debit: 6000.00 }   # a twelfth\n    - { account: 2100, credit: 6000.00 }\n\n  held: []\n";

    #[test]
    fn only_what_differs_is_written_and_comments_stay() {
        let items =
            vec!["{ account: 5100, debit: 6000.00 }".to_owned(), "{ account: 2100, credit: 6500.00 }".to_owned()];
        let parts = [("lines", Part::List(items)), ("held", Part::List(vec!["{ code: look-up-missing }".to_owned()]))];
        let new = with_parts(STORY, &parts).unwrap();
        let expected = STORY
            .replace("credit: 6000.00", "credit: 6500.00")
            .replace("  held: []\n", "  held:\n    - { code: look-up-missing }\n");
        assert_eq!(new, expected);
        assert_eq!(
            with_parts(&new, &[("status", Part::One("held".to_owned()))]).unwrap().lines().nth(2),
            Some("  status: held")
        );
        assert_eq!(
            with_parts(&new, &[("held", Part::List(Vec::new()))]).unwrap(),
            expected.replace("  held:\n    - { code: look-up-missing }\n", "  held: []\n")
        );
        assert_eq!(with_parts("expect: { status: ready }\n", &[("status", Part::One("held".to_owned()))]), None);
    }

    #[test]
    fn texts_are_quoted_where_they_must_be() {
        for (text, yaml) in [
            ("6000.00", "6000.00"),
            ("Nov 2013", "Nov 2013"),
            ("a: b", "\"a: b\""),
            ("", "\"\""),
            ("-5", "\"-5\""),
            ("x ", "\"x \""),
        ] {
            assert_eq!(scalar(text), yaml);
        }
    }
}
