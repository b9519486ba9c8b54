//! Interned text: a [`Text`] is four bytes and compares by number; [`Texts`] owns the letters.

use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// An interned text. Only meaningful together with the [`Texts`] that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Text(u32);

impl Text {
    /// The empty text, in every [`Texts`].
    pub const EMPTY: Text = Text(0);

    /// Whether this is the empty text.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Position in the arena: dense from 0, usable as an index of a side table.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The arena behind [`Text`]: every distinct text once, in one block of memory.
#[derive(Clone, Debug)]
pub struct Texts {
    letters: String,
    ends: Vec<u32>,
    /// Open addressing over text numbers; `u32::MAX` is free. Always a power of two long.
    slots: Vec<u32>,
    /// Eight more bits of the hash of what is in each slot: another text is passed over without a look at its letters,
    /// which lie somewhere else in memory.
    tags: Vec<u8>,
}

impl Default for Texts {
    fn default() -> Self {
        Self::new()
    }
}

const FREE: u32 = u32::MAX;

impl Texts {
    /// An arena that holds only the empty text.
    pub fn new() -> Self {
        let mut texts = Texts { letters: String::new(), ends: Vec::new(), slots: vec![FREE; 16], tags: vec![0; 16] };
        texts.add("");
        texts
    }

    /// The text for `letters`, made on first use.
    ///
    /// # Panics
    /// When the arena would hold more than 4 GiB of distinct text.
    pub fn add(&mut self, letters: &str) -> Text {
        let spot = Spot::of(letters);
        match self.find(letters, spot) {
            Ok(text) => text,
            Err(slot) => {
                let number = u32::try_from(self.ends.len()).unwrap_or(FREE);
                self.letters.push_str(letters);
                let end = u32::try_from(self.letters.len()).unwrap_or(FREE);
                assert!(number < FREE && end < FREE, "more than 4 GiB of distinct text in one run");
                self.ends.push(end);
                self.slots[slot] = number;
                self.tags[slot] = spot.tag;
                if self.ends.len() * 4 > self.slots.len() * 3 {
                    self.grow();
                }
                Text(number)
            }
        }
    }

    /// The text for `letters` if it is already known.
    pub fn known(&self, letters: &str) -> Option<Text> {
        self.find(letters, Spot::of(letters)).ok()
    }

    /// The letters of `text`.
    pub fn get(&self, text: Text) -> &str {
        let at = text.index();
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.letters[start..self.ends[at] as usize]
    }

    /// How many distinct texts there are, the empty one included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Never true: the empty text is always there.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn find(&self, letters: &str, spot: Spot) -> Result<Text, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = spot.place & mask;
        loop {
            match self.slots[slot] {
                FREE => return Err(slot),
                number if self.tags[slot] == spot.tag && self.get(Text(number)) == letters => return Ok(Text(number)),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots.clear();
        self.slots.resize(mask + 1, FREE);
        self.tags.resize(mask + 1, 0);
        for number in 0..self.ends.len() as u32 {
            let spot = Spot::of(self.get(Text(number)));
            let mut slot = spot.place & mask;
            while self.slots[slot] != FREE {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = number;
            self.tags[slot] = spot.tag;
        }
    }
}

/// Where a text is looked for first, and what tells it from most others there.
#[derive(Clone, Copy)]
struct Spot {
    place: usize,
    tag: u8,
}

impl Spot {
    fn of(letters: &str) -> Spot {
        let mut hasher = FxHasher::default();
        letters.hash(&mut hasher);
        let wide = hasher.finish();
        Spot { place: (wide ^ (wide >> 29)) as usize, tag: (wide >> 56) as u8 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_letters_are_the_same_text_through_growth() {
        let mut texts = Texts::new();
        let first: Vec<Text> = (0..1000).map(|n| texts.add(&format!("department {n}"))).collect();
        for (n, text) in first.iter().enumerate() {
            assert_eq!(texts.add(&format!("department {n}")), *text);
            assert_eq!(texts.get(*text), format!("department {n}"));
        }
        assert_eq!(texts.add(""), Text::EMPTY);
        assert_eq!(texts.len(), 1001);
    }
}
