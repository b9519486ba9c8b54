//! On Windows: Kerberos by the system's own SSPI, as the account that this process runs as.

use crate::error::SignInError;
use crate::sspi_step::Stepped;
use cross_krb5::{ClientCtx, InitiateFlags, PendingClientCtx, Step};

/// One context.
pub(crate) struct ThisUserHandshake {
    pending: Option<PendingClientCtx>,
    spn: String,
    binding: Option<Vec<u8>>,
    is_done: bool,
}

impl ThisUserHandshake {
    pub(crate) fn new(spn: &str, binding: Option<&[u8]>) -> ThisUserHandshake {
        ThisUserHandshake { pending: None, spn: spn.to_owned(), binding: binding.map(<[u8]>::to_vec), is_done: false }
    }

    /// Windows asks its domain controllers within this call, so it runs on a blocking thread.
    pub(crate) async fn step(&mut self, token: Option<&[u8]>) -> Result<Stepped, SignInError> {
        if self.is_done {
            return Ok(Stepped { token: Vec::new(), is_done: true });
        }
        let (spn, binding) = (self.spn.clone(), self.binding.clone());
        let (pending, token) = (self.pending.take(), token.map(<[u8]>::to_vec));
        let work = move || one_step(pending, &spn, binding.as_deref(), token.as_deref());
        let done = tokio::task::spawn_blocking(work).await;
        let (stepped, pending) =
            done.map_err(|_| SignInError::Protocol { why: "the sign-in was stopped".to_owned() })??;
        self.pending = pending;
        self.is_done = stepped.is_done;
        Ok(stepped)
    }
}

fn one_step(
    pending: Option<PendingClientCtx>,
    spn: &str,
    binding: Option<&[u8]>,
    token: Option<&[u8]>,
) -> Result<(Stepped, Option<PendingClientCtx>), SignInError> {
    let Some(pending) = pending else {
        // The package Kerberos: Negotiate would fall back to NTLM silently. A server's Negotiate takes its tokens as they are.
        let begun = ClientCtx::new(InitiateFlags::empty(), None, spn, binding);
        let (pending, token) = begun.map_err(|error| SignInError::NoTicket { why: error.to_string() })?;
        return Ok((Stepped { token: token.to_vec(), is_done: false }, Some(pending)));
    };
    match pending.step(token.unwrap_or_default()) {
        Ok(Step::Finished((_, token))) => {
            let token = token.map(|token| token.to_vec()).unwrap_or_default();
            Ok((Stepped { token, is_done: true }, None))
        }
        Ok(Step::Continue((pending, token))) => Ok((Stepped { token: token.to_vec(), is_done: false }, Some(pending))),
        Err(_) => Err(SignInError::NotProven),
    }
}
