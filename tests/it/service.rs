//! The loop of `serve` over days, by a clock that stands and hands that are scripted: what is run when, how often, and what a
//! crash in the middle leaves.

use crate::meadow::{cases, copy};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ml_connector::bamboohr::Changed;
use ml_connector::clock::{Clock, StandingClock};
use ml_connector::hr::{Period, PeriodCode};
use ml_connector::project::{Generation, Pipeline};
use ml_connector::run::watch::Current;
use ml_connector::service::agenda::{Timetable, Waiting};
use ml_connector::service::hands::{Ended, Event, Hands, Told, Verdict};
use ml_connector::service::work::Service;
use ml_connector::store::Store;
use ml_connector::store::sqlite::SqliteStore;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// A project, its store and its clock.
struct Company {
    folder: TempDir,
    clock: StandingClock,
    runtime: Runtime,
    current: Current,
}

/// Hands that write down what they are asked to do, and answer what the story says.
struct Script<'c> {
    clock: &'c StandingClock,
    until: Timestamp,
    /// How much time a wait takes.
    step: SignedDuration,
    did: RefCell<Vec<String>>,
    /// How the next runs end; then all are done.
    ends: RefCell<VecDeque<Option<Verdict>>>,
    /// (from when, what BambooHR answers).
    changes: Vec<(Timestamp, Changed)>,
    killed: CancellationToken,
}

impl Script<'_> {
    fn note(&self, what: String) {
        let now = self.clock.now().strftime("%m-%d %H:%M").to_string();
        self.did.borrow_mut().push(format!("{now} {what}"));
    }
}

#[async_trait::async_trait(?Send)]
impl Hands for Script<'_> {
    async fn run(&self, _: &Generation, pipeline: &Pipeline, period: &Period) -> Ended {
        let end = self.ends.borrow_mut().pop_front().unwrap_or(Some(Verdict::Done));
        self.note(format!("{} {}", pipeline.name, period.code));
        match end {
            Some(verdict) => Ended { verdict, detail: String::new() },
            // Killed: nothing comes back, and nothing is written any more.
            None => {
                self.killed.cancel();
                std::future::pending().await
            }
        }
    }

    async fn send(&self, _: &Generation, pipeline: &Pipeline) -> Ended {
        self.note(format!("send {}", pipeline.name));
        Ended { verdict: Verdict::Done, detail: String::new() }
    }

    async fn look(&self, _: &Generation, _: &Pipeline) -> Ended {
        Ended { verdict: Verdict::Done, detail: String::new() }
    }

    async fn changed(&self, _: &Generation, since: &str) -> Result<Changed, Ended> {
        let now = self.clock.now();
        let answer = self.changes.iter().rev().find(|(from, _)| *from <= now).map(|(_, changed)| changed.clone());
        Ok(answer.unwrap_or(Changed { latest: since.to_owned(), people: Vec::new() }))
    }

    async fn wait(&self, until: Timestamp) -> Event {
        let now = self.clock.now();
        if until > now {
            self.clock.set(now + self.step);
        }
        if self.clock.now() > self.until { Event::Stop } else { Event::Time }
    }

    fn tell(&self, told: Told<'_>) {
        if let Told::Skipped { pipeline, .. } = told {
            self.note(format!("skipped {pipeline}"));
        }
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl Company {
    /// Meadow Goods with these schedules, seen first at noon of 2 December 2013, UTC: 04:00 there.
    fn with(payroll: &str, vendors: &str) -> Company {
        let folder = tempfile::tempdir().unwrap();
        copy(&cases("meadow/project"), folder.path());
        for (file, every) in [("payroll-journal", payroll), ("people-to-vendors", vendors)] {
            let path = folder.path().join(format!("pipelines/{file}.yaml"));
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, text.replacen("\nfrom:", &format!("\n{every}\nfrom:"), 1)).unwrap();
        }
        let changes = "format: 1\npipeline: changes\nevery: { change_in: bamboohr }\ncorrects: payroll-journal\n";
        fs::write(folder.path().join("pipelines/changes.yaml"), changes).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let current = runtime.block_on(Current::open(folder.path(), None)).unwrap();
        Company { folder, clock: StandingClock::at(at("2013-12-02T12:00:00Z")), runtime, current }
    }

    /// Edits the payroll's pipeline, and loads the project again.
    fn edit(&mut self, from: &str, to: &str) {
        let path = self.folder.path().join("pipelines/payroll-journal.yaml");
        fs::write(&path, fs::read_to_string(&path).unwrap().replace(from, to)).unwrap();
        self.current = self.runtime.block_on(Current::open(self.folder.path(), None)).unwrap();
    }

    fn script(&self, until: &str, minutes: i64) -> Script<'_> {
        Script {
            clock: &self.clock,
            until: at(until),
            step: SignedDuration::from_mins(minutes),
            did: RefCell::default(),
            ends: RefCell::default(),
            changes: Vec::new(),
            killed: CancellationToken::new(),
        }
    }

    fn store(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(&self.folder.path().join("store.db")).unwrap())
    }

    /// Serves until the script ends, or is killed in a run that never ends; gives what was done.
    fn serve(&self, script: &Script<'_>) -> Vec<String> {
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        let service = Service::new(&self.current, self.store(), clock, script, true);
        self.runtime.block_on(async {
            tokio::select! {
                worked = service.work() => worked.unwrap(),
                () = script.killed.cancelled() => {}
            }
        });
        script.did.take()
    }
}

const SECOND_BUSINESS_DAY: &str = "every: { month_on: 2nd business day, at: \"07:00\" }";
const DAILY: &str = "every: { day_at: \"07:00\" }";

#[test]
fn each_is_run_at_its_time_once_and_people_before_their_pay() {
    let company = Company::with(SECOND_BUSINESS_DAY, DAILY);
    let did = company.serve(&company.script("2013-12-05T00:00:00Z", 7));
    // Times of UTC: 07:00 there is 15:00, and the clock goes by seven minutes from noon. The first look at BambooHR comes at once.
    assert_eq!(
        did,
        [
            "12-02 12:00 changes 2013-11",
            "12-02 15:02 people-to-vendors 2013-12",
            "12-03 15:04 people-to-vendors 2013-12",
            "12-03 15:04 payroll-journal 2013-11",
            "12-04 15:06 people-to-vendors 2013-12",
        ]
    );
}

#[test]
fn after_a_long_absence_each_month_is_run_once_and_records_once() {
    let company = Company::with(SECOND_BUSINESS_DAY, DAILY);
    company.serve(&company.script("2013-12-02T13:00:00Z", 30));
    company.clock.set(at("2014-02-10T12:00:00Z"));
    let did = company.serve(&company.script("2014-02-10T13:00:00Z", 30));
    let all =
        ["people-to-vendors 2014-02", "payroll-journal 2013-11", "payroll-journal 2013-12", "payroll-journal 2014-01"];
    assert_eq!(did, all.map(|what| format!("02-10 12:00 {what}")));
}

/// A correction of November that waits or is held does not keep changes of December and January from being planned: the run of the
/// newest month looks back.
#[test]
fn a_correction_that_waits_does_not_keep_the_months_after_it_from_being_looked_at() {
    let company = Company::with(SECOND_BUSINESS_DAY, DAILY);
    let generation = company.current.generation();
    let calendar = &generation.project.work;
    let table = Timetable { pipelines: &generation.pipelines, calendar, zone: &TimeZone::UTC };
    let woken = |period: &str, day: &str| {
        let waits =
            Waiting { period: PeriodCode(period.to_owned()), held: true, planned_at: at("2013-12-05T12:00:00Z") };
        let waiting = BTreeMap::from([("changes".to_owned(), vec![waits])]);
        let wakes = table.by_change(&waiting, "somebody changed", at(day));
        wakes.iter().map(|wake| format!("{} {}", wake.pipeline, wake.period)).collect::<Vec<_>>()
    };
    assert_eq!(woken("2013-11", "2014-02-10T12:00:00Z"), ["changes 2014-01"]);
    // Somebody planned a later month by hand.
    assert_eq!(woken("2014-02", "2014-02-10T12:00:00Z"), ["changes 2014-02"]);
}

#[test]
fn a_missed_time_is_skipped_where_the_pipeline_says_so() {
    let skip = "every: { month_on: 2nd business day, at: \"07:00\", if_missed: skip }";
    let company = Company::with(skip, "every: { month_on: day 20, at: \"07:00\" }");
    company.serve(&company.script("2013-12-02T13:00:00Z", 30));
    company.clock.set(at("2013-12-10T12:00:00Z"));
    let did = company.serve(&company.script("2013-12-10T13:00:00Z", 30));
    assert_eq!(did, ["12-10 12:00 skipped payroll-journal"]);
}

#[test]
fn a_pipeline_whose_time_was_taken_away_for_a_while_has_missed_nothing() {
    let mut company = Company::with(SECOND_BUSINESS_DAY, "every: { month_on: day 20, at: \"07:00\" }");
    company.serve(&company.script("2013-12-02T13:00:00Z", 30));
    company.edit(SECOND_BUSINESS_DAY, "every: { change_in: bamboohr }");
    let did = company.serve(&company.script("2014-02-10T12:00:00Z", 600));
    assert!(!did.iter().any(|line| line.contains("payroll")), "{did:?}");
    company.edit("every: { change_in: bamboohr }", SECOND_BUSINESS_DAY);
    let did = company.serve(&company.script("2014-03-05T12:00:00Z", 60));
    let payroll: Vec<&String> = did.iter().filter(|line| line.contains("payroll")).collect();
    assert_eq!(payroll, ["03-04 15:30 payroll-journal 2014-02"]);
}

#[test]
fn a_run_that_was_killed_in_the_middle_is_made_again_by_the_next_service() {
    let company = Company::with(SECOND_BUSINESS_DAY, "every: { month_on: day 20, at: \"07:00\" }");
    company.serve(&company.script("2013-12-02T13:00:00Z", 30));
    let script = company.script("2013-12-04T00:00:00Z", 30);
    script.ends.borrow_mut().push_back(None);
    assert_eq!(company.serve(&script), ["12-03 15:00 payroll-journal 2013-11"]);
    let did = company.serve(&company.script("2013-12-03T18:00:00Z", 30));
    assert_eq!(did, ["12-03 15:00 payroll-journal 2013-11"], "once, and not again");
}

#[test]
fn what_fails_for_now_is_tried_with_growing_pauses_and_a_refused_sign_in_is_not() {
    let company = Company::with(SECOND_BUSINESS_DAY, "every: { month_on: day 20, at: \"07:00\" }");
    company.serve(&company.script("2013-12-03T14:00:00Z", 30));
    let script = company.script("2013-12-03T20:00:00Z", 1);
    script.ends.borrow_mut().extend([Some(Verdict::Later); 9]);
    let did = company.serve(&script);
    let times: Vec<&str> = did.iter().map(|line| line.get(6..11).unwrap()).collect();
    // After 1, 2, 4, 8, 16 and 32 minutes, then each hour, and once more where it ends well.
    let pauses = ["15:00", "15:01", "15:03", "15:07", "15:15", "15:31", "16:03", "17:03", "18:03", "19:03"];
    assert_eq!(times, pauses);

    company.clock.set(at("2014-01-02T14:00:00Z"));
    let script = company.script("2014-01-03T14:00:00Z", 5);
    script.ends.borrow_mut().extend([Some(Verdict::GivenUp); 9]);
    assert_eq!(company.serve(&script).len(), 2, "payroll and vendors of December, once each");
}

/// A run that a sign-in kept back stays owed: it is tried once a day, and at once by a service that is started anew.
#[test]
fn what_a_refused_sign_in_kept_back_is_owed_until_it_is_made() {
    let company = Company::with(SECOND_BUSINESS_DAY, "every: { month_on: day 20, at: \"07:00\" }");
    company.serve(&company.script("2013-12-03T14:00:00Z", 30));
    let script = company.script("2013-12-05T20:00:00Z", 60);
    script.ends.borrow_mut().extend([Some(Verdict::Refused); 9]);
    let times = ["12-03 15:30", "12-04 15:30", "12-05 15:30"];
    assert_eq!(company.serve(&script), times.map(|at| format!("{at} payroll-journal 2013-11")));
    let did = company.serve(&company.script("2013-12-06T08:00:00Z", 60));
    assert_eq!(did, ["12-05 20:30 payroll-journal 2013-11"]);
}

/// Down for a quarter, with a journal that is made anew each day: no month is left out.
#[test]
fn every_month_that_passed_is_made_up_for_also_where_a_journal_is_due_daily() {
    let company = Company::with(DAILY, "every: { month_on: day 20, at: \"07:00\" }");
    company.serve(&company.script("2013-12-02T13:00:00Z", 30));
    company.clock.set(at("2014-04-10T12:00:00Z"));
    let did = company.serve(&company.script("2014-04-10T13:00:00Z", 30));
    let journals: Vec<&str> =
        did.iter().filter_map(|line| line.split_once("payroll-journal ")).map(|(_, period)| period).collect();
    assert_eq!(journals, ["2013-11", "2013-12", "2014-01", "2014-02", "2014-03"]);
}

#[test]
fn a_change_wakes_once_it_is_quiet() {
    let company = Company::with(SECOND_BUSINESS_DAY, DAILY);
    let mut script = company.script("2013-12-02T14:30:00Z", 1);
    let changed = |latest: &str| Changed { latest: latest.to_owned(), people: vec![("1".to_owned(), false)] };
    script.changes = vec![
        (at("2013-12-02T13:00:30Z"), changed("2013-12-02T13:00:00Z")),
        (at("2013-12-02T13:11:30Z"), changed("2013-12-02T13:11:00Z")),
    ];
    // Asked at 13:10 and found; changed again until 13:12; quiet for two minutes then.
    assert_eq!(company.serve(&script), ["12-02 12:00 changes 2013-11", "12-02 13:14 changes 2013-11"]);
}
