//! The edges of one project: both systems, the store and the clock.

use super::sign_in::refused::Remembered;
use super::sign_in::{Tokens, flow};
use super::vault::Vault;
use crate::bamboohr::{BambooHr, BamboohrError, SignIn};
use crate::clock::Clock;
use crate::gp::{Gp, GpError, Refusals};
use crate::hr::PeriodCode;
use crate::project::Generation;
use crate::project::connections::{BamboohrSignIn, SecretFrom};
use crate::store::{Store, StoreError};
use crate::vault::{SecretName, VaultError};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Gives the value of a variable that a connection names. Only `cli` knows the real environment.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The values behind the names that connections give.
pub struct Secrets<'a> {
    pub variable: Lookup<'a>,
    /// There when the project names a secret in it.
    pub vault: Option<Arc<Vault>>,
}

/// What a run needs beside the generation.
pub struct Systems {
    pub bamboohr: BambooHr,
    pub gp: Gp,
    /// The name of its company, then those that it had before.
    pub company_names: Vec<String>,
    /// The companies that pipelines may book into, where there are several.
    pub companies: BTreeMap<String, Gp>,
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    /// The project's time zone: "today" is a day there.
    pub time_zone: TimeZone,
}

/// Why a run ended early. An outcome (held, refused, unknown) is no error.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the project names no connection to {system}")]
    NoConnection { system: &'static str },
    #[error("{system} needs the variable {variable}, which is not set")]
    NoSecret { system: &'static str, variable: String },
    /// Each try counts where accounts lock.
    #[error("no sign-in to GP: this one was refused on {at} ({why}), and is not tried again")]
    SignInRefusedBefore { at: String, why: String },
    #[error("this project has no vault yet")]
    NoVault,
    #[error("{system} needs the secret {name}, which is not in the vault")]
    NotInVault { system: &'static str, name: SecretName },
    #[error("this project signs in to BambooHR by key, not by OAuth")]
    NoApplication,
    /// What was pasted does not answer the question of a sign-in.
    #[error("{why}")]
    NotTheAnswer { why: String },
    #[error("the master key {place} cannot be used: {why}")]
    MasterKey { place: String, why: String, remedy: String },
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("the project lists no GP company {company}: add it to `companies` under connections.gp")]
    NoCompany { company: String },
    /// A test company's store, used for the real one: its months would count as sent.
    #[error("this store is of the GP company {company} ({what} {period} there), and the project names {now}")]
    OtherCompany { company: String, what: &'static str, period: PeriodCode, now: String },
    #[error("the time zone {name} is unknown")]
    TimeZone { name: String },
    #[error(transparent)]
    Bamboohr(#[from] BamboohrError),
    #[error(transparent)]
    Gp(#[from] GpError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{what} cannot be written: {why}")]
    Write { what: String, why: String },
    #[error("{what} cannot be read: {why}")]
    Read { what: String, why: String },
    /// Something that must always hold does not: our bug.
    #[error("an invariant broke: {what}")]
    Invariant { what: String },
    /// The plan asked for is not the one that would be made now.
    #[error("plan {plan} is stale: {why}")]
    Stale { plan: String, why: String },
}

impl Systems {
    /// Connects the edges that a generation names. Nothing is sent yet.
    ///
    /// # Errors
    /// A connection that the project does not name, a secret that is not there, a dialect that cannot be used.
    pub async fn connect(
        generation: &Generation,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        secrets: Secrets<'_>,
    ) -> Result<Systems, RunError> {
        let bamboohr = Systems::bamboohr(generation, &clock, &secrets).await?;
        let (gp, companies, remembered) = Systems::gp(generation, &clock, &secrets, Some(Arc::clone(&store))).await?;
        if let Some(remembered) = remembered {
            remembered.check().await?;
        }
        let time_zone = time_zone(&generation.project.time_zone)?;
        let names = generation.project.gp.iter().flat_map(|gp| std::iter::once(&gp.company).chain(&gp.formerly));
        let company_names = names.cloned().collect();
        Ok(Systems { companies, company_names, bamboohr, gp, store, time_zone, clock })
    }

    /// BambooHR alone. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`Systems::connect`].
    pub async fn bamboohr(
        generation: &Generation,
        clock: &Arc<dyn Clock>,
        secrets: &Secrets<'_>,
    ) -> Result<BambooHr, RunError> {
        let connection = generation.project.bamboohr.as_ref();
        let connection = connection.ok_or(RunError::NoConnection { system: "bamboohr" })?;
        let sign_in = match &connection.sign_in {
            BamboohrSignIn::ApiKey(key) => SignIn::ApiKey(secrets.value("BambooHR", key).await?),
            BamboohrSignIn::OAuth(_) => {
                let application = flow::application(generation, secrets).await?;
                let vault = secrets.vault.clone().ok_or(RunError::NoVault)?;
                SignIn::Tokens(Arc::new(Tokens::new(application, vault, flow::bamboohr(), Arc::clone(clock))))
            }
        };
        Ok(BambooHr::new(connection, sign_in, Arc::clone(clock))?)
    }

    /// GP alone: the connection's own company, and those that pipelines may book into, with what the store remembers of its
    /// sign-in. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`Systems::connect`].
    pub async fn gp(
        generation: &Generation,
        clock: &Arc<dyn Clock>,
        secrets: &Secrets<'_>,
        store: Option<Arc<dyn Store>>,
    ) -> Result<(Gp, BTreeMap<String, Gp>, Option<Arc<Remembered>>), RunError> {
        let gp = generation.project.gp.as_ref().ok_or(RunError::NoConnection { system: "gp" })?;
        let user = match &gp.user {
            Some(user) => secrets.value("GP", user).await?.expose_secret().to_owned(),
            None => String::new(),
        };
        let password = match &gp.password {
            Some(password) => secrets.value("GP", password).await?,
            None => SecretString::default(),
        };
        let remembered = store.map(|store| Arc::new(Remembered::new(store, Arc::clone(clock), gp, &user, &password)));
        let memory = remembered.clone().map(|remembered| remembered as Arc<dyn Refusals>);
        let (own, companies) = Gp::of_companies(gp, &user, &password, clock, memory.as_ref())?;
        Ok((own, companies, remembered))
    }

    /// GP's company of this name; an empty one is the connection's own.
    ///
    /// # Errors
    /// When the project no longer lists the company that a stored document is for.
    pub fn gp_of(&self, company: &str) -> Result<&Gp, RunError> {
        if company.is_empty() {
            return Ok(&self.gp);
        }
        self.companies.get(company).ok_or_else(|| RunError::NoCompany { company: company.to_owned() })
    }

    /// Makes sure that what this store knows of a ledger went to the company that the project names.
    ///
    /// # Errors
    /// [`RunError::OtherCompany`] where it went to another; where it is only approved for another, too, if it is to be `sent` now.
    pub async fn same_company(&self, ledger: &str, sending: bool) -> Result<(), RunError> {
        let known = self.store.companies_of(ledger).await?;
        let other =
            known.into_iter().find(|(company, _, left)| (*left || sending) && !self.company_names.contains(company));
        let Some((company, period, left)) = other else { return Ok(()) };
        let now = self.company_names.first().cloned().unwrap_or_default();
        Err(RunError::OtherCompany { company, what: if left { "it sent" } else { "approved is" }, period, now })
    }

    /// Today in the project's time zone.
    pub fn today(&self) -> Date {
        self.clock.now().to_zoned(self.time_zone.clone()).date()
    }
}

/// The project's time zone.
///
/// # Errors
/// When the name is not of the IANA list.
pub fn time_zone(name: &str) -> Result<TimeZone, RunError> {
    TimeZone::get(name).map_err(|_| RunError::TimeZone { name: name.to_owned() })
}

impl Secrets<'_> {
    /// The value behind a name.
    ///
    /// # Errors
    /// When it is not there, or the vault cannot be read.
    pub async fn value(&self, system: &'static str, named: &SecretFrom) -> Result<SecretString, RunError> {
        match named {
            SecretFrom::Environment(variable) => {
                let value = (self.variable)(variable).filter(|value| !value.is_empty()).map(SecretString::from);
                value.ok_or_else(|| RunError::NoSecret { system, variable: variable.clone() })
            }
            SecretFrom::Vault(name) => {
                let vault = self.vault.as_ref().ok_or(RunError::NoVault)?;
                vault.value(name).await?.ok_or_else(|| RunError::NotInVault { system, name: name.clone() })
            }
        }
    }
}
