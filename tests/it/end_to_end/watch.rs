//! `run --watch`: an edited table is picked up, a broken edit is refused whole.

use crate::meadow::Meadow;
use std::fs;

#[test]
fn an_edited_table_is_planned_and_a_broken_one_is_refused_whole() {
    let meadow = Meadow::open();
    let mut watch = meadow.started(&["run", "--pipeline", "payroll-journal", "--for", "2013-11", "--watch"]);
    watch.wait_for("000-5100-0200");
    watch.wait_for("awaits approval");

    // Mill is booked to Orchard's cost centre from now on: 11,102.88 + 4,997.01.
    meadow.edit("tables/cost-centres.csv", "Mill,Oregon,0200", "Mill,Oregon,0100");
    watch.wait_for("reloaded: generation");
    watch.wait_for("16,099.89");
    watch.wait_for("awaits approval");

    meadow.edit("pipelines/payroll-journal.yaml", "one_per: period", "one_per: period\n    colour: green");
    watch.wait_for("colour");
    let refused = watch.wait_for("edit refused: generation");
    assert!(refused.contains("goes on"), "{refused}");

    // Emptied folders are broken, never "no pipelines".
    fs::remove_file(meadow.project().join("pipelines/payroll-journal.yaml")).unwrap();
    fs::remove_file(meadow.project().join("pipelines/people-to-vendors.yaml")).unwrap();
    watch.wait_for("edit refused: generation");
    let plans = meadow.gp.journals();
    assert_eq!(plans, [], "nothing was sent: nobody approved");
}
