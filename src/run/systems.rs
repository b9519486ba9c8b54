//! The edges of one project: both systems, the store and the clock.

use crate::bamboohr::{BambooHr, BamboohrError};
use crate::clock::Clock;
use crate::gp::{Gp, GpError};
use crate::project::Generation;
use crate::project::connections::{FromEnvironment, GpConnection};
use crate::store::{Store, StoreError};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Gives the value of a variable that a connection names. Only `cli` knows the real environment.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What a run needs beside the generation.
pub struct Systems {
    pub bamboohr: BambooHr,
    pub gp: Gp,
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
    #[error("the project lists no GP company {company}: add it to `companies` under connections.gp")]
    NoCompany { company: String },
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
    /// A connection that the project does not name, a variable that is not set, a dialect that cannot be used.
    pub fn connect(
        generation: &Generation,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        lookup: Lookup<'_>,
    ) -> Result<Systems, RunError> {
        let project = &generation.project;
        let bamboohr = project.bamboohr.as_ref().ok_or(RunError::NoConnection { system: "bamboohr" })?;
        let gp = project.gp.as_ref().ok_or(RunError::NoConnection { system: "gp" })?;
        let key = secret("BambooHR", &bamboohr.api_key, lookup)?;
        let user = variable("GP", &gp.user, lookup)?;
        let password = secret("GP", &gp.password, lookup)?;
        let mut companies = BTreeMap::new();
        for company in &gp.companies {
            let connection = GpConnection { company: company.clone(), ..gp.clone() };
            let client = Gp::new(&connection, user.clone(), password.clone(), Arc::clone(&clock))?;
            companies.insert(company.clone(), client);
        }
        Ok(Systems {
            companies,
            bamboohr: BambooHr::new(bamboohr, key, Arc::clone(&clock))?,
            gp: Gp::new(gp, user, password, Arc::clone(&clock))?,
            store,
            time_zone: time_zone(&project.time_zone)?,
            clock,
        })
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

fn variable(system: &'static str, named: &FromEnvironment, lookup: Lookup<'_>) -> Result<String, RunError> {
    let value = lookup(&named.variable).filter(|value| !value.is_empty());
    value.ok_or_else(|| RunError::NoSecret { system, variable: named.variable.clone() })
}

fn secret(system: &'static str, named: &FromEnvironment, lookup: Lookup<'_>) -> Result<SecretString, RunError> {
    variable(system, named, lookup).map(SecretString::from)
}
