//! Projects that somebody got wrong: each mistake is one finding with its place and remedy.

use ml_connector::project::Generation;
use ml_connector::project::render::{self, Colour};
use std::path::Path;

fn example() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/adventure-works")
}

#[test]
fn the_example_has_no_findings() {
    match Generation::load(&example(), None) {
        Ok(generation) => assert_eq!(render::concise(&generation.warnings), ""),
        Err(refused) => panic!("{}", render::human(&refused.findings, &refused.sources, Colour::Never)),
    }
}
