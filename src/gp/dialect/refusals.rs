//! GP's error numbers in our words, and what to do about each.

use super::file::{Dialect, ErrorNumbers};
use crate::gp::delivery::{Refusal, RefusalClass};
use std::collections::BTreeMap;

/// One error as an answer held it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpMessage {
    pub number: Option<u32>,
    pub text: String,
}

/// What each number means.
#[derive(Clone, Debug, Default)]
pub struct Refusals {
    meanings: BTreeMap<u32, ErrorNumbers>,
}

impl Refusals {
    /// The meanings of `shipped`, each overruled by `dialect` where it lists the same number.
    pub fn new(shipped: &Dialect, dialect: &Dialect) -> Refusals {
        let mut meanings = BTreeMap::new();
        for entry in shipped.errors.iter().chain(&dialect.errors) {
            for number in &entry.numbers {
                meanings.insert(*number, entry.clone());
            }
        }
        Refusals { meanings }
    }

    /// Every refusal of one answer, in GP's order, each number once.
    pub fn explain(&self, messages: &[GpMessage]) -> Vec<Refusal> {
        let mut refusals: Vec<Refusal> = Vec::new();
        for message in messages {
            if message.number.is_none() || !refusals.iter().any(|earlier| earlier.number == message.number) {
                refusals.push(self.refusal(message, messages));
            }
        }
        refusals
    }

    fn refusal(&self, message: &GpMessage, all: &[GpMessage]) -> Refusal {
        let known = message.number.and_then(|number| self.meanings.get(&number));
        let Some(meaning) = known else {
            return Refusal {
                number: message.number,
                class: RefusalClass::Person,
                message: match message.number {
                    Some(number) => format!("GP refused with number {number}: {}", said(&message.text)),
                    None => format!("GP refused: {}", said(&message.text)),
                },
                remedy: "Look the number up with the GP administrator; list it under errors in the dialect to teach \
                         the connector what it means."
                    .to_owned(),
            };
        };
        let explained = all.iter().filter_map(|other| other.number).find(|number| meaning.beside.contains(number));
        let class = explained.and_then(|number| self.meanings.get(&number)).map_or(meaning.class, |other| other.class);
        // A site's own check has no meaning but its own text.
        let message_text = match class {
            RefusalClass::Person if !message.text.is_empty() => format!("{} {}", meaning.say, message.text),
            _ => meaning.say.clone(),
        };
        Refusal { number: message.number, class, message: message_text, remedy: meaning.remedy.clone() }
    }
}

fn said(text: &str) -> &str {
    if text.is_empty() { "it gave no text" } else { text }
}
