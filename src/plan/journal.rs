//! From costs to journal lines: a journal template applied to shares, added up by account.

use super::accrual::{Counted, counted};
use super::centre::CentreId;
use super::companies::{company_of, due};
use super::cost::{Costs, Share};
use super::facts::Facts;
use super::hold::{Hold, HoldCode};
use super::privacy;
use crate::hr::Period;
use crate::ledger::{AccountNumber, Currency, Minor};
use crate::project::Pipeline;
use crate::project::expression::EvaluationFailed;
use crate::project::pipeline::{Amount, JournalRule, LineRule, OnePer, Otherwise, Side, Unresolved};
use crate::project::value::{Bindings, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What one journal is about, beside its period: part of the identity.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JournalKey {
    pub currency: Currency,
    /// Empty for one journal a period; else the look-up's value or the person's id.
    pub group: String,
    /// GP's company; empty for the connection's own.
    pub company: String,
}

/// One person's part through a line of the template that lists people: position of the line, and the person.
pub type Listed = (usize, u32);

/// What such lines put into one account.
pub type ListedAmounts = BTreeMap<Listed, Minor>;

impl JournalKey {
    /// This journal at the company where a line of `side` books the cost of `centre`.
    pub fn at(&self, pipeline: &Pipeline, costs: &Costs, centre: CentreId, side: Side) -> JournalKey {
        JournalKey { company: company_of(pipeline, costs, centre, side).to_owned(), ..self.clone() }
    }
}

/// The books' side of one journal: a signed balance an account (debit above zero), and which template lines made it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances(pub BTreeMap<AccountNumber, AccountBalance>);

/// What one journal books into one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountBalance {
    /// Debit minus credit.
    pub net: Minor,
    /// (position of the template line, centre of the cost, `None` for a line without `for_each`), in order, once each.
    pub sources: Vec<(usize, Option<CentreId>)>,
    /// Of `net`, what template lines that list people put in.
    pub people: ListedAmounts,
}

impl AccountBalance {
    fn made_by(&mut self, line: usize, centre: Option<CentreId>) {
        if !self.sources.contains(&(line, centre)) {
            self.sources.push((line, centre));
        }
    }
}

impl Balances {
    /// Adds `amount` (debit above zero) to `account`.
    pub fn add(&mut self, account: &AccountNumber, amount: Minor) -> &mut AccountBalance {
        if !self.0.contains_key(account) {
            self.0.insert(account.clone(), AccountBalance::default());
        }
        let balance = self.0.entry(account.clone()).or_default();
        balance.net += amount;
        balance
    }
}

/// Sums of shares by what a template line can ask for: (journal, amount, centre).
type Sums = BTreeMap<(JournalKey, Amount, CentreId), Minor>;

/// The journals that `costs` make, by key. Lines whose account cannot be rendered are reported and left out.
pub fn journals(
    pipeline: &Pipeline,
    rule: &JournalRule,
    period: &Period,
    facts: &Facts,
    costs: &mut Costs,
) -> BTreeMap<JournalKey, Balances> {
    if let Some(privacy) = &pipeline.privacy {
        costs.rolled_up = privacy::roll_up(pipeline, rule, privacy, period, facts, costs);
    }
    let sums = sum_up(rule, facts, costs);
    let mut accounts = Accounts { pipeline, rule, period, known: FxHashMap::default() };
    let mut journals: BTreeMap<JournalKey, Balances> = BTreeMap::new();
    for ((of, amount, cost), sum) in &sums {
        for (at, line) in rule.lines.iter().enumerate() {
            let times = line.amount.times(*amount);
            if times == 0 {
                continue;
            }
            let key = of.at(pipeline, costs, *cost, line.side);
            let centre = (line.for_each.is_some() || rule.one_per_look_up()).then_some(*cost);
            let account = match accounts.of(at, line, &key, centre, costs) {
                Ok(account) => account,
                Err(hold) => {
                    if let Some(hold) = *hold {
                        costs.holds.push(hold);
                    }
                    continue;
                }
            };
            let signed = line.signed(Minor(times * sum.0));
            let journal = journals.entry(key.clone()).or_default();
            journal.add(&account, signed).made_by(at, line.for_each.and(centre));
            match due(pipeline, costs, *cost, line.side, &key, period) {
                Ok(None) => {}
                // The centre says which companies they are, also where the line itself is for all centres.
                Ok(Some(account)) => journal.add(&account, -signed).made_by(at, Some(*cost)),
                // The plan names equal reasons once.
                Err(hold) => costs.holds.push(*hold),
            }
        }
    }
    if rule.lines.iter().any(|line| line.by_person) {
        add_people(pipeline, rule, facts, costs, &mut accounts, &mut journals);
    }
    journals
}

/// What each person put into an account through the lines that list people. All accounts are known by now.
fn add_people(
    pipeline: &Pipeline,
    rule: &JournalRule,
    facts: &Facts,
    costs: &Costs,
    accounts: &mut Accounts<'_>,
    journals: &mut BTreeMap<JournalKey, Balances>,
) {
    let listing: Vec<(usize, &LineRule)> = rule.lines.iter().enumerate().filter(|(_, line)| line.by_person).collect();
    for share in &costs.shares {
        for (at, line) in listing.iter().filter(|(_, line)| line.amount.times(share.amount) != 0) {
            let key = key_of(rule, facts, costs, share).at(pipeline, costs, share.centre, line.side);
            let centre = (line.for_each.is_some() || rule.one_per_look_up()).then_some(share.centre);
            let Ok(account) = accounts.of(*at, line, &key, centre, costs) else { continue };
            let signed = line.signed(Minor(line.amount.times(share.amount) * share.rounded.0));
            let balance = journals.get_mut(&key).and_then(|balances| balances.0.get_mut(&account));
            if let Some(balance) = balance {
                *balance.people.entry((*at, share.person)).or_default() += signed;
            }
        }
    }
}

impl LineRule {
    /// An amount as this line's side counts it: debit above zero.
    fn signed(&self, amount: Minor) -> Minor {
        if self.side == Side::Debit { amount } else { -amount }
    }
}

impl JournalRule {
    fn one_per_look_up(&self) -> bool {
        matches!(self.one_per, OnePer::LookUp(_))
    }
}

/// The journal a share belongs to, but for the company: which one depends on the line ([`JournalKey::at`]).
pub fn key_of(rule: &JournalRule, facts: &Facts, costs: &Costs, share: &Share) -> JournalKey {
    let group = match rule.one_per {
        OnePer::Period => String::new(),
        OnePer::LookUp(at) => costs.centres.value(share.centre, at).to_owned(),
        OnePer::Person => facts.text(facts.people[share.person as usize].id).to_owned(),
    };
    JournalKey { currency: share.currency, group, company: String::new() }
}

fn sum_up(rule: &JournalRule, facts: &Facts, costs: &Costs) -> Sums {
    if rule.one_per == OnePer::Person {
        let mut sums = Sums::new();
        for share in &costs.shares {
            *sums.entry((key_of(rule, facts, costs, share), share.amount, share.centre)).or_default() += share.rounded;
        }
        return sums;
    }
    // Few distinct combinations, many shares: add up by number first, name the journals after.
    let mut by_number: FxHashMap<(Currency, Amount, CentreId), (Minor, usize)> = FxHashMap::default();
    for (at, share) in costs.shares.iter().enumerate() {
        by_number.entry((share.currency, share.amount, share.centre)).or_insert((Minor::ZERO, at)).0 += share.rounded;
    }
    by_number
        .into_iter()
        .map(|((_, amount, centre), (sum, at))| ((key_of(rule, facts, costs, &costs.shares[at]), amount, centre), sum))
        .collect()
}

/// Line, currency, centre, the value it is rolled up to, and the company.
type AccountOf = (usize, Currency, Option<CentreId>, Option<String>, String);

/// Rendered accounts, each once.
struct Accounts<'p> {
    pipeline: &'p Pipeline,
    rule: &'p JournalRule,
    period: &'p Period,
    known: FxHashMap<AccountOf, Option<AccountNumber>>,
}

impl Accounts<'_> {
    /// The account of one line. The error is the hold to report, once; `None` when it was reported before.
    fn of(
        &mut self,
        at: usize,
        line: &LineRule,
        key: &JournalKey,
        centre: Option<CentreId>,
        costs: &Costs,
    ) -> Result<AccountNumber, Box<Option<Hold>>> {
        let rolled_up = costs.rolled_up_to(key, at, centre);
        let index = (at, key.currency, centre, rolled_up.map(str::to_owned), key.company.clone());
        if let Some(known) = self.known.get(&index) {
            return known.clone().ok_or_else(|| Box::new(None));
        }
        if let (Unresolved::Suspense(account), Some(centre)) = (&self.pipeline.unresolved, centre)
            && costs.centres.is_suspense(centre)
        {
            self.known.insert(index, Some(account.clone()));
            return Ok(account.clone());
        }
        let mut names = journal_names(self.period, key.currency);
        if !key.company.is_empty() {
            names.set("company", Value::text(&key.company));
        }
        if let Some(centre) = centre {
            bind_look_ups(&mut names, self.pipeline, self.rule, line, costs, centre);
        }
        if let (Some(value), Some(look_up)) = (rolled_up, line.for_each) {
            names.set(&self.pipeline.look_ups[look_up].name, Value::text(value));
        }
        match line.account.render(&names) {
            Ok(text) => {
                let account = AccountNumber::new(&text);
                self.known.insert(index, Some(account.clone()));
                Ok(account)
            }
            Err(failed) => {
                self.known.insert(index, None);
                Err(Box::new(Some(template_failed(&format!("line {}", line.name), &failed, line.place.clone()))))
            }
        }
    }
}

/// A line with `for_each` sees all look-ups of its cost; one without sees only the value that the whole journal has.
fn bind_look_ups(
    names: &mut Bindings,
    pipeline: &Pipeline,
    rule: &JournalRule,
    line: &LineRule,
    costs: &Costs,
    centre: CentreId,
) {
    for (at, look_up) in pipeline.look_ups.iter().enumerate() {
        if line.for_each.is_some() || rule.one_per == OnePer::LookUp(at) {
            names.set(&look_up.name, Value::text(costs.centres.value(centre, at)));
        }
    }
}

/// Names that every template of a journal sees.
pub fn journal_names(period: &Period, currency: Currency) -> Bindings {
    let mut names = Bindings::default();
    names.set("period", period_value(period));
    names.set("currency", Value::text(currency.code()));
    names
}

/// `period.code`, `period.name`, `period.first_day`, `period.last_day`.
pub fn period_value(period: &Period) -> Value {
    Value::Record(BTreeMap::from([
        ("code".to_owned(), Value::text(&period.code.0)),
        ("name".to_owned(), Value::text(&period.name)),
        ("first_day".to_owned(), Value::Date(period.first_day)),
        ("last_day".to_owned(), Value::Date(period.last_day)),
    ]))
}

/// Names that a journal's batch and reference see: those of every template, and of an accrual `accrual.date` and
/// `accrual.reversal`.
pub fn header_names(rule: &JournalRule, period: &Period, currency: Currency) -> Bindings {
    let mut names = journal_names(period, currency);
    if let Counted::Share(accrual) = counted(rule, period) {
        let days = [("date", accrual.date()), ("reversal", accrual.reverses_on)];
        let days = days.into_iter().map(|(name, day)| (name.to_owned(), Value::Date(day)));
        names.set("accrual", Value::Record(days.collect()));
    }
    names
}

/// The hold for a template that gave no text.
pub fn template_failed(what: &str, failed: &EvaluationFailed, place: crate::project::Place) -> Hold {
    Hold {
        code: HoldCode::TemplateFailed,
        subject: what.to_owned(),
        message: format!("the template of {what} gave no text: {failed}"),
        remedy: "Mend the template in the pipeline, then plan again.".to_owned(),
        place: Some(place),
        otherwise: Otherwise::Hold,
    }
}
