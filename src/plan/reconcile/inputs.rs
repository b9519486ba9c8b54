//! What a reconciliation is made from, beside the facts.

use crate::hr::PeriodCode;
use crate::ledger::{AccountNumber, Currency, DocumentId, Minor};
use crate::plan::document::{Plan, Role};
use crate::plan::facts::Facts;
use crate::project::Pipeline;
use crate::project::pipeline::{JournalRule, Pay};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Net amounts by account, debit above zero.
pub type Nets = BTreeMap<AccountNumber, Minor>;

/// Everything one reconciliation reads.
pub struct Inputs<'a> {
    pub plan_id: &'a str,
    /// The plan was made again from its stored inputs and came out the same.
    pub proven: bool,
    pub plan: &'a Plan,
    pub pipeline: &'a Pipeline,
    pub rule: &'a JournalRule,
    pub pay: &'a Pay,
    pub facts: &'a Facts,
    /// Journals that carry cost of the period, sent or on their way, and corrections of other periods in the same plan.
    pub documents: &'a [BookedDocument],
    /// Whether GP was asked; without it that column is empty.
    pub gp_asked: bool,
    /// The first row at which the audit trail breaks.
    pub audit_break: Option<i64>,
    /// Roll cost centres of a single person into `others`.
    pub hide_single: bool,
}

/// Where a journal is on its way, as far as a close cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Held,
    AwaitsApproval,
    Approved,
    Refused,
    /// Sending began and nobody knows how it ended.
    Unknown,
    Sent,
}

impl Phase {
    /// The word for people and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Held => "held",
            Phase::AwaitsApproval => "awaits approval",
            Phase::Approved => "approved",
            Phase::Refused => "refused",
            Phase::Unknown => "unknown",
            Phase::Sent => "sent",
        }
    }
}

/// What GP showed of a sent journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InGp {
    NotAsked,
    /// Nothing under its number, and nothing with its key in its batch: a person deleted it.
    Absent,
    Held {
        posted: bool,
        date: Date,
        nets: Nets,
    },
}

/// One journal with its amounts.
#[derive(Clone, Debug)]
pub struct BookedDocument {
    pub id: DocumentId,
    pub role: String,
    pub phase: Phase,
    /// Why it is not sent, in the words of the last attempt.
    pub reason: String,
    pub journal_number: Option<u32>,
    pub batch: String,
    pub date: Date,
    pub currency: Currency,
    /// What it books, whole.
    pub nets: Nets,
    /// The same by the period whose cost it is.
    pub by_period: BTreeMap<PeriodCode, Nets>,
    /// Our ledger already knows that a person deleted it in GP: it counts as not sent, and is planned again.
    pub known_deleted: bool,
    pub in_gp: InGp,
}

impl BookedDocument {
    /// Whether it changes what was sent: a replacement differs from what it replaces by the change, too.
    pub fn corrects(&self) -> bool {
        self.role != Role::Original.to_string()
    }

    /// Whether our ledger counts it as being in GP.
    pub fn counts_as_sent(&self) -> bool {
        self.phase == Phase::Sent && !self.known_deleted
    }

    /// How the journal is called in messages.
    pub fn name(&self) -> String {
        match self.journal_number {
            Some(number) => format!("journal {number}"),
            None => format!("{} journal {}", self.role, self.id.key()),
        }
    }

    /// What it books of `period`.
    pub fn part(&self, period: &PeriodCode) -> Option<&Nets> {
        self.by_period.get(period)
    }

    /// What GP holds more than was sent, an account; empty when it holds exactly that, or was not asked.
    pub fn changed_in_gp(&self) -> Nets {
        let mut changed = match &self.in_gp {
            InGp::NotAsked => return Nets::new(),
            InGp::Absent => Nets::new(),
            InGp::Held { nets, .. } => self.spelled_as_sent(nets),
        };
        for (account, sent) in &self.nets {
            *changed.entry(account.clone()).or_default() -= *sent;
        }
        changed.retain(|_, amount| !amount.is_zero());
        changed
    }

    /// What GP holds of `period`'s cost in this journal: what was sent of it, and what a person changed since. A change
    /// cannot be told apart by period, so it counts for the newest period that the journal carries.
    pub fn part_in_gp(&self, period: &PeriodCode) -> Nets {
        let mut part = self.part(period).cloned().unwrap_or_default();
        if self.in_gp == InGp::Absent {
            return Nets::new();
        }
        if self.by_period.keys().last() == Some(period) {
            for (account, amount) in self.changed_in_gp() {
                *part.entry(account).or_default() += amount;
            }
        }
        part
    }

    /// GP compares accounts without regard to case, and so must we.
    fn spelled_as_sent(&self, nets: &Nets) -> Nets {
        let mut spelled = Nets::new();
        for (account, amount) in nets {
            let known = self.nets.keys().find(|sent| sent.as_str().eq_ignore_ascii_case(account.as_str()));
            *spelled.entry(known.unwrap_or(account).clone()).or_default() += *amount;
        }
        spelled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nets(amounts: &[(&str, i128)]) -> Nets {
        amounts.iter().map(|(account, cents)| (AccountNumber::new(account), Minor(*cents))).collect()
    }

    /// An adjusting journal of 3.00 for September and 7.00 for October.
    fn adjusting(in_gp: InGp) -> BookedDocument {
        BookedDocument {
            id: DocumentId::from_text("0123456789abcdef"),
            role: "adjusting".to_owned(),
            phase: Phase::Sent,
            reason: String::new(),
            journal_number: Some(8),
            batch: "PAY".to_owned(),
            date: Date::constant(2013, 11, 30),
            currency: Currency::from_code("USD").unwrap(),
            nets: nets(&[("5100-a", 1_000), ("2100", -1_000)]),
            by_period: BTreeMap::from([
                (PeriodCode("2013-09".to_owned()), nets(&[("5100-a", 300), ("2100", -300)])),
                (PeriodCode("2013-10".to_owned()), nets(&[("5100-a", 700), ("2100", -700)])),
            ]),
            known_deleted: false,
            in_gp,
        }
    }

    fn held(amounts: &[(&str, i128)]) -> InGp {
        InGp::Held { posted: false, date: Date::constant(2013, 11, 30), nets: nets(amounts) }
    }

    #[test]
    fn all_but_the_first_journal_of_a_period_correct() {
        let corrects = |role: Role| BookedDocument { role: role.to_string(), ..adjusting(InGp::NotAsked) }.corrects();
        let all = [Role::Original, Role::Difference, Role::Replacement, Role::Adjusting].map(corrects);
        assert_eq!(all, [false, true, true, true]);
    }

    #[test]
    fn an_untouched_journal_is_in_gp_by_the_periods_it_was_sent_for() {
        // GP gives its own spelling of the account back.
        let document = adjusting(held(&[("5100-A", 1_000), ("2100", -1_000)]));
        assert_eq!(document.changed_in_gp(), Nets::new());
        let september = document.part_in_gp(&PeriodCode("2013-09".to_owned()));
        assert_eq!(september, nets(&[("5100-a", 300), ("2100", -300)]));
    }

    #[test]
    fn a_change_in_gp_counts_once_for_the_newest_period() {
        let document = adjusting(held(&[("5100-a", 950), ("5999", 50), ("2100", -1_000)]));
        assert_eq!(document.changed_in_gp(), nets(&[("5100-a", -50), ("5999", 50)]));
        let part = |code: &str| document.part_in_gp(&PeriodCode(code.to_owned()));
        assert_eq!(part("2013-09"), nets(&[("5100-a", 300), ("2100", -300)]));
        assert_eq!(part("2013-10"), nets(&[("5100-a", 650), ("5999", 50), ("2100", -700)]));
    }

    #[test]
    fn a_deleted_journal_holds_nothing() {
        let document = adjusting(InGp::Absent);
        assert_eq!(document.part_in_gp(&PeriodCode("2013-10".to_owned())), Nets::new());
        assert_eq!(document.changed_in_gp(), nets(&[("5100-a", -1_000), ("2100", 1_000)]));
    }
}
