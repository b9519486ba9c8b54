//! The two systems a project talks to. Secrets are named here, never written.

use std::collections::BTreeMap;

/// Where a secret or a setting comes from. Secrets: an environment variable until the vault comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromEnvironment {
    pub variable: String,
}

/// `connections.bamboohr`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BamboohrConnection {
    /// The company's label in BambooHR's addresses: letters, digits and `-`.
    pub company: String,
    /// Base up to and without `/api/v1`; default `https://{company}.bamboohr.com`. Plain http only to loopback.
    pub base_url: String,
    pub api_key: FromEnvironment,
    /// `timesheets: off` where the account has no time tracking.
    pub timesheets: bool,
}

/// `connections.gp`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpConnection {
    /// `https`, or `http` to loopback only.
    pub scheme: String,
    pub server: String,
    pub port: u16,
    pub tenant: String,
    /// The company's *name* as SBA addresses it.
    pub company: String,
    /// Every company that pipelines with `companies` may book into; empty where there is only [`GpConnection::company`].
    pub companies: Vec<String>,
    pub user: FromEnvironment,
    pub password: FromEnvironment,
    /// Name of a file in the project's `dialects/` or of one that ships with the program.
    pub dialect: String,
    /// The text of that dialect file, read with the project.
    pub dialect_text: String,
    /// Its file name for messages.
    pub dialect_file: String,
    pub providers: Providers,
    /// Dimension name (a look-up's name, for example `cost_centre`) → where GP keeps its values.
    pub dimensions: BTreeMap<String, DimensionSource>,
    /// Both included: agreed with the accountants.
    pub journal_numbers: (u32, u32),
    pub calls_at_once: u16,
}

/// Where a dimension's valid values live in GP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DimensionSource {
    /// Account segment number, from 1.
    Segment(u8),
    /// An Analytical Accounting dimension.
    Analytical(String),
}

/// Who answers for each capability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Providers {
    pub journals: Provider,
    pub accounts: Provider,
    pub periods: Provider,
    pub dimensions: Provider,
    pub vendors: Provider,
    pub employees: Provider,
    pub batches: Provider,
}

/// The provider of one capability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    Sba,
    /// The project's own CSV in the columns of `gp_periods.csv` or `gp_dimensions.csv`, already read.
    Declared {
        file: String,
        text: String,
    },
    Off,
}
