//! `vault`: the project's secrets, sealed in its store. Values come in by prompt or stdin and are never printed.

use super::args::Global;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, faint, good};
use super::plan_view::count;
use super::{asker, context};
use crate::project::roles::Power;
use crate::run::systems::RunError;
use crate::run::vault::{Place, Vault, backup, keeper};
use crate::store::{SecretStore, StoredSecret};
use crate::vault::{SecretName, Source, VaultError};
use anyhow::anyhow;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct VaultArgs {
    #[command(subcommand)]
    pub what: VaultCommand,
    /// Who does it; goes into the audit trail.
    #[arg(long, global = true, value_name = "NAME", env = "ML_CONNECTOR_USER")]
    pub by: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum VaultCommand {
    /// Make the vault.
    Init {
        /// Where its master key is kept: file:PATH (made when it is not there), dpapi:PATH on Windows
        /// (also made), env:NAME, credential:NAME or passphrase.
        #[arg(long, value_name = "PLACE")]
        master_key: Source,
    },
    /// Set a secret; its value is asked, or read from stdin.
    Set {
        #[arg(value_parser = SecretName::new)]
        name: SecretName,
    },
    /// Names, versions and when they were set.
    List,
    /// Put the vault under another master key.
    Rotate {
        /// Where the new key is kept [default: a new key in the same file, or a new passphrase].
        #[arg(long, value_name = "PLACE")]
        to: Option<Source>,
    },
    /// Open every secret, and say which was altered.
    Verify,
    /// Remove a secret.
    Remove {
        #[arg(value_parser = SecretName::new)]
        name: SecretName,
    },
    /// Write the sealed records into a file: it opens with the master key only.
    Export { file: PathBuf },
    /// Make the vault from such a file.
    Restore { file: PathBuf },
}

/// Runs the command.
///
/// # Errors
/// When there is no vault, its master key cannot be got at, or the store cannot be used.
pub async fn run(global: &Global, args: &VaultArgs, output: &Output) -> Result<Exit, Failure> {
    let rules = asker::rules(global).await?;
    let looks_only = matches!(args.what, VaultCommand::List | VaultCommand::Verify);
    let asker = asker::asker(global, &rules, args.by.as_deref().filter(|_| !looks_only)).await?;
    if !looks_only {
        asker.allowed(global, Power::KeepSecrets, "vault").await?;
    }
    let who = asker.name;
    let (clock, place) = (context::clock(global), context::vault_place(global)?);
    match &args.what {
        VaultCommand::Init { master_key } => return init(global, master_key, place, &who, output).await,
        VaultCommand::Set { name } => {
            let vault = open(global, place).await?;
            let version = vault.set(name, &super::ask::value(name.as_str())?, &who).await?;
            output.line(format!("{} {name}, version {version}", good("set")));
        }
        VaultCommand::List => return list(place.store.as_ref(), output).await,
        VaultCommand::Rotate { to } => {
            let to = to.clone().map(|to| outside(global, to)).transpose()?;
            let rotated = open(global, place).await?.rotate(&context::master_keys()?, to, &who).await?;
            let secrets = count(rotated.secrets, "secret");
            output.line(format!(
                "{} master key {}, {secrets}, {}",
                good("rotated:"),
                rotated.generation,
                rotated.source
            ));
            let is_bound = matches!(rotated.source, Source::Dpapi(_));
            if let Some(before) = rotated.left_behind {
                output.line(format!("{before} opens only older copies of the store now: remove it"));
            }
            if !is_bound {
                output.line("make a backup of the new key: without it nothing opens");
            }
        }
        VaultCommand::Verify => return verify(&open(global, place).await?, output).await,
        VaultCommand::Remove { name } => {
            if !keeper::remove(place.store.as_ref(), name, &who, clock.as_ref()).await? {
                return Err(Failure::new(Exit::Findings, anyhow!("{name} is not in the vault"))
                    .hint("`ml-connector vault list` shows what is"));
            }
            output.line(format!("{} {name}", good("removed")));
        }
        VaultCommand::Export { file } => {
            let secrets = open(global, place).await?.export(file, &who).await?;
            output.line(format!("{} {} into {}", good("wrote"), count(secrets, "sealed secret"), file.display()));
            output.line("keep the master key elsewhere: whoever has both has the secrets");
        }
        VaultCommand::Restore { file } => {
            let secrets = backup::restore(place, file, &context::master_keys()?, clock, &who).await?;
            output.line(format!("{} {}", good("restored"), count(secrets, "secret")));
        }
    }
    Ok(Exit::Done)
}

async fn open(global: &Global, place: Place) -> Result<Vault, Failure> {
    Ok(Vault::open(place, &context::master_keys()?, context::clock(global)).await?)
}

async fn init(global: &Global, source: &Source, place: Place, who: &str, output: &Output) -> Result<Exit, Failure> {
    // Before a key is made: a second `init` leaves no file behind.
    if place.store.vault().await?.is_some() {
        return Err(crate::store::StoreError::VaultExists.into());
    }
    let keys = context::master_keys()?;
    let chosen = keys.choose(outside(global, source.clone())?)?;
    Vault::make(place, &chosen, keys.random.clone(), context::clock(global), who).await?;
    output.line(format!("{} master key: {}", good("made a vault:"), chosen.source));
    if chosen.is_new_file {
        output.line(match chosen.source {
            Source::Dpapi(_) => {
                "only this Windows user opens that file, on this machine: keep the values to set them again"
            }
            _ => "a new key is in that file: make a backup of it elsewhere, without it nothing opens",
        });
    }
    output.line("next: ml-connector vault set NAME, and `{ vault: NAME }` in project.yaml");
    Ok(Exit::Done)
}

/// A key file with its whole path. Beside the store it would be copied with it.
fn outside(global: &Global, source: Source) -> Result<Source, Failure> {
    let (path, whole_source): (PathBuf, fn(PathBuf) -> Source) = match source {
        Source::File(path) => (path, Source::File),
        Source::Dpapi(path) => (path, Source::Dpapi),
        elsewhere => return Ok(elsewhere),
    };
    let whole = |path: &Path| {
        let whole = std::path::absolute(path).ok()?;
        let folder = whole.parent()?.canonicalize().ok()?;
        Some(folder.join(whole.file_name()?))
    };
    let Some(path) = whole(&path) else {
        return Err(Failure::new(Exit::Usage, anyhow!("the folder of {} is not there", path.display()))
            .hint("make it first, readable for its owner only: mkdir -m 700 FOLDER"));
    };
    let inside = |folder: Option<PathBuf>| folder.is_some_and(|folder| path.starts_with(folder));
    let store = context::store_file(global).parent().and_then(|folder| folder.canonicalize().ok());
    if inside(global.project.canonicalize().ok()) || inside(store) {
        let why = anyhow!("{} is in the project: who copies the folder would have key and vault", path.display());
        return Err(Failure::new(Exit::Usage, why).hint("name a file elsewhere, for example in /etc/ml-connector"));
    }
    Ok(whole_source(path))
}

async fn list(store: &dyn SecretStore, output: &Output) -> Result<Exit, Failure> {
    let header = store.vault().await?.ok_or(RunError::NoVault)?;
    let secrets = store.secrets().await?;
    if output.is_json() {
        let secret = |stored: &StoredSecret| {
            json!({ "name": stored.sealed.name.as_str(), "version": stored.sealed.version,
                    "changed_at": stored.changed_at.to_string() })
        };
        output.json(&json!({
            "master_key": { "generation": header.generation, "place": header.source.to_string() },
            "secrets": secrets.iter().map(secret).collect::<Vec<_>>(),
        }));
        return Ok(Exit::Done);
    }
    output.line(format!("master key {} · {}", header.generation, header.source));
    for StoredSecret { sealed, changed_at } in &secrets {
        let at = changed_at.strftime("%Y-%m-%d %H:%M UTC");
        output.line(format!("  {:<28} {}", sealed.name.as_str(), faint(&format!("version {} · {at}", sealed.version))));
    }
    if secrets.is_empty() {
        output.line("no secrets yet: ml-connector vault set NAME");
    }
    Ok(Exit::Done)
}

async fn verify(vault: &Vault, output: &Output) -> Result<Exit, Failure> {
    let verified = vault.verify().await?;
    let refused: Vec<_> = verified.iter().filter_map(|secret| secret.refused.as_ref()).collect();
    if output.is_json() {
        let secret =
            |secret: &keeper::Verified| json!({ "name": secret.name.as_str(), "opens": secret.refused.is_none() });
        output.json(&verified.iter().map(secret).collect::<Vec<_>>());
    } else if refused.is_empty() {
        output.line(format!("{} {}", good("whole:"), count(verified.len(), "secret")));
    } else {
        refused.iter().for_each(|why| output.line(format!("{} {why}", bad("refused"))));
    }
    match verified.into_iter().find_map(|secret| secret.refused.map(|_| secret.name)) {
        None => Ok(Exit::Done),
        Some(name) => Err(RunError::Vault(VaultError::Altered { name }).into()),
    }
}
