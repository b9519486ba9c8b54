//! A connection for this room's unit tests.

use super::dialect::shipped::{SHIPPED, SHIPPED_FILE};
use crate::project::connections::{GpConnection, GpSignIn, Provider, Providers, Proxy, SecretFrom};
use std::collections::BTreeMap;
use windows_auth::tls::Trust;

pub(crate) fn connection(port: u16) -> GpConnection {
    GpConnection {
        scheme: "http".to_owned(),
        server: "127.0.0.1".to_owned(),
        port,
        tenant: "DefaultTenant".to_owned(),
        company: "Fabrikam, Inc.".to_owned(),
        formerly: Vec::new(),
        companies: Vec::new(),
        user: Some(SecretFrom::Environment("GP_USER".to_owned())),
        password: Some(SecretFrom::Environment("GP_PASSWORD".to_owned())),
        sign_in: GpSignIn::Basic,
        tls: Trust::default(),
        dialect: "sba".to_owned(),
        dialect_text: SHIPPED.to_owned(),
        dialect_file: SHIPPED_FILE.to_owned(),
        providers: Providers {
            journals: Provider::Sba,
            accounts: Provider::Sba,
            periods: Provider::Sba,
            dimensions: Provider::Sba,
            vendors: Provider::Sba,
            employees: Provider::Sba,
            batches: Provider::Sba,
        },
        dimensions: BTreeMap::new(),
        account_format: None,
        journal_numbers: Some((80_000_001, 89_999_999)),
        calls_at_once: 1,
        proxy: Proxy::System,
    }
}
