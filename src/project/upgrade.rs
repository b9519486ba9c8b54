//! `upgrade`: a project from one `format` to the next. A step renames keys, and nothing else: what a project means is never
//! changed by a program. There is one format so far, so the list of steps is empty.

use super::shape::FileKind;
use super::spans::{self, Node};
use std::sync::Arc;

/// The format that this version reads.
pub const CURRENT: u32 = 1;

/// From one format to the next.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub from: u32,
    /// File kind, pointer of the mapping, old key, new key.
    pub renamed: &'static [(FileKind, &'static str, &'static str, &'static str)],
}

/// All steps, oldest first.
pub const STEPS: &[Step] = &[];

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upgraded {
    /// It is of the current format.
    Already,
    /// The new text.
    Text(String),
    /// It is of a newer format than this version knows.
    Newer(u32),
    /// It is not YAML, or has no `format` that is a number.
    Unreadable,
}

/// Takes a file of this kind up to [`CURRENT`], step by step.
pub fn upgrade(kind: FileKind, text: &str) -> Upgraded {
    take_up(kind, text, STEPS, CURRENT)
}

fn take_up(kind: FileKind, text: &str, steps: &[Step], current: u32) -> Upgraded {
    let file: Arc<str> = Arc::from(kind.word());
    let mut text = text.to_owned();
    let mut changed = false;
    loop {
        let Some(root) = spans::parse(&file, &text, &mut Vec::new()) else { return Upgraded::Unreadable };
        let Some((format, line)) = format_of(&root) else { return Upgraded::Unreadable };
        if format == current {
            return if changed { Upgraded::Text(text) } else { Upgraded::Already };
        }
        let Some(step) = steps.iter().find(|step| step.from == format) else {
            return if format > current { Upgraded::Newer(format) } else { Upgraded::Unreadable };
        };
        text = one_step(kind, &text, &root, step, line);
        changed = true;
    }
}

fn format_of(root: &Node) -> Option<(u32, usize)> {
    let node = root.get("format")?;
    match &node.content {
        spans::Content::Text(text) => Some((text.parse().ok()?, node.spot.line.saturating_sub(1) as usize)),
        _ => None,
    }
}

fn one_step(kind: FileKind, text: &str, root: &Node, step: &Step, format_line: usize) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let mut places: Vec<(usize, usize, usize, &str)> = Vec::new();
    for (_, pointer, old, new) in step.renamed.iter().filter(|(of, ..)| *of == kind) {
        let mapping = pointer.split('/').skip(1).try_fold(root, |node, part| node.get(part));
        if let Some(key) = mapping.and_then(|mapping| mapping.get(old)).and_then(|value| value.key) {
            let (line, column) = (key.line.saturating_sub(1) as usize, key.column.saturating_sub(1) as usize);
            places.push((line, column, old.chars().count(), new));
        }
    }
    // From the end, so that places before stay where they are.
    places.sort_by(|left, right| right.cmp(left));
    for (line, column, length, new) in places {
        let Some(text) = lines.get_mut(line) else { continue };
        let (head, tail): (String, String) =
            (text.chars().take(column).collect(), text.chars().skip(column + length).collect());
        *text = format!("{head}{new}{tail}");
    }
    if let Some(line) = lines.get_mut(format_line) {
        *line = line.replacen(&step.from.to_string(), &(step.from + 1).to_string(), 1);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEXT: &[Step] = &[
        Step {
            from: 1,
            renamed: &[
                (FileKind::Pipeline, "/make/journal", "batch", "batch_id"),
                (FileKind::Pipeline, "", "keep", "only"),
            ],
        },
        Step { from: 2, renamed: &[(FileKind::Pipeline, "", "only", "whom")] },
    ];

    #[test]
    fn steps_rename_keys_and_nothing_else() {
        let text = "format: 1 # as ever\nkeep: 'a: keep'   # who\nmake:\n  journal: { batch: \"batch\", lines: [] }\n";
        let expected =
            text.replace("format: 1", "format: 3").replacen("keep:", "whom:", 1).replacen("batch:", "batch_id:", 1);
        assert_eq!(take_up(FileKind::Pipeline, text, NEXT, 3), Upgraded::Text(expected.clone()));
        assert_eq!(take_up(FileKind::Pipeline, &expected, NEXT, 3), Upgraded::Already);
        let table = text.replace("format: 1", "format: 3");
        assert_eq!(take_up(FileKind::Story, text, NEXT, 3), Upgraded::Text(table), "other kinds keep their keys");
    }

    #[test]
    fn what_this_version_does_not_know_is_left_alone() {
        assert_eq!(upgrade(FileKind::Pipeline, "format: 1\n"), Upgraded::Already);
        assert_eq!(upgrade(FileKind::Pipeline, "format: 2\n"), Upgraded::Newer(2));
        assert_eq!(upgrade(FileKind::Pipeline, "pipeline: x\n"), Upgraded::Unreadable);
        assert_eq!(upgrade(FileKind::Pipeline, "format: [\n"), Upgraded::Unreadable);
    }
}
