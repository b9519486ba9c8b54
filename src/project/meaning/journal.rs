//! `make: journal`: batch, reference, date and lines.

use super::Page;
use super::balance;
use super::names;
use crate::hr::{PayCalendar, Period};
use crate::ledger::limits;
use crate::project::finding::{Finding, did_you_mean};
use crate::project::pipeline::{Accrue, Amount, JournalDate, JournalRule, LineRule, LookUp, OnePer, Pay, Side};
use crate::project::shape::Text;
use crate::project::shape::pipeline as shape;
use crate::project::template::Template;
use crate::project::value::{Bindings, Kind, Names, Value};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What a journal is made from.
pub struct Given<'g> {
    pub pay: &'g Pay,
    pub look_ups: &'g [LookUp],
    /// All look-ups that were written, in order: those that broke have no [`LookUp`], but are no unknown names.
    pub written: &'g [String],
    /// GP's company name where it is known, for widths.
    pub company: Option<&'g str>,
    /// The pipeline's periods; `None` where they are broken.
    pub calendar: Option<&'g PayCalendar>,
    /// How it accrues: then that dates the journal.
    pub accrue: Option<Accrue>,
}

impl Given<'_> {
    fn position(&self, name: &str) -> Option<usize> {
        self.look_ups.iter().position(|look_up| look_up.name == name)
    }

    fn is_broken(&self, name: &str) -> bool {
        self.written.iter().any(|written| written == name) && self.position(name).is_none()
    }

    /// Look-ups that have one value wherever `known` do: all their keys are among these, or among look-ups like that.
    fn determined_by(&self, known: &[&str]) -> BTreeSet<String> {
        let mut fixed: BTreeSet<String> = known.iter().map(|name| (*name).to_owned()).collect();
        for look_up in self.look_ups {
            if look_up.keys.iter().all(|key| fixed.contains(key)) {
                fixed.insert(look_up.name.clone());
            }
        }
        fixed.retain(|name| self.written.contains(name));
        fixed
    }

    fn width(&self, name: &str) -> Option<usize> {
        if name == "company" {
            return self.company.map(|company| company.chars().count());
        }
        if ["accrual.date", "accrual.reversal"].contains(&name) {
            return Some(10);
        }
        if let (Some((code, called)), "period.code" | "period.name") = (self.calendar.map(PayCalendar::widths), name) {
            return Some(if name == "period.code" { code } else { called });
        }
        let look_up = self.look_ups.iter().find(|look_up| look_up.name == name);
        look_up.map(|look_up| look_up.table.widest(&look_up.column)).or_else(|| names::width(name))
    }
}

pub fn journal(raw: &shape::Journal, given: &Given<'_>, page: &mut Page<'_>) -> Option<JournalRule> {
    let one_per = raw.one_per.as_ref().and_then(|text| one_per(text, given, page));
    let mut names = names::of_journal(given.pay.amount_names());
    if given.accrue.is_some() {
        names.add("accrual", names::accrual());
    }
    let fixed = match &one_per {
        Some(OnePer::LookUp(position)) => {
            given.look_ups.get(*position).map(|look_up| look_up.name.as_str()).into_iter().collect()
        }
        _ => Vec::new(),
    };
    given.determined_by(&fixed).iter().for_each(|name| names.add(name, Kind::Text));
    if one_per == Some(OnePer::Person) {
        names.add("number", Kind::Text);
    }
    let broken_head = raw.one_per.as_ref().is_some_and(|text| given.is_broken(&text.text)) || one_per.is_none();
    let outer = page.names_are_missing;
    page.names_are_missing |= broken_head;
    let batch = raw.batch.as_ref().and_then(|text| text_of(text, "batch", limits::BATCH, &names, given, page));
    let reference = raw
        .reference
        .as_ref()
        .and_then(|text| text_of(text, "reference", limits::REFERENCE_TEMPLATE, &names, given, page));
    let date = journal_date(raw, &names, given, page);
    page.names_are_missing = outer;
    let lines = raw.lines.as_ref().and_then(|lines| self::lines(lines, &fixed, &names, given, page));
    if let Some(lines) = &lines {
        balance::prove(lines, given.pay, raw, page);
    }
    Some(JournalRule {
        one_per: one_per?,
        batch: batch?,
        reference: reference?,
        date: date?,
        lines: lines?,
        rates: None,
        place: page.place(raw.at()),
    })
}

fn one_per(text: &Text, given: &Given<'_>, page: &mut Page<'_>) -> Option<OnePer> {
    match text.text.as_str() {
        // Each company has its own journal in any case.
        "period" | "company" => Some(OnePer::Period),
        "person" => Some(OnePer::Person),
        name => match given.position(name) {
            Some(position) => Some(OnePer::LookUp(position)),
            None if given.is_broken(name) => None,
            None => {
                let mut known = vec!["period", "company", "person"];
                known.extend(given.written.iter().map(String::as_str));
                page.error(
                    "unknown-name",
                    text,
                    format!("there is no journal per `{name}`"),
                    did_you_mean(name, &known),
                );
                None
            }
        },
    }
}

/// A template with its problems explained where a look-up of the pipeline is just not known at this place.
fn template(text: &Text, names: &Names, given: &Given<'_>, page: &mut Page<'_>) -> Option<Template> {
    let before = page.findings.len();
    let template = page.template(text, names);
    for finding in page.findings.iter_mut().skip(before).filter(|finding| finding.code == "unknown-name") {
        if let Some(name) = given.written.iter().find(|name| finding.message.contains(&format!("`{name}`"))) {
            finding.message = format!("`{name}` has no single value here");
            finding.help =
                Some(format!("`for_each: {name}` gives a line for each, `one_per: {name}` a journal for each"));
        }
    }
    template
}

/// A text of the journal's header or of a line, checked against GP's width and letters.
fn text_of(
    text: &Text,
    what: &str,
    limit: usize,
    names: &Names,
    given: &Given<'_>,
    page: &mut Page<'_>,
) -> Option<Template> {
    let template = template(text, names, given, page)?;
    fits(&template, text, what, limit, &|name| given.width(name), page).then_some(template)
}

/// Whether everything the template can yield fits GP's field; says why not.
pub fn fits(
    template: &Template,
    text: &Text,
    what: &str,
    limit: usize,
    width: &dyn Fn(&str) -> Option<usize>,
    page: &mut Page<'_>,
) -> bool {
    let before = page.findings.len();
    let widest = template.widest(width);
    if widest > limit {
        let message = format!("`{what}` can have {widest} characters, and {limit} are possible");
        let help = match what {
            "reference" => "GP keeps 30 characters, and 9 of them carry the document's identity",
            _ => "GP would cut it; shorten the text, or use `| truncate(n)` where that is fine",
        };
        page.error("too-wide-for-gp", text, message, Some(help.to_owned()));
    }
    let outside = template.literals().into_iter().find_map(limits::outside_cp1252);
    if let Some(letter) = outside {
        let shown: String = letter.escape_default().collect();
        let shown = if letter.is_control() { shown } else { letter.to_string() };
        let message = format!("GP cannot store `{shown}`");
        page.error("letter-outside-gp", text, message, Some("GP keeps western letters (code page 1252)".to_owned()));
    }
    page.findings.len() == before
}

/// The date that is written, or that of the accrual: exactly one of them.
fn journal_date(raw: &shape::Journal, names: &Names, given: &Given<'_>, page: &mut Page<'_>) -> Option<JournalDate> {
    match (&raw.date, &given.accrue) {
        (Some(text), None) => date_of(text, names, given, page).map(JournalDate::Template),
        (None, Some(accrue)) => Some(JournalDate::Accrual(accrue.clone())),
        (Some(text), Some(_)) => {
            let message = "an accrual is dated by the month end that it accrues up to";
            page.error("unused-part", text, message, Some("remove `date`".to_owned()));
            None
        }
        (None, None) => {
            let finding = Finding::error("missing-key", page.place(raw.at()), "this journal has no `date`");
            page.report(finding.help("for example `date: \"{{ period.last_day }}\"`"));
            None
        }
    }
}

/// A journal's date, tried on a month: what is no date then is never one.
fn date_of(text: &Text, names: &Names, given: &Given<'_>, page: &mut Page<'_>) -> Option<Template> {
    let template = template(text, names, given, page)?;
    let month = Period::month("2013-11").ok()?;
    let mut sample = Bindings::default();
    let period = [
        ("code".to_owned(), Value::text(&month.code.0)),
        ("name".to_owned(), Value::text(&month.name)),
        ("first_day".to_owned(), Value::Date(month.first_day)),
        ("last_day".to_owned(), Value::Date(month.last_day)),
    ];
    sample.set("period", Value::Record(period.into()));
    let only_period = template.names().iter().all(|name| name.starts_with("period."));
    let rendered = if only_period { template.render(&sample).unwrap_or_default() } else { String::new() };
    if rendered.parse::<Date>().is_ok() && rendered.len() == 10 {
        if template.names().is_empty() {
            let message = format!("every journal would be dated {rendered}, whatever its period");
            let finding = Finding::warning("date-never-changes", text.place(page.file), message);
            page.report(finding.help("for example `date: \"{{ period.last_day }}\"`"));
        }
        return Some(template);
    }
    let message = "this does not yield a date".to_owned();
    page.error("not-a-date", text, message, Some("for example \"{{ period.last_day }}\"".to_owned()));
    None
}

fn lines(
    raw: &[shape::Line],
    fixed: &[&str],
    head: &Names,
    given: &Given<'_>,
    page: &mut Page<'_>,
) -> Option<Vec<LineRule>> {
    let mut lines = Vec::new();
    let mut good = true;
    for raw in raw {
        match line(raw, fixed, head, given, page) {
            Some(line) => lines.push(line),
            None => good = false,
        }
    }
    good.then_some(lines)
}

fn line(raw: &shape::Line, fixed: &[&str], head: &Names, given: &Given<'_>, page: &mut Page<'_>) -> Option<LineRule> {
    let side = match (&raw.debit, &raw.credit) {
        (Some(debit), None) => Some((Side::Debit, debit)),
        (None, Some(credit)) => Some((Side::Credit, credit)),
        _ => {
            let place = page.place(raw.own_spot);
            let finding = Finding::error("one-of", place, "a line has exactly one of `debit` and `credit`");
            page.report(finding.help("a line has one side; write a second line for the other"));
            None
        }
    };
    let amount = side.and_then(|(_, text)| amount(text, given.pay, page));
    let for_each = match &raw.for_each {
        Some(text) => for_each(text, given, page).map(Some),
        None => Some(None),
    };
    let mut names = head.clone();
    let each = raw.for_each.as_ref().map(|text| text.text.as_str());
    let known: Vec<&str> = fixed.iter().copied().chain(each).collect();
    given.determined_by(&known).iter().for_each(|name| names.add(name, Kind::Text));
    let outer = page.names_are_missing;
    page.names_are_missing |= for_each.is_none();
    let account = raw.account.as_ref().and_then(|text| text_of(text, "account", limits::ACCOUNT, &names, given, page));
    page.names_are_missing = outer;
    let account = account.filter(|account| {
        let empty = account.outcomes().is_some_and(|outcomes| outcomes.iter().any(|text| text.trim().is_empty()));
        if let Some(text) = raw.account.as_ref().filter(|_| empty) {
            page.error("empty-value", text, "a line needs an account", None);
        }
        !empty
    });
    Some(LineRule {
        name: raw.name.as_ref()?.text.clone(),
        side: side?.0,
        amount: amount?,
        for_each: for_each?,
        by_person: raw.detail.is_some(),
        account: account?,
        account_place: raw.account.as_ref()?.place(page.file),
        place: page.place(raw.name.as_ref()?.spot),
    })
}

fn amount(text: &Text, pay: &Pay, page: &mut Page<'_>) -> Option<Amount> {
    let mut known = pay.amounts();
    known.push((Amount::Gross, "gross"));
    if !pay.withheld.is_empty() {
        known.push((Amount::Net, "net"));
    }
    if let Some((amount, _)) = known.iter().find(|(_, name)| *name == text.text) {
        return Some(*amount);
    }
    let names: Vec<&str> = known.iter().map(|(_, name)| *name).collect();
    let help = match text.text.as_str() {
        "overtime" if pay.from_rates => {
            Some("there is none without `pay: { hourly: { overtime: { above_weekly: 40, at: 1.5 } } }`".to_owned())
        }
        "net" => Some("there is none without `pay: { withheld: … }`, from a payroll register".to_owned()),
        _ => did_you_mean(&text.text, &names),
    };
    page.error("unknown-amount", text, format!("there is no amount `{}`", text.text), help);
    None
}

fn for_each(text: &Text, given: &Given<'_>, page: &mut Page<'_>) -> Option<usize> {
    let position = given.position(&text.text);
    if position.is_none() && !given.is_broken(&text.text) && !page.names_are_missing {
        let known: Vec<&str> = given.written.iter().map(String::as_str).collect();
        let help = did_you_mean(&text.text, &known).or_else(|| Some("add it under `look_up`".to_owned()));
        page.error("unknown-name", text, format!("there is no look-up `{}`", text.text), help);
    }
    position
}
