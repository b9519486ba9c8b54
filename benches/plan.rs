//! A plan from facts in memory, checks and lineage on: `cargo bench --bench plan`. Prints time and the peak of memory.

mod support;

use divan::{AllocProfiler, Bencher};
use ml_connector::plan::make::{Request, make_plan};

#[global_allocator]
static MEMORY: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 7)]
fn plan(bencher: Bencher, people: usize) {
    let generation = support::generation("period");
    let facts = support::facts(people, true);
    let period = support::november();
    let pipeline = &generation.pipelines[0];
    bencher.bench(|| {
        let plan = make_plan(Request { generation: &generation, pipeline, period: &period }, &facts);
        assert!(plan.holds.is_empty(), "{:?}", plan.holds.first());
        plan
    });
}
