//! Which members of an object are wanted, and the row they land in.

use std::collections::BTreeMap;

/// Which members of an object are wanted, by path (`/` leads into an object).
#[derive(Clone, Debug, Default)]
pub struct Shape {
    pub(super) members: BTreeMap<String, Member>,
    /// How many slots a row of this shape has.
    pub(super) texts: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Member {
    /// A scalar, into this slot; the same member may fill several.
    Text(Vec<usize>),
    Object(Shape),
    /// A list of objects, into [`Row::lines`].
    Lines(Shape),
}

/// The wanted members of one object: texts by slot, absent and `null` alike `None`.
#[derive(Debug, Default)]
pub struct Row {
    pub texts: Vec<Option<String>>,
    pub lines: Vec<Row>,
}

impl Row {
    /// The text of a slot, without GP's padding on the right; empty when absent.
    pub fn text(&self, slot: usize) -> &str {
        self.texts.get(slot).and_then(Option::as_deref).unwrap_or_default().trim_end()
    }

    /// The text of a slot that must be there.
    ///
    /// # Errors
    /// A sentence that names the member.
    pub fn needed(&self, slot: usize, member: &str) -> Result<&str, String> {
        match self.text(slot) {
            "" => Err(format!("a row has no {member}")),
            text => Ok(text),
        }
    }
}

impl Shape {
    /// The shape with these members as slots 0, 1, 2, …
    pub fn of<'m>(members: impl IntoIterator<Item = &'m str>) -> Shape {
        let mut shape = Shape::default();
        for member in members {
            let slot = shape.texts;
            shape.texts += 1;
            shape.want(member, slot);
        }
        shape
    }

    /// Also takes the list of objects at `path`.
    pub fn with_lines(mut self, path: &str, lines: Shape) -> Shape {
        match path.split_once('/') {
            None => {
                self.members.insert(path.to_owned(), Member::Lines(lines));
            }
            Some((first, rest)) => {
                let inner = match self.members.remove(first) {
                    Some(Member::Object(inner)) => inner,
                    _ => Shape::default(),
                };
                self.members.insert(first.to_owned(), Member::Object(inner.with_lines(rest, lines)));
            }
        }
        self
    }

    fn want(&mut self, path: &str, slot: usize) {
        match path.split_once('/') {
            None => {
                let member = self.members.entry(path.to_owned()).or_insert_with(|| Member::Text(Vec::new()));
                if let Member::Text(slots) = member {
                    slots.push(slot);
                }
            }
            Some((first, rest)) => {
                let member = self.members.entry(first.to_owned()).or_insert_with(|| Member::Object(Shape::default()));
                if let Member::Object(inner) = member {
                    inner.want(rest, slot);
                }
            }
        }
    }
}
