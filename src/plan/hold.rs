//! Holds and warnings: what is kept back and why, always with a remedy.

use crate::project::Place;
use crate::project::pipeline::Otherwise;

/// Why something is held. The names are stable and documented in docs/holds.md; the list only grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HoldCode {
    HireDateMissing,
    TerminationDateUnknown,
    HoursUnreadable,
    JobRowMissing,
    PayMissing,
    PayUnreadable,
    PayTypeUnknown,
    PaidPerUnknown,
    PayScheduleUnknown,
    CurrencyMissing,
    CurrencyUnknown,
    AmountTooLarge,
    LookUpMissing,
    TooFewPeople,
    RateMissing,
    HoursNotApproved,
    HoursNotEmployed,
    HoursUnknownPerson,
    HoursNotServed,
    ExpressionFailed,
    TemplateFailed,
    AccountMissing,
    AccountInactive,
    AccountNoEntry,
    CostCentreInvalid,
    CostCentreInactive,
    PeriodClosed,
    PeriodMissing,
    OtherCompanyHeld,
    NoOpenPeriod,
    DateUnreadable,
    Unbalanced,
    SentBefore,
    SentJournalEdited,
    ExpectationFailed,
    ScriptRefused,
    TextTooLong,
    TextOutsideCodePage,
    TextMissing,
    RecordKeyTwice,
    RecordAmbiguous,
    RecordKeyMissing,
    InactiveDateMissing,
}

impl HoldCode {
    /// The code as it is printed and documented.
    pub fn code(self) -> &'static str {
        match self {
            HoldCode::HireDateMissing => "hire-date-missing",
            HoldCode::TerminationDateUnknown => "termination-date-unknown",
            HoldCode::HoursUnreadable => "hours-unreadable",
            HoldCode::JobRowMissing => "job-row-missing",
            HoldCode::PayMissing => "pay-missing",
            HoldCode::PayUnreadable => "pay-unreadable",
            HoldCode::PayTypeUnknown => "pay-type-unknown",
            HoldCode::PaidPerUnknown => "paid-per-unknown",
            HoldCode::PayScheduleUnknown => "pay-schedule-unknown",
            HoldCode::CurrencyMissing => "currency-missing",
            HoldCode::CurrencyUnknown => "currency-unknown",
            HoldCode::AmountTooLarge => "amount-too-large",
            HoldCode::LookUpMissing => "look-up-missing",
            HoldCode::TooFewPeople => "too-few-people",
            HoldCode::RateMissing => "rate-missing",
            HoldCode::HoursNotApproved => "hours-not-approved",
            HoldCode::HoursNotEmployed => "hours-not-employed",
            HoldCode::HoursUnknownPerson => "hours-unknown-person",
            HoldCode::HoursNotServed => "hours-not-served",
            HoldCode::ExpressionFailed => "expression-failed",
            HoldCode::TemplateFailed => "template-failed",
            HoldCode::AccountMissing => "account-missing",
            HoldCode::AccountInactive => "account-inactive",
            HoldCode::AccountNoEntry => "account-no-entry",
            HoldCode::CostCentreInvalid => "cost-centre-invalid",
            HoldCode::CostCentreInactive => "cost-centre-inactive",
            HoldCode::PeriodClosed => "period-closed",
            HoldCode::PeriodMissing => "period-missing",
            HoldCode::OtherCompanyHeld => "other-company-held",
            HoldCode::NoOpenPeriod => "no-open-period",
            HoldCode::DateUnreadable => "date-unreadable",
            HoldCode::Unbalanced => "unbalanced",
            HoldCode::SentBefore => "sent-before",
            HoldCode::SentJournalEdited => "sent-journal-edited",
            HoldCode::ExpectationFailed => "expectation-failed",
            HoldCode::ScriptRefused => "script-refused",
            HoldCode::TextTooLong => "text-too-long",
            HoldCode::TextOutsideCodePage => "text-outside-code-page",
            HoldCode::TextMissing => "text-missing",
            HoldCode::RecordKeyTwice => "record-key-twice",
            HoldCode::RecordAmbiguous => "record-ambiguous",
            HoldCode::RecordKeyMissing => "record-key-missing",
            HoldCode::InactiveDateMissing => "inactive-date-missing",
        }
    }

    /// Every code, for docs and tests.
    pub const ALL: &'static [HoldCode] = &[
        HoldCode::HireDateMissing,
        HoldCode::TerminationDateUnknown,
        HoldCode::HoursUnreadable,
        HoldCode::JobRowMissing,
        HoldCode::PayMissing,
        HoldCode::PayUnreadable,
        HoldCode::PayTypeUnknown,
        HoldCode::PaidPerUnknown,
        HoldCode::PayScheduleUnknown,
        HoldCode::CurrencyMissing,
        HoldCode::CurrencyUnknown,
        HoldCode::AmountTooLarge,
        HoldCode::LookUpMissing,
        HoldCode::TooFewPeople,
        HoldCode::RateMissing,
        HoldCode::HoursNotApproved,
        HoldCode::HoursNotEmployed,
        HoldCode::HoursUnknownPerson,
        HoldCode::HoursNotServed,
        HoldCode::ExpressionFailed,
        HoldCode::TemplateFailed,
        HoldCode::AccountMissing,
        HoldCode::AccountInactive,
        HoldCode::AccountNoEntry,
        HoldCode::CostCentreInvalid,
        HoldCode::CostCentreInactive,
        HoldCode::PeriodClosed,
        HoldCode::PeriodMissing,
        HoldCode::OtherCompanyHeld,
        HoldCode::NoOpenPeriod,
        HoldCode::DateUnreadable,
        HoldCode::Unbalanced,
        HoldCode::SentBefore,
        HoldCode::SentJournalEdited,
        HoldCode::ExpectationFailed,
        HoldCode::ScriptRefused,
        HoldCode::TextTooLong,
        HoldCode::TextOutsideCodePage,
        HoldCode::TextMissing,
        HoldCode::RecordKeyTwice,
        HoldCode::RecordAmbiguous,
        HoldCode::RecordKeyMissing,
        HoldCode::InactiveDateMissing,
    ];
}

/// One reason to keep something back. Never holds an amount of a single person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub code: HoldCode,
    /// What it is about: `employee 234`, `account 000-5100-0410`, a period code.
    pub subject: String,
    pub message: String,
    pub remedy: String,
    /// Where in the project, when the project can mend it.
    pub place: Option<Place>,
    /// What may happen next: a plain hold, one that approval releases, or the end of the run.
    pub otherwise: Otherwise,
}

/// Something a person should know that keeps nothing back. Codes are stable, kebab-case, in docs/holds.md.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub code: &'static str,
    pub subject: String,
    pub message: String,
    pub remedy: String,
}
