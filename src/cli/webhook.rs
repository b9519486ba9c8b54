//! `webhook`: BambooHR's webhook of this project: made, shown, removed. Its key is sealed and never printed.

use super::args::Global;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, faint, good};
use super::plan_view::count;
use super::{asker, context};
use crate::bamboohr::webhooks::{LogEntry, Webhook};
use crate::bamboohr::{BambooHr, BamboohrError};
use crate::clock::Clock;
use crate::project::Generation;
use crate::project::connections::{BamboohrConnection, is_this_machine};
use crate::project::roles::Power;
use crate::run::systems::{RunError, Secrets, Systems};
use crate::run::vault::Vault;
use crate::run::webhook::{find, last_success, name_of, register, remove};
use crate::store::SecretStore;
use anyhow::anyhow;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::sync::Arc;

/// Where the listener takes deliveries.
const PATH: &str = "/webhooks/bamboohr";

#[derive(Debug, Args)]
pub struct WebhookArgs {
    #[command(subcommand)]
    pub what: WebhookCommand,
    /// Who does it; goes into the audit trail.
    #[arg(long, global = true, value_name = "NAME", env = "ML_CONNECTOR_USER")]
    pub by: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// Make the webhook in BambooHR, and seal its key in the vault.
    Register {
        /// The https address that BambooHR calls: your reverse proxy's.
        #[arg(long, value_name = "ADDRESS")]
        url: String,
    },
    /// The webhooks of this BambooHR user, and when ours was last taken.
    List,
    /// The deliveries of the last 14 days, as BambooHR remembers them; it may be asked about once a minute.
    Log {
        /// The webhook's id [default: this project's].
        id: Option<String>,
    },
    /// Delete this project's webhook in BambooHR, and its sealed key.
    Remove {
        /// The webhook's id [default: the only one of this project].
        id: Option<String>,
    },
}

/// Runs the command.
///
/// # Errors
/// When BambooHR does not let us, the key cannot be sealed, or there is no such webhook.
pub async fn run(global: &Global, args: &WebhookArgs, output: &Output) -> Result<Exit, Failure> {
    let generation = context::load(global, output)?;
    let clock = context::clock(global);
    let asker = asker::asker(global, &generation.project.rules, args.by.as_deref()).await?;
    if matches!(args.what, WebhookCommand::Register { .. } | WebhookCommand::Remove { .. }) {
        asker.allowed(global, Power::KeepSecrets, "webhook").await?;
    }
    let who = asker.name;
    let connection = generation.project.bamboohr.as_ref();
    let connection = connection.ok_or(RunError::NoConnection { system: "bamboohr" })?;
    if let WebhookCommand::Register { url } = &args.what {
        check_url(url, connection)?;
    }
    let is_registering = matches!(args.what, WebhookCommand::Register { .. });
    // Without a webhook, or with its key in a variable, `register` says so itself.
    let seals = is_registering && generation.project.webhook().is_some_and(|webhook| webhook.needs_vault());
    let vault = match seals || connection.needs_vault() {
        true => Some(Arc::new(
            Vault::open(context::vault_place(global)?, &context::master_keys()?, Arc::clone(&clock)).await?,
        )),
        false => None,
    };
    let secrets = Secrets { variable: &context::variable, vault };
    let bamboohr = Systems::bamboohr(&generation, &clock, &secrets).await?;
    match &args.what {
        WebhookCommand::Register { url } => {
            let vault = secrets.vault.as_deref();
            registered(&bamboohr, &generation, vault, url, &who, output).await
        }
        WebhookCommand::List => list(&bamboohr, &generation, output).await,
        WebhookCommand::Log { id } => log(&bamboohr, &generation, id.as_deref(), output).await,
        WebhookCommand::Remove { id } => {
            let store: Option<Arc<dyn SecretStore>> = match context::has_store(global) {
                true => Some(context::vault_place(global)?.store),
                false => None,
            };
            let asked = Asked { bamboohr: &bamboohr, generation: &generation, clock: clock.as_ref(), who: &who };
            removed(&asked, id.as_deref(), store.as_deref(), output).await
        }
    }
}

/// BambooHR calls https addresses only; the sandbox also this machine.
fn check_url(url: &str, connection: &BamboohrConnection) -> Result<(), Failure> {
    let wrong = |why: &str| {
        Failure::new(Exit::Usage, anyhow!("BambooHR cannot call {why}"))
            .hint(format!("name your reverse proxy's address, for example --url https://hr.acme.example{PATH}"))
    };
    let parsed = url::Url::parse(url).ok().filter(url::Url::has_host).ok_or_else(|| wrong("what is no address"))?;
    let is_here = |url: &url::Url| url.host_str().is_some_and(is_this_machine);
    let is_sandbox = url::Url::parse(&connection.base_url).is_ok_and(|base| is_here(&base));
    if parsed.scheme() != "https" && !(is_sandbox && is_here(&parsed)) {
        return Err(wrong("an address without https"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(wrong("an address with a sign-in in it: deliveries are signed instead"));
    }
    Ok(())
}

async fn registered(
    bamboohr: &BambooHr,
    generation: &Generation,
    vault: Option<&Vault>,
    url: &str,
    who: &str,
    output: &Output,
) -> Result<Exit, Failure> {
    let Some(vault) = vault else {
        return Err(crate::run::webhook::no_vault(generation).into());
    };
    let made = register(bamboohr, generation, vault, url, who).await?;
    if output.is_json() {
        output.json(&json!({
            "id": made.id, "name": made.name, "url": url, "key": made.key.as_str(), "fields": made.fields,
            "missing": made.missing,
        }));
        return Ok(Exit::Done);
    }
    output.line(format!("{} webhook {}, {}, to {url}", good("made"), made.id, made.name));
    output.line(format!("{} its key as {}", good("sealed"), made.key));
    output.line(format!("it tells of {}: {}", count(made.fields.len(), "field"), made.fields.join(", ")));
    if !made.missing.is_empty() {
        let says = care("not monitored, because this user may not see it:");
        output.line(format!("{says} {}; the service asks for changes anyway", made.missing.join(", ")));
    }
    if !url.trim_end_matches('/').ends_with(PATH) {
        output.line(format!("{} the reverse proxy has to lead that address to {PATH}", care("note:")));
    }
    Ok(Exit::Done)
}

async fn list(bamboohr: &BambooHr, generation: &Generation, output: &Output) -> Result<Exit, Failure> {
    let (webhooks, ours) = (bamboohr.webhooks().await.map_err(RunError::from)?, name_of(generation));
    let mut shown = Vec::new();
    for webhook in &webhooks {
        let is_ours = webhook.name == ours;
        let log = match is_ours {
            true => Some(bamboohr.webhook_log(&webhook.id).await),
            false => None,
        };
        if let Some(Err(error)) = &log {
            output.note(format!("the log of webhook {} is not to be had: {error}", webhook.id));
        }
        shown.push((webhook, is_ours, log.and_then(Result::ok)));
    }
    if output.is_json() {
        let webhooks: Vec<Value> = shown.iter().map(|(w, ours, log)| as_json(w, *ours, log.as_deref())).collect();
        output.json(&json!({ "webhooks": webhooks }));
    } else if shown.is_empty() {
        output.line("this user has no webhooks in BambooHR: ml-connector webhook register --url ADDRESS");
    }
    for (webhook, is_ours, log) in shown.iter().filter(|_| !output.is_json()) {
        let whose = if *is_ours { "" } else { ", not this project's" };
        output.line(format!("webhook {}  {}  {}{}", webhook.id, webhook.name, webhook.url, faint(whose)));
        let sent = if webhook.last_sent.is_empty() { "never" } else { &webhook.last_sent };
        let taken = log.as_deref().map(|log| last_success(log).map_or(bad("never"), str::to_owned));
        let taken = taken.map_or_else(String::new, |taken| format!(", last taken {taken}"));
        output.line(format!("{}{taken}", faint(&format!("  made {} UTC, last sent {sent}", webhook.created))));
    }
    Ok(Exit::Done)
}

fn as_json(webhook: &Webhook, is_ours: bool, log: Option<&[LogEntry]>) -> Value {
    json!({
        "id": webhook.id, "name": webhook.name, "url": webhook.url, "created": webhook.created,
        "last_sent": Some(&webhook.last_sent).filter(|text| !text.is_empty()), "ours": is_ours,
        "last_success": log.and_then(last_success), "last_status": log.and_then(newest).map(|entry| &entry.status),
    })
}

/// The delivery that was tried last.
fn newest(log: &[LogEntry]) -> Option<&LogEntry> {
    log.iter().max_by(|left, right| left.last_attempted.cmp(&right.last_attempted))
}

async fn log(bamboohr: &BambooHr, generation: &Generation, id: Option<&str>, output: &Output) -> Result<Exit, Failure> {
    let webhook = find(bamboohr, generation, id).await?;
    let log = bamboohr.webhook_log(&webhook.id).await.map_err(|error: BamboohrError| RunError::from(error))?;
    if output.is_json() {
        let entry = |entry: &LogEntry| {
            json!({ "last_attempted": entry.last_attempted, "last_success": entry.last_success, "status": entry.status,
                    "employee_ids": entry.employee_ids })
        };
        output.json(&json!({ "id": webhook.id, "deliveries": log.iter().map(entry).collect::<Vec<_>>() }));
        return Ok(Exit::Done);
    }
    if log.is_empty() {
        output.line(format!("BambooHR delivered nothing by webhook {} in the last 14 days", webhook.id));
    }
    for entry in &log {
        let status = if entry.status.starts_with('2') { good(&entry.status) } else { bad(&entry.status) };
        let people = entry.employee_ids.join(", ");
        let taken = match entry.last_success == entry.last_attempted {
            true => String::new(),
            false => format!(", last taken {}", entry.last_success),
        };
        output.line(format!("{}  {status}  employee {people}{taken}", entry.last_attempted));
    }
    Ok(Exit::Done)
}

/// What a removal needs.
struct Asked<'a> {
    bamboohr: &'a BambooHr,
    generation: &'a Generation,
    clock: &'a dyn Clock,
    who: &'a str,
}

async fn removed(
    asked: &Asked<'_>,
    id: Option<&str>,
    store: Option<&dyn SecretStore>,
    output: &Output,
) -> Result<Exit, Failure> {
    let gone = remove(asked.bamboohr, asked.generation, id, store, asked.clock, asked.who).await?;
    if output.is_json() {
        output.json(&json!({ "id": gone.id, "key": gone.key.as_ref().map(|key| key.as_str()) }));
        return Ok(Exit::Done);
    }
    match &gone.id {
        Some(id) => output.line(format!("{} webhook {id} in BambooHR", good("removed"))),
        None => output.line("BambooHR has no webhook of this project any more"),
    }
    if let Some(key) = &gone.key {
        output.line(format!("{} its key, {key}", good("removed")));
    }
    Ok(Exit::Done)
}
