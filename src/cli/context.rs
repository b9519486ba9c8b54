//! What commands share: the project, the store, the systems, the clock, and who is asking.

use super::args::{Choice, Format, Global};
use super::exit::{Exit, Failure};
use super::log_file;
use super::output::Output;
use crate::bamboohr::BambooHr;
use crate::clock::{Clock, ShiftedClock, SystemClock};
use crate::hr::Period;
use crate::project::generation::DoesNotLoad;
use crate::project::pipeline::Make;
use crate::project::render::{self, Colour};
use crate::project::{Generation, Pipeline};
use crate::run::doctor::check::Trouble;
use crate::run::planning::default_period;
use crate::run::systems::{RunError, Secrets, Systems, time_zone};
use crate::run::vault::{MasterKeys, Place, Vault};
use crate::store::sqlite::SqliteStore;
use crate::store::{SavedPlan, SecretStore, Store};
use crate::vault::{Source, SystemRandomness};
use anyhow::anyhow;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The one place where the environment is read, by the names that connections give.
#[expect(clippy::disallowed_methods, reason = "secrets come from the variables that connections name")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Starts the log on stderr. `RUST_LOG`-style filters are not offered: what is logged is decided here, and it never is a
/// secret or anybody's pay.
pub fn start_log(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => tracing::Level::INFO,
        _ => tracing::Level::DEBUG,
    };
    // Nothing of `sspi` and `picky`: what they trace holds tokens and keys.
    let filter = tracing_subscriber::EnvFilter::new(format!("ml_connector={level},windows_auth={level}"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(log_file::writer).without_time();
    // A second subscriber can only come from a test that already set one.
    let _ = log.try_init();
}

/// The clock that this command acts by.
pub fn clock(global: &Global) -> Arc<dyn Clock> {
    match global.today.and_then(|day| day.at(12, 0, 0, 0).in_tz("UTC").ok()) {
        Some(noon) => Arc::new(ShiftedClock::starting_at(noon.timestamp())),
        None => Arc::new(SystemClock),
    }
}

/// Loads the project; its findings are printed when it does not load.
///
/// # Errors
/// Exit 78 with every finding.
pub fn load(global: &Global, output: &Output) -> Result<Generation, Failure> {
    Generation::load(&global.project, global.environment.as_deref()).map_err(|broken| refused(&broken, output))
}

/// Prints the findings of a project that does not load.
pub fn refused(broken: &DoesNotLoad, output: &Output) -> Failure {
    let text = match output.format {
        Format::Concise => render::concise(&broken.findings),
        Format::Json => render::json(&broken.findings),
        _ => render::human(&broken.findings, &broken.sources, colour()),
    };
    output.note(text.trim_end());
    Failure::new(Exit::DoesNotLoad, anyhow!("the project does not load"))
        .hint("mend the findings above; `ml-connector lint` shows them")
}

/// Whether code frames may be coloured.
pub fn colour() -> Colour {
    match anstream::AutoStream::choice(&std::io::stdout()) {
        anstream::ColorChoice::Never => Colour::Never,
        _ => Colour::Always,
    }
}

/// The pipeline that was chosen, or the only one.
///
/// # Errors
/// Exit 2 when there is none of that name, or none was named and there are several.
pub fn pipeline<'g>(generation: &'g Generation, choice: &Choice) -> Result<&'g Pipeline, Failure> {
    let names: Vec<&str> = generation.pipelines.iter().map(|pipeline| pipeline.name.as_str()).collect();
    let list = format!("this project has {}", names.join(", "));
    match (&choice.pipeline, generation.pipelines.as_slice()) {
        (Some(name), _) => generation
            .pipeline(name)
            .ok_or_else(|| Failure::new(Exit::Usage, anyhow!("there is no pipeline `{name}`")).hint(list)),
        (None, [only]) => Ok(only),
        (None, _) => {
            Err(Failure::new(Exit::Usage, anyhow!("which pipeline?")).hint(format!("name it with --pipeline; {list}")))
        }
    }
}

/// The first pipeline that makes journals, else the first: the one whose `for` says which period is meant.
///
/// # Errors
/// Exit 78 when the project has no pipeline.
pub fn first_journal<'g>(pipelines: &[&'g Pipeline]) -> Result<&'g Pipeline, Failure> {
    let journal = pipelines.iter().find(|pipeline| matches!(pipeline.make, Make::Journal(_)));
    let found = journal.or_else(|| pipelines.first()).copied();
    found.ok_or_else(|| Failure::new(Exit::DoesNotLoad, anyhow!("this project has no pipeline")))
}

/// The period that was chosen, or the one that the pipeline means today.
///
/// # Errors
/// Exit 2 for a code that is no period, 78 for an unknown time zone.
pub fn period(
    generation: &Generation,
    pipeline: &Pipeline,
    choice: &Choice,
    clock: &dyn Clock,
) -> Result<Period, Failure> {
    match &choice.period {
        Some(code) => pipeline.calendar.period(code).map_err(|error| Failure::new(Exit::Usage, anyhow!(error))),
        None => {
            let zone = time_zone(&generation.project.time_zone)?;
            Ok(default_period(pipeline, clock.now().to_zoned(zone).date()))
        }
    }
}

/// The folder of the project's own state.
fn state_folder(global: &Global) -> PathBuf {
    global.project.join(".ml-connector")
}

/// A file of the project's own state: beside the store, where `--store` names one.
fn beside_store(global: &Global, ending: &str, name: &str) -> PathBuf {
    match &global.store {
        Some(store) => store.with_extension(ending),
        None => state_folder(global).join(name),
    }
}

/// The store's file.
pub fn store_file(global: &Global) -> PathBuf {
    global.store.clone().unwrap_or_else(|| state_folder(global).join("store.db"))
}

/// Whether anything was ever stored: to look does not make a store.
pub fn has_store(global: &Global) -> bool {
    store_file(global).is_file()
}

/// Opens the project's store.
///
/// # Errors
/// What the store gives.
pub fn store(global: &Global) -> Result<Arc<dyn Store>, Failure> {
    Ok(Arc::new(SqliteStore::open(&store_file(global))?))
}

/// The project's store where there is one: to look does not make one.
///
/// # Errors
/// What the store gives.
pub fn store_if_any(global: &Global) -> Result<Option<Arc<dyn Store>>, Failure> {
    has_store(global).then(|| store(global)).transpose()
}

/// Connects the systems. The vault is opened only for a project that names something in it.
///
/// # Errors
/// A missing connection or secret, a master key that cannot be got at, or a dialect that cannot be used.
pub async fn systems(
    global: &Global,
    generation: &Generation,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
) -> Result<Systems, Failure> {
    super::lint::dialect(generation)?;
    let secrets = secrets(global, generation, &store, &clock).await?;
    Ok(Systems::connect(generation, store, clock, secrets).await?)
}

/// Connects BambooHR alone.
///
/// # Errors
/// As [`systems`].
pub async fn bamboohr(
    global: &Global,
    generation: &Generation,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
) -> Result<BambooHr, Failure> {
    let secrets = secrets(global, generation, &store, &clock).await?;
    Ok(Systems::bamboohr(generation, &clock, &secrets).await?)
}

/// The values behind the names that connections give; the vault is opened where one of them is in it.
///
/// # Errors
/// A master key that cannot be got at.
pub async fn secrets(
    global: &Global,
    generation: &Generation,
    store: &Arc<dyn Store>,
    clock: &Arc<dyn Clock>,
) -> Result<Secrets<'static>, Failure> {
    let vault = match generation.project.needs_vault() {
        true => {
            let place = Place { store: Arc::clone(store) as Arc<dyn SecretStore>, lock: vault_lock(global) };
            Some(Arc::new(Vault::open(place, &master_keys()?, Arc::clone(clock)).await?))
        }
        false => None,
    };
    Ok(Secrets { variable: &variable, vault })
}

/// The vault that the project needs, or why it cannot be opened: to look does not make a store.
pub async fn vault_or_trouble(
    global: &Global,
    generation: &Generation,
    clock: &Arc<dyn Clock>,
) -> (Option<Arc<Vault>>, Option<Trouble>) {
    if !generation.project.needs_vault() {
        return (None, None);
    }
    let opened = async {
        if !has_store(global) {
            return Err(RunError::NoVault);
        }
        let store: Arc<dyn SecretStore> = Arc::new(SqliteStore::open(&store_file(global))?);
        let place = Place { store, lock: vault_lock(global) };
        let keys = master_keys().map_err(|failure| RunError::MasterKey {
            place: "that is named by ML_CONNECTOR_MASTER_KEY".to_owned(),
            why: failure.error.to_string(),
            remedy: failure.hints.first().cloned().unwrap_or_else(|| "see docs/secrets.md".to_owned()),
        })?;
        Vault::open(place, &keys, Arc::clone(clock)).await
    };
    match opened.await {
        Ok(vault) => (Some(Arc::new(vault)), None),
        Err(error) => (None, Some(error.into())),
    }
}

/// Where the project's vault is.
///
/// # Errors
/// What the store gives.
pub fn vault_place(global: &Global) -> Result<Place, Failure> {
    Ok(Place { store: Arc::new(SqliteStore::open(&store_file(global))?), lock: vault_lock(global) })
}

fn vault_lock(global: &Global) -> PathBuf {
    beside_store(global, "vault-lock", "vault.lock")
}

/// How master keys are got at: as the vault remembers, or as ML_CONNECTOR_MASTER_KEY says where that is set.
///
/// # Errors
/// Exit 2 when that variable names no place.
pub fn master_keys() -> Result<MasterKeys<'static>, Failure> {
    let elsewhere = variable("ML_CONNECTOR_MASTER_KEY").filter(|place| !place.is_empty());
    // Not repeated: somebody may have put the key itself there.
    let elsewhere = elsewhere.map(|place| place.parse::<Source>()).transpose().map_err(|_| {
        Failure::new(Exit::Usage, anyhow!("ML_CONNECTOR_MASTER_KEY names no place of a master key"))
            .hint("it is file:PATH, dpapi:PATH, env:NAME, credential:NAME or passphrase, never the key itself")
    })?;
    Ok(MasterKeys {
        variable: &variable,
        passphrase: &super::ask::passphrase,
        elsewhere,
        random: Arc::new(SystemRandomness),
    })
}

/// Where watches of this project tell their state: the path without number and ending.
pub fn watch_stem(global: &Global) -> PathBuf {
    beside_store(global, "watch", "watch")
}

/// Where a service writes what it would print: it has no terminal.
pub fn service_log(global: &Global) -> PathBuf {
    beside_store(global, "service.log", "service.log")
}

/// Holds the project for one run at a time; the system lets go of it even when the process is killed.
pub struct RunLock {
    _file: File,
}

/// Takes the place of the project's service.
///
/// # Errors
/// Exit 8 when a service runs.
pub fn service_lock(global: &Global) -> Result<RunLock, Failure> {
    let path = beside_store(global, "service-lock", "service.lock");
    lock_at(&path, "a service of this project is running", "end it first, or look at it: ml-connector status")
}

/// Takes the run lock.
///
/// # Errors
/// Exit 8 when another run holds it.
pub fn lock(global: &Global) -> Result<RunLock, Failure> {
    let path = beside_store(global, "lock", "run.lock");
    lock_at(&path, "another run of this project is going on", "wait for it to end, then run again")
}

fn lock_at(path: &Path, taken: &'static str, remedy: &str) -> Result<RunLock, Failure> {
    let cannot = |error: std::io::Error, path: &Path| {
        Failure::new(Exit::DoesNotLoad, anyhow!("the lock {} cannot be used: {error}", path.display()))
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| cannot(error, folder))?;
    }
    let file = File::create(path).map_err(|error| cannot(error, path))?;
    match file.try_lock() {
        Ok(()) => Ok(RunLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(Failure::new(Exit::Locked, anyhow!(taken)).hint(remedy)),
        Err(TryLockError::Error(error)) => Err(cannot(error, path)),
    }
}

/// A stored plan: by id, else the newest of the chosen pipeline and period.
///
/// # Errors
/// When there is none.
pub async fn stored_plan(
    store: &dyn Store,
    generation: &Generation,
    id: Option<&str>,
    choice: &Choice,
) -> Result<SavedPlan, Failure> {
    if let Some(id) = id {
        return Ok(store.plan(id).await?);
    }
    let pipeline = pipeline(generation, choice)?;
    let period = choice.period.as_deref().map(|code| pipeline.calendar.period(code)).transpose();
    let period = period.map_err(|error| Failure::new(Exit::Usage, anyhow!(error)))?;
    let found = store.latest_plan(&pipeline.name, period.as_ref().map(|period| &period.code)).await?;
    found.ok_or_else(|| {
        Failure::new(Exit::Findings, anyhow!("no plan of {} is stored", pipeline.name))
            .hint(format!("ml-connector plan --pipeline {}", pipeline.name))
    })
}

/// Who acts, for the audit trail: as given, else the system's user.
pub fn who(given: Option<&str>) -> String {
    let user = || variable("USER").or_else(|| variable("USERNAME")).filter(|name| !name.is_empty());
    given.map(str::to_owned).or_else(user).unwrap_or_else(|| "somebody".to_owned())
}
