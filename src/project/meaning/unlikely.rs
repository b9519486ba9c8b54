//! What is written as nobody has it.

use super::Page;
use crate::project::expression::Expression;
use crate::project::finding::Finding;
use crate::project::pipeline::LookUp;
use crate::project::shape::Text;

/// Values in `keep` that nobody has, because only the case of a letter is wrong: BambooHR's own two words of `status`, and
/// keys of the tables that the same name looks into.
pub fn values(text: &Text, keep: &Expression, look_ups: &[LookUp], page: &mut Page<'_>) {
    for (name, value) in keep.compared_texts() {
        let status =
            ["Active", "Inactive"].into_iter().find(|word| name == "status" && word.eq_ignore_ascii_case(&value));
        let keys = || {
            let of_name = |look_up: &LookUp| {
                let at = look_up.keys.iter().position(|key| *key == name)?;
                look_up.table.key_but_for_case(look_up.table.key_columns().get(at)?, &value).map(str::to_owned)
            };
            look_ups.iter().find_map(of_name)
        };
        let Some(meant) = status.filter(|word| *word != value).map(str::to_owned).or_else(keys) else { continue };
        let place = page.place_of_literal(text, &value);
        let message = format!("`{name}` is never `{value}`: the case of letters counts");
        page.report(Finding::warning("unlikely-value", place, message).help(format!("did you mean `{meant}`?")));
    }
}
