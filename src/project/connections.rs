//! The systems and files a project reads. Secrets are named here, never written.

use crate::ledger::Currency;
use crate::ledger::written::DecimalMark;
use crate::sheet::CsvForm;
use crate::vault::SecretName;
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use windows_auth::Binding;
use windows_auth::tls::Trust;

/// Where a secret comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretFrom {
    /// An environment variable.
    Environment(String),
    /// The vault in the project's store.
    Vault(SecretName),
}

impl SecretFrom {
    fn is_in_vault(&self) -> bool {
        matches!(self, SecretFrom::Vault(_))
    }
}

impl WebhookReceiver {
    /// Whether receiving needs the vault.
    pub fn needs_vault(&self) -> bool {
        self.private_key.is_in_vault()
    }
}

impl BamboohrConnection {
    /// Whether signing in needs the vault: for a secret in it, or for tokens.
    pub fn needs_vault(&self) -> bool {
        match &self.sign_in {
            BamboohrSignIn::ApiKey(key) => key.is_in_vault(),
            BamboohrSignIn::OAuth(_) => true,
        }
    }
}

impl GpConnection {
    /// Whether signing in needs the vault.
    pub fn needs_vault(&self) -> bool {
        [&self.user, &self.password].into_iter().flatten().any(SecretFrom::is_in_vault)
    }
}

/// Whether a host, as it stands in an address, is this machine itself: what goes there crosses no network.
pub fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// By what way a system is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// As the machine says: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, and the settings of Windows. Never to this
    /// machine itself.
    #[default]
    System,
    /// Straight, whatever the machine says.
    Off,
    /// Always by the proxy at this address: scheme, host and port.
    At(String),
}

impl Proxy {
    /// Whether what is not encrypted may go this way: only as far as it stays on this machine.
    pub fn is_for_plain_http(&self) -> bool {
        let Proxy::At(address) = self else { return true };
        url::Url::parse(address).ok().as_ref().and_then(url::Url::host_str).is_some_and(is_this_machine)
    }
}

/// How BambooHR is signed in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BamboohrSignIn {
    ApiKey(SecretFrom),
    OAuth(OAuth),
}

/// `connections.bamboohr.oauth`: the application that BambooHR knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuth {
    pub client_id: String,
    pub client_secret: SecretFrom,
    /// Exactly as BambooHR's developer portal has it; https.
    pub redirect: String,
    pub scopes: Vec<String>,
    /// Whether the code is bound to who asked for it (RFC 7636).
    pub pkce: bool,
}

/// `connections.bamboohr`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BamboohrConnection {
    /// The company's label in BambooHR's addresses: letters, digits and `-`.
    pub company: String,
    /// Base up to and without `/api/v1`; default `https://{company}.bamboohr.com`. Plain http only to loopback.
    pub base_url: String,
    pub sign_in: BamboohrSignIn,
    /// `timesheets: off` where the account has no time tracking.
    pub timesheets: bool,
    pub proxy: Proxy,
    pub changes: ChangePace,
    pub webhook: Option<WebhookReceiver>,
}

/// `connections.bamboohr.changes`: how a service looks for changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangePace {
    /// How often BambooHR is asked who changed.
    pub every: SignedDuration,
    /// How long nobody may have changed before pipelines hear of it.
    pub settle: SignedDuration,
}

impl Default for ChangePace {
    fn default() -> ChangePace {
        ChangePace { every: SignedDuration::from_mins(10), settle: SignedDuration::from_mins(2) }
    }
}

/// `connections.bamboohr.webhook`: where deliveries are received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookReceiver {
    /// Plain http, so behind a reverse proxy that ends TLS. Port 0 is any free one.
    pub listen: SocketAddr,
    /// What BambooHR signs deliveries with.
    pub private_key: SecretFrom,
}

/// `connections.gp.sign_in`: how GP's services are signed in to.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum GpSignIn {
    /// User and password with every request.
    #[default]
    Basic,
    /// NTLMv2.
    Ntlm {
        binding: Binding,
    },
    Kerberos(GpKerberos),
}

/// Sign-in by Kerberos.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpKerberos {
    pub key: KerberosKey,
    /// In capital letters.
    pub realm: Option<String>,
    /// `host` or `host:port`, in the order of asking.
    pub domain_controllers: Vec<String>,
    pub spn: Option<String>,
    /// `else: ntlm`.
    pub ntlm_instead: bool,
    pub binding: Binding,
}

/// Where Kerberos has its key from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KerberosKey {
    Password,
    /// A keytab by its path on the machine that runs.
    Keytab(String),
    /// A ticket cache by its name; `None` is the system's own, and on Windows the account of the process.
    Tickets(Option<String>),
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
    /// What GP called that same company before.
    pub formerly: Vec<String>,
    /// Every company that pipelines with `companies` may book into; empty where there is only [`GpConnection::company`].
    pub companies: Vec<String>,
    /// There where the sign-in needs it.
    pub user: Option<SecretFrom>,
    /// There where the sign-in needs it.
    pub password: Option<SecretFrom>,
    pub sign_in: GpSignIn,
    /// Whom an encrypted connection trusts.
    pub tls: Trust,
    /// Name of a file in the project's `dialects/` or of one that ships with the program.
    pub dialect: String,
    /// The text of that dialect file, read with the project.
    pub dialect_text: String,
    /// Its file name for messages.
    pub dialect_file: String,
    pub providers: Providers,
    /// Dimension name (a look-up's name, for example `cost_centre`) → where GP keeps its values.
    pub dimensions: BTreeMap<String, DimensionSource>,
    /// Characters of each account segment, where the project says it.
    pub account_format: Option<Vec<usize>>,
    /// Both included: agreed with the accountants. There unless nobody provides journals.
    pub journal_numbers: Option<(u32, u32)>,
    pub calls_at_once: u16,
    pub proxy: Proxy,
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

/// `connections.registers`: how the files of a payroll register are read.
#[derive(Clone, Debug)]
pub struct RegisterConnection {
    pub name: String,
    /// Every CSV and XLSX file in it is read.
    pub folder: PathBuf,
    pub csv: CsvForm,
    pub mark: DecimalMark,
    /// A `strftime` pattern of year, month and day.
    pub dates: String,
    pub currency: RegisterCurrency,
    pub person: RegisterPerson,
    /// Headings from here on.
    pub date: String,
    pub department: Option<String>,
    pub location: Option<String>,
    pub amounts: RegisterAmounts,
    /// Codes whose sign is turned.
    pub negated: Vec<String>,
    pub totals: Option<TotalsRow>,
}

/// Where the currency of amounts is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterCurrency {
    Column(String),
    All(Currency),
}

/// The column that names a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterPerson {
    Number(String),
    Id(String),
}

/// Where amounts are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterAmounts {
    /// A column each; the code is its heading.
    Columns(Vec<String>),
    /// A row each.
    Rows { code: String, amount: String },
}

/// The row that adds up a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotalsRow {
    pub column: String,
    pub is: String,
}
