//! The loop: owe what is due, make one run at a time, send what was approved, and wait.

use super::agenda::{AllWaiting, REFUSED_PAUSE, Timetable, Waiting, is_old, pause, try_at};
use super::changes::{self, Changes, Pace};
use super::hands::{Ended, Event, Hands, Told, Verdict};
use crate::clock::Clock;
use crate::plan::desire::ledger_of;
use crate::project::pipeline::Make;
use crate::project::{Generation, Pipeline};
use crate::run::systems::{RunError, time_zone};
use crate::run::watch::Current;
use crate::store::wakes::Outcome;
use crate::store::{NewWake, Store, StoreError, Wake};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How soon an approval is noticed: it comes from another process, through the store.
const LOOK_AT_STORE: SignedDuration = SignedDuration::from_secs(5);
/// How many of the newest runs are looked through for one.
const RUNS_LOOKED_AT: u32 = 1000;
/// How often GP is asked what became of journals that nobody posted yet.
const LOOK_AT_GP: SignedDuration = SignedDuration::from_mins(15);

/// The service of one project.
pub struct Service<'s> {
    current: &'s Current,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    hands: &'s dyn Hands,
    /// Of changes in BambooHR.
    changes: Changes,
    /// Ledgers whose sending failed, or whose journals GP was asked about: how often in a row, and when next.
    sends: BTreeMap<String, (u32, Timestamp)>,
    looks: BTreeMap<String, (u32, Timestamp)>,
    /// The project was, and what is held may be mended.
    edited: bool,
    /// When something last happened that may have mended a refused sign-in: a secret was set, the project edited, a service
    /// that stays was started.
    mended_at: Timestamp,
}

/// Whether something was done, so that there may be more.
type Did = bool;

impl<'s> Service<'s> {
    /// `stays`: it goes on until it is stopped; otherwise it does what is due, and ends.
    pub fn new(
        current: &'s Current,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        hands: &'s dyn Hands,
        stays: bool,
    ) -> Service<'s> {
        let changes = if stays { Changes::default() } else { Changes::without_settling() };
        let mended_at = if stays { clock.now() } else { Timestamp::MIN };
        Service {
            current,
            store,
            clock,
            hands,
            changes,
            sends: BTreeMap::new(),
            looks: BTreeMap::new(),
            edited: false,
            mended_at,
        }
    }

    /// Works until somebody asks for the end; a run that goes on is ended first. Neither a run that fails nor a store that
    /// cannot be used for a while ends it.
    ///
    /// # Errors
    /// A time zone that is none.
    pub async fn work(mut self) -> Result<(), RunError> {
        let (mut idle_told, mut failures) = (false, 0);
        loop {
            let generation = self.current.generation();
            let zone = time_zone(&generation.project.time_zone)?;
            let calendar = &generation.project.work;
            let table = Timetable { pipelines: &generation.pipelines, calendar, zone: &zone };
            let round = self.round(&generation, &table).await;
            let now = self.clock.now();
            failures = if round.is_ok() { 0 } else { failures + 1 };
            let (did, rest) = match round {
                Ok(true) => (true, SignedDuration::ZERO),
                Ok(false) => (false, LOOK_AT_STORE),
                Err(error) => {
                    let ended = Ended { verdict: Verdict::Later, detail: error.to_string() };
                    self.hands.tell(Told::NotKnown { what: "what is owed", ended: &ended });
                    (false, pause(failures))
                }
            };
            if !did && !idle_told && failures == 0 {
                self.hands.tell(Told::Idle { next: table.next(now).map(|(next, at)| (next.name.as_str(), at)) });
            }
            idle_told = !did;
            match self.hands.wait(now.saturating_add(rest).unwrap_or(now)).await {
                Event::Stop => return Ok(()),
                Event::Edited => {
                    self.edited = true;
                    idle_told = false;
                }
                Event::Delivery | Event::Time => {}
            }
        }
    }

    /// One look at everything, and at most one thing done.
    async fn round(&mut self, generation: &Generation, table: &Timetable<'_>) -> Result<Did, StoreError> {
        let waiting = self.waiting().await?;
        if self.edited {
            self.owe(table.by_edit(&waiting, self.clock.now()), Vec::new()).await?;
            self.edited = false;
            self.mended(self.clock.now());
        }
        let secrets = self.store.secrets().await?;
        secrets.iter().for_each(|secret| self.mended(secret.changed_at));
        self.owe_what_is_due(table, &waiting).await?;
        Ok(self.run_what_is_owed(generation).await?
            || self.send_what_is_approved(generation).await?
            || self.ask_who_changed(generation, table, &waiting).await?
            || self.look_at_gp(generation).await?)
    }

    async fn owe(&self, wakes: Vec<NewWake>, marks: Vec<(String, String)>) -> Result<(), StoreError> {
        wakes.iter().for_each(|wake| self.hands.tell(Told::Owed(wake)));
        if wakes.is_empty() && marks.is_empty() {
            return Ok(());
        }
        self.store.owe(wakes, marks).await
    }

    async fn owe_what_is_due(&mut self, table: &Timetable<'_>, waiting: &AllWaiting) -> Result<(), StoreError> {
        let marks: BTreeMap<String, String> = self.store.marks().await?.into_iter().collect();
        let now = self.clock.now();
        let due = table.by_clock(&marks, now);
        for (pipeline, at) in &due.skipped {
            self.hands.tell(Told::Skipped { pipeline, at: *at });
        }
        self.owe(due.wakes, due.marks).await?;
        let patient = table.by_patience(waiting, now);
        if patient.is_empty() {
            return Ok(());
        }
        // A plan that came out the same keeps its old moment: what counts is the last run of it. One that is owed waits for
        // its next try.
        let last = self.store.last_wakes(RUNS_LOOKED_AT).await?;
        let is_fresh = |wake: &NewWake| {
            let same = |other: &&Wake| other.what.pipeline == wake.pipeline && other.what.period == wake.period;
            last.iter().find(same).is_some_and(|last| !last.ended || !is_old(last.tried_at, now))
        };
        self.owe(patient.into_iter().filter(|wake| !is_fresh(wake)).collect(), Vec::new()).await
    }

    /// Something happened that may have mended a trouble: what waits for a pause need not.
    fn mended(&mut self, at: Timestamp) {
        if at > self.mended_at {
            self.mended_at = at;
            self.sends.clear();
            self.changes.hurry();
        }
    }

    /// Makes the run that is owed for longest and may be tried now.
    async fn run_what_is_owed(&mut self, generation: &Generation) -> Result<Did, StoreError> {
        let now = self.clock.now();
        let owed = self.store.owed().await?;
        let is_journal = |wake: &Wake| {
            let pipeline = generation.pipeline(&wake.what.pipeline);
            pipeline.is_some_and(|pipeline| matches!(pipeline.make, Make::Journal(_)))
        };
        let is_mended = |wake: &Wake| wake.tried_at.is_some_and(|tried| tried < self.mended_at);
        let ready =
            owed.iter().filter(|wake| is_mended(wake) || try_at(wake, Verdict::of_word(&wake.outcome.word)) <= now);
        // People before their pay.
        let Some(wake) = ready.min_by_key(|wake| (is_journal(wake), wake.what.due, wake.id)) else { return Ok(false) };
        self.hands.tell(Told::Begins(wake));
        self.store.begin_wake(wake.id).await?;
        let ended = self.one_run(generation, wake).await;
        let over = matches!(ended.verdict, Verdict::Done | Verdict::Waits | Verdict::GivenUp);
        let now = self.clock.now();
        let outcome = Outcome { word: ended.verdict.word().to_owned(), detail: ended.detail.clone() };
        self.store.end_wake(wake.id, outcome, over, now).await?;
        let tried = Wake { tries: wake.tries + 1, tried_at: Some(now), ..wake.clone() };
        let again = (!over).then(|| try_at(&tried, Some(ended.verdict)));
        self.hands.tell(Told::Ended { wake: &tried, ended: &ended, again });
        if let (Some(again), Some(pipeline)) = (again, generation.pipeline(&wake.what.pipeline)) {
            // What the run could not send waits for the same end of the trouble.
            self.sends.insert(ledger_of(pipeline).to_owned(), (tried.tries, again));
        }
        Ok(true)
    }

    async fn one_run(&self, generation: &Generation, wake: &Wake) -> Ended {
        let gone = |what: String| Ended { verdict: Verdict::GivenUp, detail: what };
        let Some(pipeline) = generation.pipeline(&wake.what.pipeline) else {
            return gone(format!("the project has no pipeline {} any more", wake.what.pipeline));
        };
        match pipeline.calendar.period(&wake.what.period.0) {
            Ok(period) => self.hands.run(generation, pipeline, &period).await,
            Err(error) => gone(error.to_string()),
        }
    }

    /// Sends what is approved, and reads back from GP what a service that was killed may have sent.
    async fn send_what_is_approved(&mut self, generation: &Generation) -> Result<Did, StoreError> {
        for (ledger, pipeline) in ledgers(generation) {
            let now = self.clock.now();
            if self.sends.get(ledger).is_some_and(|(_, at)| *at > now) || self.store.outbox(ledger).await?.is_empty() {
                continue;
            }
            let ended = self.hands.send(generation, pipeline).await;
            self.hands.tell(Told::Sent { ledger, ended: &ended });
            let tries = self.sends.get(ledger).map_or(0, |(tries, _)| *tries);
            let now = self.clock.now();
            let next = match ended.verdict {
                Verdict::Done | Verdict::Waits => (0, now),
                Verdict::Locked => (tries, now.saturating_add(LOOK_AT_STORE).unwrap_or(now)),
                Verdict::Later => (tries + 1, now.saturating_add(pause(tries + 1)).unwrap_or(now)),
                Verdict::Refused | Verdict::GivenUp => (tries + 1, now.saturating_add(REFUSED_PAUSE).unwrap_or(now)),
            };
            self.sends.insert(ledger.to_owned(), next);
            return Ok(true);
        }
        Ok(false)
    }

    async fn ask_who_changed(
        &mut self,
        generation: &Generation,
        table: &Timetable<'_>,
        waiting: &AllWaiting,
    ) -> Result<Did, StoreError> {
        self.hear(table, waiting).await?;
        let Some(connection) = generation.project.bamboohr.as_ref().filter(|_| table.wants_changes(waiting)) else {
            return Ok(false);
        };
        let pace = Pace { every: connection.changes.every, settle: connection.changes.settle };
        let marks: BTreeMap<String, String> = self.store.marks().await?.into_iter().collect();
        let mark = marks.get(changes::MARK);
        let now = self.clock.now();
        let refused = marks.get(changes::REFUSED).and_then(|at| at.parse::<Timestamp>().ok());
        if refused.is_some_and(|at| at >= self.mended_at && now.duration_since(at) < REFUSED_PAUSE) {
            return Ok(false);
        }
        if let Some(since) = self.changes.question(mark.map(String::as_str), now) {
            match self.hands.changed(generation, &since).await {
                Ok(changed) if mark.is_none() => {
                    // Nobody looked before: whoever changed until now is in a first run.
                    let cursor = self.changes.first_answer(&changed, pace, now);
                    let wakes = table.by_change(waiting, "the service looks at BambooHR for the first time", now);
                    self.owe(wakes, vec![(changes::MARK.to_owned(), cursor.to_string())]).await?;
                    return Ok(true);
                }
                Ok(changed) => {
                    let people = self.changes.answer(&changed, pace, self.clock.now());
                    if people > 0 {
                        self.hands.tell(Told::Changed { people });
                    }
                }
                Err(ended) => {
                    self.hands.tell(Told::NotKnown { what: "who changed in BambooHR", ended: &ended });
                    let now = self.clock.now();
                    self.changes.failed(now, pause);
                    if ended.verdict == Verdict::Refused {
                        // Also for the next process: BambooHR may count wrong keys (bamboohr.md §6).
                        self.owe(Vec::new(), vec![(changes::REFUSED.to_owned(), now.to_string())]).await?;
                    }
                }
            }
        }
        let now = self.clock.now();
        let Some(news) = self.changes.news(pace, now) else { return Ok(false) };
        let people = if news.people == 1 { "1 person".to_owned() } else { format!("{} people", news.people) };
        let wakes = table.by_change(waiting, &format!("{people} changed in BambooHR"), now);
        self.owe(wakes, vec![(changes::MARK.to_owned(), news.cursor.to_string())]).await?;
        self.store.deliveries_handled(self.changes.heard(), now).await?;
        Ok(true)
    }

    /// Hears what webhooks told; where nothing waits for changes, it is no news.
    async fn hear(&mut self, table: &Timetable<'_>, waiting: &AllWaiting) -> Result<(), StoreError> {
        let deliveries = self.store.waiting_deliveries().await?;
        let now = self.clock.now();
        let Some(newest) = deliveries.last() else { return Ok(()) };
        if !table.wants_changes(waiting) {
            return self.store.deliveries_handled(newest.number, now).await.map(drop);
        }
        if self.changes.hear(&deliveries, now) {
            self.hands.tell(Told::Delivered);
        }
        Ok(())
    }

    /// Asks GP from time to time what became of journals that were sent and not posted yet.
    async fn look_at_gp(&mut self, generation: &Generation) -> Result<Did, StoreError> {
        for (ledger, pipeline) in ledgers(generation) {
            let now = self.clock.now();
            let (failures, at) = self.looks.get(ledger).copied().unwrap_or((0, now));
            if at > now || !matches!(pipeline.make, Make::Journal(_)) || self.store.unposted(ledger).await?.is_empty() {
                continue;
            }
            let ended = self.hands.look(generation, pipeline).await;
            let now = self.clock.now();
            let failed = !matches!(ended.verdict, Verdict::Done | Verdict::Locked);
            if failed {
                self.hands.tell(Told::NotKnown { what: "what became of journals in GP", ended: &ended });
            }
            let failures = if failed { failures + 1 } else { 0 };
            let next = match ended.verdict {
                Verdict::Refused => REFUSED_PAUSE,
                _ if failed => pause(failures).max(LOOK_AT_GP),
                _ => LOOK_AT_GP,
            };
            self.looks.insert(ledger.to_owned(), (failures, now.saturating_add(next).unwrap_or(now)));
        }
        Ok(false)
    }

    /// The newest plans of which something waits.
    async fn waiting(&self) -> Result<AllWaiting, StoreError> {
        let mut waiting = AllWaiting::new();
        for plan in self.store.progress().await?.into_iter().filter(|plan| plan.held > 0 || plan.ready > 0) {
            let one = Waiting { period: plan.period, held: plan.held > 0, planned_at: plan.planned_at };
            waiting.entry(plan.pipeline).or_default().push(one);
        }
        Ok(waiting)
    }
}

/// Each ledger once, with a pipeline of it: its own, where there is one.
fn ledgers(generation: &Generation) -> BTreeMap<&str, &Pipeline> {
    let own = generation.pipelines.iter().filter(|pipeline| pipeline.corrects.is_none());
    let correcting = generation.pipelines.iter().filter(|pipeline| pipeline.corrects.is_some());
    correcting.chain(own).map(|pipeline| (ledger_of(pipeline), pipeline)).collect()
}
