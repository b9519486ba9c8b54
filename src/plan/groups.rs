//! What a journal can be one of, where a period has several (`one_per`): what was sent has to be found again for somebody who
//! left, and for a cost centre that nobody is in any more.

use super::centre::SUSPENSE;
use super::facts::Facts;
use super::journal::{Balances, JournalKey};
use crate::project::Pipeline;
use crate::project::pipeline::{JournalRule, OnePer, Unresolved};
use std::collections::{BTreeMap, BTreeSet};

/// Every group that a journal of this pipeline can have: those of `journals`, each value of the look-up's table, each
/// person. Without groups, the empty one alone.
pub fn possible_groups(
    pipeline: &Pipeline,
    rule: &JournalRule,
    facts: &Facts,
    journals: &BTreeMap<JournalKey, Balances>,
) -> BTreeSet<String> {
    let mut groups: BTreeSet<String> = match rule.one_per {
        OnePer::Period => return BTreeSet::from([String::new()]),
        OnePer::LookUp(at) => {
            let look_up = &pipeline.look_ups[at];
            look_up.table.values(&look_up.column).map(str::to_owned).collect()
        }
        OnePer::Person => facts.people.iter().map(|person| facts.text(person.id).to_owned()).collect(),
    };
    groups.extend(journals.keys().map(|key| key.group.clone()));
    if matches!((&pipeline.unresolved, rule.one_per), (Unresolved::Suspense(_), OnePer::LookUp(_))) {
        groups.insert(SUSPENSE.to_owned());
    }
    groups
}
