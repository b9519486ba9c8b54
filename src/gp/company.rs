//! One GP company, put together from the providers that the project names.

use super::accounts::Accounts;
use super::batches::{Batch, Batches};
use super::declared::{DeclaredDimensions, DeclaredPeriods};
use super::delivery::Delivery;
use super::dialect::refusals::Refusals;
use super::dialect::shipped::shipped;
use super::dialect::{Dialect, check_dialect};
use super::dimensions::Dimensions;
use super::error::GpError;
use super::journals::{GpJournal, Journals};
use super::off::Off;
use super::periods::Periods;
use super::reach;
use super::records::{Modified, Records};
use super::refusals::Refusals as Remembers;
use super::sba::accounts::SbaAccounts;
use super::sba::batches::SbaBatches;
use super::sba::dimensions::SbaDimensions;
use super::sba::journals::SbaJournals;
use super::sba::periods::SbaPeriods;
use super::sba::records::SbaRecords;
use super::sba::site::Site;
use crate::clock::{Clock, ServerTime};
use crate::ledger::{Account, AccountNumber, BatchId, FiscalPeriod, GpRecord, JournalEntry, RecordChange, RecordKind};
use crate::plan::facts::DimensionValue;
use crate::project::connections::{GpConnection, Provider};
use jiff::Timestamp;
use jiff::civil::Date;
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use windows_auth::{Pool, Seen};

/// One GP company, through the providers that the project names.
pub struct Gp {
    journals: Box<dyn Journals>,
    accounts: Box<dyn Accounts>,
    periods: Box<dyn Periods>,
    dimensions: Box<dyn Dimensions>,
    vendors: Box<dyn Records>,
    employees: Box<dyn Records>,
    batches: Box<dyn Batches>,
    calls_at_once: usize,
    site: Arc<Site>,
}

/// Who may provide a capability that only GP has.
const GP_ONLY: &str = "sba";
/// Who may provide one that the project can declare.
const GP_OR_FILE: &str = "sba (or { declared: FILE.csv })";

impl Gp {
    /// A client of the connection's company. Nothing is sent yet.
    ///
    /// # Errors
    /// [`GpError::Dialect`] when dialect or address cannot be used, [`GpError::Unreadable`] for a declared file,
    /// [`GpError::NotProvided`] when a capability is declared that cannot be.
    pub fn new(
        connection: &GpConnection,
        user: String,
        password: SecretString,
        clock: Arc<dyn Clock>,
    ) -> Result<Gp, GpError> {
        let dialect = Arc::new(check_dialect(&connection.dialect_file, &connection.dialect_text)?);
        let pool = reach::pool(connection, &dialect, &user, &password)?;
        Gp::over(connection, dialect, pool, clock, None)
    }

    /// A client of the connection's company, and one of each company that it lists, by name. They share connections and sign-in;
    /// `memory` is told when that is refused.
    ///
    /// # Errors
    /// As [`Gp::new`].
    pub fn of_companies(
        connection: &GpConnection,
        user: &str,
        password: &SecretString,
        clock: &Arc<dyn Clock>,
        memory: Option<&Arc<dyn Remembers>>,
    ) -> Result<(Gp, BTreeMap<String, Gp>), GpError> {
        let dialect = Arc::new(check_dialect(&connection.dialect_file, &connection.dialect_text)?);
        let pool = reach::pool(connection, &dialect, user, password)?;
        let over = |connection: &GpConnection| {
            Gp::over(connection, dialect.clone(), pool.clone(), Arc::clone(clock), memory.cloned())
        };
        let mut companies = BTreeMap::new();
        for company in &connection.companies {
            companies.insert(company.clone(), over(&GpConnection { company: company.clone(), ..connection.clone() })?);
        }
        Ok((over(connection)?, companies))
    }

    fn over(
        connection: &GpConnection,
        dialect: Arc<Dialect>,
        pool: Arc<Pool>,
        clock: Arc<dyn Clock>,
        memory: Option<Arc<dyn Remembers>>,
    ) -> Result<Gp, GpError> {
        let refusals = Refusals::new(&shipped()?, &dialect);
        let site = Arc::new(Site::new(connection, dialect, refusals, pool, clock, memory)?);
        let providers = &connection.providers;
        let records =
            |kind: RecordKind, capability: &'static str, provider: &Provider| -> Result<Box<dyn Records>, GpError> {
                Ok(match only_gp(capability, provider)? {
                    true => Box::new(SbaRecords { site: Arc::clone(&site), kind }),
                    false => Box::new(Off::new(capability, GP_ONLY)),
                })
            };
        Ok(Gp {
            journals: match only_gp("journals", &providers.journals)? {
                true => Box::new(SbaJournals(Arc::clone(&site))),
                false => Box::new(Off::new("journals", GP_ONLY)),
            },
            accounts: match only_gp("accounts", &providers.accounts)? {
                true => Box::new(SbaAccounts::new(Arc::clone(&site))),
                false => Box::new(Off::new("accounts", GP_ONLY)),
            },
            periods: match &providers.periods {
                Provider::Sba => Box::new(SbaPeriods(Arc::clone(&site))),
                Provider::Declared { file, text } => Box::new(DeclaredPeriods::new(file, text)?),
                Provider::Off => Box::new(Off::new("periods", GP_OR_FILE)),
            },
            dimensions: match &providers.dimensions {
                Provider::Sba => {
                    Box::new(SbaDimensions { site: Arc::clone(&site), sources: connection.dimensions.clone() })
                }
                Provider::Declared { file, text } => Box::new(DeclaredDimensions::new(file, text)?),
                Provider::Off => Box::new(Off::new("dimensions", GP_OR_FILE)),
            },
            vendors: records(RecordKind::Vendor, "vendors", &providers.vendors)?,
            employees: records(RecordKind::Employee, "employees", &providers.employees)?,
            batches: match only_gp("batches", &providers.batches)? {
                true => Box::new(SbaBatches(Arc::clone(&site))),
                false => Box::new(Off::new("batches", GP_ONLY)),
            },
            calls_at_once: usize::from(connection.calls_at_once.max(1)),
            site: Arc::clone(&site),
        })
    }

    /// What was seen of the server: how it was signed in to, and its certificate.
    pub fn seen(&self) -> Seen {
        self.site.seen()
    }

    /// What GP's clock said with its newest answer to a read; `None` before the first one.
    pub fn server_time(&self) -> Option<ServerTime> {
        self.site.server_time()
    }

    /// How many calls the project allows at once: more questions than that wait for each other.
    pub fn calls_at_once(&self) -> usize {
        self.calls_at_once
    }

    /// One look-up a distinct account; accounts GP does not know are left out.
    pub async fn accounts(&self, numbers: &BTreeSet<AccountNumber>) -> Result<Vec<Account>, GpError> {
        self.accounts.accounts(numbers).await
    }

    /// Every account GP lists (for `observe --save`).
    pub async fn all_accounts(&self) -> Result<Vec<Account>, GpError> {
        self.accounts.all_accounts().await
    }

    /// Every fiscal period that overlaps these days (both included), of every series.
    pub async fn fiscal_periods(&self, first: Date, last: Date) -> Result<Vec<FiscalPeriod>, GpError> {
        self.periods.fiscal_periods(first, last).await
    }

    /// The values GP allows for a dimension.
    pub async fn dimension_values(&self, dimension: &str) -> Result<Vec<DimensionValue>, GpError> {
        self.dimensions.dimension_values(dimension).await
    }

    /// Every record of a kind, active and inactive. A tax id is never among the fields, nor is `status`: see
    /// [`GpRecord::active`].
    pub async fn records(&self, kind: RecordKind) -> Result<Vec<GpRecord>, GpError> {
        self.of_kind(kind).records().await
    }

    /// What changed since a moment, where the site can tell; else everything.
    pub async fn records_modified_since(
        &self,
        kind: RecordKind,
        since: Timestamp,
    ) -> Result<Modified<GpRecord>, GpError> {
        self.of_kind(kind).modified_since(since).await
    }

    pub async fn record(&self, kind: RecordKind, key: &str) -> Result<Option<GpRecord>, GpError> {
        self.of_kind(kind).record(key).await
    }

    pub async fn batch(&self, id: &BatchId) -> Result<Option<Batch>, GpError> {
        self.batches.batch(id).await
    }

    /// Creates an unposted journal under our own `number`. Exactly one POST.
    pub async fn create_journal(&self, number: u32, entry: &JournalEntry) -> Delivery {
        self.journals.create(number, entry).await
    }

    /// Writes an unposted journal of ours anew under its number. Exactly one request.
    pub async fn replace_journal(&self, number: u32, entry: &JournalEntry) -> Delivery {
        self.journals.replace(number, entry).await
    }

    /// The journal with this number and date, in Work or Open.
    pub async fn journal(&self, number: u32, date: Date) -> Result<Option<GpJournal>, GpError> {
        self.journals.journal(number, date).await
    }

    /// Journals of a batch (whatever prefix a policy put before it) whose reference ends with `key`.
    pub async fn journals_in_batch(&self, batch: &BatchId, key: &str) -> Result<Vec<GpJournal>, GpError> {
        self.journals.in_batch(batch, key).await
    }

    /// Creates or changes one record. Exactly one POST or PATCH.
    pub async fn send_record(&self, change: &RecordChange) -> Delivery {
        self.of_kind(change.kind).send(change).await
    }

    fn of_kind(&self, kind: RecordKind) -> &dyn Records {
        match kind {
            RecordKind::Vendor => self.vendors.as_ref(),
            RecordKind::Employee => self.employees.as_ref(),
        }
    }
}

/// Whether GP provides this capability, or nobody.
fn only_gp(capability: &'static str, provider: &Provider) -> Result<bool, GpError> {
    match provider {
        Provider::Sba => Ok(true),
        Provider::Off => Ok(false),
        Provider::Declared { file, .. } => Err(GpError::NotProvided {
            capability,
            hint: format!("{file} cannot declare {capability}; only periods and dimensions can be declared"),
        }),
    }
}
