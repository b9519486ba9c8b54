//! What is to be run: decided from the clock, from changes in BambooHR, and from plans that wait. Pure.

use super::due;
use crate::hr::PeriodCode;
use crate::plan::desire::ledger_of;
use crate::project::pipeline::{DueTime, IfMissed, Make, Pipeline, WorkCalendar};
use crate::run::planning::default_period;
use crate::store::{NewWake, Wake};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A moment that is longer past than this when it is seen was missed.
const MISSED: SignedDuration = SignedDuration::from_mins(10);
/// Of many missed moments only the newest count: two years of months, a month of days.
const MOST_MISSED: usize = 31;
/// After a try that came to nothing: so long, then twice as long each time.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(1);
pub const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(60);
/// A held journal is planned again after this: what was mended in GP tells nobody.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// A project's pipelines and calendar.
#[derive(Clone, Copy)]
pub struct Timetable<'a> {
    pub pipelines: &'a [Pipeline],
    pub calendar: &'a WorkCalendar,
    pub zone: &'a TimeZone,
}

/// A plan in force of which something did not leave yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub period: PeriodCode,
    /// A check keeps something back; otherwise a person's yes is all that is missing.
    pub held: bool,
    pub planned_at: Timestamp,
}

/// Plans that wait, by pipeline.
pub type AllWaiting = BTreeMap<String, Waiting>;

/// What the clock asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ByClock {
    pub wakes: Vec<NewWake>,
    /// Up to which moment each pipeline was looked at, by the mark's name.
    pub marks: Vec<(String, String)>,
    /// Pipelines whose missed times were skipped, with the newest of them.
    pub skipped: Vec<(String, Timestamp)>,
}

/// What the name of a pipeline's mark begins with.
const MARK: &str = "due ";

/// The name of a pipeline's mark.
fn mark_of(pipeline: &str) -> String {
    format!("{MARK}{pipeline}")
}

impl Timetable<'_> {
    /// What is due by the clock and was not owed yet. A pipeline that was never looked at begins now.
    pub fn by_clock(&self, marks: &BTreeMap<String, String>, now: Timestamp) -> ByClock {
        let mut found = ByClock::default();
        for pipeline in self.pipelines {
            let Some(time) = time_of(pipeline) else { continue };
            let name = mark_of(&pipeline.name);
            let mark = marks.get(&name).and_then(|mark| mark.parse::<Timestamp>().ok());
            let Some(mark) = mark else {
                found.marks.push((name, now.to_string()));
                continue;
            };
            let moments = due::between(time, self.calendar, self.zone, (mark, now), MOST_MISSED);
            let Some(newest) = moments.last() else { continue };
            found.marks.push((name, newest.to_string()));
            let mut wakes = BTreeMap::new();
            for moment in &moments {
                let missed = now.duration_since(*moment) > MISSED;
                if missed && time.if_missed == IfMissed::Skip {
                    continue;
                }
                let why = if missed { "missed time" } else { "time" };
                let wake = self.wake(pipeline, *moment, format!("{why}: {}", self.clock_time(*moment)));
                // However often it was missed, once for each period, where each has a journal of its own.
                let period = is_by_period(pipeline).then(|| wake.period.clone());
                wakes.insert(period, wake);
            }
            if wakes.is_empty() {
                found.skipped.push((pipeline.name.clone(), *newest));
            }
            found.wakes.extend(wakes.into_values());
        }
        found.marks.extend(self.of_nobody(marks, now));
        found
    }

    /// Marks of pipelines that are gone or have no time any more: they move on, so that one that comes back has missed nothing.
    fn of_nobody(&self, marks: &BTreeMap<String, String>, now: Timestamp) -> Vec<(String, String)> {
        let is_timed =
            |name: &str| self.pipelines.iter().any(|pipeline| pipeline.name == name && time_of(pipeline).is_some());
        let is_stale = |mark: &str| mark.parse::<Timestamp>().is_ok_and(|mark| now.duration_since(mark) > MISSED);
        let stale = marks.iter().filter(|(name, mark)| {
            name.strip_prefix(MARK).is_some_and(|pipeline| !is_timed(pipeline)) && is_stale(mark)
        });
        stale.map(|(name, _)| (name.clone(), now.to_string())).collect()
    }

    /// The next moment that is due by the clock.
    pub fn next(&self, now: Timestamp) -> Option<(&Pipeline, Timestamp)> {
        let all = self.pipelines.iter().filter_map(|pipeline| self.next_of(pipeline, now).map(|at| (pipeline, at)));
        all.min_by_key(|(_, at)| *at)
    }

    /// The next moment at which a pipeline is due by the clock.
    pub fn next_of(&self, pipeline: &Pipeline, now: Timestamp) -> Option<Timestamp> {
        time_of(pipeline).and_then(|time| due::next(time, self.calendar, self.zone, now))
    }

    /// Whether anything wants to know of changes in BambooHR.
    pub fn wants_changes(&self, waiting: &AllWaiting) -> bool {
        self.pipelines.iter().any(|pipeline| on_change(pipeline) || waiting.contains_key(&pipeline.name))
    }

    /// What a change in BambooHR asks for: the pipelines that wait for one, and every plan that nobody sent yet, which may
    /// be of yesterday's pay. Where that is the plan of the ledger itself, it holds the corrections, too.
    pub fn by_change(&self, waiting: &AllWaiting, cause: &str, now: Timestamp) -> Vec<NewWake> {
        let of_pipeline = |pipeline: &Pipeline| {
            if let Some(plan) = waiting.get(&pipeline.name) {
                let period = plan.period.clone();
                return Some(NewWake { pipeline: pipeline.name.clone(), period, cause: cause.to_owned(), due: now });
            }
            let by_ledger = pipeline.corrects.is_some() && waiting.contains_key(ledger_of(pipeline));
            (on_change(pipeline) && !by_ledger).then(|| self.wake(pipeline, now, cause.to_owned()))
        };
        self.pipelines.iter().filter_map(of_pipeline).collect()
    }

    /// Every plan that a check keeps back, made again: the project was edited.
    pub fn by_edit(&self, waiting: &AllWaiting, now: Timestamp) -> Vec<NewWake> {
        self.held(waiting, "the project was edited", now, |_| true)
    }

    /// Every journal that a check keeps back and that was not looked at for a while.
    pub fn by_patience(&self, waiting: &AllWaiting, now: Timestamp) -> Vec<NewWake> {
        let mut wakes = self.held(waiting, "held, and looked at again", now, |plan| is_old(Some(plan.planned_at), now));
        wakes.retain(|wake| self.is_journal(&wake.pipeline));
        wakes
    }

    fn held(
        &self,
        waiting: &AllWaiting,
        cause: &str,
        now: Timestamp,
        which: impl Fn(&Waiting) -> bool,
    ) -> Vec<NewWake> {
        let held = waiting.iter().filter(|(name, plan)| {
            plan.held && which(plan) && self.pipelines.iter().any(|pipeline| pipeline.name == **name)
        });
        held.map(|(name, plan)| NewWake {
            pipeline: name.clone(),
            period: plan.period.clone(),
            cause: cause.to_owned(),
            due: now,
        })
        .collect()
    }

    fn is_journal(&self, name: &str) -> bool {
        let found = self.pipelines.iter().find(|pipeline| pipeline.name == name);
        found.is_some_and(|pipeline| matches!(pipeline.make, Make::Journal(_)))
    }

    /// A run of the period that the pipeline means on the day of `moment`.
    fn wake(&self, pipeline: &Pipeline, moment: Timestamp, cause: String) -> NewWake {
        let day = moment.to_zoned(self.zone.clone()).date();
        NewWake { pipeline: pipeline.name.clone(), period: default_period(pipeline, day).code, cause, due: moment }
    }

    /// A moment as the project's people read it.
    pub fn clock_time(&self, moment: Timestamp) -> String {
        moment.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }
}

/// Whether a run of one period leaves those before undone: records are as they are now, and a correction looks back itself.
fn is_by_period(pipeline: &Pipeline) -> bool {
    matches!(pipeline.make, Make::Journal(_)) && !pipeline.only_corrects
}

fn time_of(pipeline: &Pipeline) -> Option<&DueTime> {
    pipeline.every.as_ref().and_then(|every| every.time.as_ref())
}

fn on_change(pipeline: &Pipeline) -> bool {
    pipeline.every.as_ref().is_some_and(|every| every.change)
}

/// Whether what was looked at then is to be looked at again.
pub fn is_old(at: Option<Timestamp>, now: Timestamp) -> bool {
    at.is_none_or(|at| now.duration_since(at) >= LOOK_AGAIN)
}

/// The pause after a number of tries in a row that came to nothing.
pub fn pause(tries: u32) -> SignedDuration {
    let doubled = FIRST_PAUSE.checked_mul(1_i32.checked_shl(tries.saturating_sub(1)).unwrap_or(i32::MAX));
    doubled.filter(|pause| *pause > SignedDuration::ZERO).map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

/// When an owed run is tried next. One that this service did not try yet is tried at once.
pub fn try_at(wake: &Wake, is_locked: bool) -> Timestamp {
    match wake.tried_at {
        None => wake.what.due,
        Some(tried) if is_locked => tried.saturating_add(SignedDuration::from_secs(15)).unwrap_or(tried),
        Some(tried) => tried.saturating_add(pause(wake.tries)).unwrap_or(tried),
    }
}
