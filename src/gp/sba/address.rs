//! Server, tenant, company and keys become a URL.

use crate::gp::GpError;
use crate::gp::dialect::Dialect;
use crate::gp::dialect::template::{encoded, fill};
use crate::project::connections::{GpConnection, is_this_machine};
use std::collections::BTreeMap;
use url::{Position, Url};

/// Everything before a resource: `https://gp.example:48620/GPService/Tenants(DefaultTenant)/Companies(Fabrikam)`.
#[derive(Clone, Debug)]
pub struct Address {
    base: String,
}

impl Address {
    /// The address of a connection's company. Port 443 of https is left out, as SBA's own addresses do.
    ///
    /// # Errors
    /// [`GpError::Dialect`] for a server that is none, or plain http to another machine: Basic sign-in would show the
    /// password to the network.
    pub fn new(connection: &GpConnection, dialect: &Dialect) -> Result<Address, GpError> {
        let refused = |why: String| GpError::Dialect { file: connection.dialect_file.clone(), why };
        let port = match (connection.scheme.as_str(), connection.port) {
            ("https", 443) | ("http", 80) => String::new(),
            (_, port) => format!(":{port}"),
        };
        let names = [("tenant", connection.tenant.as_str()), ("company", connection.company.as_str())];
        let path = fill(&dialect.address.base, &names);
        let base = format!("{}://{}{port}{path}", connection.scheme, connection.server);
        let url = Url::parse(&base).map_err(|error| refused(format!("{base} is no address ({error})")))?;
        let loopback = url.host_str().is_some_and(is_this_machine);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            _ => return Err(refused(format!("{base} is not https: the password would cross the network in clear"))),
        }
        if url[Position::BeforePath..] != path {
            return Err(refused(format!("{base} would be read as {url}: check server, tenant and company")));
        }
        // `Url` writes the host in lower case and leaves out a default port: from here on its own form is the text.
        let base = url.to_string();
        Ok(Address { base })
    }

    /// Whether this is http to this machine.
    pub fn is_plain(&self) -> bool {
        self.base.starts_with("http:")
    }

    /// The URL of a resource.
    ///
    /// # Errors
    /// A sentence, when the templates and keys make no URL, or one that would be normalised into another.
    pub fn url(&self, path: &str, query: &[&BTreeMap<String, String>], names: &[(&str, &str)]) -> Result<Url, String> {
        let mut text = fill(path, names);
        let mut joint = if text.contains('?') { '&' } else { '?' };
        for (parameter, template) in query.iter().flat_map(|part| part.iter()) {
            text.push(joint);
            text.push_str(&encoded(parameter));
            text.push('=');
            text.push_str(&fill(template, names));
            joint = '&';
        }
        let text = format!("{}{text}", self.base);
        let url = Url::parse(&text).map_err(|error| format!("{text} is no address ({error})"))?;
        // `Url` removes `..`: a key must never lead to another resource.
        if url.as_str() == text { Ok(url) } else { Err(format!("{text} would be read as {url}")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gp::dialect::shipped::shipped;
    use crate::gp::testing::connection;

    fn base(scheme: &str, server: &str, port: u16, company: &str) -> Result<String, String> {
        let mut connection = connection(port);
        connection.scheme = scheme.to_owned();
        connection.server = server.to_owned();
        connection.company = company.to_owned();
        Address::new(&connection, &shipped().unwrap()).map(|address| address.base).map_err(|error| error.to_string())
    }

    #[test]
    fn the_customers_address() {
        let tenant = "GPService/Tenants(DefaultTenant)";
        assert_eq!(
            base("https", "gp.example.com", 48620, "Fabrikam, Inc.").unwrap(),
            format!("https://gp.example.com:48620/{tenant}/Companies(Fabrikam%2C%20Inc.)")
        );
        assert_eq!(
            base("https", "gp.example.com", 443, "Café (Süd)").unwrap(),
            format!("https://gp.example.com/{tenant}/Companies(Caf%C3%A9%20%28S%C3%BCd%29)")
        );
    }

    #[test]
    fn a_password_never_crosses_the_network_in_clear() {
        assert!(base("http", "gp.example.com", 80, "A").unwrap_err().contains("in clear"));
        assert!(base("http", "127.0.0.1", 8080, "A").is_ok());
        assert!(base("http", "localhost", 8080, "A").is_ok());
        assert!(base("ftp", "localhost", 8080, "A").is_err());
    }

    #[test]
    fn a_key_cannot_lead_elsewhere() {
        let address = Address { base: "https://gp.example/Companies(A)".to_owned() };
        let url = address.url("/Accounts({account})", &[], &[("account", "../x?y#z")]).unwrap();
        assert_eq!(url.as_str(), "https://gp.example/Companies(A)/Accounts(..%2Fx%3Fy%23z)");
        assert!(address.url("/Accounts/{account}", &[], &[("account", "..")]).is_err());
    }
}
