//! `service`: `serve` kept running by the system's own means.
//!
//! `windows` is the service of Windows: put in, taken out, and what Windows starts. [`mod@unit`] is a text for systemd, which
//! starts the program as a person would.

pub mod unit;
#[cfg(windows)]
mod windows;

use super::args::Global;
use super::exit::{Exit, Failure};
use super::output::Output;
use super::{context, serve};
use anyhow::anyhow;
use clap::{Args, Subcommand};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct ServiceArgs {
    #[command(subcommand)]
    pub what: ServiceCommand,
}

#[derive(Debug, Subcommand)]
pub enum ServiceCommand {
    /// Put in a Windows service that starts with the machine; asked as administrator.
    Install {
        #[command(flatten)]
        service: Service,
        /// The account that it runs as: `DOMAIN\user`, whose password is asked, or a managed one, `DOMAIN\name$`
        /// [default: `NT SERVICE\NAME`, an account that Windows makes for it].
        #[arg(long, value_name = "ACCOUNT")]
        account: Option<String>,
    },
    /// Stop a Windows service and take it out; asked as administrator.
    Remove {
        /// Its name.
        #[arg(long, value_name = "NAME", default_value = NAME, value_parser = name)]
        name: String,
    },
    /// What Windows starts.
    Run(Service),
    /// Print a unit of systemd that does the same.
    Unit(Service),
}

/// Which service, and what it runs.
#[derive(Clone, Debug, Args)]
pub struct Service {
    /// Its name: one for each project.
    #[arg(long, value_name = "NAME", default_value = NAME, value_parser = name)]
    pub name: String,
}

const NAME: &str = "ml-connector";

/// A name that needs no quotes anywhere.
fn name(text: &str) -> Result<String, String> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    match !text.is_empty() && text.len() <= 80 && text.chars().all(fits) {
        true => Ok(text.to_owned()),
        false => Err("a service's name has letters, digits, `-`, `_` and `.`, at most 80".to_owned()),
    }
}

/// Runs the command.
///
/// # Errors
/// Exit 2 where the system has no such service; what the system says.
pub fn run(global: &Global, args: &ServiceArgs, output: &Output) -> Result<Exit, Failure> {
    match &args.what {
        ServiceCommand::Unit(service) => {
            checked(global, output)?;
            output.line(unit::text(&program()?, &whole(global)?, service).trim_end());
            Ok(Exit::Done)
        }
        #[cfg(windows)]
        ServiceCommand::Install { service, account } => {
            checked(global, output)?;
            windows::install(&whole(global)?, service, account.as_deref(), output)
        }
        #[cfg(windows)]
        ServiceCommand::Remove { name } => windows::remove(name, output),
        #[cfg(windows)]
        ServiceCommand::Run(service) => windows::run(global, service, output),
        #[cfg(not(windows))]
        _ => Err(Failure::new(Exit::Usage, anyhow!("this system has no Windows services"))
            .hint("`ml-connector service unit` prints a unit of systemd; any other manager starts `serve`")),
    }
}

/// Refuses what the service would refuse where nobody looks.
fn checked(global: &Global, output: &Output) -> Result<(), Failure> {
    serve::anything_to_do(&context::load(global, output)?)
}

fn program() -> Result<PathBuf, Failure> {
    std::env::current_exe()
        .map_err(|error| Failure::new(Exit::DoesNotLoad, anyhow!("where this program is cannot be found out: {error}")))
}

/// The same settings with whole paths: a service starts in a folder of the system's.
fn whole(global: &Global) -> Result<Global, Failure> {
    let whole = |path: &Path| {
        std::path::absolute(path)
            .map_err(|error| Failure::new(Exit::Usage, anyhow!("{} is no path: {error}", path.display())))
    };
    let mut global = global.clone();
    global.project = whole(&global.project)?;
    global.store = global.store.as_deref().map(whole).transpose()?;
    Ok(global)
}

/// The arguments that stand for these settings.
fn settings(global: &Global) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["-C".into(), global.project.clone().into()];
    if let Some(environment) = &global.environment {
        arguments.extend(["--environment".into(), environment.into()]);
    }
    if let Some(store) = &global.store {
        arguments.extend(["--store".into(), store.clone().into()]);
    }
    arguments.extend((0..global.verbose).map(|_| OsString::from("-v")));
    arguments
}

/// What Windows starts the program with.
#[cfg(any(windows, test))]
fn launch(global: &Global, service: &Service) -> Vec<OsString> {
    let mut arguments = settings(global);
    arguments.extend(["service".into(), "run".into(), "--name".into(), service.name.clone().into()]);
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Cli, Command};
    use clap::Parser;

    #[test]
    fn what_windows_starts_means_what_was_installed() {
        let line = "ml-connector -C /srv/a b --environment test --store /var/s.db -vv service unit --name acme-pay";
        let mut words: Vec<&str> = line.split(' ').collect();
        words.splice(2..4, ["/srv/a b"]);
        let given = Cli::parse_from(&words);
        let Command::Service(ServiceArgs { what: ServiceCommand::Unit(service) }) = &given.command else {
            panic!("{given:?}")
        };
        let started = [OsString::from("ml-connector")].into_iter().chain(launch(&given.global, service));
        let again = Cli::parse_from(started);
        assert_eq!(format!("{:?}", again.global), format!("{:?}", given.global));
        let Command::Service(ServiceArgs { what: ServiceCommand::Run(run) }) = &again.command else {
            panic!("{again:?}")
        };
        assert_eq!(format!("{run:?}"), format!("{service:?}"));
    }

    #[test]
    fn a_name_needs_no_quotes() {
        assert!(name("acme-pay.2").is_ok());
        for bad in ["", "a b", "a\\b", "a/b", "\"", "ä", &"a".repeat(81)] {
            assert!(name(bad).is_err(), "{bad}");
        }
    }
}
