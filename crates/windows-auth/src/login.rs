//! Who signs in, and how.

use secrecy::SecretString;
use std::path::PathBuf;

/// A user and a password. The user is written `user@REALM`, `DOMAIN\user`, or `user` alone where a realm is named beside it.
#[derive(Clone, Debug)]
pub struct Account {
    pub user: String,
    /// Prints as `[REDACTED]`.
    pub password: SecretString,
}

/// How a server is signed in to.
#[derive(Clone, Debug)]
pub enum Login {
    /// User and password in every request. Only for a server reached over TLS or on this machine; who builds a pool sees to that,
    /// as the connector's linter does. One that becomes wrong later is shown once by each request that is under way then, so by no
    /// more than there are connections.
    Basic(Account),
    /// NTLMv2, raw or inside Negotiate, as the server offers it. Only for a server reached over TLS or on this machine, as Basic:
    /// it proves the user and not the server, and whoever stands between owns the connection.
    Ntlm(Account),
    Kerberos(Kerberos),
}

/// Where Kerberos has its key from.
#[derive(Clone, Debug)]
pub enum Key {
    /// Nothing of the system is needed: no krb5.conf, no library.
    Password(Account),
    /// By the system's GSSAPI, as its krb5.conf says: tickets are kept and used again.
    Keytab { keytab: PathBuf, principal: String },
    /// By the system's GSSAPI: a ticket that somebody else keeps fresh. `None` is the system's own cache.
    TicketCache { cache: Option<String> },
    /// On Windows: the account that this process runs as.
    ThisUser,
}

/// Sign-in by Kerberos.
#[derive(Clone, Debug)]
pub struct Kerberos {
    pub key: Key,
    /// The domain in Kerberos' words: `ACME.LOCAL`. Needed where `user` does not name it.
    pub realm: Option<String>,
    /// `host` or `host:port`, asked in this order. Empty: the realm's own name, which in Active Directory every domain
    /// controller answers to. Only for [`Key::Password`]; GSSAPI and Windows find theirs by themselves.
    pub kdcs: Vec<String>,
    /// The service's name; `None` is `HTTP/` and the server's host.
    pub spn: Option<String>,
    /// Whether NTLM is tried where Kerberos cannot be used at all: no KDC answers, the service has no name in the domain, or the
    /// server takes no Kerberos. Never after a refused user or password. Only for [`Key::Password`].
    pub ntlm_instead: bool,
}

/// Whether a sign-in is bound to the server's certificate (Extended Protection).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Binding {
    /// Bound where the connection is encrypted and its certificate says how.
    #[default]
    Auto,
    /// No sign-in without it.
    Require,
    /// For a server behind something that ends TLS.
    Off,
}

/// What a sign-in insists on.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub binding: Binding,
    /// The server must prove who it is, too. Kerberos can; NTLM cannot, and there TLS does.
    pub mutual: bool,
    /// A domain controller whose clock is further away than this is not followed, in seconds.
    pub skew_limit: u64,
}

impl Default for Terms {
    fn default() -> Terms {
        // A KDC's error is not signed, so the time in it is followed within bounds only.
        Terms { binding: Binding::Auto, mutual: true, skew_limit: 3600 }
    }
}

/// What a connection was signed in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mechanism {
    Basic,
    Kerberos,
    Ntlm,
}

impl Mechanism {
    pub fn name(self) -> &'static str {
        match self {
            Mechanism::Basic => "Basic",
            Mechanism::Kerberos => "Kerberos",
            Mechanism::Ntlm => "NTLM",
        }
    }
}
