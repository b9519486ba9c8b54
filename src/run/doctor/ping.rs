//! Both systems, one after the other: neither stands in the way of the other.

use super::check::{Check, Trouble};
use super::{Kind, bamboohr, gp, used, worst};
use crate::clock::Clock;
use crate::gp::Gp;
use crate::project::Generation;
use crate::project::connections::{BamboohrSignIn, GpConnection, SecretFrom};
use crate::run::systems::{RunError, Secrets, Systems, time_zone};
use crate::store::Store;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which of the systems are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Both,
    Bamboohr,
    Gp,
}

/// What asking needs.
pub struct Ping<'p> {
    pub generation: &'p Generation,
    pub secrets: &'p Secrets<'p>,
    /// What remembers a refused sign-in, where there is a store already.
    pub store: Option<Arc<dyn Store>>,
    /// Why the vault could not be opened, where the project needs it.
    pub no_vault: Option<Trouble>,
    /// The clock that the command acts by, and the machine's own.
    pub clock: Arc<dyn Clock>,
    pub machine: &'p dyn Clock,
}

impl Ping<'_> {
    /// Asks, and judges what was answered.
    ///
    /// # Errors
    /// When the project's time zone is none.
    pub async fn run(&self, which: Which) -> Result<Vec<Check>, RunError> {
        let mut checks = Vec::new();
        if which != Which::Gp {
            checks.extend(self.bamboohr().await?);
        }
        if which != Which::Bamboohr {
            checks.extend(self.gp().await?);
        }
        Ok(checks)
    }

    async fn bamboohr(&self) -> Result<Vec<Check>, RunError> {
        let Some(connection) = &self.generation.project.bamboohr else {
            return Ok(vec![no_connection(bamboohr::ABOUT, "bamboohr")]);
        };
        let named = match &connection.sign_in {
            BamboohrSignIn::ApiKey(key) => vec![key],
            BamboohrSignIn::OAuth(oauth) => vec![&oauth.client_secret],
        };
        let mut missing = self.missing(bamboohr::ABOUT, &named, connection.needs_vault()).await;
        if missing.is_empty() {
            let client = Systems::bamboohr(self.generation, &self.clock, self.secrets).await;
            match client {
                Ok(client) => {
                    let used = used::of_bamboohr(self.generation);
                    let client = client.without_repeats();
                    let seen = bamboohr::ask(&client, &used, self.today()?, self.machine).await;
                    return Ok(bamboohr::judge(connection, &used, &seen));
                }
                Err(error) => missing.push(Check::trouble(bamboohr::ABOUT, "connection", &error.into())),
            }
        }
        missing.push(Check::not_asked(bamboohr::ABOUT, "sign-in"));
        Ok(missing)
    }

    async fn gp(&self) -> Result<Vec<Check>, RunError> {
        let Some(connection) = &self.generation.project.gp else {
            return Ok(vec![no_connection(gp::ABOUT, "gp")]);
        };
        let named: Vec<&SecretFrom> = [&connection.user, &connection.password].into_iter().flatten().collect();
        let mut missing = self.missing(gp::ABOUT, &named, connection.needs_vault()).await;
        if missing.is_empty() {
            // A person asks, so a sign-in that was refused before is tried; once more, and what comes of it is remembered.
            match Systems::gp(self.generation, &self.clock, self.secrets, self.store.clone()).await {
                Ok((own, companies, remembered)) => {
                    let checks = self.companies(&own, &companies).await?;
                    if let Some(remembered) = remembered.filter(|_| own.seen().mechanism.is_some()) {
                        remembered.works().await?;
                    }
                    return Ok(checks);
                }
                Err(error) => missing.push(Check::trouble(gp::ABOUT, "connection", &error.into())),
            }
        }
        missing.push(Check::not_asked(gp::ABOUT, "sign-in"));
        Ok(missing)
    }

    /// The connection's own company, and every other that pipelines book into. One refusal ends it for all: it is the
    /// same account.
    async fn companies(&self, own: &Gp, companies: &BTreeMap<String, Gp>) -> Result<Vec<Check>, RunError> {
        let Some(connection) = &self.generation.project.gp else { return Ok(Vec::new()) };
        let today = self.today()?;
        let used = used::of_gp(self.generation, today);
        let seen = gp::ask(own, connection, &used, today, self.machine).await;
        let mut checks = gp::judge(connection, &used, today, &seen);
        for (name, client) in companies.iter().filter(|(name, _)| **name != connection.company) {
            if worst(&checks).is_some_and(|worst| worst != Kind::Missing) {
                break;
            }
            let connection = GpConnection { company: name.clone(), ..connection.clone() };
            let seen = gp::ask(client, &connection, &used, today, self.machine).await;
            let judged = gp::judge(&connection, &used, today, &seen);
            checks.extend(judged.into_iter().map(|check| Check { about: format!("GP, {name}"), ..check }));
        }
        Ok(checks)
    }

    /// Secrets that are named and not there.
    async fn missing(&self, about: &'static str, named: &[&SecretFrom], needs_vault: bool) -> Vec<Check> {
        if let Some(trouble) = self.no_vault.as_ref().filter(|_| needs_vault) {
            return vec![Check::trouble(about, "vault", trouble)];
        }
        let mut missing = Vec::new();
        for secret in named {
            if let Err(error) = self.secrets.value(about, secret).await {
                missing.push(Check::trouble(about, "secret", &error.into()));
            }
        }
        missing
    }

    fn today(&self) -> Result<Date, RunError> {
        let zone = time_zone(&self.generation.project.time_zone)?;
        Ok(self.clock.now().to_zoned(zone).date())
    }
}

fn no_connection(about: &str, system: &str) -> Check {
    let remedy = format!("add connections.{system} to project.yaml");
    Check::bad(about, "connection", format!("project.yaml has no connections.{system}"), remedy)
}
