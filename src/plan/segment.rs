//! Segments: maximal runs of days in a period in which pay, department and location stay the same, and with them the
//! answers of the look-ups (payroll-rules.md, Segments).

use super::centre::{Answered, CentreId, Centres};
use super::facts::Facts;
use super::names::{Field, PersonOnDay};
use super::split::{self, SegmentSplit};
use crate::hr::{CompensationRow, Employee, EmploymentRow, JobRow, Period};
use crate::project::Pipeline;
use crate::project::pipeline::{AsOf, LookUp};
use crate::project::table::Answer;
use jiff::civil::Date;

/// A segment of one person. Row fields are positions in the facts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    pub person: u32,
    pub first_day: Date,
    pub last_day: Date,
    pub job_row: Option<u32>,
    pub pay_row: Option<u32>,
    pub employment_row: Option<u32>,
    /// `None` when a look-up had no answer: the reason is among the [`Unresolved`] ones.
    pub centre: Option<CentreId>,
}

/// A look-up without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    pub look_up: usize,
    pub keys: Vec<String>,
    pub day: Date,
}

impl Unresolved {
    fn new(look_up: usize, keys: &[&str], day: Date) -> Unresolved {
        Unresolved { look_up, keys: keys.iter().map(|key| (*key).to_owned()).collect(), day }
    }
}

/// The dated rows of one person that can be seen on the period's last day, one a date.
#[derive(Clone, Copy, Debug)]
pub struct PersonRows<'f> {
    pub facts: &'f Facts,
    pub person: u32,
    pub job: &'f [JobRow],
    pub job_offset: u32,
    pub pay: &'f [CompensationRow],
    pub pay_offset: u32,
    pub employment: &'f [EmploymentRow],
    pub employment_offset: u32,
}

/// The last row whose date is at most `day`: of two rows on one date the later, that is the higher row id.
fn in_force<R>(rows: &[R], date: impl Fn(&R) -> Date, day: Date) -> Option<usize> {
    rows.iter().rposition(|row| date(row) <= day)
}

impl<'f> PersonRows<'f> {
    pub fn employee(&self) -> &'f Employee {
        &self.facts.people[self.person as usize]
    }

    /// Position in the facts of the compensation row in force on `day`, as seen on `last_visible`.
    pub fn pay_on(&self, day: Date) -> Option<u32> {
        in_force(self.pay, |row| row.date, day).map(|at| self.pay_offset + at as u32)
    }

    pub fn job_on(&self, day: Date) -> Option<u32> {
        in_force(self.job, |row| row.date, day).map(|at| self.job_offset + at as u32)
    }

    pub fn employment_on(&self, day: Date) -> Option<u32> {
        in_force(self.employment, |row| row.date, day).map(|at| self.employment_offset + at as u32)
    }

    /// The person with these rows in force.
    pub fn on_day(&self, job: Option<u32>, pay: Option<u32>, employment: Option<u32>) -> PersonOnDay<'f> {
        PersonOnDay {
            facts: self.facts,
            person: self.employee(),
            job: job.map(|at| &self.facts.job_rows[at as usize]),
            pay: pay.map(|at| &self.facts.compensation_rows[at as usize]),
            employment: employment.map(|at| &self.facts.employment_rows[at as usize]),
        }
    }
}

/// The look-ups of a pipeline with their keys resolved to fields.
#[derive(Debug)]
pub struct LookUps<'p> {
    pub pipeline: &'p Pipeline,
    keys: Vec<Vec<Option<Field>>>,
}

impl<'p> LookUps<'p> {
    pub fn new(pipeline: &'p Pipeline, facts: &Facts) -> LookUps<'p> {
        let keys = pipeline
            .look_ups
            .iter()
            .map(|look_up| look_up.keys.iter().map(|name| super::names::resolve(pipeline, facts, name)).collect())
            .collect();
        LookUps { pipeline, keys }
    }

    /// Asks every look-up for `person` on `day`, or for `elsewhere`.
    /// Gives the centre, and the last day on which all the answers stay the same.
    ///
    /// # Errors
    /// The look-ups without an answer.
    pub fn ask(
        &self,
        person: PersonOnDay<'_>,
        day: Date,
        period: &Period,
        elsewhere: &Elsewhere<'_>,
        centres: &mut Centres,
    ) -> Placed {
        let mut answers: Vec<Option<Answer<'_>>> = Vec::with_capacity(self.keys.len());
        let (mut until, mut reasons) = (None, Vec::new());
        for (at, (look_up, fields)) in self.pipeline.look_ups.iter().zip(&self.keys).enumerate() {
            if let Some((_, value)) = elsewhere.given.iter().find(|(given, _)| *given == at) {
                answers.push(Some(Answer { row: elsewhere.row + GIVEN, value, until: None }));
                continue;
            }
            if is_without_key(fields, |earlier| answers.get(earlier).is_some_and(Option::is_some)) {
                answers.push(None);
                continue;
            }
            let asked = day_asked(look_up, day, period);
            let (keys, count) = keys(fields, person, elsewhere.place, |earlier| {
                answers.get(earlier).and_then(Option::as_ref).map_or("", |answer| answer.value)
            });
            let answer = look_up.table.look_up(&keys[..count], asked, &look_up.column);
            if look_up.as_of == AsOf::SegmentFirstDay {
                let last = answer.map_or_else(|| look_up.table.silent_until(&keys[..count], asked), |own| own.until);
                until = sooner(until, last);
            }
            if answer.is_none() {
                reasons.push(Unresolved::new(at, &keys[..count], asked));
            }
            answers.push(answer);
        }
        if !reasons.is_empty() {
            return Err(Missing { reasons, until });
        }
        let mut rows = [0; 16];
        let count = answers.len().min(rows.len());
        for (row, answer) in rows.iter_mut().zip(answers.iter().flatten()) {
            *row = answer.row;
        }
        let centre = centres.add(&rows[..count], || {
            let own = answers.iter().flatten().map(|answer| Answered {
                value: answer.value.to_owned(),
                row: answer.row % GIVEN,
                is_given: answer.row >= GIVEN,
            });
            own.collect()
        });
        Ok((centre, until))
    }
}

/// What one look-up says of a person, each by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked<'p> {
    Value(&'p str),
    /// No row matches.
    Nothing(Unresolved),
    /// A look-up before it, which gives a key, has no answer: it cannot be asked, and the reason is the other's.
    WithoutKey,
}

impl<'p> LookUps<'p> {
    /// Asks each look-up for `person` on `day`, in the pipeline's order, going on after one without an answer.
    pub fn ask_each(&self, person: PersonOnDay<'_>, day: Date, period: &Period) -> Vec<Asked<'p>> {
        let mut answers: Vec<Asked<'p>> = Vec::with_capacity(self.keys.len());
        for (at, (look_up, fields)) in self.pipeline.look_ups.iter().zip(&self.keys).enumerate() {
            if is_without_key(fields, |earlier| matches!(answers.get(earlier), Some(Asked::Value(_)))) {
                answers.push(Asked::WithoutKey);
                continue;
            }
            let asked = day_asked(look_up, day, period);
            let (keys, count) = keys(fields, person, None, |earlier| match answers.get(earlier) {
                Some(Asked::Value(value)) => value,
                _ => "",
            });
            let answer = look_up.table.look_up(&keys[..count], asked, &look_up.column);
            answers.push(answer.map_or_else(
                || Asked::Nothing(Unresolved::new(at, &keys[..count], asked)),
                |answer| Asked::Value(answer.value),
            ));
        }
        answers
    }
}

/// Whether a look-up cannot be asked, because one before it that gives a key has no answer.
fn is_without_key(fields: &[Option<Field>], is_known: impl Fn(usize) -> bool) -> bool {
    fields.iter().any(|field| matches!(field, Some(Field::LookUp(earlier)) if !is_known(*earlier)))
}

/// The earlier of two last days; `None` is for ever.
pub fn sooner(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    one.into_iter().chain(other).min()
}

/// The day that a look-up is asked for.
pub fn day_asked(look_up: &LookUp, day: Date, period: &Period) -> Date {
    match look_up.as_of {
        AsOf::SegmentFirstDay => day,
        AsOf::PeriodFirstDay => period.first_day,
        AsOf::PeriodLastDay => period.last_day,
    }
}

/// The keys of a look-up and how many they are; `place` is department and location where these are not the person's own.
fn keys<'k>(
    fields: &[Option<Field>],
    person: PersonOnDay<'k>,
    place: Option<(&'k str, &'k str)>,
    earlier: impl Fn(usize) -> &'k str,
) -> ([&'k str; 8], usize) {
    let mut keys: [&str; 8] = [""; 8];
    let count = fields.len().min(keys.len());
    for (key, field) in keys.iter_mut().zip(fields) {
        *key = match (field, place) {
            (Some(Field::Department), Some((department, _))) => department,
            (Some(Field::Location), Some((_, location))) => location,
            (Some(Field::LookUp(at)), _) => earlier(*at),
            (Some(field), _) => person.key(*field),
            (None, _) => "",
        };
    }
    (keys, count)
}

/// Look-ups without an answer, and the last day on which that stays so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    pub reasons: Vec<Unresolved>,
    pub until: Option<Date>,
}

/// Where a cost lands, and the last day on which that stays the same.
pub type Placed = Result<(CentreId, Option<Date>), Missing>;

/// Where a cost is looked up instead of at home.
#[derive(Clone, Copy, Debug, Default)]
pub struct Elsewhere<'a> {
    /// Department and location that hours or a split name.
    pub place: Option<(&'a str, &'a str)>,
    /// (position of a look-up, its answer) that a split gives itself, by its row.
    pub given: &'a [(usize, String)],
    pub row: u32,
}

/// Added to the row of a split table among the rows that make a centre: look-up tables have their own, and no table as many.
const GIVEN: u32 = 0x8000_0000;

/// What cutting into segments fills, reused between people.
#[derive(Debug, Default)]
pub struct Cut {
    pub segments: Vec<Segment>,
    /// Beside each segment of the person at hand, how its cost is shared. Empty where no pipeline splits.
    pub splits: Vec<Option<SegmentSplit>>,
    /// Whether the pipeline splits at all.
    pub has_splits: bool,
    pub unresolved: Vec<Unresolved>,
}

impl LookUps<'_> {
    /// Cuts the employed days of one person into segments, dropping the days for which `keep` says no; adds them to `cut`.
    ///
    /// The days first fall into runs between row dates; a run ends too where an answer of a look-up ends; neighbouring runs
    /// are then joined again where nothing that makes a segment differs, so that a change of title makes none.
    pub fn cut(
        &self,
        rows: &PersonRows<'_>,
        employed: (Date, Date),
        period: &Period,
        centres: &mut Centres,
        mut keep: impl FnMut(PersonOnDay<'_>) -> bool,
        cut: &mut Cut,
    ) {
        let start = cut.segments.len();
        let mut day = employed.0;
        while day <= employed.1 {
            let (job, pay, employment) = (rows.job_on(day), rows.pay_on(day), rows.employment_on(day));
            let mut last = run_end(rows, day, employed.1);
            let person = rows.on_day(job, pay, employment);
            if keep(person) {
                let home = self.home_of(person, day, period, centres);
                if let Some(until) = home.missing.until {
                    last = last.min(until);
                }
                let segment = Segment {
                    person: rows.person,
                    first_day: day,
                    last_day: last,
                    job_row: job,
                    pay_row: pay,
                    employment_row: employment,
                    centre: home.centre,
                };
                // Without a job row the reason is the missing row, not the look-up that it leaves without keys.
                if job.is_some() {
                    cut.unresolved.extend(home.missing.reasons);
                }
                let split = home.split;
                join_or_push(rows.facts, cut, start, segment, split);
            }
            let Ok(next) = last.tomorrow() else { return };
            day = next;
        }
    }
}

/// Where the cost of a segment lands.
struct Home {
    /// Of the first share where it is split.
    centre: Option<CentreId>,
    split: Option<SegmentSplit>,
    /// What has no answer; and until when all of this stays the same.
    missing: Missing,
}

impl LookUps<'_> {
    fn home_of(&self, person: PersonOnDay<'_>, day: Date, period: &Period, centres: &mut Centres) -> Home {
        let (split, mut missing) = split::ask(self, person, day, period, centres);
        if let Some(first) = split.as_ref().and_then(|shares| shares.first()) {
            return Home { centre: first.centre, split, missing };
        }
        let (centre, until) = match self.ask(person, day, period, &Elsewhere::default(), centres) {
            Ok((centre, until)) => (Some(centre), until),
            Err(Missing { reasons, until }) => {
                missing.reasons = reasons;
                (None, until)
            }
        };
        missing.until = sooner(missing.until, until);
        Home { centre, split: None, missing }
    }
}

/// The day before the next row of any table, at most `last`.
fn run_end(rows: &PersonRows<'_>, day: Date, last: Date) -> Date {
    let job = rows.job.iter().map(|row| row.date);
    let pay = rows.pay.iter().map(|row| row.date);
    let employment = rows.employment.iter().map(|row| row.date);
    let next = job.chain(pay).chain(employment).filter(|date| *date > day).min();
    next.and_then(|date| date.yesterday().ok()).map_or(last, |end| end.min(last))
}

fn join_or_push(facts: &Facts, cut: &mut Cut, start: usize, segment: Segment, split: Option<SegmentSplit>) {
    let same_split = cut.splits.last().is_none_or(|before| *before == split);
    if let Some(before) = cut.segments[start..].last_mut()
        && before.last_day.tomorrow().ok() == Some(segment.first_day)
        && before.centre == segment.centre
        && same_split
        && same_pay(facts, before.pay_row, segment.pay_row)
        && same_job(facts, before.job_row, segment.job_row)
    {
        before.last_day = segment.last_day;
        return;
    }
    cut.segments.push(segment);
    if cut.has_splits {
        cut.splits.push(split);
    }
}

fn same_pay(facts: &Facts, left: Option<u32>, right: Option<u32>) -> bool {
    let key = |at: Option<u32>| {
        at.map(|at| &facts.compensation_rows[at as usize])
            .map(|row| (row.pay_type, row.rate, row.paid_per, row.currency, row.pay_schedule))
    };
    left == right || key(left) == key(right)
}

fn same_job(facts: &Facts, left: Option<u32>, right: Option<u32>) -> bool {
    let key = |at: Option<u32>| at.map(|at| &facts.job_rows[at as usize]).map(|row| (row.department, row.location));
    left == right || key(left) == key(right)
}
