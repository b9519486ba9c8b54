//! What is written as nobody has it.

use super::Page;
use crate::project::expression::Expression;
use crate::project::finding::Finding;
use crate::project::pipeline::LookUp;
use crate::project::shape::Text;

/// BambooHR's own two words of `status` (bamboohr.md §3.5).
const STATUS: [&str; 2] = ["Active", "Inactive"];

/// Values in `keep` that nobody has, because a letter, its case or a blank is wrong: words of `status`, and keys of the
/// tables that the same name looks into.
pub fn values(text: &Text, keep: &Expression, look_ups: &[LookUp], page: &mut Page<'_>) {
    for (name, value) in keep.compared_texts() {
        if let Some((why, meant)) = unlikely(&name, &value, look_ups) {
            let place = page.place_of_literal(text, &value);
            let message = format!("`{name}` is never `{value}`: {why}");
            page.report(Finding::warning("unlikely-value", place, message).help(format!("did you mean `{meant}`?")));
        }
    }
}

/// Why nobody has this value, and what is meant.
fn unlikely(name: &str, value: &str, look_ups: &[LookUp]) -> Option<(&'static str, String)> {
    if value.trim() != value {
        return Some(("a blank counts", value.trim().to_owned()));
    }
    if name == "status" {
        let word = STATUS.into_iter().find(|word| word.eq_ignore_ascii_case(value) && *word != value);
        return word.map(|word| ("the case of letters counts", word.to_owned()));
    }
    look_ups.iter().find_map(|look_up| {
        let at = look_up.keys.iter().position(|key| key == name)?;
        let column = look_up.table.key_columns().get(at)?;
        let by_case =
            look_up.table.key_but_for_case(column, value).map(|key| ("the case of letters counts", key.to_owned()));
        by_case.or_else(|| look_up.table.key_near(column, value).map(|key| ("no table has it", key.to_owned())))
    })
}
