//! What of people a pipeline reads.

use super::Pipeline;
use super::pipeline::{BurdenCost, Pay};
use std::collections::BTreeSet;

impl Pipeline {
    /// The names of people that decide who is in, and what somebody costs and where: all but the texts of records.
    pub fn deciding_names(&self) -> BTreeSet<&str> {
        let keep = self.keep.iter().flat_map(|keep| keep.names());
        let look_ups = self.look_ups.iter().flat_map(|look_up| &look_up.keys);
        let pay = self.pay.iter().flat_map(table_keys);
        keep.chain(look_ups).chain(pay).map(String::as_str).collect()
    }
}

/// The names that fill the keys of the tables of `pay`.
fn table_keys(pay: &Pay) -> impl Iterator<Item = &String> {
    let split = pay.split.iter().flat_map(|split| &split.keys);
    let weeks = pay.work_weeks.iter().flat_map(|weeks| &weeks.keys);
    let holidays = pay.off.whose.iter().flat_map(|whose| &whose.keys);
    let costs = pay.burdens.iter().flat_map(|burden| match &burden.cost {
        BurdenCost::Table(costs) => costs.keys.as_slice(),
        _ => &[],
    });
    split.chain(weeks).chain(holidays).chain(costs)
}
