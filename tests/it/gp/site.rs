//! A small GP company, a client of it, and a journal that fits.

use jiff::civil::{Date, date};
use ml_connector::clock::StandingClock;
use ml_connector::gp::dialect::shipped::SHIPPED;
use ml_connector::gp::{Delivery, Gp, GpError, Refusal};
use ml_connector::ledger::{
    Account, AccountNumber, BatchId, Currency, FiscalPeriod, GpRecord, JournalEntry, JournalLine, Minor, Series,
};
use ml_connector::plan::facts::{DimensionValue, Facts};
use ml_connector::project::connections::{
    DimensionSource, GpConnection, GpSignIn, Provider, Providers, Proxy, SecretFrom,
};
use ml_connector::sandbox::gp::GpSandbox;
use std::collections::BTreeMap;
use std::sync::Arc;
use windows_auth::tls::Trust;

pub const COMPANY: &str = "Fabrikam, Inc.";
pub const PASSWORD: &str = "correct horse";
pub const JOURNALS: &str =
    "/GPService/Tenants(DefaultTenant)/Companies(Fabrikam, Inc.)/Dynamics/Financial/GLTransactions";
pub const POST: &str = "POST /GPService";
pub const NOVEMBER_30: Date = date(2013, 11, 30);

pub fn account(number: &str, active: bool, allows_entry: bool) -> Account {
    Account { number: AccountNumber::new(number), description: "Wages".into(), active, allows_entry }
}

pub fn period(year: i16, month: i8, series: &str, closed: bool) -> FiscalPeriod {
    let first_day = date(year, month, 1);
    let number = u16::try_from(month).unwrap();
    FiscalPeriod { year, number, first_day, last_day: first_day.last_of_month(), series: Series::new(series), closed }
}

pub fn record(key: &str, active: bool, fields: &[(&str, &str)]) -> GpRecord {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    GpRecord { key: key.into(), active, fields }
}

/// A small company: two good accounts, a control account, an inactive one, 2013 open but for October.
pub fn facts() -> Facts {
    let mut periods: Vec<FiscalPeriod> = (1..=12).map(|month| period(2013, month, "Financial", month == 10)).collect();
    periods.extend((1..=12).map(|month| period(2013, month, "Payroll", true)));
    Facts {
        accounts: vec![
            account("000-5100-0410", true, true),
            account("000-2100-0000", true, true),
            account("000-1100-0000", true, false),
            account("000-5999-0000", false, true),
            account(" 000-7000-0000", true, true),
        ],
        dimension_values: ["0410", "0420"]
            .map(|code| DimensionValue { dimension: "cost_centre".into(), code: code.into(), active: code == "0410" })
            .to_vec(),
        fiscal_periods: periods,
        vendors: vec![record("EMP000001", true, &[("name", "Lovelace, Ada"), ("class", "EMPLOYEE")])],
        employees: vec![record(
            "E1",
            true,
            &[("last_name", "Lovelace"), ("first_name", "Ada"), ("department", "ENG"), ("position", "MATH")],
        )],
        ..Facts::default()
    }
}

pub fn connection(port: u16, dialect: &str) -> GpConnection {
    GpConnection {
        scheme: "http".into(),
        server: "127.0.0.1".into(),
        port,
        tenant: "DefaultTenant".into(),
        company: COMPANY.into(),
        formerly: Vec::new(),
        companies: Vec::new(),
        user: Some(SecretFrom::Environment("GP_USER".to_owned())),
        password: Some(SecretFrom::Environment("GP_PASSWORD".to_owned())),
        sign_in: GpSignIn::Basic,
        tls: Trust::default(),
        dialect: "sba".into(),
        dialect_text: dialect.into(),
        dialect_file: "dialects/sba.yaml".into(),
        providers: Providers {
            journals: Provider::Sba,
            accounts: Provider::Sba,
            periods: Provider::Sba,
            dimensions: Provider::Sba,
            vendors: Provider::Sba,
            employees: Provider::Sba,
            batches: Provider::Sba,
        },
        dimensions: BTreeMap::from([
            ("cost_centre".to_owned(), DimensionSource::Segment(3)),
            ("region".to_owned(), DimensionSource::Analytical("cost_centre".into())),
        ]),
        account_format: None,
        journal_numbers: Some((80_000_001, 89_999_999)),
        calls_at_once: 1,
        proxy: Proxy::System,
    }
}

pub struct Site {
    pub sandbox: GpSandbox,
    pub gp: Gp,
    pub clock: StandingClock,
}

pub fn clock() -> StandingClock {
    StandingClock::at("2013-12-02T08:00:00Z".parse().unwrap())
}

pub fn client(connection: &GpConnection, password: &str, clock: &StandingClock) -> Result<Gp, GpError> {
    Gp::new(connection, "CORP\\connector".into(), password.to_owned().into(), Arc::new(clock.clone()))
}

pub fn site() -> Site {
    site_with(SHIPPED)
}

pub fn site_with(dialect: &str) -> Site {
    let clock = clock();
    let sandbox = GpSandbox::start(&facts(), COMPANY, "CORP\\connector", PASSWORD, Arc::new(clock.clone())).unwrap();
    let gp = client(&connection(sandbox.port(), dialect), PASSWORD, &clock).unwrap();
    Site { sandbox, gp, clock }
}

pub fn usd() -> Currency {
    Currency::from_code("USD").unwrap()
}

pub fn line(account: &str, debit: i128, credit: i128) -> JournalLine {
    let (debit, credit) = (Minor(debit), Minor(credit));
    JournalLine { account: AccountNumber::new(account), description: "wages 0410".into(), debit, credit }
}

pub fn entry() -> JournalEntry {
    JournalEntry {
        reverses_on: None,
        batch: BatchId::new("PAY2013-11"),
        reference: "Payroll Nov 2013 a1b2c3d4".into(),
        date: NOVEMBER_30,
        currency: usd(),
        exchange: None,
        lines: vec![line("000-5100-0410", 123_456_789, 0), line("000-2100-0000", 0, 123_456_789)],
    }
}

pub fn numbers(delivery: &Delivery) -> Vec<u32> {
    match delivery {
        Delivery::Refused { refusals } => refusals.iter().filter_map(|refusal| refusal.number).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

pub fn first(delivery: Delivery) -> Refusal {
    match delivery {
        Delivery::Refused { mut refusals } => refusals.remove(0),
        other => panic!("not refused: {other:?}"),
    }
}
