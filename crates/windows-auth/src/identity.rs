//! An identity: makes handshakes, and remembers what the domain said of it.

use crate::challenge::{Challenges, Scheme};
use crate::error::{Refusal, SignInError};
use crate::handshake::{Handshake, Maker};
use crate::kdc::Kdcs;
use crate::login::{Account, Binding, Kerberos, Key, Login, Mechanism, Terms};
use crate::sspi_step::{SspiHandshake, realm_of};
#[cfg(windows)]
use crate::this_user::ThisUserHandshake;
#[cfg(all(unix, feature = "gssapi"))]
use crate::tickets::{TicketHandshake, Tickets};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use secrecy::ExposeSecret as _;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// So many proofs of a password may go without an answer.
const MOST_UNANSWERED: u32 = 2;

/// How one server is signed in to, and what it and the domain said so far.
pub(crate) struct Identity {
    login: Login,
    pub(crate) terms: Terms,
    spn: String,
    kdcs: Option<Arc<Kdcs>>,
    realm: Option<String>,
    #[cfg(all(unix, feature = "gssapi"))]
    tickets: Option<Arc<Tickets>>,
    /// The first refusal ends this identity: what is refused once is refused again, and accounts lock.
    refused: Mutex<Option<SignInError>>,
    /// How many of NTLM's proofs in a row had no answer: each may have counted as a wrong password.
    unanswered: AtomicU32,
    /// NTLM instead of Kerberos, since Kerberos could not be used.
    fell_back: Mutex<bool>,
}

impl Identity {
    /// # Errors
    /// When the login cannot be used here at all.
    pub(crate) fn new(login: Login, terms: Terms, host: &str, kdc_patience: Duration) -> Result<Identity, SignInError> {
        let mut spn = format!("HTTP/{}", host.to_ascii_lowercase());
        let (mut realm, mut kdcs) = (None, None);
        if let Login::Kerberos(kerberos) = &login {
            match &kerberos.spn {
                Some(named) => spn.clone_from(named),
                None if host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() => {
                    let why = "Kerberos knows servers by name, not by address: write the server's name, or name its service (spn)".to_owned();
                    return Err(SignInError::Name { name: host.to_owned(), why });
                }
                None => {}
            }
            realm.clone_from(&kerberos.realm);
            if let Key::Password(account) = &kerberos.key {
                let of_account = realm_of(account, kerberos.realm.as_deref())?;
                kdcs = Some(Arc::new(Kdcs::new(&kerberos.kdcs, &of_account, kdc_patience)));
                realm = Some(of_account);
            }
            can_be_used(&kerberos.key)?;
        }
        Ok(Identity {
            #[cfg(all(unix, feature = "gssapi"))]
            tickets: match &login {
                Login::Kerberos(Kerberos { key: key @ (Key::Keytab { .. } | Key::TicketCache { .. }), .. }) => {
                    Some(Tickets::new(key.clone()))
                }
                _ => None,
            },
            login,
            terms,
            spn,
            kdcs,
            realm,
            refused: Mutex::new(None),
            unanswered: AtomicU32::new(0),
            fell_back: Mutex::new(false),
        })
    }

    /// The service's name that Kerberos asks for.
    pub(crate) fn spn(&self) -> &str {
        &self.spn
    }

    pub(crate) fn kdcs(&self) -> Vec<String> {
        self.kdcs.as_ref().map(|kdcs| kdcs.addresses().to_vec()).unwrap_or_default()
    }

    pub(crate) fn realm(&self) -> Option<&str> {
        self.realm.as_deref()
    }

    /// For messages.
    pub(crate) fn user(&self) -> String {
        match &self.login {
            Login::Basic(account) | Login::Ntlm(account) => account.user.clone(),
            Login::Kerberos(kerberos) => match &kerberos.key {
                Key::Password(account) => account.user.clone(),
                Key::Keytab { principal, .. } => principal.clone(),
                Key::TicketCache { .. } => "the owner of the ticket cache".to_owned(),
                Key::ThisUser => "the account of this process".to_owned(),
            },
        }
    }

    /// # Errors
    /// When this identity was refused before.
    pub(crate) fn check(&self) -> Result<(), SignInError> {
        match &*self.refused.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(first) => Err(SignInError::RefusedBefore { first: first.to_string() }),
            None => Ok(()),
        }
    }

    /// A proof of NTLM was answered, or was not. Two in a row without an answer end this identity like a refusal: whether the line
    /// is bad or the server cuts it at a wrong password, the next one may be the one that locks the account.
    pub(crate) fn proof_was_answered(&self, was_answered: bool) {
        if was_answered {
            self.unanswered.store(0, Ordering::Relaxed);
        } else if self.unanswered.fetch_add(1, Ordering::Relaxed) + 1 >= MOST_UNANSWERED {
            self.note(&SignInError::Refused { user: self.user(), by: "NTLM", why: Refusal::Unanswered });
        }
    }

    /// Remembers a refusal.
    pub(crate) fn note(&self, error: &SignInError) {
        if matches!(error, SignInError::Refused { .. }) {
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            refused.get_or_insert_with(|| error.clone());
        }
    }

    /// The header of Basic, which needs no handshake; `None` for the others.
    ///
    /// # Errors
    /// For a user that Basic cannot carry.
    pub(crate) fn basic(&self) -> Result<Option<HeaderValue>, SignInError> {
        let Login::Basic(Account { user, password }) = &self.login else { return Ok(None) };
        let unusable = |why: &str| SignInError::Name { name: user.clone(), why: why.to_owned() };
        if user.is_empty() || user.contains(':') {
            return Err(unusable("a user name for Basic is not empty and has no `:`"));
        }
        let text = format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.expose_secret())));
        let mut header =
            HeaderValue::try_from(text).map_err(|_| unusable("it has letters that no header can carry"))?;
        header.set_sensitive(true);
        Ok(Some(header))
    }

    /// A fresh handshake. `offered` is what the server said it takes, where it was asked.
    ///
    /// # Errors
    /// When the server takes nothing that this identity has, or the binding that is required cannot be had.
    pub(crate) fn begin(&self, offered: Option<&Challenges>, binding: Option<&[u8]>) -> Result<Handshake, SignInError> {
        let binding = match self.terms.binding {
            Binding::Off => None,
            Binding::Auto => binding,
            Binding::Require => Some(binding.ok_or(SignInError::NotBound {
                why: "it is not encrypted, or the server's certificate has a signature that no binding is defined for",
            })?),
        };
        match &self.login {
            Login::Kerberos(kerberos) if self.is_kerberos() => {
                if offered.is_some_and(|offered| !offered.offers(Scheme::Negotiate)) {
                    return Err(not_offered("Negotiate", offered));
                }
                self.kerberos(kerberos, binding)
            }
            Login::Kerberos(Kerberos { key: Key::Password(account), .. }) | Login::Ntlm(account) => {
                let scheme = match offered {
                    Some(offered) if offered.offers(Scheme::Ntlm) => Scheme::Ntlm,
                    Some(offered) if offered.offers(Scheme::Negotiate) => Scheme::Negotiate,
                    Some(_) => return Err(not_offered("NTLM", offered)),
                    None => Scheme::Ntlm,
                };
                let maker = SspiHandshake::ntlm(account, &self.spn, binding)?;
                Ok(Handshake::new(scheme, Mechanism::Ntlm, Maker::Sspi(Box::new(maker))))
            }
            Login::Kerberos(_) | Login::Basic(_) => Err(no_handshake()),
        }
    }

    /// Whether the server has to be asked first what it takes.
    pub(crate) fn wants_offers(&self) -> bool {
        match &self.login {
            Login::Basic(_) => false,
            Login::Ntlm(_) => true,
            Login::Kerberos(kerberos) => kerberos.ntlm_instead,
        }
    }

    /// Whether NTLM is to be tried where Kerberos met `error`; from then on it is.
    pub(crate) fn falls_back(&self, error: &SignInError) -> bool {
        let Login::Kerberos(Kerberos { ntlm_instead: true, key: Key::Password(_), .. }) = &self.login else {
            return false;
        };
        if !error.lets_ntlm_try() {
            return false;
        }
        let mut fell_back = self.fell_back.lock().unwrap_or_else(PoisonError::into_inner);
        if !*fell_back {
            tracing::warn!(%error, "Kerberos cannot be used; NTLM instead, as the settings allow");
            *fell_back = true;
        }
        true
    }

    pub(crate) fn ahead_of_domain(&self) -> Option<i64> {
        self.kdcs.as_ref().and_then(|kdcs| kdcs.ahead())
    }

    pub(crate) fn has_fallen_back(&self) -> bool {
        *self.fell_back.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a handshake that begins now is one of Kerberos.
    pub(crate) fn is_kerberos(&self) -> bool {
        matches!(self.login, Login::Kerberos(_)) && !self.has_fallen_back()
    }

    fn kerberos(&self, kerberos: &Kerberos, binding: Option<&[u8]>) -> Result<Handshake, SignInError> {
        let maker = match (&kerberos.key, &self.kdcs) {
            (Key::Password(account), Some(kdcs)) => {
                let realm = self.realm.as_deref().unwrap_or_default();
                let limit = self.terms.skew_limit;
                let made = SspiHandshake::kerberos(account, realm, &self.spn, Arc::clone(kdcs), binding, limit)?;
                Maker::Sspi(Box::new(made))
            }
            #[cfg(all(unix, feature = "gssapi"))]
            (Key::Keytab { .. } | Key::TicketCache { .. }, _) => {
                let tickets = self.tickets.clone().ok_or_else(no_handshake)?;
                Maker::Tickets(TicketHandshake::new(tickets, &self.spn, self.realm.as_deref(), binding))
            }
            #[cfg(windows)]
            (Key::ThisUser, _) => Maker::ThisUser(Box::new(ThisUserHandshake::new(&self.spn, binding))),
            (key, _) => {
                can_be_used(key)?;
                return Err(no_handshake());
            }
        };
        Ok(Handshake::new(Scheme::Negotiate, Mechanism::Kerberos, maker))
    }
}

fn no_handshake() -> SignInError {
    SignInError::Protocol { why: "this sign-in has no handshake".to_owned() }
}

fn not_offered(wanted: &'static str, offered: Option<&Challenges>) -> SignInError {
    SignInError::NotOffered { wanted, offered: offered.map(Challenges::names).unwrap_or_default() }
}

/// # Errors
/// When this build or system has no way to such a key.
fn can_be_used(key: &Key) -> Result<(), SignInError> {
    match key {
        Key::Password(_) => Ok(()),
        Key::Keytab { .. } | Key::TicketCache { .. } if cfg!(all(unix, feature = "gssapi")) => Ok(()),
        Key::Keytab { .. } => Err(SignInError::NotHere { what: "a keytab", why: NO_GSSAPI }),
        Key::TicketCache { .. } => Err(SignInError::NotHere { what: "a ticket cache", why: NO_GSSAPI }),
        Key::ThisUser if cfg!(windows) => Ok(()),
        Key::ThisUser => Err(SignInError::NotHere { what: "the account of the process", why: "only Windows knows it" }),
    }
}

const NO_GSSAPI: &str = "this build has no GSSAPI (build feature `gssapi`, not on Windows)";
