//! The running sandbox, and what people do at GP's own windows.

use super::batches::Batch;
use super::chart::{AccountKind, GlAccount};
use super::company::Company;
use super::journals::Journal;
use super::service;
use crate::clock::Clock;
use crate::ledger::Series;
use crate::plan::facts::Facts;
use crate::sandbox::faults::Faults;
use crate::sandbox::server::Server;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A sandboxed GP with one company, and with the others that its facts name. Dropping it ends it.
pub struct GpSandbox {
    server: Server,
    faults: Faults,
    shared: Shared,
}

/// What the service's handlers share.
#[derive(Clone)]
pub(super) struct Shared {
    company: Arc<Mutex<Company>>,
    /// By name.
    others: Arc<BTreeMap<String, Mutex<Company>>>,
    /// The one sign-in that is accepted, as a header.
    pub(super) authorization: Arc<str>,
    /// `POST Financial/GLTransactions`: what the account's role lacks.
    revoked: Arc<Mutex<BTreeSet<String>>>,
    pub(super) faults: Faults,
}

impl Shared {
    pub(super) fn company(&self) -> MutexGuard<'_, Company> {
        self.company.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another company of this name.
    pub(super) fn other(&self, name: &str) -> Option<MutexGuard<'_, Company>> {
        Some(self.others.get(name)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn is_revoked(&self, method: &Method, resource: &str) -> bool {
        let revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        revoked.contains(&format!("{method} {resource}"))
    }
}

impl GpSandbox {
    /// Serves a company that holds what the facts show of GP, on a free loopback port.
    ///
    /// # Errors
    /// When no port can be opened.
    pub fn start(
        facts: &Facts,
        company: &str,
        user: &str,
        password: &str,
        clock: Arc<dyn Clock>,
    ) -> io::Result<GpSandbox> {
        GpSandbox::start_on(0, facts, company, user, password, clock)
    }

    /// As [`GpSandbox::start`], on this port; 0 takes a free one.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub fn start_on(
        port: u16,
        facts: &Facts,
        company: &str,
        user: &str,
        password: &str,
        clock: Arc<dyn Clock>,
    ) -> io::Result<GpSandbox> {
        GpSandbox::start_at((Ipv4Addr::LOCALHOST, port).into(), facts, company, user, password, clock)
    }

    /// As [`GpSandbox::start`], at `address` of this machine: `[::1]:0`.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub fn start_at(
        address: SocketAddr,
        facts: &Facts,
        company: &str,
        user: &str,
        password: &str,
        clock: Arc<dyn Clock>,
    ) -> io::Result<GpSandbox> {
        let faults = Faults::default();
        let authorization = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        let others = facts
            .companies
            .iter()
            .map(|(name, books)| (name.clone(), Mutex::new(Company::with_books(name, books, Arc::clone(&clock)))));
        let shared = Shared {
            others: Arc::new(others.collect()),
            company: Arc::new(Mutex::new(Company::new(company, facts, clock))),
            authorization: authorization.into(),
            revoked: Arc::default(),
            faults: faults.clone(),
        };
        let router =
            Router::new().fallback(service::answer).layer(DefaultBodyLimit::disable()).with_state(shared.clone());
        let server = Server::start_at(address, router, &faults)?;
        Ok(GpSandbox { server, faults, shared })
    }

    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// `http://127.0.0.1:<port>`.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// What goes wrong on the wire, and the list of requests.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Everything the company holds, for what the named handles below do not say.
    pub fn company(&self) -> MutexGuard<'_, Company> {
        self.shared.company()
    }

    /// Everything that another company of this name holds.
    pub fn other_company(&self, name: &str) -> Option<MutexGuard<'_, Company>> {
        self.shared.other(name)
    }

    /// Every journal: Work, Open, History.
    pub fn journals(&self) -> Vec<Journal> {
        self.company().ledger.all().cloned().collect()
    }

    /// The batch with this id, as GP stores it (prefix included).
    pub fn batch(&self, id: &str) -> Option<Batch> {
        self.company().batches.get(id).cloned()
    }

    /// Closes the period with this day for a series.
    pub fn close_period(&self, day: Date, series: &str) {
        self.company().calendar.set_closed(day, &Series::new(series), true);
    }

    /// Opens it again.
    pub fn reopen_period(&self, day: Date, series: &str) {
        self.company().calendar.set_closed(day, &Series::new(series), false);
    }

    pub fn mark_batch_to_post(&self, batch: &str) {
        self.company().batches.open(batch).marked_to_post = true;
    }

    pub fn approve_batch(&self, batch: &str) {
        self.company().batches.open(batch).approved = true;
    }

    /// Posts the batch; gives the numbers of its journals.
    pub fn post_batch(&self, batch: &str) -> Vec<u32> {
        self.company().post_batch(batch)
    }

    /// Lets the service write unposted journals anew, as a site's own service may.
    pub fn let_journals_be_replaced(&self) {
        self.company().ledger.replaces_journals = true;
    }

    /// Changes an unposted journal; `false` when there is none with this number.
    pub fn edit_journal(&self, number: u32, edit: impl FnOnce(&mut Journal)) -> bool {
        self.company().edit_journal(number, edit)
    }

    /// Deletes an unposted journal; `false` when there is none with this number.
    pub fn delete_journal(&self, number: u32) -> bool {
        self.company().delete_journal(number)
    }

    /// `false` when there is no such account.
    pub fn deactivate_account(&self, number: &str) -> bool {
        self.company().chart.account_mut(number).map(|account| account.active = false).is_some()
    }

    /// Sets up a unit account with this many decimals.
    pub fn add_unit_account(&self, number: &str, decimals: u32) {
        self.company().chart.add(GlAccount {
            number: number.to_owned(),
            description: "Units".to_owned(),
            active: true,
            allows_entry: true,
            kind: AccountKind::Unit { decimals },
        });
    }

    /// The policy "Assign Batch Prefix"; empty for none.
    pub fn set_batch_prefix(&self, prefix: &str) {
        self.company().batches.prefix = prefix.to_owned();
    }

    /// Takes an operation from the connector's role: `POST Financial/GLTransactions`.
    pub fn revoke(&self, operation: &str) {
        self.shared.revoked.lock().unwrap_or_else(PoisonError::into_inner).insert(operation.to_owned());
    }
}
