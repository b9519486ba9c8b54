//! Kerberos by the system's GSSAPI (MIT or Heimdal): keytabs and ticket caches, tickets kept and used again.
//!
//! Its calls block, because it talks to domain controllers itself, so each step runs on a blocking thread.

use crate::error::{Refusal, SignInError};
use crate::login::Key;
use crate::sspi_step::Stepped;
use libgssapi::context::{ClientCtx, CtxFlags};
use libgssapi::credential::Cred;
use libgssapi::error::Error;
use libgssapi::name::Name;
use libgssapi::oid::{GSS_MECH_SPNEGO, GSS_NT_KRB5_PRINCIPAL};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A key whose tickets are shared by every handshake.
#[derive(Debug)]
pub(crate) struct Tickets {
    key: Key,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    cred: Option<Cred>,
    /// Whether a server took a ticket of these.
    was_taken: bool,
}

/// Counts the caches in memory that were given up: MIT keeps one by its name until the process ends.
static GIVEN_UP: AtomicU32 = AtomicU32::new(0);

/// Credentials that end sooner are taken anew.
const SHORTEST_LIFE: Duration = Duration::from_secs(60);

impl Tickets {
    pub(crate) fn new(key: Key) -> Arc<Tickets> {
        Arc::new(Tickets { key, held: Mutex::default() })
    }

    /// For messages.
    pub(crate) fn user(&self) -> String {
        match &self.key {
            Key::Keytab { principal, .. } => principal.clone(),
            _ => "the owner of the ticket cache".to_owned(),
        }
    }

    /// What a server said of a ticket. Where it took those before and takes this one no longer, its own key has changed since, and
    /// what is kept for hours would be refused for hours: the next handshake asks the domain anew.
    fn was(&self, taken: bool) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !taken && held.was_taken {
            held.cred = None;
            GIVEN_UP.fetch_add(1, Ordering::Relaxed);
        }
        held.was_taken = taken;
    }

    fn cred(&self) -> Result<Cred, SignInError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cred) = held.cred.as_ref().filter(|cred| cred.lifetime().is_ok_and(|left| left > SHORTEST_LIFE)) {
            return Ok(cred.clone());
        }
        if let Key::Keytab { keytab, .. } = &self.key
            && let Err(error) = std::fs::File::open(keytab)
        {
            return Err(SignInError::NoTicket {
                why: format!("the keytab {} cannot be read: {error}", keytab.display()),
            });
        }
        let fresh = ffi::acquire(&self.key).map_err(|error| self.meaning(error))?;
        held.cred = Some(fresh.clone());
        Ok(fresh)
    }

    /// GSSAPI wraps Kerberos' own numbers in others of its own, so its words are looked at (MIT's; a service runs in English).
    fn meaning(&self, error: Error) -> SignInError {
        let refused = |why| SignInError::Refused { user: self.user(), by: "Kerberos", why };
        let words = error.to_string().replace('\n', " ");
        let says = |text: &str| words.contains(text);
        if says("Client not found in Kerberos database") {
            return refused(Refusal::UnknownUser);
        }
        if says("credentials have been revoked") {
            return refused(Refusal::Locked);
        }
        if says("Password has expired") {
            return refused(Refusal::PasswordExpired);
        }
        if says("Preauthentication failed") {
            return refused(Refusal::WrongPassword);
        }
        let of = match &self.key {
            Key::Keytab { keytab, principal } => format!("{principal} from the keytab {}", keytab.display()),
            Key::TicketCache { cache: Some(cache) } => format!("the ticket cache {cache}"),
            _ => "the system's ticket cache".to_owned(),
        };
        SignInError::NoTicket { why: format!("{of}: {words}") }
    }
}

/// One context.
pub(crate) struct TicketHandshake {
    tickets: Arc<Tickets>,
    context: Option<ClientCtx>,
    spn: String,
    realm: Option<String>,
    binding: Option<Vec<u8>>,
}

impl TicketHandshake {
    pub(crate) fn new(
        tickets: Arc<Tickets>,
        spn: &str,
        realm: Option<&str>,
        binding: Option<&[u8]>,
    ) -> TicketHandshake {
        let (spn, realm, binding) = (spn.to_owned(), realm.map(str::to_owned), binding.map(<[u8]>::to_vec));
        TicketHandshake { tickets, context: None, spn, realm, binding }
    }

    pub(crate) fn was(&self, taken: bool) {
        self.tickets.was(taken);
    }

    pub(crate) async fn step(&mut self, token: Option<&[u8]>) -> Result<Stepped, SignInError> {
        let (tickets, spn, realm) = (Arc::clone(&self.tickets), self.spn.clone(), self.realm.clone());
        let (binding, token, context) = (self.binding.clone(), token.map(<[u8]>::to_vec), self.context.take());
        let work = move || {
            let mut context = match context {
                Some(context) => context,
                None => begin(&tickets, &spn, realm.as_deref())?,
            };
            let out = context.step(token.as_deref(), binding.as_deref()).map_err(|error| {
                match is_unknown_service(error) {
                    true => SignInError::UnknownService {
                        spn,
                        realm: realm.unwrap_or_else(|| "of this machine".to_owned()),
                    },
                    false => tickets.meaning(error),
                }
            })?;
            let is_done = out.is_none() || context_is_open(&mut context);
            Ok((Stepped { token: out.map(|out| out.to_vec()).unwrap_or_default(), is_done }, context))
        };
        let done = tokio::task::spawn_blocking(work).await;
        let (stepped, context) =
            done.map_err(|_| SignInError::Protocol { why: "the sign-in was stopped".to_owned() })??;
        self.context = Some(context);
        Ok(stepped)
    }
}

/// Whether the context has nothing left to hear.
fn context_is_open(context: &mut ClientCtx) -> bool {
    use libgssapi::context::SecurityContext as _;
    context.open().unwrap_or(false)
}

fn begin(tickets: &Tickets, spn: &str, realm: Option<&str>) -> Result<ClientCtx, SignInError> {
    let cred = tickets.cred()?;
    // As it is, without the canonical name of the host from DNS, which whoever answers DNS could choose.
    let full = realm.map_or_else(|| spn.to_owned(), |realm| format!("{spn}@{realm}"));
    let target = Name::new(full.as_bytes(), Some(GSS_NT_KRB5_PRINCIPAL))
        .map_err(|error| SignInError::Name { name: full, why: error.to_string() })?;
    let flags = CtxFlags::GSS_C_MUTUAL_FLAG | CtxFlags::GSS_C_INTEG_FLAG;
    Ok(ClientCtx::new(Some(cred), target, flags, Some(GSS_MECH_SPNEGO)))
}

fn is_unknown_service(error: Error) -> bool {
    error.to_string().contains("Server not found in Kerberos database")
}

/// The two calls that `libgssapi` does not wrap.
#[allow(
    unsafe_code,
    reason = "libgssapi has no gss_acquire_cred_from and no gss_set_neg_mechs; each call says why it is sound"
)]
mod ffi {
    use super::{Cred, Error, Key};
    use libgssapi::error::MajorFlags;
    use libgssapi_sys as sys;
    use std::ffi::CString;
    use std::ptr;

    /// iso.member-body.us.mit.infosys.gssapi.krb5 (RFC 4121 §1), without tag and length.
    static KRB5: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02];

    /// iso.org.dod.internet.security.mechanism.snego (RFC 4178 §3), without tag and length.
    static SPNEGO: [u8; 6] = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x02];

    fn failed(major: u32, minor: u32) -> Error {
        Error { major: MajorFlags::from_bits_retain(major), minor }
    }

    /// Credentials of `key`, for SPNEGO with Kerberos and nothing else.
    pub(super) fn acquire(key: &Key) -> Result<Cred, Error> {
        let bad_name = |_| failed(sys::_GSS_S_BAD_NAME, 0);
        let mut pairs: Vec<(&'static std::ffi::CStr, CString)> = Vec::new();
        let mut principal = None;
        match key {
            Key::Keytab { keytab, principal: name } => {
                let path = keytab.to_string_lossy().into_owned();
                pairs.push((c"client_keytab", CString::new(format!("FILE:{path}")).map_err(bad_name)?));
                // In memory, one a principal: the tickets of this process, used again by every handshake.
                let cache =
                    format!("MEMORY:windows-auth-{}-{name}-{path}", super::GIVEN_UP.load(super::Ordering::Relaxed));
                pairs.push((c"ccache", CString::new(cache).map_err(bad_name)?));
                principal = Some(name.clone());
            }
            Key::TicketCache { cache: Some(cache) } => {
                pairs.push((c"ccache", CString::new(cache.as_str()).map_err(bad_name)?));
            }
            _ => {}
        }
        let mut elements: Vec<sys::gss_key_value_element_desc> = pairs
            .iter()
            .map(|(key, value)| sys::gss_key_value_element_desc { key: key.as_ptr(), value: value.as_ptr() })
            .collect();
        let store = sys::gss_key_value_set_desc {
            count: u32::try_from(elements.len()).unwrap_or(0),
            elements: elements.as_mut_ptr(),
        };
        let name = principal.map(|principal| import(&principal)).transpose()?;
        let mut spnego = sys::gss_OID_desc {
            length: u32::try_from(SPNEGO.len()).unwrap_or(0),
            elements: SPNEGO.as_ptr().cast_mut().cast(),
        };
        let mut wanted = sys::gss_OID_set_desc { count: 1, elements: &mut spnego };
        let mut minor = 0;
        let mut cred: sys::gss_cred_id_t = ptr::null_mut();
        // SAFETY: every pointer is to a living value of the type that RFC 2744 §5.2 and gssapi_ext.h name, the name is an imported
        // one or null, and `cred` is written before it is read, on success only.
        let major = unsafe {
            sys::gss_acquire_cred_from(
                &mut minor,
                name.as_ref().map_or(ptr::null_mut(), |name| name.0),
                sys::_GSS_C_INDEFINITE,
                &mut wanted,
                i32::try_from(sys::GSS_C_INITIATE).unwrap_or(1),
                if elements.is_empty() { ptr::null() } else { &store },
                &mut cred,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        if major != sys::GSS_S_COMPLETE {
            return Err(failed(major, minor));
        }
        // SAFETY: `cred` comes from a call that succeeded, and belongs to nobody else.
        let owned = unsafe { Cred::from_c(cred) };
        only_kerberos(cred)?;
        Ok(owned)
    }

    /// Another mechanism that is installed (gss-ntlmssp) must not be chosen silently.
    fn only_kerberos(cred: sys::gss_cred_id_t) -> Result<(), Error> {
        let mut krb5 = sys::gss_OID_desc {
            length: u32::try_from(KRB5.len()).unwrap_or(0),
            elements: KRB5.as_ptr().cast_mut().cast(),
        };
        let set = sys::gss_OID_set_desc { count: 1, elements: &mut krb5 };
        let mut minor = 0;
        // SAFETY: the set and its one element live through the call, which copies them; elements are not written to.
        let major = unsafe { sys::gss_set_neg_mechs(&mut minor, cred, (&raw const set).cast_mut()) };
        if major == sys::GSS_S_COMPLETE { Ok(()) } else { Err(failed(major, minor)) }
    }

    struct Imported(sys::gss_name_t);

    impl Drop for Imported {
        fn drop(&mut self) {
            let mut minor = 0;
            // SAFETY: the name was imported by `import` and is released once, here.
            unsafe { sys::gss_release_name(&mut minor, &mut self.0) };
        }
    }

    /// `user@REALM` as a Kerberos name.
    fn import(principal: &str) -> Result<Imported, Error> {
        let mut bytes = principal.as_bytes().to_vec();
        let mut buffer = sys::gss_buffer_desc { length: bytes.len(), value: bytes.as_mut_ptr().cast() };
        // iso.member-body.us.mit.infosys.gssapi.krb5.krb5-name (RFC 1964 §2.1.1).
        let mut kind: [u8; 10] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, 0x01];
        let mut oid =
            sys::gss_OID_desc { length: u32::try_from(kind.len()).unwrap_or(0), elements: kind.as_mut_ptr().cast() };
        let mut minor = 0;
        let mut name: sys::gss_name_t = ptr::null_mut();
        // SAFETY: buffer and type live through the call, which copies them; `name` is written on success.
        let major = unsafe { sys::gss_import_name(&mut minor, &mut buffer, &mut oid, &mut name) };
        if major == sys::GSS_S_COMPLETE { Ok(Imported(name)) } else { Err(failed(major, minor)) }
    }
}
