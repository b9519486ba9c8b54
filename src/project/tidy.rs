//! `fmt`: a YAML file as the language's own files are laid out: two blanks a level, one blank inside braces and after commas,
//! no blanks at the end of a line, no more than one empty line. Comments, quotes, order and aligned columns stay.
//!
//! Nothing is ever meant otherwise: the new text is read again, and where it does not say the same as the old one, the file
//! is left alone.

use super::spans::{self, Content, Node};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why a file is not laid out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTidied {
    #[error("it is not YAML: `ml-connector lint` says where")]
    Unreadable,
    #[error("it could not be laid out without a change of what it says: please report it")]
    Changed,
}

/// The text laid out; the same text when it is already.
///
/// # Errors
/// A text that does not parse.
pub fn tidy(text: &str) -> Result<String, NotTidied> {
    let file: Arc<str> = Arc::from("file.yaml");
    let read = |text: &str| spans::parse(&file, text, &mut Vec::new());
    let plain = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let root = read(&plain).ok_or(NotTidied::Unreadable)?;
    let new = lay_out(&plain, &root);
    match read(&new) {
        Some(again) if same(&root, &again) => Ok(new),
        _ => Err(NotTidied::Changed),
    }
}

/// Whether two trees say the same, wherever it stands.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.content, &other.content) {
        (Content::Empty, Content::Empty) => true,
        (Content::Text(one), Content::Text(other)) => one == other,
        (Content::List(one), Content::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Content::Map(one), Content::Map(other)) => {
            let pairs = one.iter().zip(other);
            one.len() == other.len() && pairs.into_iter().all(|(one, other)| one.0 == other.0 && same(&one.1, &other.1))
        }
        _ => false,
    }
}

fn lay_out(text: &str, root: &Node) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut plan = Plan { indents: BTreeMap::new(), braces: Vec::new(), lines: &lines };
    plan.node(root, 0);
    let mut out: Vec<String> = Vec::new();
    // How far the line that owns what follows has moved: block texts and folded lines move with it.
    let mut moved = 0_isize;
    for (at, line) in lines.iter().enumerate() {
        let is_comment = line.trim_start().starts_with('#');
        let indent = match plan.indents.get(&at) {
            Some(wanted) => {
                moved = signed(*wanted) - signed(indent_of(line));
                *wanted
            }
            // A comment stands above what it is about.
            None if is_comment && !plan.inside_text(at) => {
                let next = plan.indents.range(at..).next().map(|(next, wanted)| (*next, *wanted));
                match next {
                    Some((next, wanted)) if indent_of(line) == indent_of(lines[next]) => wanted,
                    _ => (signed(indent_of(line)) + moved).max(0).unsigned_abs(),
                }
            }
            None => (signed(indent_of(line)) + moved).max(0).unsigned_abs(),
        };
        let body = line.trim_start();
        let body = if is_comment && !plan.inside_text(at) { comment(body) } else { plan.with_braces(at, line) };
        let body = if plan.inside_text(at) { body } else { body.trim_end().to_owned() };
        let new = if body.is_empty() { String::new() } else { format!("{}{body}", " ".repeat(indent)) };
        let empty_twice = new.is_empty() && out.last().is_none_or(String::is_empty) && !plan.inside_text(at);
        if !empty_twice {
            out.push(new);
        }
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    let mut text = out.join("\n");
    text.push('\n');
    text
}

fn signed(count: usize) -> isize {
    isize::try_from(count).unwrap_or(isize::MAX)
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// `#note` → `# note`.
fn comment(body: &str) -> String {
    let text = body.trim_start_matches('#');
    let marks = &body[..body.len() - text.len()];
    if text.is_empty() || text.starts_with([' ', '!']) { body.to_owned() } else { format!("{marks} {text}") }
}

/// What each line becomes.
struct Plan<'l> {
    /// Line → where it begins.
    indents: BTreeMap<usize, usize>,
    /// (line, column) where a `{` or `[` of the language begins.
    braces: Vec<(usize, usize)>,
    lines: &'l [&'l str],
}

impl Plan<'_> {
    fn letter(&self, line: usize, column: usize) -> Option<char> {
        self.lines.get(line)?.chars().nth(column)
    }

    /// A node whose keys or items begin at `indent`.
    fn node(&mut self, node: &Node, indent: usize) {
        let (line, column) = (node.spot.line.saturating_sub(1) as usize, node.spot.column.saturating_sub(1) as usize);
        let opens = match node.content {
            Content::Map(_) => Some('{'),
            Content::List(_) => Some('['),
            Content::Text(_) | Content::Empty => None,
        };
        if opens.is_some() && self.letter(line, column) == opens {
            // On one line: only its blanks are looked at. Over several: it moves as a whole.
            self.braces.push((line, column));
            return;
        }
        match &node.content {
            Content::Map(entries) => {
                for (_, value) in entries {
                    if let Some(key) = value.key {
                        self.begins(key.line.saturating_sub(1) as usize, key.column.saturating_sub(1) as usize, indent);
                    }
                    self.node(value, indent + 2);
                }
            }
            Content::List(items) => {
                for item in items {
                    let at = item_line(item);
                    if let Some(dash) = self
                        .lines
                        .get(at)
                        .map(|line| indent_of(line))
                        .filter(|dash| self.letter(at, *dash) == Some('-'))
                    {
                        self.begins(at, dash, indent);
                    }
                    self.node(item, indent + 2);
                }
            }
            Content::Text(_) | Content::Empty => {}
        }
    }

    /// Something begins at this column: when it is the first of its line, the line begins at `indent`.
    fn begins(&mut self, line: usize, column: usize, indent: usize) {
        let first = self.lines.get(line).is_some_and(|text| indent_of(text) == column);
        if first {
            self.indents.entry(line).or_insert(indent);
        }
    }

    /// Whether a line belongs to a text that goes over several lines (it begins nothing, and what owns it begins one).
    fn inside_text(&self, at: usize) -> bool {
        let Some((owner, _)) = self.indents.range(..at).next_back() else { return false };
        if self.indents.contains_key(&at) {
            return false;
        }
        let line = self.lines.get(*owner).map_or("", |line| line.split(" #").next().unwrap_or(line).trim_end());
        let is_block =
            line.ends_with(['|', '>']) || line.ends_with("|-") || line.ends_with(">-") || line.ends_with("|+");
        let deeper = self.lines.get(at).is_some_and(|own| own.trim().is_empty() || indent_of(own) > indent_of(line));
        let all_deeper = self
            .lines
            .get(owner + 1..at)
            .is_some_and(|between| between.iter().all(|own| own.trim().is_empty() || indent_of(own) > indent_of(line)));
        is_block && deeper && all_deeper
    }

    /// A line without its indent, its braces spaced.
    fn with_braces(&self, at: usize, line: &str) -> String {
        let indent = indent_of(line);
        let first = self.braces.iter().filter(|(own, _)| *own == at).map(|(_, column)| *column).min();
        let Some(first) = first else { return line.trim_start().to_owned() };
        let head: String = line.chars().skip(indent).take(first - indent).collect();
        let tail: String = line.chars().skip(first).collect();
        format!("{head}{}", spaced(&tail))
    }
}

/// The line on which an item of a list begins.
fn item_line(item: &Node) -> usize {
    let first = match &item.content {
        Content::Map(entries) => entries.first().and_then(|(_, value)| value.key).map(|key| key.line),
        _ => None,
    };
    first.map_or(item.spot.line, |first| first.min(item.spot.line)).saturating_sub(1) as usize
}

/// One blank inside braces and after commas, outside quotes; aligned columns stay. What follows the last bracket stays.
fn spaced(text: &str) -> String {
    let mut out = String::new();
    let (mut quote, mut depth) = (None, 0_usize);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some('"'), '\\') => {
                out.push(letter);
                out.extend(letters.next());
                continue;
            }
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if out.ends_with([' ', '{', '[', ',']) => quote = Some(letter),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => {
                depth = depth.saturating_sub(1);
                if letter == '}' && !out.ends_with([' ', '{']) {
                    out.push(' ');
                }
                if letter == ']' {
                    out.truncate(out.trim_end().len());
                }
            }
            _ => {}
        }
        out.push(letter);
        if quote.is_some() {
            continue;
        }
        let next = letters.peek().copied();
        match letter {
            '{' if !matches!(next, Some(' ' | '}') | None) => out.push(' '),
            '[' => while letters.next_if_eq(&' ').is_some() {},
            ',' if depth > 0 && !matches!(next, Some(' ') | None) => out.push(' '),
            '}' | ']' if depth == 0 => {
                out.extend(letters);
                return out;
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::{Path, PathBuf};

    #[test]
    fn a_file_is_laid_out_and_says_the_same() {
        let text = "format: 1\npipeline: x   \n#why\nfrom:\n    bamboohr: payroll-cost\n    take: {number: employeeNumber,plant: \"a, b{\"}\n\n\n\nmake:\n      journal:\n            # the head\n            batch: \"P{{ period.code }}\"\n            lines:\n            - {name: wages,   debit: gross}   # aligned\n            - name: x\n              credit: [ a,b ]\nabout: |\n      one\n        two\n\n\n      # three\n";
        let tidied = tidy(text).unwrap();
        let expected = "format: 1\npipeline: x\n# why\nfrom:\n  bamboohr: payroll-cost\n  take: { number: employeeNumber, plant: \"a, b{\" }\n\nmake:\n  journal:\n    # the head\n    batch: \"P{{ period.code }}\"\n    lines:\n      - { name: wages,   debit: gross }   # aligned\n      - name: x\n        credit: [a, b]\nabout: |\n      one\n        two\n\n\n      # three\n";
        assert_eq!(tidied, expected);
        assert_eq!(tidy(&tidied).unwrap(), tidied, "a second time changes nothing");
        assert_eq!(tidy("a: [b\n"), Err(NotTidied::Unreadable));
    }

    fn yaml_files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                yaml_files(&entry.path(), found);
            } else if entry.path().extension().is_some_and(|ending| ending == "yaml") {
                found.push(entry.path());
            }
        }
    }

    /// Every YAML file of the repository, and each of them badly indented, comes out the same twice.
    #[test]
    fn every_file_of_ours_is_laid_out_already_or_says_the_same_after() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        for folder in ["examples", "mappings", "tests/cases", "tests/mistakes/project"] {
            yaml_files(&root.join(folder), &mut files);
        }
        assert!(files.len() > 100, "{} files", files.len());
        for file in files {
            // Packs have holes that are no YAML.
            let text = fs::read_to_string(&file).unwrap();
            let mut parts = text.split("<<").map(|part| match part.split_once(">>") {
                Some((hole, after)) => format!("{}{after}", hole.rsplit('|').next().unwrap()),
                None => part.to_owned(),
            });
            let text = parts.by_ref().collect::<String>();
            let Ok(once) = tidy(&text) else { panic!("{}", file.display()) };
            assert_eq!(tidy(&once).as_deref(), Ok(once.as_str()), "{}", file.display());
        }
    }
}
