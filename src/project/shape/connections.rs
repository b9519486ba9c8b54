//! `connections` of project.yaml: how BambooHR, GP and payroll registers are reached.

use super::pieces::Flag;
use super::{Entries, ScalarOr, Text, shape, words};

shape! {
    /// The two systems. Values may be `${setting}` as a whole. A project without connections plans offline.
    pub struct Connections {
        pub bamboohr: Bamboohr,
        pub gp: Gp,
        /// Payroll registers: files that a payroll provider exports, by name.
        pub registers: Entries<Register>,
    }
}

shape! {
    /// How the files of a payroll register are read.
    pub struct Register {
        /// The folder of its CSV and XLSX files, from the project folder.
        #[schemars(required)]
        pub folder: Text,
        /// What separates the cells of a CSV file: `,`, `;`, `|` or `tab`. Default: `;` where the header has one, else `,`.
        pub delimiter: Text,
        /// The letters of a CSV file, for example `windows-1252`. Default: `utf-8`.
        pub encoding: Text,
        /// `point` for 1,234.50, `comma` for 1.234,50. Default: point.
        pub decimal: DecimalMark,
        /// How dates are written, for example `DD.MM.YYYY`. Default: `YYYY-MM-DD`.
        pub dates: Text,
        /// The currency of all amounts, where no column says it.
        pub currency: Text,
        /// What the columns are called.
        #[schemars(required)]
        pub columns: RegisterColumns,
        /// Columns that are amounts, each a code of its own. Not where `columns` has `code` and `amount`.
        pub amounts: Vec<Text>,
        /// Codes whose sign is turned: deductions that the provider writes below zero.
        pub negated: Vec<Text>,
        /// The row that adds up a file.
        pub totals: RegisterTotals,
    }
}

words! {
    pub enum DecimalMark {
        Point = "point",
        Comma = "comma",
    }
}

shape! {
    /// The headings of a register's columns. Each person is named by exactly one of `number` and `id`.
    pub struct RegisterColumns {
        /// The employee number, as BambooHR has it.
        pub number: Text,
        /// BambooHR's id of the employee.
        pub id: Text,
        /// The date that picks the period: the pay date, or the last day of the pay period.
        #[schemars(required)]
        pub date: Text,
        pub currency: Text,
        /// Where the amounts of a row are booked, where the register says it.
        pub department: Text,
        pub location: Text,
        /// What the amount of a row is, where each amount has a row of its own.
        pub code: Text,
        pub amount: Text,
    }
}

shape! {
    /// A row whose cell in `column` reads `is` states what the file's amounts add up to.
    pub struct RegisterTotals {
        #[schemars(required)]
        pub column: Text,
        #[schemars(required)]
        pub is: Text,
    }
}

shape! {
    pub struct Bamboohr {
        /// The company's label in BambooHR's addresses: `acme` for acme.bamboohr.com.
        #[schemars(required)]
        pub company: Text,
        /// Only where it is not https://{company}.bamboohr.com.
        pub base_url: Text,
        /// Exactly one of `api_key` and `oauth`.
        pub api_key: ScalarOr<Secret>,
        pub oauth: OAuth,
        /// `off` where the account has no time tracking. Default: on.
        pub timesheets: Text,
        /// `http://proxy.example.com:8080`, or `off` for none. Default: what the machine says (`HTTPS_PROXY`, `NO_PROXY`).
        pub proxy: Text,
        /// How `ml-connector serve` looks for changes.
        pub changes: ChangePace,
        /// Where the service is told of changes at once. Default: it only asks.
        pub webhook: Webhook,
    }
}

shape! {
    /// How a service looks for changes in BambooHR.
    pub struct ChangePace {
        /// How often BambooHR is asked who changed, `1 minute` to `1440 minutes`. Default: 10 minutes.
        pub every: Text,
        /// How long nobody may have changed before pipelines hear of it, `0 minutes` to `60 minutes`. Default: 2 minutes.
        pub settle: Text,
    }
}

shape! {
    /// BambooHR's webhooks, received behind a reverse proxy that ends TLS: docs/webhooks.md.
    pub struct Webhook {
        /// The address of this machine to listen at, by plain http: `127.0.0.1:8470`.
        #[schemars(required)]
        pub listen: Text,
        /// What deliveries are signed with; `ml-connector webhook register` seals it in the vault.
        #[schemars(required)]
        pub private_key: ScalarOr<Secret>,
    }
}

shape! {
    /// An application of BambooHR's developer portal, signed in by a person with `ml-connector sign-in`.
    pub struct OAuth {
        #[schemars(required)]
        pub client_id: Text,
        #[schemars(required)]
        pub client_secret: ScalarOr<Secret>,
        /// The https address that BambooHR sends the browser back to, exactly as the portal has it.
        #[schemars(required)]
        pub redirect: Text,
        /// What the application may read. With `offline_access` the sign-in outlives its first hour.
        #[schemars(required)]
        pub scopes: Vec<Text>,
        /// Bind the answer to who asked (PKCE). Default: false.
        pub pkce: Flag,
    }
}

shape! {
    /// A secret's name, never the secret. Exactly one of these.
    pub struct Secret {
        /// The environment variable that holds it.
        pub env: Text,
        /// Its name in the vault: `ml-connector vault set NAME`.
        pub vault: Text,
    }
}

shape! {
    pub struct Gp {
        /// `https`, or `http` to this machine only. Default: https.
        pub scheme: Text,
        #[schemars(required)]
        pub server: Text,
        /// Default: 443.
        pub port: Text,
        /// Default: DefaultTenant.
        pub tenant: Text,
        /// The company's name as GP shows it.
        #[schemars(required)]
        pub company: Text,
        /// Names that GP showed for this very company before: what was sent under them stays sent.
        pub formerly: Vec<Text>,
        /// Where pipelines book into several companies: all of them, by their names in GP.
        pub companies: Vec<Text>,
        /// Not needed for `sign_in: { by: kerberos, tickets: … }`.
        pub user: ScalarOr<Secret>,
        /// Not needed for `sign_in: { by: kerberos, keytab: … }` or `tickets`.
        pub password: ScalarOr<Secret>,
        /// Default: basic.
        pub sign_in: GpSignIn,
        pub tls: Tls,
        /// How this site's services speak: a file in `dialects/`, or one that ships with the program. Default: sba.
        pub dialect: Text,
        pub providers: Providers,
        /// Where GP keeps the valid values of a look-up, for example `cost_centre: { segment: 3 }`.
        pub dimensions: Entries<Dimension>,
        /// How long the segments of an account are, for example `000-0000-0000`. With it, lint knows accounts that can never exist.
        pub account_format: Text,
        /// The numbers that the accountants have set aside for us, for example `80000001-89999999`. Needed but with
        /// `providers: { journals: off }`.
        pub journal_numbers: Text,
        /// Calls to GP at the same time. Default: 1.
        pub calls_at_once: Text,
        /// `http://proxy.example.com:8080`, or `off` for none. Default: what the machine says (`HTTPS_PROXY`, `NO_PROXY`).
        pub proxy: Text,
    }
}

shape! {
    /// How GP's services are signed in to: docs/gp.md, "Signing in".
    pub struct GpSignIn {
        #[schemars(required)]
        pub by: SignInBy,
        /// Kerberos: the domain in capital letters, for example ACME.LOCAL. Default: what `user` says after its `@`.
        pub realm: Text,
        /// Kerberos by password: asked in this order. Default: the realm's own name.
        pub domain_controllers: Vec<Text>,
        /// Kerberos: the service's name in the domain. Default: HTTP/ and the server's name.
        pub spn: Text,
        /// Kerberos without a password: a keytab file of `user`, by its path on the machine that runs.
        pub keytab: Text,
        /// Kerberos without a password: a ticket cache, for example `FILE:/run/acme/krb5cc`, or `system` for the system's own;
        /// on Windows, `system` is the account that ml-connector runs as.
        pub tickets: Text,
        /// Kerberos by password: what is tried where Kerberos cannot be used at all. Default: nothing.
        pub r#else: InsteadOfKerberos,
        /// Whether the sign-in is bound to the server's certificate (Extended Protection). Default: auto.
        pub bind_to_tls: BindToTls,
    }
}

words! {
    pub enum SignInBy {
        Basic = "basic",
        Kerberos = "kerberos",
        Ntlm = "ntlm",
    }
}

words! {
    pub enum InsteadOfKerberos {
        Ntlm = "ntlm",
    }
}

words! {
    pub enum BindToTls {
        /// Where the connection is encrypted and its certificate says how.
        Auto = "auto",
        Require = "require",
        /// For a server behind something that ends TLS.
        Off = "off",
    }
}

shape! {
    /// Whom the encrypted connection trusts. Default: the system's authorities.
    pub struct Tls {
        /// A PEM file of the project, with authorities beside the system's: `tls/acme-ca.pem`.
        pub authorities: Text,
        /// Exactly this certificate: its SHA-256 fingerprint, 64 hexadecimal digits.
        pub pinned: Text,
        /// `1.2` or `1.3`. Default: 1.2.
        pub at_least: Text,
    }
}

shape! {
    /// Who answers for each capability. Default: sba for all.
    pub struct Providers {
        pub journals: Provider,
        pub accounts: Provider,
        /// `sba`, `off`, or `{ declared: tables/periods.csv }`.
        pub periods: ScalarOr<Declared>,
        /// `sba`, `off`, or `{ declared: tables/dimensions.csv }`.
        pub dimensions: ScalarOr<Declared>,
        pub vendors: Provider,
        pub employees: Provider,
        pub batches: Provider,
    }
}

words! {
    pub enum Provider {
        Sba = "sba",
        Off = "off",
    }
}

shape! {
    /// The project's own list.
    pub struct Declared {
        /// A CSV file in the columns of the facts folder.
        #[schemars(required)]
        pub declared: Text,
    }
}

shape! {
    /// Exactly one of these.
    pub struct Dimension {
        /// Number of the account segment, from 1.
        pub segment: Text,
        /// Name of an Analytical Accounting dimension.
        pub analytical: Text,
    }
}
