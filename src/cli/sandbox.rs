//! `sandbox`: both systems on loopback until stopped.

use super::exit::{Exit, Failure};
use super::output::{Output, faint, strong};
use super::stop::Stop;
use crate::clock::StandingClock;
use crate::run::facts_folder;
use crate::sandbox::adventure_works;
use crate::sandbox::bamboohr::BamboohrSandbox;
use crate::sandbox::gp::GpSandbox;
use anyhow::anyhow;
use clap::Args;
use jiff::civil::Date;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Seed from a facts folder instead of the AdventureWorks sample.
    #[arg(long, value_name = "FOLDER")]
    pub facts: Option<PathBuf>,
    /// Port of BambooHR [default: a free one].
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    pub bamboohr_port: u16,
    /// Port of GP [default: a free one].
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    pub gp_port: u16,
    /// The day on which both systems stand.
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "2013-12-02")]
    pub stands_at: Date,
    /// Write the addresses into environments/sandbox.yaml of this project folder.
    #[arg(long, value_name = "FOLDER")]
    pub write_environment: Option<PathBuf>,
}

/// The company's label in the sandboxed BambooHR.
pub const BAMBOOHR_COMPANY: &str = "adventureworks";
/// The company's name in the sandboxed GP.
pub const GP_COMPANY: &str = "Adventure Works Cycles";
/// Sign-ins of the sandbox: no secrets, they open nothing but loopback.
pub const SIGN_INS: [(&str, &str); 3] =
    [("BAMBOOHR_API_KEY", "sandbox-key"), ("GP_USER", "sandbox"), ("GP_PASSWORD", "sandbox")];

/// Both systems, running. Dropping it ends them.
pub struct Sandbox {
    pub bamboohr: BamboohrSandbox,
    pub gp: GpSandbox,
}

/// Starts both systems as they stand on `day`.
///
/// # Errors
/// When the facts do not read or a port cannot be opened.
pub fn start(facts: Option<&Path>, day: Date, ports: (u16, u16)) -> Result<Sandbox, Failure> {
    let facts = match facts {
        Some(folder) => facts_folder::load(folder)?,
        None => adventure_works::facts(day)
            .map_err(|errors| Failure::new(Exit::Bug, anyhow!("the sample data does not read: {}", errors[0])))?,
    };
    let noon = day.at(12, 0, 0, 0).in_tz("UTC").map_err(|error| Failure::new(Exit::Bug, anyhow!(error)))?;
    let clock = StandingClock::at(noon.timestamp());
    let port = |error: std::io::Error| {
        Failure::new(Exit::DoesNotLoad, anyhow!("a port of the sandbox cannot be opened: {error}"))
    };
    let [(_, key), (_, user), (_, password)] = SIGN_INS;
    let bamboohr = BamboohrSandbox::start_on(ports.0, &facts, BAMBOOHR_COMPANY, key, clock.clone()).map_err(port)?;
    let gp = GpSandbox::start_on(ports.1, &facts, GP_COMPANY, user, password, Arc::new(clock)).map_err(port)?;
    Ok(Sandbox { bamboohr, gp })
}

impl Sandbox {
    /// `environments/sandbox.yaml` that points a project here.
    pub fn environment(&self) -> String {
        format!(
            "format: 1\nabout: The sandbox on this machine; written by ml-connector.\nsettings:\n  bamboohr_url: {}\n  \
             gp_scheme: http\n  gp_server: 127.0.0.1\n  gp_port: {}\n",
            self.bamboohr.url(),
            self.gp.port()
        )
    }
}

/// Writes the environment file into a project folder.
///
/// # Errors
/// When it cannot be written.
pub fn write_environment(sandbox: &Sandbox, project: &Path) -> Result<(), Failure> {
    let folder = project.join("environments");
    let written = std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(folder.join("sandbox.yaml"), sandbox.environment()));
    written.map_err(|error| {
        Failure::new(Exit::DoesNotLoad, anyhow!("{} cannot be written: {error}", folder.join("sandbox.yaml").display()))
    })
}

/// The variables that a command needs to talk to the sandbox, as a shell takes them.
pub fn exports(day: Date) -> String {
    let mut lines: Vec<String> = SIGN_INS.iter().map(|(name, value)| format!("export {name}={value}")).collect();
    lines.push(format!("export ML_CONNECTOR_ENVIRONMENT=sandbox ML_CONNECTOR_TODAY={day}"));
    lines.join("\n")
}

/// Runs the command.
///
/// # Errors
/// When the sandbox cannot start.
pub async fn run(args: &SandboxArgs, output: &Output) -> Result<Exit, Failure> {
    let sandbox = start(args.facts.as_deref(), args.stands_at, (args.bamboohr_port, args.gp_port))?;
    output.line(format!("{} {}", strong("BambooHR"), sandbox.bamboohr.url()));
    output.line(format!("{} {}  company {GP_COMPANY}", strong("GP      "), sandbox.gp.url()));
    match &args.write_environment {
        Some(project) => {
            write_environment(&sandbox, project)?;
            output.line(format!("wrote {}", project.join("environments/sandbox.yaml").display()));
        }
        None => output.line(faint("point a project here: --write-environment FOLDER")),
    }
    output.line("\nin another terminal:");
    output.line(exports(args.stands_at));
    output.line("ml-connector plan --pipeline payroll-journal --for 2013-11");
    output.line(faint("\nCtrl-C ends it"));
    stopped().await;
    Ok(Exit::Done)
}

/// Waits until somebody ends the process kindly.
pub async fn stopped() {
    Stop::on_signals().asked().await;
}
