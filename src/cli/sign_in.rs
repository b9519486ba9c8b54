//! `sign-in`: a person signs in to BambooHR by OAuth.

use super::args::Global;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, good};
use super::{asker, context};
use crate::project::roles::Power;
use crate::run::sign_in::Question;
use crate::run::sign_in::flow::{self, Status};
use crate::run::systems::Secrets;
use crate::run::vault::Vault;
use anyhow::anyhow;
use clap::Args;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::json;
use std::io::BufRead;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct SignInArgs {
    /// Only tell how the sign-in is; nothing is asked of BambooHR. Ends with 9 when a person has to sign in.
    #[arg(long)]
    pub status: bool,
    /// Who signs in; goes into the audit trail.
    #[arg(long, value_name = "NAME", env = "ML_CONNECTOR_USER")]
    pub by: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When the project signs in by key, there is no vault, or BambooHR gives no tokens.
pub async fn run(global: &Global, args: &SignInArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let by = args.by.as_deref().filter(|_| !args.status);
    let asker = asker::asker(global, &generation.project.rules, by).await?;
    if !args.status {
        asker.allowed(global, Power::KeepSecrets, "sign-in").await?;
    }
    let (clock, keys) = (context::clock(global), context::master_keys()?);
    let vault = Arc::new(Vault::open(context::vault_place(global)?, &keys, Arc::clone(&clock)).await?);
    let secrets = Secrets { variable: &context::variable, vault: Some(Arc::clone(&vault)) };
    if args.status {
        flow::named(&generation)?;
        return Ok(show(&flow::status(&vault).await?, output));
    }
    let application = flow::application(&generation, &secrets).await?;
    let question = Question::new(application, &asker.name, keys.random.as_ref())?;
    output.note("open this page in a browser, sign in and say yes:\n");
    output.line(question.link());
    output.note("\nthe browser is then sent to the project's `redirect` address; nothing has to answer there.");
    output.note("paste that whole address here:");
    let status = question.answer(&pasted()?, &vault, clock.as_ref()).await?;
    Ok(show(&status, output))
}

/// One line of stdin: the address holds a code that is good once and for a moment.
fn pasted() -> Result<SecretString, Failure> {
    let mut line = String::with_capacity(16 << 10);
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failure::new(Exit::Usage, anyhow!("nothing could be read: {error}")))?;
    let line = SecretString::from(line);
    match secrecy::ExposeSecret::expose_secret(&line).trim() {
        "" => {
            Err(Failure::new(Exit::Usage, anyhow!("nothing was pasted"))
                .hint("begin again with `ml-connector sign-in`"))
        }
        _ => Ok(line),
    }
}

fn show(status: &Status, output: &Output) -> Exit {
    let moment = |at: &Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let (json, line, exit) = match status {
        Status::Never => {
            let line = format!("{} nobody has signed in yet: ml-connector sign-in", bad("no sign-in:"));
            (json!({ "state": "never" }), line, Exit::SignInRefused)
        }
        Status::Again { since, why } => {
            let line = format!("{} {why}, on {}: ml-connector sign-in", bad("sign in again:"), moment(since));
            (json!({ "state": "again", "since": since.to_string(), "why": why }), line, Exit::SignInRefused)
        }
        Status::Good { signed_in_at, until, renews } => {
            let then = if *renews { "renews itself" } else { "ends then: there is no refresh token" };
            let line = format!(
                "{} to BambooHR since {}; the access token is good until {} and {then}",
                good("signed in"),
                moment(signed_in_at),
                moment(until)
            );
            let json = json!({ "state": "good", "signed_in_at": signed_in_at.to_string(), "until": until.to_string(),
                               "renews": renews });
            (json, line, Exit::Done)
        }
    };
    if output.is_json() {
        output.json(&json)
    } else {
        output.line(line)
    }
    exit
}
