//! What is to be run: decided from the clock, from changes in BambooHR, and from plans that wait. Pure.

use super::due;
use super::hands::Verdict;
use crate::hr::PeriodCode;
use crate::project::pipeline::{DueTime, IfMissed, Make, Pipeline, WorkCalendar};
use crate::run::planning::default_period;
use crate::store::{NewWake, Wake};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A moment that is longer past than this when it is seen was missed.
const MISSED: SignedDuration = SignedDuration::from_mins(10);
/// Of many missed moments only the newest count: two years of days.
const MOST_MISSED: usize = 732;
/// After a try that came to nothing: so long, then twice as long each time.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(1);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(60);
/// After a refused sign-in, unless something happened that may have mended it: accounts lock, and whether BambooHR counts wrong
/// keys is not known (bamboohr.md §6).
pub const REFUSED_PAUSE: SignedDuration = SignedDuration::from_hours(24);
/// After a try that met somebody else's run.
const LOCKED_PAUSE: SignedDuration = SignedDuration::from_secs(15);
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

/// Plans that wait, by pipeline, the newest of each period; in the order in which they were made.
pub type AllWaiting = BTreeMap<String, Vec<Waiting>>;

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
            let (mut wakes, mut skipped) = (BTreeMap::new(), None);
            for moment in &moments {
                let missed = now.duration_since(*moment) > MISSED;
                if missed && time.if_missed == IfMissed::Skip {
                    skipped = Some((pipeline.name.clone(), *moment));
                    continue;
                }
                let why = if missed { "missed time" } else { "time" };
                let wake = self.wake(pipeline, *moment, format!("{why}: {}", due::clock_time(*moment, self.zone)));
                // However often it was missed, once for each period, where each has a journal of its own.
                let period = is_by_period(pipeline).then(|| wake.period.clone());
                wakes.insert(period, wake);
            }
            found.skipped.extend(skipped);
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
        self.pipelines.iter().any(|pipeline| on_change(pipeline) || !of(pipeline, waiting).is_empty())
    }

    /// What a change in BambooHR asks for: every plan that nobody sent yet, which may be of yesterday's pay, and the pipelines
    /// that wait for a change.
    pub fn by_change(&self, waiting: &AllWaiting, cause: &str, now: Timestamp) -> Vec<NewWake> {
        let mut wakes = Vec::new();
        for pipeline in self.pipelines {
            let plans = of(pipeline, waiting);
            let wake = self.wake(pipeline, now, cause.to_owned());
            // A correction that waits is in the run of a later month, too; changes after it would not be in its own.
            let is_older = |plan: &Waiting| begins(pipeline, &plan.period) < begins(pipeline, &wake.period);
            let is_new = plans.is_empty() || (pipeline.only_corrects && plans.iter().all(is_older));
            if on_change(pipeline) && is_new && !self.is_in_the_ledgers_own(pipeline, &wake.period, waiting) {
                wakes.push(wake);
            } else {
                wakes.extend(plans.iter().map(|plan| again(pipeline, plan, cause, now)));
            }
        }
        wakes
    }

    /// Whether the ledger's own pipeline has a plan of `period` or a later one that waits: made again, it holds the corrections
    /// of the periods before it, too.
    fn is_in_the_ledgers_own(&self, pipeline: &Pipeline, period: &PeriodCode, waiting: &AllWaiting) -> bool {
        let own = self.pipelines.iter().find(|other| Some(&other.name) == pipeline.corrects.as_ref());
        let plans = own.map_or(&[][..], |own| of(own, waiting));
        plans.iter().any(|plan| begins(pipeline, &plan.period) >= begins(pipeline, period))
    }

    /// Every plan that a check keeps back, made again: the project was edited.
    pub fn by_edit(&self, waiting: &AllWaiting, now: Timestamp) -> Vec<NewWake> {
        self.held(waiting, "the project was edited", now, |_, _| true)
    }

    /// Every journal that a check keeps back and that was not looked at for a while.
    pub fn by_patience(&self, waiting: &AllWaiting, now: Timestamp) -> Vec<NewWake> {
        let is_due = |pipeline: &Pipeline, plan: &Waiting| {
            matches!(pipeline.make, Make::Journal(_)) && is_old(Some(plan.planned_at), now)
        };
        self.held(waiting, "held, and looked at again", now, is_due)
    }

    fn held(
        &self,
        waiting: &AllWaiting,
        cause: &str,
        now: Timestamp,
        which: impl Fn(&Pipeline, &Waiting) -> bool,
    ) -> Vec<NewWake> {
        let plans =
            self.pipelines.iter().flat_map(|pipeline| of(pipeline, waiting).iter().map(move |plan| (pipeline, plan)));
        let held = plans.filter(|(pipeline, plan)| plan.held && which(pipeline, plan));
        held.map(|(pipeline, plan)| again(pipeline, plan, cause, now)).collect()
    }

    /// A run of the period that the pipeline means on the day of `moment`.
    fn wake(&self, pipeline: &Pipeline, moment: Timestamp, cause: String) -> NewWake {
        let day = moment.to_zoned(self.zone.clone()).date();
        NewWake { pipeline: pipeline.name.clone(), period: default_period(pipeline, day).code, cause, due: moment }
    }
}

/// The first day of a period of the pipeline's.
fn begins(pipeline: &Pipeline, code: &PeriodCode) -> Option<Date> {
    pipeline.calendar.period(&code.0).ok().map(|period| period.first_day)
}

/// The plans of a pipeline that wait: of each period, where each has a journal of its own, else the newest.
fn of<'w>(pipeline: &Pipeline, waiting: &'w AllWaiting) -> &'w [Waiting] {
    let plans = waiting.get(&pipeline.name).map_or(&[][..], Vec::as_slice);
    if is_by_period(pipeline) { plans } else { &plans[plans.len().saturating_sub(1)..] }
}

/// The run that makes a plan again.
fn again(pipeline: &Pipeline, plan: &Waiting, cause: &str, now: Timestamp) -> NewWake {
    NewWake { pipeline: pipeline.name.clone(), period: plan.period.clone(), cause: cause.to_owned(), due: now }
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

/// When an owed run is tried next, by what its last try came to. One that nobody tried yet is tried at once.
pub fn try_at(wake: &Wake, last: Option<Verdict>) -> Timestamp {
    let Some(tried) = wake.tried_at else { return wake.what.due };
    let pause = match last {
        Some(Verdict::Locked) => LOCKED_PAUSE,
        Some(Verdict::Refused) => REFUSED_PAUSE,
        _ => pause(wake.tries),
    };
    tried.saturating_add(pause).unwrap_or(tried)
}
