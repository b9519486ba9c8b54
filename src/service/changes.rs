//! Who changed in BambooHR: asked from time to time, gathered until it is quiet, and told once. Pure.
//!
//! `employees/changed` is the truth; a webhook only makes the question come sooner. Whether BambooHR counts the moment it is
//! asked about again is not known (bamboohr.md §8): the same people at the same moment are no news.

use crate::bamboohr::Changed;
use crate::store::{Told, WaitingDelivery};
use jiff::{SignedDuration, Timestamp, TimestampRound, Unit};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt;

/// The mark up to which changes were looked at.
pub const MARK: &str = "changes since";
/// The mark of when BambooHR refused the sign-in.
pub const REFUSED: &str = "changes refused";
/// While people are being edited, pipelines wait at most this many times the pause that they wait for.
const MOST_PAUSES: i32 = 8;
/// The first question goes back so far: BambooHR's clock is not ours.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_hours(1);

/// How often BambooHR is asked, and how long it has to be quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pub every: SignedDuration,
    pub settle: SignedDuration,
}

/// How far BambooHR's changes are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The `since` of the next question.
    pub since: String,
    /// Who was told of with it, as a hash; empty for nobody.
    told: String,
}

impl Cursor {
    /// As the store remembers it.
    pub fn from_mark(mark: &str) -> Cursor {
        let (since, told) = mark.split_once(' ').unwrap_or((mark, ""));
        Cursor { since: since.to_owned(), told: told.to_owned() }
    }

    /// For who never looked.
    pub fn first(now: Timestamp) -> Cursor {
        let seconds = TimestampRound::new().smallest(Unit::Second);
        let since = now.saturating_sub(CLOCKS_DIFFER).and_then(|since| since.round(seconds)).unwrap_or(now);
        Cursor { since: since.to_string(), told: String::new() }
    }

    fn after(changed: &Changed) -> Cursor {
        let mut hash = Sha256::new();
        changed.people.iter().for_each(|(id, deleted)| hash.update(format!("{id}{deleted}\n")));
        let told = if changed.people.is_empty() { String::new() } else { hex::encode(&hash.finalize()[..8]) };
        Cursor { since: changed.latest.clone(), told }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.since, self.told)
    }
}

/// What is known of changes.
#[derive(Debug, Default)]
pub struct Changes {
    cursor: Option<Cursor>,
    gathered: Option<Gathered>,
    ask_at: Option<Timestamp>,
    failures: u32,
    at_once: bool,
    /// The newest delivery that was heard.
    heard: i64,
}

#[derive(Debug)]
struct Gathered {
    people: BTreeSet<String>,
    first: Timestamp,
    last: Timestamp,
}

/// Changes that pipelines shall hear of.
#[derive(Debug, PartialEq, Eq)]
pub struct News {
    pub people: usize,
    /// What the mark becomes with it.
    pub cursor: Cursor,
}

impl Changes {
    /// For a service that does not wait: what changed is told at once.
    pub fn without_settling() -> Changes {
        Changes { at_once: true, ..Changes::default() }
    }

    /// The `since` to ask with now; `None` while it is not time. `mark`: as far as the store remembers.
    pub fn question(&mut self, mark: Option<&str>, now: Timestamp) -> Option<String> {
        if self.ask_at.is_some_and(|at| at > now) {
            return None;
        }
        let known = || mark.map_or_else(|| Cursor::first(now), Cursor::from_mark);
        Some(self.cursor.get_or_insert_with(known).since.clone())
    }

    /// What BambooHR told by itself and was not heard before: it is news, whatever the answer to the next question, which
    /// comes at once. Gives whether there was any.
    pub fn hear(&mut self, deliveries: &[WaitingDelivery], now: Timestamp) -> bool {
        let new: Vec<_> = deliveries.iter().filter(|delivery| delivery.number > self.heard).collect();
        let Some(newest) = new.last() else { return false };
        self.heard = newest.number;
        for delivery in new {
            match &delivery.told {
                Told::Changes(changes) => self.gather(changes.iter().map(|change| change.employee_id.clone()), now),
                // Signed, and not to be read: somebody.
                Told::Something => self.gather(std::iter::once(String::new()), now),
            }
        }
        self.hurry();
        true
    }

    /// The next question comes at once.
    pub fn hurry(&mut self) {
        self.ask_at = None;
    }

    fn gather(&mut self, people: impl Iterator<Item = String>, now: Timestamp) {
        let gathered = self.gathered.get_or_insert_with(|| Gathered { people: BTreeSet::new(), first: now, last: now });
        gathered.people.extend(people);
        gathered.last = now;
    }

    /// The newest delivery that was heard; what is told up to it needs no remembering once its news is owed.
    pub fn heard(&self) -> i64 {
        self.heard
    }

    /// The answer to who never looked before: everybody is in the run that follows. Gives what the mark becomes.
    pub fn first_answer(&mut self, changed: &Changed, pace: Pace, now: Timestamp) -> Cursor {
        self.ask_at = later(now, pace.every);
        self.cursor.insert(Cursor::after(changed)).clone()
    }

    /// An answer; gives how many people changed, none where it is the answer of before.
    pub fn answer(&mut self, changed: &Changed, pace: Pace, now: Timestamp) -> usize {
        let cursor = Cursor::after(changed);
        let is_news = !changed.people.is_empty() && self.cursor.as_ref() != Some(&cursor);
        self.failures = 0;
        self.cursor = Some(cursor);
        if is_news {
            self.gather(changed.people.iter().map(|(id, _)| id.clone()), now);
        }
        // While somebody edits, the next answer says whether it is quiet.
        let pause = if self.gathered.is_some() { pace.settle.min(pace.every) } else { pace.every };
        self.ask_at = later(now, pause);
        if is_news { changed.people.len() } else { 0 }
    }

    /// No answer: asked again after a pause that grows.
    pub fn failed(&mut self, now: Timestamp, pause: impl Fn(u32) -> SignedDuration) {
        self.failures += 1;
        self.ask_at = later(now, pause(self.failures));
    }

    /// What was gathered, once it is quiet, or went on for long.
    pub fn news(&mut self, pace: Pace, now: Timestamp) -> Option<News> {
        let gathered = self.gathered.as_ref()?;
        let longest = pace.settle.checked_mul(MOST_PAUSES).unwrap_or(pace.settle);
        let quiet = self.at_once || now.duration_since(gathered.last) >= pace.settle;
        if !quiet && now.duration_since(gathered.first) < longest {
            return None;
        }
        let news = News { people: gathered.people.len(), cursor: self.cursor.clone()? };
        self.gathered = None;
        Some(news)
    }
}

fn later(now: Timestamp, pause: SignedDuration) -> Option<Timestamp> {
    now.saturating_add(pause).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Happened, ToldChange};

    const PACE: Pace = Pace { every: SignedDuration::from_mins(10), settle: SignedDuration::from_mins(2) };

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    fn changed(latest: &str, people: &[&str]) -> Changed {
        Changed { latest: latest.to_owned(), people: people.iter().map(|id| ((*id).to_owned(), false)).collect() }
    }

    #[test]
    fn people_are_told_of_once_when_it_is_quiet() {
        let mut changes = Changes::default();
        assert_eq!(changes.question(Some("t0 "), at(0)), Some("t0".to_owned()));
        assert_eq!(changes.answer(&changed("t1", &["7"]), PACE, at(0)), 1);
        // Asked again sooner than every ten minutes, because somebody edits.
        assert_eq!((changes.question(None, at(1)), changes.question(None, at(2))), (None, Some("t1".to_owned())));
        assert_eq!(changes.answer(&changed("t2", &["7", "8"]), PACE, at(2)), 2);
        assert_eq!(changes.news(PACE, at(2)), None);
        // The moment itself told again is no news.
        assert_eq!(changes.answer(&changed("t2", &["7", "8"]), PACE, at(4)), 0);
        let news = changes.news(PACE, at(4)).unwrap();
        assert_eq!((news.people, news.cursor.since.as_str()), (2, "t2"));
        assert_eq!(changes.news(PACE, at(30)), None);
        // Nor is it to a service that was started again since, and remembers just the mark.
        let mut again = Changes::default();
        assert_eq!(again.question(Some(&news.cursor.to_string()), at(40)), Some("t2".to_owned()));
        assert_eq!(again.answer(&changed("t2", &["7", "8"]), PACE, at(40)), 0);
        assert_eq!(again.answer(&changed("t2", &["7", "8", "9"]), PACE, at(50)), 3);
    }

    #[test]
    fn the_first_question_goes_back_and_its_answer_is_no_news_of_its_own() {
        let mut changes = Changes::default();
        let since = changes.question(None, at(90));
        assert_eq!(since, Some("1970-01-01T00:30:00Z".to_owned()));
        let cursor = changes.first_answer(&changed("t1", &["7"]), PACE, at(90));
        assert_eq!((cursor.since.as_str(), changes.news(PACE, at(95))), ("t1", None));
        assert_eq!(changes.question(None, at(99)), None);
    }

    #[test]
    fn who_edits_all_day_is_heard_all_the_same() {
        let mut changes = Changes::default();
        let mut told = Vec::new();
        for minute in 0..40 {
            if changes.question(Some("t"), at(minute)).is_some() {
                changes.answer(&changed(&minute.to_string(), &["7"]), PACE, at(minute));
            }
            told.extend(changes.news(PACE, at(minute)).map(|_| minute));
        }
        assert_eq!(told, [16, 34]);
    }

    #[test]
    fn no_answer_is_asked_for_again_and_a_delivery_asks_at_once() {
        let mut changes = Changes::default();
        assert!(changes.question(Some("t0"), at(0)).is_some());
        changes.failed(at(0), |failures| SignedDuration::from_mins(i64::from(failures) * 3));
        assert_eq!((changes.question(None, at(2)), changes.question(None, at(3))), (None, Some("t0".to_owned())));
        changes.failed(at(3), |failures| SignedDuration::from_mins(i64::from(failures) * 3));
        assert_eq!(changes.question(None, at(8)), None);
        let told = Told::Changes(vec![ToldChange {
            happened: Happened::Updated,
            employee_id: "7".to_owned(),
            fields: Vec::new(),
        }]);
        let delivery = WaitingDelivery { number: 3, received_at: at(8), told };
        assert!(changes.hear(std::slice::from_ref(&delivery), at(8)));
        assert!(!changes.hear(&[delivery], at(9)), "heard once");
        assert_eq!(changes.question(None, at(8)), Some("t0".to_owned()));
        // It is news even where the answer does not know of it.
        assert_eq!(changes.answer(&changed("t0", &[]), PACE, at(8)), 0);
        assert_eq!(changes.news(PACE, at(10)).map(|news| news.people), Some(1));
    }
}
