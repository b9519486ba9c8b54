//! Accounts that no GP company can have: every account that a line can name is made from the answers of its tables and
//! held against the format of the company's accounts.

use super::Page;
use crate::project::connections::{DimensionSource, GpConnection};
use crate::project::finding::Finding;
use crate::project::pipeline::{LineRule, LookUp, Make, Pipeline};
use crate::project::shape::Text;
use crate::project::value::{Bindings, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// GP's most: ten segments, 66 characters (facts of `ACTNUMST`).
const SEGMENTS: usize = 10;
const CHARACTERS: usize = 66;
/// Accounts of one line that are tried.
const TRIED: usize = 20_000;

/// `account_format`: the length of each segment.
pub fn format(text: &Text, page: &mut Page<'_>) -> Option<Vec<usize>> {
    let lengths = segments(&text.text);
    let letters = text.text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '#');
    let fits = lengths.len() <= SEGMENTS && text.text.len() <= CHARACTERS && !lengths.contains(&0);
    if letters && fits {
        return Some(lengths);
    }
    let message = format!("`{}` is not the format of an account", text.text);
    let help = "one character for each of a segment, segments joined by `-`: `000-0000-0000`".to_owned();
    page.error("bad-account-format", text, message, Some(help));
    None
}

fn segments(account: &str) -> Vec<usize> {
    account.split('-').map(|segment| segment.chars().count()).collect()
}

fn shown(lengths: &[usize]) -> String {
    lengths.iter().map(|length| "0".repeat(*length)).collect::<Vec<_>>().join("-")
}

/// Looks at the accounts of all journal lines.
pub fn check(pipelines: &[Pipeline], gp: Option<&GpConnection>, findings: &mut Vec<Finding>) {
    let format = gp.and_then(|gp| gp.account_format.as_deref());
    let mut told = BTreeSet::new();
    let mut known = BTreeMap::new();
    for pipeline in pipelines {
        let Make::Journal(rule) = &pipeline.make else { continue };
        let lines: Vec<(&LineRule, Rc<Accounts>)> = rule
            .lines
            .iter()
            .map(|line| {
                let made = || Rc::new(Accounts::of(line, &pipeline.look_ups, format));
                (line, Rc::clone(known.entry(made_of(line, &pipeline.look_ups)).or_insert_with(made)))
            })
            .collect();
        for (line, accounts) in &lines {
            // A letter of a table is told where the table stands.
            let own: String = line.account.literals().concat();
            let odd = own.chars().find(|letter| letter.is_whitespace() || !letter.is_ascii());
            if let Some(letter) = odd {
                let what = if letter.is_whitespace() { "a blank".to_owned() } else { format!("`{letter}`") };
                let message = format!("`{}` is no account: there is {what} in it", line.account.source());
                let place = line.account_place.clone();
                findings.push(Finding::error("impossible-account", place, message).help("write it as GP shows it"));
            } else if let Some(format) = format {
                findings.extend(unlike_format(line, accounts, format, &mut told));
            }
            findings.extend(gp.and_then(|gp| wrong_segment(line, &pipeline.look_ups, gp)));
        }
        // Each company may have a format of its own.
        if format.is_none() && pipeline.companies.is_none() {
            unlike_others(&lines, findings);
        }
    }
}

/// An account that a line can name, and the answers it is made with.
struct Account {
    number: String,
    /// Look-up and answer.
    with: Vec<(String, String)>,
}

/// What there is to say of all accounts that a line can name.
struct Accounts {
    first: Option<String>,
    /// The lengths of the segments, where all accounts have the same and no odd letter.
    cut: Option<Vec<usize>>,
    /// The first that is not in the company's format, how many are not, and whether that is all of them.
    unlike: Option<(Account, usize, bool)>,
}

impl Accounts {
    fn of(line: &LineRule, look_ups: &[LookUp], format: Option<&[usize]>) -> Accounts {
        let all = accounts(line, look_ups);
        let first = all.first().map(|account| account.number.clone());
        let cut = first.as_deref().map(segments).filter(|first| {
            let plain = |number: &str| number.chars().all(|letter| letter.is_ascii() && letter != ' ');
            all.iter().all(|account| plain(&account.number) && segments(&account.number) == *first)
        });
        let count = all.len();
        let mut odd =
            all.into_iter().filter(|account| format.is_some_and(|format| segments(&account.number) != format));
        let unlike = odd.next().map(|first| {
            let unlike = 1 + odd.count();
            (first, unlike, unlike == count)
        });
        Accounts { first, cut, unlike }
    }
}

/// What a line's accounts are made of. Many pipelines write the same account over the same table.
fn made_of(line: &LineRule, look_ups: &[LookUp]) -> (String, Vec<(String, usize, String)>) {
    let of_name = |name: &String| {
        let look_up = look_ups.iter().find(|look_up| look_up.name == *name)?;
        // A table's address names it: all of them live until the pipelines have been looked at.
        Some((name.clone(), Arc::as_ptr(&look_up.table).addr(), look_up.column.clone()))
    };
    (line.account.source().to_owned(), line.account.names().iter().filter_map(of_name).collect())
}

/// Every account of a line, where tables alone decide; none where a person's own text is part of it.
fn accounts(line: &LineRule, look_ups: &[LookUp]) -> Vec<Account> {
    let mut all: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for name in line.account.names() {
        let Some(look_up) = look_ups.iter().find(|look_up| look_up.name == *name) else { return Vec::new() };
        let answers = look_up.table.values(&look_up.column);
        if all.len() * answers.len() > TRIED {
            return Vec::new();
        }
        let with = |before: &Vec<(String, String)>, answer: &str| {
            before.iter().cloned().chain([(name.clone(), answer.to_owned())]).collect()
        };
        all = all.iter().flat_map(|before| answers.clone().map(move |answer| with(before, answer))).collect();
    }
    let made = all.into_iter().filter_map(|with| {
        let mut names = Bindings::default();
        with.iter().for_each(|(name, answer)| names.set(name, Value::text(answer)));
        Some(Account { number: line.account.render(&names).ok()?, with })
    });
    made.collect()
}

fn unlike_format(
    line: &LineRule,
    accounts: &Accounts,
    format: &[usize],
    told: &mut BTreeSet<Vec<(String, String)>>,
) -> Option<Finding> {
    let (first, odd, all) = accounts.unlike.as_ref()?;
    let message = format!("`{}` can never exist: accounts here are {}", first.number, shown(format));
    let finding = Finding::error("impossible-account", line.account_place.clone(), message);
    if *all {
        return Some(finding.help("write the account in the segments of `account_format` in project.yaml"));
    }
    // An answer that fits no line is told at the first of them.
    if !told.insert(first.with.clone()) {
        return None;
    }
    let answers: Vec<String> = first.with.iter().map(|(name, answer)| format!("`{name}` = `{answer}`")).collect();
    let more = match *odd {
        1 => String::new(),
        count => format!(", and {} more of its answers do the same", count - 1),
    };
    Some(finding.help(format!("it comes from {}{more}: mend the table", answers.join(", "))))
}

/// Without a declared format: a line whose account is cut otherwise than most.
fn unlike_others(lines: &[(&LineRule, Rc<Accounts>)], findings: &mut Vec<Finding>) {
    let mut counts: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    let cuts = lines.iter().filter_map(|(_, accounts)| accounts.cut.clone());
    cuts.for_each(|cut| *counts.entry(cut).or_default() += 1);
    let all: usize = counts.values().sum();
    let Some((usual, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return };
    if count * 2 <= all {
        return;
    }
    let mut odd = lines.iter().filter_map(|(line, accounts)| {
        let own = accounts.cut.clone().filter(|own| *own != usual)?;
        Some((line, accounts.first.as_ref()?, own))
    });
    let Some((line, account, own)) = odd.next() else { return };
    let message = format!("`{account}` is {}, and most accounts here are {}", shown(&own), shown(&usual));
    let finding = Finding::warning("unlike-accounts", line.account_place.clone(), message)
        .help("a company's accounts are all cut alike: is a segment missing or too short?");
    findings
        .push(odd.fold(finding, |finding, (line, ..)| finding.related(line.account_place.clone(), "this one, too")));
}

/// The look-up is checked against one segment of GP, and stands in another one.
fn wrong_segment(line: &LineRule, look_ups: &[LookUp], gp: &GpConnection) -> Option<Finding> {
    const MARK: &str = "\u{1}";
    line.account.names().iter().find_map(|name| {
        let look_up = look_ups.iter().find(|look_up| look_up.name == *name)?;
        let DimensionSource::Segment(wanted) = gp.dimensions.get(&look_up.name)? else { return None };
        let mut names = Bindings::default();
        for other in line.account.names() {
            names.set(other, Value::text(if other == name { MARK } else { "0" }));
        }
        let account = line.account.render(&names).ok()?;
        let at = account.split('-').position(|segment| segment.contains(MARK))? + 1;
        if at == usize::from(*wanted) {
            return None;
        }
        let message = format!("`{name}` is segment {at} here, and segment {wanted} in project.yaml");
        Some(
            Finding::error("wrong-segment", line.account_place.clone(), message)
                .help("let the account and `dimensions` under `connections: gp` say the same"),
        )
    })
}
