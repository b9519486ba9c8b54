//! What the service does to the world, and what it tells: done by `cli`, scripted by tests.

use crate::bamboohr::Changed;
use crate::hr::Period;
use crate::project::{Generation, Pipeline};
use crate::store::{NewWake, Wake};
use jiff::Timestamp;

/// How something that was tried ended, the better first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Everything left, or there was nothing to do.
    Done,
    /// Something waits for a person: an approval, or a reason to mend.
    Waits,
    /// Not now: it is tried again.
    Later,
    /// Somebody else's run is going on.
    Locked,
    /// A sign-in or a right is refused: a person has to mend it, and it is tried again seldom.
    Refused,
    /// There is nothing to be tried any more: the pipeline is gone.
    GivenUp,
}

/// The end of something that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub verdict: Verdict,
    /// For people; never an amount.
    pub detail: String,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Done => "done",
            Verdict::Waits => "waits for a person",
            Verdict::Later => "failed for now",
            Verdict::Locked => "locked",
            Verdict::Refused => "refused",
            Verdict::GivenUp => "given up",
        }
    }

    /// The verdict of this word, as the store keeps it.
    pub fn of_word(word: &str) -> Option<Verdict> {
        use Verdict::{Done, GivenUp, Later, Locked, Refused, Waits};
        [Done, Waits, Later, Locked, Refused, GivenUp].into_iter().find(|verdict| verdict.word() == word)
    }
}

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It is time.
    Time,
    /// Another generation is in force.
    Edited,
    /// BambooHR told of a change.
    Delivery,
    /// Somebody asked for the end.
    Stop,
}

/// What the service tells while it works.
#[derive(Clone, Debug)]
pub enum Told<'t> {
    /// A run is owed.
    Owed(&'t NewWake),
    /// A time that was missed is skipped, as the pipeline says.
    Skipped {
        pipeline: &'t str,
        at: Timestamp,
    },
    Begins(&'t Wake),
    /// A run ended; when it is tried again.
    Ended {
        wake: &'t Wake,
        ended: &'t Ended,
        again: Option<Timestamp>,
    },
    /// Approved documents of a ledger were sent, as far as it went.
    Sent {
        ledger: &'t str,
        ended: &'t Ended,
    },
    /// BambooHR told of a change by itself.
    Delivered,
    /// So many people changed in BambooHR.
    Changed {
        people: usize,
    },
    /// BambooHR did not say who changed, or GP what became of journals.
    NotKnown {
        what: &'t str,
        ended: &'t Ended,
    },
    /// Nothing is to be done before.
    Idle {
        next: Option<(&'t str, Timestamp)>,
    },
}

/// Does one thing at a time.
#[async_trait::async_trait(?Send)]
pub trait Hands {
    /// One run: observe, plan, send what needs no approval.
    async fn run(&self, generation: &Generation, pipeline: &Pipeline, period: &Period) -> Ended;

    /// Sends what is approved in the ledger of this pipeline.
    async fn send(&self, generation: &Generation, pipeline: &Pipeline) -> Ended;

    /// Asks GP what became of the ledger's unposted journals.
    async fn look(&self, generation: &Generation, pipeline: &Pipeline) -> Ended;

    /// Asks BambooHR who changed since a moment.
    ///
    /// # Errors
    /// How it ended, where it did not say.
    async fn changed(&self, generation: &Generation, since: &str) -> Result<Changed, Ended>;

    /// Waits until a moment, or for what comes before it.
    async fn wait(&self, until: Timestamp) -> Event;

    fn tell(&self, told: Told<'_>);
}
