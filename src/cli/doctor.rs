//! `doctor`: everything of `ping`, and what stands around it; and a bundle for support.

use super::args::Global;
use super::context;
use super::exit::{Exit, Failure};
use super::output::Output;
use super::ping::{exit_of, show};
use crate::clock::{Clock, SystemClock};
use crate::gp::dialect::template::encoded;
use crate::project::Generation;
use crate::project::connections::{BamboohrSignIn, GpConnection, GpSignIn, KerberosKey, SecretFrom, WebhookReceiver};
use crate::project::files::write_whole;
use crate::project::roles::{Account, Power};
use crate::run::doctor::bundle::Bundle;
use crate::run::doctor::check::{Check, Kind, Trouble};
use crate::run::doctor::mask::Mask;
use crate::run::doctor::ping::{Ping, Which};
use crate::run::doctor::{gp, local, network, proxy, reach, windows};
use crate::run::lint::{Linted, lint};
use crate::run::sign_in::flow;
use crate::run::systems::{RunError, Secrets, Systems, time_zone};
use crate::run::vault::Vault;
use crate::store::sqlite::SqliteStore;
use anyhow::anyhow;
use clap::Args;
use jiff::tz::TimeZone;
use secrecy::ExposeSecret;
use std::path::PathBuf;
use std::sync::Arc;
use url::Url;
use windows_auth::tls::Trust;

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Pack what was found for support: no secrets, no pay, no names of people, companies or hosts.
    #[arg(long, value_name = "FILE.tar.gz")]
    pub bundle: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// When the bundle cannot be written.
pub async fn run(global: &Global, args: &DoctorArgs, output: &Output) -> Result<Exit, Failure> {
    let linted = lint(&global.project, global.environment.as_deref());
    let clock = context::clock(global);
    let bar = output.progress("looking at this machine, the way to both systems, and the systems");
    let file = context::store_file(global);
    let looked = context::has_store(global).then(|| SqliteStore::look(&file).map_err(|error| error.to_string()));
    // One that is damaged is told by its own check, and asked nothing more.
    let is_whole = matches!(&looked, Some(Ok(damage)) if damage.is_empty());
    let mut checks = machine(global, &linted, looked);
    let mut met = Vec::new();
    let mut vault = None;
    if let Some(generation) = &linted.generation {
        let (opened, trouble) = context::vault_or_trouble(global, generation, &clock).await;
        checks.extend(kept(generation, opened.as_deref(), trouble.as_ref(), clock.as_ref()).await);
        let secrets = Secrets { variable: &context::variable, vault: opened.clone() };
        if let Some(receiver) = generation.project.webhook() {
            checks.push(webhook(receiver, &secrets, trouble.as_ref()).await);
        }
        checks.push(time(generation, global, clock.as_ref()));
        for met_one in ways(generation).await {
            checks.extend(network::judge(&met_one, SystemClock.now()));
            met.push(met_one);
        }
        if let Some(connection) = &generation.project.gp {
            checks.extend(windows_sign_in(generation, connection, &clock, &secrets).await);
        }
        let ping = Ping {
            generation,
            secrets: &secrets,
            store: if is_whole { context::store_if_any(global)? } else { None },
            no_vault: trouble,
            clock: Arc::clone(&clock),
            machine: &SystemClock,
        };
        checks.extend(ping.run(Which::Both).await?);
        vault = opened;
    }
    bar.finish_and_clear();
    show(&checks, output);
    let exit = exit_of(&checks);
    if let Some(file) = &args.bundle {
        let mut mask = mask(global, &linted, vault, &met).await;
        let packed = bundle(global, &linted, &checks, exit).await.pack(&mut mask);
        let written = packed.and_then(|bytes| write_whole(file, bytes));
        written.map_err(|error| {
            Failure::new(Exit::DoesNotLoad, anyhow!("{} cannot be written: {error}", file.display()))
        })?;
        output.note(format!("packed for support: {}; look through it before you give it away", file.display()));
    }
    Ok(exit)
}

/// What stands on this machine, whether the project loads or not.
fn machine(global: &Global, linted: &Linted, looked: Option<Result<Vec<String>, String>>) -> Vec<Check> {
    let findings = local::Findings {
        errors: linted.errors(),
        warnings: linted.findings.len() - linted.errors(),
        pipelines: linted.generation.as_ref().map_or(0, |generation| generation.pipelines.len()),
    };
    let name =
        |(path, _): (&str, &Arc<str>)| Some(path.strip_prefix("environments/")?.strip_suffix(".yaml")?.to_owned());
    let environments: Vec<String> = linted.sources.iter().filter_map(name).collect();
    let file = context::store_file(global);
    // The folder may not be there before the first plan.
    let folder =
        file.ancestors().skip(1).find(|folder| folder.is_dir()).map_or_else(|| PathBuf::from("."), PathBuf::from);
    vec![
        Check::good(
            local::ABOUT,
            "program",
            format!(
                "ml-connector {} on {} {}{}",
                env!("CARGO_PKG_VERSION"),
                std::env::consts::OS,
                std::env::consts::ARCH,
                if cfg!(feature = "gssapi") { ", with GSSAPI" } else { "" }
            ),
        ),
        local::project(findings),
        account(linted),
        local::environment(global.environment.as_deref(), &environments),
        local::store(&file.display().to_string(), looked),
        local::space(fs4::available_space(folder).ok()),
    ]
}

/// Who runs this, and what the project's roles let them do.
fn account(linted: &Linted) -> Check {
    let name = ml_connector_account::name();
    let may = linted.generation.as_ref().and_then(|generation| {
        let (rules, name) = (&generation.project.rules, name.as_ref().ok()?.clone());
        let account = Account { name, ignores_case: ml_connector_account::IGNORES_CASE };
        rules
            .roles
            .as_ref()
            .map(|_| Power::ALL.into_iter().filter(|power| rules.allow(&account, *power).is_ok()).collect())
    });
    local::account(name.map_err(|error| error.to_string()), may)
}

/// What the vault keeps: secrets, and tokens of a sign-in.
async fn kept(
    generation: &Generation,
    vault: Option<&Vault>,
    trouble: Option<&Trouble>,
    clock: &dyn Clock,
) -> Vec<Check> {
    let needed = generation.project.needs_vault();
    let opened: Result<(usize, Vec<String>), Trouble> = match (vault, trouble) {
        (Some(vault), _) => vault.verify().await.map_err(Trouble::from).map(|verified| {
            let refused = verified.iter().filter(|one| one.refused.is_some()).map(|one| one.name.to_string());
            (verified.len(), refused.collect())
        }),
        (None, Some(trouble)) => Err(trouble.clone()),
        (None, None) => Ok((0, Vec::new())),
    };
    let mut checks = vec![local::vault(needed, &opened)];
    let connection = generation.project.bamboohr.as_ref();
    if connection.is_some_and(|connection| matches!(connection.sign_in, BamboohrSignIn::OAuth(_)))
        && let Some(vault) = vault
    {
        checks.push(local::sign_in(flow::status(vault).await.map_err(Trouble::from), clock.now()));
    }
    checks
}

/// Where webhooks are received.
async fn webhook(receiver: &WebhookReceiver, secrets: &Secrets<'_>, no_vault: Option<&Trouble>) -> Check {
    if receiver.needs_vault() && no_vault.is_some() {
        return Check::not_asked(local::ABOUT, "webhook");
    }
    let key = secrets.value("the webhook", &receiver.private_key).await.map(drop).map_err(|error| match error {
        RunError::NotInVault { .. } => {
            let remedy = "make the webhook, which seals its key: ml-connector webhook register --url https://…";
            Trouble::new(Kind::Missing, error.to_string(), remedy)
        }
        error => Trouble::from(error),
    });
    let port = local::Port::of(tokio::net::TcpListener::bind(receiver.listen).await);
    local::webhook(receiver.listen, &port, &key)
}

fn time(generation: &Generation, global: &Global, clock: &dyn Clock) -> Check {
    let named = &generation.project.time_zone;
    let zone = time_zone(named);
    let now = clock.now().to_zoned(zone.as_ref().map_or(TimeZone::UTC, Clone::clone));
    let now = now.strftime("%Y-%m-%d %H:%M").to_string();
    local::time_zone(named, zone.is_ok(), TimeZone::system().iana_name(), &now, global.today.is_some())
}

/// The way to each system that the project names.
async fn ways(generation: &Generation) -> Vec<network::Met> {
    let mut met = Vec::new();
    if let Some(connection) = &generation.project.bamboohr
        && let Ok(url) = Url::parse(&connection.base_url)
    {
        let chosen = proxy::choose(&url, &connection.proxy, &context::variable);
        met.push(reach::go(network::TO_BAMBOOHR, &url, chosen, &Trust::default()).await);
    }
    if let Some(connection) = &generation.project.gp
        && let Ok(url) = Url::parse(&gp::server(connection))
    {
        let chosen = proxy::choose(&url, &connection.proxy, &context::variable);
        met.push(reach::go(network::TO_GP, &url, chosen, &connection.tls).await);
    }
    met
}

/// What is known of the sign-in to a Windows domain before anything is sent; nothing where it is another one. What keeps it from
/// being known is a check of `ping`'s.
async fn windows_sign_in(
    generation: &Generation,
    connection: &GpConnection,
    clock: &Arc<dyn Clock>,
    secrets: &Secrets<'_>,
) -> Vec<Check> {
    if connection.sign_in == GpSignIn::Basic {
        return Vec::new();
    }
    let Ok((gp, ..)) = Systems::gp(generation, clock, secrets, None).await else { return Vec::new() };
    let facts = windows::gathered(connection, gp.seen(), &|path| std::fs::File::open(path).err()).await;
    windows::judge(&facts, SystemClock.now())
}

/// The project's YAML that goes into a bundle: tables, tests and facts stay out.
fn yaml(linted: &Linted) -> Vec<(String, String)> {
    let is_told = |path: &str| {
        path == "project.yaml"
            || path.ends_with(".yaml") && (path.starts_with("pipelines/") || path.starts_with("environments/"))
    };
    let files = linted.sources.iter().filter(|(path, _)| is_told(path));
    files.map(|(path, text)| (path.to_owned(), text.to_string())).collect()
}

/// Everything that a bundle must not show.
async fn mask(global: &Global, linted: &Linted, vault: Option<Arc<Vault>>, met: &[network::Met]) -> Mask {
    let mut mask = Mask::default();
    let folder = std::fs::canonicalize(&global.project).unwrap_or_else(|_| global.project.clone());
    for path in [folder, global.project.clone(), context::store_file(global)] {
        mask.hide(&path.display().to_string());
    }
    let home = ["HOME", "USERPROFILE", "USER", "USERNAME", "ML_CONNECTOR_USER"];
    home.iter().filter_map(|name| context::variable(name)).for_each(|value| {
        mask.hide(&value);
    });
    for met in met {
        mask.hide(&met.host);
        if let network::Way::Proxy { address, .. } = &met.way {
            mask.hide(address);
            Url::parse(address).ok().and_then(|url| url.host_str().map(|host| mask.hide(host)));
        }
        if let Some(certificate) = met.tls.as_ref().and_then(|tls| tls.certificate.as_ref()) {
            let names = certificate.names.iter().chain([&certificate.subject, &certificate.issuer]);
            names.for_each(|name| {
                mask.hide(name);
            });
        }
    }
    if let Ok(account) = ml_connector_account::name() {
        mask.hide(&account);
    }
    let Some(generation) = &linted.generation else { return mask };
    let roles = generation.project.rules.roles.iter().flat_map(|roles| &roles.all);
    roles.flat_map(|role| &role.who).for_each(|name| {
        mask.hide(name);
        // As it stands between double quotes in YAML.
        mask.hide(&name.replace('\\', "\\\\"));
    });
    let (texts, secrets) = connections(generation);
    for text in &texts {
        mask.hide(text);
        // As it stands in an address.
        mask.hide(&encoded(text));
    }
    let values = Secrets { variable: &context::variable, vault };
    for secret in secrets {
        if let Ok(value) = values.value("", secret).await {
            mask.secret(value.expose_secret());
        }
    }
    mask
}

/// What the connections come to, settings put in, and the secrets that they name.
fn connections(generation: &Generation) -> (Vec<String>, Vec<&SecretFrom>) {
    let (mut texts, mut secrets) = (vec![generation.project.name.clone()], Vec::new());
    if let Some(connection) = &generation.project.bamboohr {
        texts.extend([connection.company.clone(), connection.base_url.clone()]);
        match &connection.sign_in {
            BamboohrSignIn::ApiKey(key) => secrets.push(key),
            BamboohrSignIn::OAuth(oauth) => {
                texts.extend([oauth.client_id.clone(), oauth.redirect.clone()]);
                secrets.push(&oauth.client_secret);
            }
        }
        if let Some(receiver) = &connection.webhook {
            texts.push(receiver.listen.to_string());
            secrets.push(&receiver.private_key);
        }
    }
    if let Some(connection) = &generation.project.gp {
        texts.extend([
            connection.server.clone(),
            connection.company.clone(),
            connection.tenant.clone(),
            gp::server(connection),
        ]);
        texts.extend(connection.companies.iter().cloned());
        secrets.extend([&connection.user, &connection.password].into_iter().flatten());
        if let GpSignIn::Kerberos(kerberos) = &connection.sign_in {
            texts.extend(kerberos.realm.iter().chain(&kerberos.spn).cloned());
            texts.extend(kerberos.domain_controllers.iter().cloned());
            match &kerberos.key {
                KerberosKey::Keytab(path) | KerberosKey::Tickets(Some(path)) => texts.push(path.clone()),
                KerberosKey::Password | KerberosKey::Tickets(None) => {}
            }
        }
    }
    (texts, secrets)
}

/// What is packed. A store that cannot be read is told by its check; the bundle is made all the same.
async fn bundle<'c>(global: &Global, linted: &Linted, checks: &'c [Check], exit: Exit) -> Bundle<'c> {
    let mut bundle = Bundle {
        version: env!("CARGO_PKG_VERSION"),
        made_at: SystemClock.now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
        exit: exit.number(),
        checks,
        project: yaml(linted),
        events: Vec::new(),
        documents: Vec::new(),
    };
    if !context::has_store(global) {
        return bundle;
    }
    let read = async {
        let store = context::store(global)?;
        bundle.events = store.audit_rows(None).await?;
        for plan in store.plans(PLANS).await? {
            bundle.documents.extend(store.documents(&plan.id).await?);
        }
        Ok::<_, Failure>(())
    };
    if let Err(failure) = read.await {
        tracing::info!(error = %failure.error, "the store could not be read for the bundle");
    }
    bundle
}

/// Documents of so many of the newest plans are counted.
const PLANS: u32 = 100;
