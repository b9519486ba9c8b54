//! Handshakes by the crate `sspi`: Kerberos with a password (in SPNEGO), and NTLMv2. Its types stay in this file.
//!
//! One package a context: its own choice between the two falls back to NTLM silently.

use crate::error::{Refusal, SignInError};
use crate::guard::guarded;
use crate::kdc::{KdcError, Kdcs, PREAUTH_REQUIRED, SKEW};
use crate::login::Account;
use secrecy::ExposeSecret as _;
use sspi::generator::GeneratorState;
use sspi::ntlm::NtlmConfig;
use sspi::{
    AuthIdentity, BufferType, ClientRequestFlags, CredentialUse, Credentials, CredentialsBuffers, DataRepresentation,
    InitializeSecurityContextResult, KerberosConfig, Negotiate, NegotiateConfig, Ntlm, SecurityBuffer, SecurityStatus,
    Sspi, SspiImpl, Username,
};
use std::sync::Arc;
use std::time::SystemTime;

/// The name of this machine as the server's log shows it. Not the real one: that is nobody's business.
const WORKSTATION: &str = "ML-CONNECTOR";
/// Stands for "the realm's own controllers" where sspi wants an address.
const OURS: &str = "tcp://kdc.invalid:88";
/// INTEGRITY makes NTLM send its message integrity code inside SPNEGO, without which some servers refuse.
const WANTED: ClientRequestFlags = ClientRequestFlags::MUTUAL_AUTH.union(ClientRequestFlags::INTEGRITY);

/// Three for a ticket, one more for another clock, and ten for referrals, which is where sspi ends them itself.
const MOST_ASKED: usize = 16;

/// One context. Dropped after its handshake: it holds copies of the password.
pub(crate) struct SspiHandshake {
    package: Package,
    credentials: Option<CredentialsBuffers>,
    user: String,
    spn: String,
    binding: Option<Vec<u8>>,
}

enum Package {
    Kerberos { context: Box<Negotiate>, kdcs: Arc<Kdcs>, realm: String, skew_limit: u64 },
    Ntlm(Box<Ntlm>),
}

/// What a step gave.
pub(crate) struct Stepped {
    pub(crate) token: Vec<u8>,
    pub(crate) is_done: bool,
}

/// A user name in the form that Kerberos or NTLM wants.
fn username(account: &Account, realm: Option<&str>) -> Result<Username, SignInError> {
    let user = &account.user;
    let named = match realm {
        // `GP\svc` says the domain in NetBIOS' words, which are no realm.
        Some(realm) => Username::new_upn(
            user.rsplit_once('\\').map_or(user.as_str(), |(_, name)| name).split('@').next().unwrap_or_default(),
            realm,
        ),
        None => Username::parse(user),
    };
    named.map_err(|error| SignInError::Name { name: user.clone(), why: error.to_string() })
}

/// The realm that Kerberos asks: as named, else what stands behind the user's `@` or before its `\`.
pub(crate) fn realm_of(account: &Account, named: Option<&str>) -> Result<String, SignInError> {
    let user = &account.user;
    let of_user =
        || user.rsplit_once('@').map(|(_, realm)| realm).or_else(|| user.split_once('\\').map(|(realm, _)| realm));
    let realm = named.or_else(of_user).filter(|realm| !realm.is_empty()).map(str::to_ascii_uppercase);
    realm.ok_or_else(|| SignInError::Name {
        name: user.clone(),
        why: "nothing says which realm it belongs to".to_owned(),
    })
}

impl SspiHandshake {
    pub(crate) fn kerberos(
        account: &Account,
        realm: &str,
        spn: &str,
        kdcs: Arc<Kdcs>,
        binding: Option<&[u8]>,
        skew_limit: u64,
    ) -> Result<SspiHandshake, SignInError> {
        let kerberos = KerberosConfig::new_with_kdc_url(OURS, WORKSTATION.to_owned());
        let only = Some("kerberos,!ntlm,!pku2u".to_owned());
        let mut context = Negotiate::new_client(NegotiateConfig::new(Box::new(kerberos), only, WORKSTATION.to_owned()))
            .map_err(broke_off)?;
        let identity = AuthIdentity {
            username: username(account, Some(realm))?,
            password: account.password.expose_secret().to_owned().into(),
        };
        let credentials = context
            .acquire_credentials_handle()
            .with_credential_use(CredentialUse::Outbound)
            .with_auth_data(&Credentials::AuthIdentity(identity))
            .execute(&mut context)
            .map_err(broke_off)?
            .credentials_handle;
        let package = Package::Kerberos { context: Box::new(context), kdcs, realm: realm.to_owned(), skew_limit };
        Ok(SspiHandshake::new(package, credentials, account, spn, binding))
    }

    pub(crate) fn ntlm(account: &Account, spn: &str, binding: Option<&[u8]>) -> Result<SspiHandshake, SignInError> {
        let mut context = Ntlm::with_config(NtlmConfig::new(WORKSTATION.to_owned()));
        let identity = AuthIdentity {
            username: username(account, None)?,
            password: account.password.expose_secret().to_owned().into(),
        };
        let credentials = context
            .acquire_credentials_handle()
            .with_credential_use(CredentialUse::Outbound)
            .with_auth_data(&identity)
            .execute(&mut context)
            .map_err(broke_off)?
            .credentials_handle;
        let credentials = credentials.map(CredentialsBuffers::AuthIdentity);
        Ok(SspiHandshake::new(Package::Ntlm(Box::new(context)), credentials, account, spn, binding))
    }

    fn new(
        package: Package,
        credentials: Option<CredentialsBuffers>,
        account: &Account,
        spn: &str,
        binding: Option<&[u8]>,
    ) -> SspiHandshake {
        let binding = binding.map(channel_bindings);
        SspiHandshake { package, credentials, user: account.user.clone(), spn: spn.to_owned(), binding }
    }

    /// One step: `token` is what the server sent.
    pub(crate) async fn step(&mut self, token: Option<&[u8]>) -> Result<Stepped, SignInError> {
        let mut input = vec![SecurityBuffer::new(token.unwrap_or_default().to_vec(), BufferType::Token)];
        if let Some(binding) = &self.binding {
            input.push(SecurityBuffer::new(binding.clone(), BufferType::ChannelBindings));
        }
        let mut output = vec![SecurityBuffer::new(Vec::new(), BufferType::Token)];
        let result = match &mut self.package {
            Package::Kerberos { context, kdcs, realm, skew_limit } => {
                let asking = Asking { kdcs, user: &self.user, spn: &self.spn, realm, skew_limit: *skew_limit };
                stepped(context.as_mut(), &mut self.credentials, &self.spn, &mut input, &mut output, Some(&asking))
                    .await?
            }
            Package::Ntlm(context) => {
                let mut identity = match &self.credentials {
                    Some(CredentialsBuffers::AuthIdentity(identity)) => Some(identity.clone()),
                    _ => None,
                };
                stepped(context.as_mut(), &mut identity, &self.spn, &mut input, &mut output, None).await?
            }
        };
        let token = output.swap_remove(0).buffer;
        Ok(Stepped { token, is_done: result.status != SecurityStatus::ContinueNeeded })
    }
}

/// Whom a step may ask, and in whose name.
struct Asking<'a> {
    kdcs: &'a Kdcs,
    user: &'a str,
    spn: &'a str,
    realm: &'a str,
    skew_limit: u64,
}

async fn stepped<P>(
    context: &mut P,
    credentials: &mut P::CredentialsHandle,
    spn: &str,
    input: &mut [SecurityBuffer],
    output: &mut [SecurityBuffer],
    asking: Option<&Asking<'_>>,
) -> Result<InitializeSecurityContextResult, SignInError>
where
    P: Sspi + SspiImpl,
{
    let mut builder = context
        .initialize_security_context()
        .with_credentials_handle(credentials)
        .with_context_requirements(WANTED)
        .with_target_data_representation(DataRepresentation::Native)
        .with_target_name(spn)
        .with_input(input)
        .with_output(output);
    let mut generator = context.initialize_security_context_impl(&mut builder).map_err(broke_off)?;
    let mut state = guarded(|| generator.start()).ok_or_else(unreadable)?;
    let (mut why, mut asked) = (None, 0);
    loop {
        match state {
            GeneratorState::Suspended(request) => {
                let Some(asking) = asking else {
                    return Err(SignInError::Protocol { why: "NTLM asked for a domain controller".to_owned() });
                };
                asked += 1;
                if asked > MOST_ASKED {
                    return Err(SignInError::Protocol {
                        why: "the domain controllers have no end of answers".to_owned(),
                    });
                }
                let reply = asking.reply(&request.data, &mut why).await?;
                state = guarded(|| generator.resume(Ok(reply))).ok_or_else(unreadable)?;
            }
            // The controller's own words are better than what sspi makes of them.
            GeneratorState::Completed(result) => {
                return result.map_err(|error| why.unwrap_or_else(|| broke_off(error)));
            }
        }
    }
}

impl Asking<'_> {
    /// The controller's reply to `message`. Where it is an error, `why` is what it means.
    async fn reply(&self, message: &[u8], why: &mut Option<SignInError>) -> Result<Vec<u8>, SignInError> {
        let reply = self.kdcs.ask(message).await?;
        *why = None;
        if let Some(error) = KdcError::of(&reply)
            && error.code != PREAUTH_REQUIRED
        {
            let now = now();
            let meaning = error.meaning(self.user, self.spn, self.realm, now);
            if error.code == SKEW {
                let away = now.abs_diff(error.its_time);
                self.kdcs.note_ahead(now - error.its_time);
                if away > self.skew_limit {
                    return Err(meaning);
                }
                // sspi asks once more with the controller's time.
                tracing::warn!(
                    seconds = away,
                    "this machine's clock differs from the domain controller's; its time is used"
                );
            }
            *why = Some(meaning);
        }
        Ok(reply)
    }
}

/// Seconds since 1970. The one clock that counts in Kerberos is the system's: sspi reads it, too.
#[expect(clippy::disallowed_methods, reason = "compared with the domain controller's, nothing else depends on it")]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// SEC_CHANNEL_BINDINGS with only application data: its length at 24, its offset at 28, then it.
fn channel_bindings(application_data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 32];
    let length = u32::try_from(application_data.len()).unwrap_or_default();
    bytes[24..28].copy_from_slice(&length.to_le_bytes());
    bytes[28..32].copy_from_slice(&32u32.to_le_bytes());
    bytes.extend_from_slice(application_data);
    bytes
}

/// A message that sspi or picky panicked at. The context is not used again.
fn unreadable() -> SignInError {
    SignInError::Protocol { why: "a message of the server or the domain controller cannot be read".to_owned() }
}

/// Without the description, which may hold parts of a token.
fn broke_off(error: sspi::Error) -> SignInError {
    SignInError::Protocol { why: format!("{:?}", error.error_type) }
}

/// A server that ends NTLM with a no never says which.
pub(crate) fn refused(user: &str, by: &'static str) -> SignInError {
    SignInError::Refused { user: user.to_owned(), by, why: Refusal::Unsaid }
}
