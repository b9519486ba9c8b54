//! What `status` is told while `run --watch` or `serve` goes on.

use super::args::Global;
use super::context;
use super::output::{Output, care};
use crate::clock::Clock;
use crate::run::watch::Current;
use crate::run::watch::state::{Board, State};
use std::sync::Arc;

/// Who watches.
pub enum Watched {
    /// `run --watch` of this pipeline, or of the only one.
    Pipeline(Option<String>),
    Service,
}

/// What `status` is told about this watch. A watch that cannot tell it goes on: it has work to do.
pub struct Told {
    board: Option<Board>,
    state: State,
    current: Arc<Current>,
    clock: Arc<dyn Clock>,
}

impl Told {
    pub fn new(global: &Global, what: Watched, current: &Arc<Current>, output: &Output) -> Told {
        let board = Board::open(&context::watch_stem(global)).map_err(|error| {
            output.note(format!("{} `status` will not show this watch: {error}", care("note:")));
        });
        let clock = context::clock(global);
        let (pipeline, is_service) = match what {
            Watched::Pipeline(pipeline) => (pipeline, false),
            Watched::Service => (None, true),
        };
        let environment = global.environment.clone();
        let state = State { pipeline, is_service, environment, ..State::of(current, None, clock.now()) };
        let told = Told { board: board.ok(), state, current: Arc::clone(current), clock };
        told.write();
        told
    }

    /// Something became of the folder.
    pub fn update(&mut self) {
        self.state = State::of(&self.current, Some(&self.state), self.clock.now());
        self.write();
    }

    fn write(&self) {
        if let Some(Err(error)) = self.board.as_ref().map(|board| board.write(&self.state)) {
            tracing::warn!(%error, "the state of this watch cannot be written");
        }
    }
}
