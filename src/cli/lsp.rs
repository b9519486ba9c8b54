//! `lsp`: a language server for editors, over stdin and stdout.

use super::args::Global;
use super::exit::{Exit, Failure};
use crate::lsp::{End, serve};
use anyhow::anyhow;
use lsp_server::Connection;

/// Serves one editor until it ends the conversation.
///
/// # Errors
/// What comes is not the protocol.
pub fn run(global: &Global) -> Result<Exit, Failure> {
    let (connection, threads) = Connection::stdio();
    let end = serve(&connection, global.environment.as_deref());
    drop(connection);
    let refused = |error| Err(Failure::new(Exit::Usage, error).hint("editors start this command: docs/editors.md"));
    let ended = match end {
        // The protocol's own rule: 1 where the editor did not ask first.
        Ok(End::Asked) => Exit::Done,
        Ok(End::Left) => Exit::Findings,
        Err(error) if error.channel_is_disconnected() => Exit::Findings,
        // The reader still waits for more, so it is not waited for.
        Err(error) => return refused(anyhow!(error)),
    };
    match threads.join() {
        Ok(()) => Ok(ended),
        Err(error) => refused(anyhow!("what came is not the language server protocol: {error}")),
    }
}
