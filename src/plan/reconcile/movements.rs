//! The month against the one before, in words. Who caused a movement is told by id; what they cost is not.

use super::centres::Shown;
use super::people::{People, Person};
use super::view::{Cause, Movement};
use crate::ledger::{Currency, Exact, Minor};
use std::collections::{BTreeMap, BTreeSet};

/// Why one person's cost in a centre changed. Exactly one reason a person and centre; the first that fits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    Joined,
    Left,
    MovedTo(String),
    MovedFrom(String),
    /// Held, left out or without hours the month before.
    PaidAgain,
    /// Held, left out or without hours now.
    NotPaid,
    OtherRate,
    OtherHours,
    /// Employed for a part of one of the two months.
    OtherDays,
    OtherAmounts,
}

impl Reason {
    fn code(&self) -> &'static str {
        match self {
            Reason::Joined => "joined",
            Reason::Left => "left",
            Reason::MovedTo(_) => "moved-to",
            Reason::MovedFrom(_) => "moved-from",
            Reason::PaidAgain => "paid-again",
            Reason::NotPaid => "not-paid",
            Reason::OtherRate => "other-rate",
            Reason::OtherHours => "other-hours",
            Reason::OtherDays => "other-days",
            Reason::OtherAmounts => "other-amounts",
        }
    }

    fn text(&self, count: usize, label: impl Fn(&str) -> String) -> String {
        let people = if count == 1 { "1 person".to_owned() } else { format!("{count} people") };
        match self {
            Reason::Joined => format!("{count} joined"),
            Reason::Left => format!("{count} left"),
            Reason::MovedTo(centre) => format!("{people} moved to {}", label(centre)),
            Reason::MovedFrom(centre) => format!("{people} moved from {}", label(centre)),
            Reason::PaidAgain => format!("{people} paid who were not paid before"),
            Reason::NotPaid => format!("{people} not paid now"),
            Reason::OtherRate => format!("{people} with another rate"),
            Reason::OtherHours => format!("{people} with other hours"),
            Reason::OtherDays => format!("{people} with a part of a month"),
            Reason::OtherAmounts => format!("{people} with other amounts"),
        }
    }
}

/// A centre's two months and the people behind the change.
#[derive(Default)]
struct Moved {
    before: Minor,
    now: Minor,
    /// By reason: what it comes to, and who.
    reasons: BTreeMap<Reason, (Minor, BTreeSet<String>)>,
    people: BTreeSet<u32>,
    /// One person who is paid by the hour, and nobody else, is left out of it.
    lacks_one: bool,
}

/// Whether people paid by the hour are among the movements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hourly {
    Compared,
    /// The hours of the month before are not known, so their cost cannot be compared.
    LeftOut,
}

/// Movements by centre, largest first, and of the whole, one a currency.
pub fn movements(now: &People, before: &People, shown: &Shown, hourly: Hourly) -> (Vec<Movement>, Vec<Movement>) {
    let mut centres: BTreeMap<(String, Currency), Moved> = BTreeMap::new();
    let mut whole: BTreeMap<Currency, Moved> = BTreeMap::new();
    // What is left out of a sum can be read from what the sum lacks: of one person it is one person's.
    let (mut lacks, mut whole_lacks) = (BTreeMap::new(), BTreeMap::new());
    let everybody: BTreeSet<u32> = now.all.keys().chain(before.all.keys()).copied().collect();
    for at in everybody {
        let (today, earlier) = (now.all.get(&at), before.all.get(&at));
        if hourly == Hourly::LeftOut && [today, earlier].into_iter().flatten().any(|person| person.hourly) {
            let cost = by_shown_place(today, shown);
            let currencies: BTreeSet<Currency> = cost.keys().map(|place| place.1).collect();
            cost.into_keys().for_each(|place| *lacks.entry(place).or_insert(0) += 1);
            currencies.into_iter().for_each(|currency| *whole_lacks.entry(currency).or_insert(0) += 1);
            continue;
        }
        let costs = [earlier, today].map(|person| by_shown_place(person, shown));
        let places: BTreeSet<&(String, Currency)> = costs.iter().flat_map(|cost| cost.keys()).collect();
        let mut sums: BTreeMap<Currency, (Minor, Minor)> = BTreeMap::new();
        for place in places {
            let [was, is] = [0, 1].map(|month| costs[month].get(place).copied().unwrap_or_default());
            let sum = sums.entry(place.1).or_default();
            *sum = (sum.0 + was, sum.1 + is);
            let reason = (was != is).then(|| reason(today, earlier, &place.0, (now, before), shown));
            add(centres.entry(place.clone()).or_default(), at, (was, is), reason, today.or(earlier));
        }
        for (currency, (was, is)) in sums {
            let reason = (was != is).then(|| overall_reason(today, earlier, (now, before)));
            add(whole.entry(currency).or_default(), at, (was, is), reason, today.or(earlier));
        }
    }
    centres.iter_mut().for_each(|(place, moved)| moved.lacks_one = lacks.get(place) == Some(&1));
    whole.iter_mut().for_each(|(currency, moved)| moved.lacks_one = whole_lacks.get(currency) == Some(&1));
    let label = |centre: &str| label(centre, now, before);
    let mut told: Vec<(Minor, Movement)> =
        centres.into_iter().map(|((centre, currency), moved)| tell(&centre, currency, moved, &label, shown)).collect();
    told.sort_by(|(left, a), (right, b)| right.abs().cmp(&left.abs()).then_with(|| a.centre.cmp(&b.centre)));
    let overall = whole.into_iter().map(|(currency, moved)| tell("total", currency, moved, &label, shown).1).collect();
    (told.into_iter().map(|(_, movement)| movement).collect(), overall)
}

fn by_shown_place(person: Option<&Person>, shown: &Shown) -> BTreeMap<(String, Currency), Minor> {
    let mut cost = BTreeMap::new();
    for ((centre, currency), amount) in person.into_iter().flat_map(|person| &person.cost) {
        *cost.entry((shown.name(centre).to_owned(), *currency)).or_default() += *amount;
    }
    cost
}

fn add(moved: &mut Moved, at: u32, (was, is): (Minor, Minor), reason: Option<Reason>, person: Option<&Person>) {
    moved.before += was;
    moved.now += is;
    moved.people.insert(at);
    if let (Some(reason), Some(person)) = (reason, person) {
        let (amount, ids) = moved.reasons.entry(reason).or_default();
        *amount += is - was;
        ids.insert(person.id.clone());
    }
}

/// Why a person's cost in `centre` differs.
fn reason(
    now: Option<&Person>,
    before: Option<&Person>,
    centre: &str,
    months: (&People, &People),
    shown: &Shown,
) -> Reason {
    let (Some(today), Some(earlier)) = (now, before) else { return overall_reason(now, before, months) };
    let (home, old_home) = (shown.name(&today.home), shown.name(&earlier.home));
    let places = |person: &Person| -> BTreeSet<String> {
        person.centres().into_iter().map(|centre| shown.name(centre).to_owned()).collect()
    };
    let moved = home != old_home || (!today.hourly && places(today) != places(earlier));
    if moved && today.is_paid() && earlier.is_paid() {
        let (is, was) = (places(today), places(earlier));
        let other = |places: &BTreeSet<String>| places.iter().find(|place| *place != centre).cloned();
        let is_new = is.contains(centre) && !was.contains(centre);
        return match centre == home {
            // Home again after a while elsewhere: this month it is the other place that gained.
            true if old_home == home => other(&was)
                .map(Reason::MovedFrom)
                .or_else(|| other(&is).map(Reason::MovedTo))
                .unwrap_or(Reason::OtherDays),
            true => Reason::MovedFrom(old_home.to_owned()),
            false if is_new && centre != old_home => Reason::MovedFrom(old_home.to_owned()),
            false => Reason::MovedTo(home.to_owned()),
        };
    }
    overall_reason(now, before, months)
}

/// Why a person's cost differs wherever it is booked.
fn overall_reason(now: Option<&Person>, before: Option<&Person>, (this, last): (&People, &People)) -> Reason {
    let (today, earlier) = match (now, before) {
        (Some(_), None) => return Reason::Joined,
        (None, _) => return Reason::Left,
        (Some(today), Some(earlier)) => (today, earlier),
    };
    let is_part = |person: &Person, month: &People| {
        person.first_day > month.period.first_day || person.last_day < month.period.last_day
    };
    if today.last_day < this.period.last_day {
        Reason::Left
    } else if !earlier.is_paid() {
        Reason::PaidAgain
    } else if !today.is_paid() {
        Reason::NotPaid
    } else if today.other_rate(earlier) {
        Reason::OtherRate
    } else if today.hourly {
        Reason::OtherHours
    } else if is_part(today, this) || is_part(earlier, last) {
        Reason::OtherDays
    } else {
        Reason::OtherAmounts
    }
}

/// `0500 Engineering`, or the bare name.
fn label(centre: &str, now: &People, before: &People) -> String {
    match now.about.get(centre).or_else(|| before.about.get(centre)) {
        Some(about) => format!("{centre} {about}"),
        None => centre.to_owned(),
    }
}

fn tell(
    centre: &str,
    currency: Currency,
    moved: Moved,
    label: &dyn Fn(&str) -> String,
    shown: &Shown,
) -> (Minor, Movement) {
    let change = moved.now - moved.before;
    let single_change = moved.reasons.values().map(|(_, ids)| ids.len()).sum::<usize>() == 1;
    let alone = moved.people.len() == 1;
    let hidden = shown.hides_single && (single_change || alone || moved.lacks_one);
    let now_is_hidden = shown.hides_single && (alone || moved.lacks_one);
    let percent = percent(change, moved.before).filter(|_| !hidden);
    let causes = causes(moved.reasons, label);
    let label = label(centre);
    let texts = causes.iter().map(|cause| cause.text.as_str()).collect::<Vec<_>>().join(", ");
    let story = match &percent {
        _ if causes.is_empty() => format!("{label}: unchanged"),
        Some(percent) => format!("{label} {percent} %: {texts}"),
        None if moved.before.is_zero() => format!("{label} is new: {texts}"),
        None => format!("{label}: {texts}"),
    };
    let movement = Movement {
        centre: centre.to_owned(),
        about: label.strip_prefix(centre).map_or("", str::trim).to_owned(),
        currency: currency.code().to_owned(),
        before: (!hidden).then(|| moved.before.text(currency)),
        now: (!now_is_hidden).then(|| moved.now.text(currency)),
        change: (!hidden).then(|| change.text(currency)),
        percent,
        single_person: alone || single_change,
        causes,
        story,
    };
    (change, movement)
}

/// Causes by what they come to, largest first; the amounts themselves are not told.
fn causes(reasons: BTreeMap<Reason, (Minor, BTreeSet<String>)>, label: &dyn Fn(&str) -> String) -> Vec<Cause> {
    let mut sorted: Vec<(Reason, (Minor, BTreeSet<String>))> = reasons.into_iter().collect();
    sorted.sort_by(|(a, (left, _)), (b, (right, _))| right.abs().cmp(&left.abs()).then_with(|| a.cmp(b)));
    sorted
        .into_iter()
        .map(|(reason, (_, ids))| Cause {
            code: reason.code(),
            text: reason.text(ids.len(), label),
            people: ids.into_iter().collect(),
        })
        .collect()
}

/// Whole percent with its sign, half away from zero; `None` when there was nothing before.
fn percent(change: Minor, before: Minor) -> Option<String> {
    let share = Exact::fraction(change.0, before.0).ok()?;
    let whole = share.times(Exact::whole(100)).and_then(|hundred| hundred.round(0)).ok()?;
    Some(match whole.0 {
        0 => "±0".to_owned(),
        number if number < 0 => format!("−{}", number.unsigned_abs()),
        number => format!("+{number}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_round_half_away_from_zero() {
        for (change, before, text) in
            [(-41, 100, "−41"), (5, 1000, "+1"), (-5, 1000, "−1"), (4, 1000, "±0"), (300, 100, "+300")]
        {
            assert_eq!(percent(Minor(change), Minor(before)).as_deref(), Some(text), "{change} of {before}");
        }
        assert_eq!(percent(Minor(7), Minor(0)), None);
    }
}
