//! From BambooHR's id of a person to their position in the facts.

use crate::hr::{Employee, Text};

const NOBODY: u32 = u32::MAX;

/// Positions of people by the text of their id: four bytes for each known text, no hashing of letters.
#[derive(Debug, Default)]
pub(super) struct Positions(Vec<u32>);

impl Positions {
    pub(super) fn of(people: &[Employee]) -> Positions {
        let mut positions = Positions::default();
        for (position, person) in (0..).zip(people) {
            positions.set(person.id, position);
        }
        positions
    }

    /// Where the person with this id is, if anywhere.
    pub(super) fn get(&self, id: Text) -> Option<u32> {
        self.0.get(id.index()).copied().filter(|&position| position != NOBODY)
    }

    pub(super) fn set(&mut self, id: Text, position: u32) {
        if self.0.len() <= id.index() {
            self.0.resize(id.index() + 1, NOBODY);
        }
        self.0[id.index()] = position;
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
