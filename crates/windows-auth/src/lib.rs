//! HTTP sign-in to a Windows domain: Negotiate with Kerberos, NTLMv2, and Basic, on keep-alive connections of one's own.
//!
//! Windows signs in a *connection*, so a client whose pool moves requests between connections cannot do it reliably. Here a
//! [`Pool`] owns its connections: each is used by one request at a time, is signed in once, and is dropped when anything about
//! it is in doubt.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use windows_auth::{Account, Kerberos, Key, Limits, Login, Pool, Server, Terms, tls};
//!
//! let server = Server {
//!     host: "gp.acme.local".into(),
//!     port: 443,
//!     tls: Some(tls::client(&tls::Trust::default())?),
//!     address: None,
//!     proxy: None,
//! };
//! let account = Account { user: "svc-gp@ACME.LOCAL".into(), password: "…".to_owned().into() };
//! let kerberos = Kerberos {
//!     key: Key::Password(account),
//!     realm: None,
//!     kdcs: vec!["dc1.acme.local".into(), "dc2.acme.local".into()],
//!     spn: None,
//!     ntlm_instead: false,
//! };
//! let pool = Pool::new(server, Login::Kerberos(kerberos), Terms::default(), Limits::default())?;
//! let mut answer = pool.send(http::Request::get("/GPService/help").body(bytes::Bytes::new())?).await?;
//! while let Some(piece) = answer.body.chunk().await? {
//!     println!("{} bytes", piece.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What it promises:
//! - **A wrong password is tried once.** The first refusal ends the pool: every further request fails without a byte sent.
//! - **A request is acted on at most once.** It is repeated only after a 401, or where not a byte of it left; [`SendError`] says
//!   which failures leave a doubt.
//! - **No silent weakening.** Kerberos falls back to NTLM only where the login allows it, and never after a refusal; a binding
//!   that is required is there or nothing is sent; TLS is always checked.
//!
//! No cryptography is written here: [`sspi`](https://docs.rs/sspi) makes Kerberos' and NTLM's tokens from a password, the system's
//! GSSAPI those from a keytab or a ticket cache (feature `gssapi`), Windows' own SSPI those of the account that the process runs as.
//! Facts: RFC 4559 (Negotiate), MS-NTHT (NTLM over HTTP), RFC 5929 (binding).

mod answer;
pub mod certificate;
pub mod challenge;
mod connect;
mod connection;
pub mod error;
mod exchange;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod guard;
mod handshake;
#[cfg(test)]
mod hostile;
mod identity;
mod kdc;
pub mod login;
mod pool;
mod request;
mod sspi_step;
#[cfg(windows)]
mod this_user;
#[cfg(all(unix, feature = "gssapi"))]
mod tickets;
pub mod tls;

pub use answer::{Answer, Body};
pub use connect::{Proxy, Server};
pub use error::{Refusal, SendError, SignInError};
pub use login::{Account, Binding, Kerberos, Key, Login, Mechanism, Terms};
pub use pool::{Limits, Pool, Seen};
