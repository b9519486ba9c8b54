//! Send: exactly the stored, approved documents, each at most once.
//!
//! `sending` is durable before the first byte leaves; after an unclear answer GP is read back by number, batch and key;
//! a POST is never blindly repeated.

use super::recover::{self, Found};
use super::replace;
use super::systems::{RunError, Systems};
use crate::gp::{Delivery, GpError, Refusal, RefusalClass};
use crate::ledger::{DocumentId, JournalEntry};
use crate::plan::checks::period_open;
use crate::plan::document::Role;
use crate::plan::facts::{Books, Facts};
use crate::project::connections::{GpConnection, Provider};
use crate::store::{DocumentState, Outcome, StoredDocument};
use futures_util::StreamExt;
use futures_util::stream;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Mutex;

/// What became of one document in this pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub id: DocumentId,
    /// `journal`, `vendor` or `employee`, and what it is for, for people.
    pub what: String,
    pub journal_number: Option<u32>,
    pub outcome: Outcome,
}

/// What became of a whole pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendSummary {
    pub documents: Vec<Sent>,
    /// GP refused the sign-in: nothing more was tried.
    pub sign_in_refused: Option<String>,
}

/// How often another number is drawn when GP gave ours to somebody else.
const NUMBERS_TRIED: u32 = 25;
/// A record draws no journal number.
const NO_NUMBERS: (u32, u32) = (0, 0);

/// For how long an answer of GP about a fiscal period counts as "just before sending".
const PERIOD_ANSWER_SECONDS: i64 = 60;

/// Sends the approved documents of `ledger`, of one plan when given. Documents of unclear outcome are read back first.
///
/// # Errors
/// What the store gives, or GP while it is asked a question. Every document keeps its state.
pub async fn send(
    systems: &Systems,
    connection: &GpConnection,
    ledger: &str,
    plan_id: Option<&str>,
) -> Result<SendSummary, RunError> {
    systems.same_company(ledger, true).await?;
    recover::read_back(systems, ledger).await?;
    let waiting = systems.store.outbox(ledger).await?;
    let waiting = waiting.into_iter().filter(|document| {
        document.state == DocumentState::Approved && plan_id.is_none_or(|plan| document.plan_id == plan)
    });
    let pass = Pass { systems, connection, stop: AtomicBool::new(false), periods: Mutex::new(BTreeMap::new()) };
    // Of several companies' journals the second is sent only when the first was.
    let at_once = if systems.companies.is_empty() { usize::from(connection.calls_at_once.max(1)) } else { 1 };
    let mut answers = stream::iter(waiting.map(|document| pass.one(document))).buffered(at_once);
    let mut summary = SendSummary::default();
    while let Some(answer) = answers.next().await {
        match answer? {
            One::Done(sent) => summary.documents.push(*sent),
            One::SignInRefused(why) => summary.sign_in_refused = Some(why),
            One::Stopped => {}
        }
    }
    Ok(summary)
}

enum One {
    Done(Box<Sent>),
    SignInRefused(String),
    /// An earlier document showed that nothing can be sent now.
    Stopped,
}

/// When GP was asked about a period, and what is wrong with it.
type PeriodAnswer = (Timestamp, Option<String>);

struct Pass<'a> {
    systems: &'a Systems,
    connection: &'a GpConnection,
    stop: AtomicBool,
    /// By journal date, and whether all companies were asked: when GP was asked, and what is wrong with the period.
    periods: Mutex<BTreeMap<(Date, bool), PeriodAnswer>>,
}

impl Pass<'_> {
    async fn one(&self, document: StoredDocument) -> Result<One, RunError> {
        if self.stop.load(Ordering::Relaxed) {
            return Ok(One::Stopped);
        }
        let entry = document.content.entry();
        if let Some(entry) = &entry {
            prove(&document, entry)?;
            if let Some(reason) = self.kept_back(&document, entry).await? {
                return self.end(document, None, Outcome::Held { reason }).await;
            }
        }
        let store = &self.systems.store;
        let gp = self.systems.gp_of(document.content.company())?;
        let numbers = match self.connection.journal_numbers {
            Some(numbers) => numbers,
            None if entry.is_none() => NO_NUMBERS,
            None => {
                let reason = "nobody provides journals in this project: name one under connections.gp".to_owned();
                return self.end(document, None, Outcome::Held { reason }).await;
            }
        };
        let mut number = store.begin_sending(&document.id, numbers, self.systems.clock.now()).await?;
        let replaces = document.content.replaces().is_some();
        for _ in 0..NUMBERS_TRIED {
            let delivery = match (&entry, document.content.change(), number) {
                (Some(entry), _, Some(number)) if replaces => gp.replace_journal(number, entry).await,
                (Some(entry), _, Some(number)) => gp.create_journal(number, entry).await,
                (None, Some(change), _) => gp.send_record(&change).await,
                _ => return Err(RunError::Invariant { what: format!("document {} does not read back", document.id) }),
            };
            match delivery {
                Delivery::Sent => return self.end(document, number, Outcome::Sent { batch: None }).await,
                Delivery::Unknown { why } => return self.unknown(document, number, why).await,
                Delivery::NotSent { why, sign_in_refused } => {
                    self.stop.store(true, Ordering::Relaxed);
                    let ended = self.end(document, number, Outcome::Later { reason: why.clone() }).await?;
                    return Ok(if sign_in_refused { One::SignInRefused(why) } else { ended });
                }
                Delivery::Refused { refusals } if !replaces && is_taken(&refusals) => {
                    match self.taken(&document, number).await? {
                        Some(outcome) => return self.end(document, number, outcome).await,
                        None => {
                            number = Some(store.draw_again(&document.id, numbers, self.systems.clock.now()).await?);
                        }
                    }
                }
                Delivery::Refused { refusals } => {
                    let outcome = refused(&refusals);
                    return self.end(document, number, outcome).await;
                }
            }
        }
        let reason = format!("GP has {NUMBERS_TRIED} numbers of the reserved range in use by others");
        self.end(document, number, Outcome::Refused { reason }).await
    }

    /// What keeps a journal back just before it is sent: its period, another company's side, or the journal that it replaces.
    async fn kept_back(&self, document: &StoredDocument, entry: &JournalEntry) -> Result<Option<String>, RunError> {
        let of_companies = !document.content.company().is_empty();
        let mut problem = self.period_problem(entry.date, of_companies).await?;
        if problem.is_none() && of_companies {
            problem = self.another_company_stopped(document).await?;
        }
        match document.content.replaces() {
            Some(number) if problem.is_none() => {
                let problem = replace::problem(self.systems, document, number, entry).await?;
                Ok(problem.map(|problem| format!("{problem}: plan again, and the difference is planned")))
            }
            _ => Ok(problem),
        }
    }

    /// The fiscal period is asked again just before sending: people open and close periods at any hour.
    async fn period_problem(&self, date: Date, of_companies: bool) -> Result<Option<String>, RunError> {
        if self.connection.providers.periods == Provider::Off {
            return Ok(None);
        }
        let mut known = self.periods.lock().await;
        let now = self.systems.clock.now();
        if let Some((asked, problem)) = known.get(&(date, of_companies))
            && now.as_second() - asked.as_second() < PERIOD_ANSWER_SECONDS
        {
            return Ok(problem.clone());
        }
        let mut facts = Facts::default();
        if of_companies {
            // One closed period holds the journals of all companies.
            for (company, gp) in &self.systems.companies {
                let fiscal_periods = gp.fiscal_periods(date, date).await?;
                facts.companies.insert(company.clone(), Books { fiscal_periods, ..Books::default() });
            }
        } else {
            facts.fiscal_periods = self.systems.gp.fiscal_periods(date, date).await?;
        }
        let problem = period_open::words(&facts, date).map(|(code, message, _)| format!("{}: {message}", code.code()));
        known.insert((date, of_companies), (now, problem.clone()));
        Ok(problem)
    }

    /// All companies' journals of a plan are sent, or none: what GP refused or a check held at one keeps the others back.
    async fn another_company_stopped(&self, document: &StoredDocument) -> Result<Option<String>, RunError> {
        let adjusting = Role::Adjusting.to_string();
        let is_adjusting = |document: &StoredDocument| document.role == adjusting;
        let siblings = self.systems.store.documents(&document.plan_id).await?;
        let stopped = siblings.iter().find(|sibling| {
            matches!(sibling.state, DocumentState::Refused | DocumentState::Held | DocumentState::Unknown)
                && sibling.id != document.id
                && is_adjusting(sibling) == is_adjusting(document)
                && sibling.booked_in == document.booked_in
        });
        Ok(stopped.map(|sibling| {
            format!("other-company-held: the journal of {} is {}", sibling.content.company(), sibling.state)
        }))
    }

    /// An unclear answer: durable as unknown, then read back. When GP cannot be asked either, it stays unknown.
    async fn unknown(&self, document: StoredDocument, number: Option<u32>, why: String) -> Result<One, RunError> {
        let reason = why.clone();
        let now = self.systems.clock.now();
        self.systems.store.record_outcome(&document.id, Outcome::Unknown { reason }, now).await?;
        let asked = StoredDocument { journal_number: number, ..document };
        match recover::find(self.systems.gp_of(asked.content.company())?, &asked).await {
            Ok(found) => {
                let outcome = recover::outcome_of(&found);
                self.end(asked, number, outcome).await
            }
            Err(_) => Ok(One::Done(Box::new(sent(&asked, number, Outcome::Unknown { reason: why })))),
        }
    }

    /// GP says that it is there already: this very document (then it is sent), a record that somebody created since (then
    /// the plan is old), or somebody's journal under our number (`None`: draw another).
    async fn taken(&self, document: &StoredDocument, number: Option<u32>) -> Result<Option<Outcome>, RunError> {
        let asked = StoredDocument { journal_number: number, ..document.clone() };
        let gp = self.systems.gp_of(asked.content.company())?;
        let found: Result<Found, GpError> = recover::find(gp, &asked).await;
        match found? {
            Found::Same { batch } => Ok(Some(Outcome::Sent { batch })),
            Found::Somebodys | Found::Nothing if number.is_some() => Ok(None),
            Found::Somebodys | Found::Nothing => {
                let reason = "GP has this record already, with other values: run again, and the difference is planned";
                Ok(Some(Outcome::Held { reason: reason.to_owned() }))
            }
        }
    }

    async fn end(&self, document: StoredDocument, number: Option<u32>, outcome: Outcome) -> Result<One, RunError> {
        let now = self.systems.clock.now();
        self.systems.store.record_outcome(&document.id, outcome.clone(), now).await?;
        Ok(One::Done(Box::new(sent(&document, number, outcome))))
    }
}

fn sent(document: &StoredDocument, number: Option<u32>, outcome: Outcome) -> Sent {
    let what = match document.content.change() {
        Some(change) => format!("{} {} {}", change.action, change.kind, change.key),
        None => format!("{} journal of {}", document.role, document.period),
    };
    Sent { id: document.id.clone(), what, journal_number: number, outcome }
}

/// Asserted where the plan was made, and again where its document is read back.
fn prove(document: &StoredDocument, entry: &JournalEntry) -> Result<(), RunError> {
    if entry.is_balanced() && !entry.lines.is_empty() && entry.reference.ends_with(document.id.key()) {
        return Ok(());
    }
    Err(RunError::Invariant { what: format!("stored document {} does not balance or lost its key", document.id) })
}

/// Whether GP says that the number is somebody's. Other refusals may come with it (lines of that journal in another
/// batch, 11985): they are about the other journal, and come again under another number if they are not.
fn is_taken(refusals: &[Refusal]) -> bool {
    refusals.iter().any(|refusal| refusal.class == RefusalClass::AlreadyDone)
}

/// What GP's refusals mean together: the worst class decides, all are told.
fn refused(refusals: &[Refusal]) -> Outcome {
    let words: Vec<String> = refusals
        .iter()
        .map(|refusal| match refusal.number {
            Some(number) => format!("GP {number}: {} {}", refusal.message, refusal.remedy),
            None => format!("{} {}", refusal.message, refusal.remedy),
        })
        .collect();
    let reason = words.join(" · ");
    let all = |class: RefusalClass| refusals.iter().all(|refusal| refusal.class == class);
    if refusals.is_empty() {
        return Outcome::Refused { reason: "GP refused without a reason".to_owned() };
    }
    if all(RefusalClass::RetryLater) {
        Outcome::Later { reason }
    } else if refusals.iter().all(|refusal| matches!(refusal.class, RefusalClass::Hold | RefusalClass::RetryLater)) {
        Outcome::Held { reason }
    } else {
        Outcome::Refused { reason }
    }
}
