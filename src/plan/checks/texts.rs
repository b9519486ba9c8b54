//! Texts fit GP's columns and code page. GP would cut and replace without a word (dynamics-gp.md §3.1).

use crate::ledger::limits::{self, outside_cp1252};
use crate::plan::document::JournalDocument;
use crate::plan::hold::{Hold, HoldCode};
use crate::project::Place;
use crate::project::pipeline::Otherwise;

/// Holds for texts of a journal that GP could not keep.
pub fn check(journal: &JournalDocument) -> Vec<Hold> {
    let entry = &journal.entry;
    let mut holds = Vec::new();
    let whole = format!("journal {}", entry.reference);
    holds.extend(one(&whole, "batch", entry.batch.as_str(), limits::BATCH, None));
    holds.extend(one(&whole, "reference", &entry.reference, limits::REFERENCE, None));
    if entry.batch.as_str().is_empty() {
        holds.push(missing(&whole, "batch"));
    }
    for line in &entry.lines {
        let subject = format!("account {}", line.account);
        holds.extend(one(&subject, "account", line.account.as_str(), limits::ACCOUNT, None));
        holds.extend(one(&subject, "description", &line.description, limits::LINE_DESCRIPTION, None));
    }
    holds
}

/// The hold for one text, if GP could not keep it. Does not repeat the text: it may be a person's.
pub fn one(subject: &str, field: &str, text: &str, width: usize, place: Option<&Place>) -> Option<Hold> {
    let length = text.chars().count();
    let hold = |code, message, remedy| Hold {
        code,
        subject: subject.to_owned(),
        message,
        remedy,
        place: place.cloned(),
        otherwise: Otherwise::Hold,
    };
    if length > width {
        return Some(hold(
            HoldCode::TextTooLong,
            format!("{field} has {length} characters; GP keeps {width}"),
            format!("Shorten the template, for example with `| truncate({width})`, or the value in BambooHR."),
        ));
    }
    let letter = outside_cp1252(text)?;
    Some(hold(
        HoldCode::TextOutsideCodePage,
        format!(
            "{field} has the letter `{}`, which GP's code page 1252 lacks: GP would store `?`",
            letter.escape_default()
        ),
        "Write it with Western letters in BambooHR, or map it in the project.".to_owned(),
    ))
}

/// The hold for a text that must not be empty.
pub fn missing(subject: &str, field: &str) -> Hold {
    Hold {
        code: HoldCode::TextMissing,
        subject: subject.to_owned(),
        message: format!("{field} is empty"),
        remedy: "Fill the value in BambooHR, or mend the template.".to_owned(),
        place: None,
        otherwise: Otherwise::Hold,
    }
}
