//! One handshake, whichever mechanism makes its tokens.

use crate::challenge::Scheme;
use crate::error::SignInError;
use crate::login::Mechanism;
use crate::sspi_step::{SspiHandshake, Stepped};
#[cfg(windows)]
use crate::this_user::ThisUserHandshake;
#[cfg(all(unix, feature = "gssapi"))]
use crate::tickets::TicketHandshake;

/// One handshake on one connection. A failed one takes its connection with it: some servers answer 401 to everything on a
/// connection whose handshake was abandoned.
pub(crate) struct Handshake {
    pub(crate) scheme: Scheme,
    pub(crate) mechanism: Mechanism,
    maker: Maker,
}

pub(crate) enum Maker {
    Sspi(Box<SspiHandshake>),
    #[cfg(all(unix, feature = "gssapi"))]
    Tickets(TicketHandshake),
    #[cfg(windows)]
    ThisUser(Box<ThisUserHandshake>),
}

impl Handshake {
    pub(crate) fn new(scheme: Scheme, mechanism: Mechanism, maker: Maker) -> Handshake {
        Handshake { scheme, mechanism, maker }
    }

    /// The next token; `None` begins.
    pub(crate) async fn step(&mut self, token: Option<&[u8]>) -> Result<Stepped, SignInError> {
        match &mut self.maker {
            Maker::Sspi(handshake) => handshake.step(token).await,
            #[cfg(all(unix, feature = "gssapi"))]
            Maker::Tickets(handshake) => handshake.step(token).await,
            #[cfg(windows)]
            Maker::ThisUser(handshake) => handshake.step(token).await,
        }
    }

    /// Tells where tickets are kept whether the server took this one.
    pub(crate) fn ticket_was(&self, taken: bool) {
        match (&self.maker, taken) {
            #[cfg(all(unix, feature = "gssapi"))]
            (Maker::Tickets(handshake), taken) => handshake.was(taken),
            // These keep none themselves.
            _ => {}
        }
    }

    /// Whether the first token may be the last: Kerberos' is, where the server has no question. NTLM's never is.
    pub(crate) fn may_end_at_once(&self) -> bool {
        self.mechanism == Mechanism::Kerberos
    }
}
