//! The command line: one file a command, each thin: arguments, one call below, print.
//!
//! [`exit`] is the one place where what happened becomes an exit code. [`context`] opens what commands share: the
//! project, the store, the systems and the clock; [`asker`] says who asks, and whether they may. Nothing below this room prints, reads the environment or the wall clock.

pub mod approve;
pub mod args;
mod ask;
mod asker;
pub mod audit;
pub mod codes;
pub mod context;
pub mod demo;
pub mod diff_env;
pub mod docs;
pub mod doctor;
pub mod exit;
pub mod explain;
pub mod graph;
pub mod held;
mod hide;
pub mod impact;
pub mod init;
pub mod lint;
pub mod log_file;
pub mod lsp;
pub mod manual;
pub mod observe;
pub mod output;
pub mod ping;
pub mod plan;
pub mod plan_view;
pub mod reconcile;
pub mod record;
pub mod register;
pub mod replay;
pub mod run;
mod runs;
pub mod sandbox;
pub mod schema;
pub mod send;
mod serve;
mod service;
pub mod shadow;
pub mod sign_in;
pub mod status;
pub mod stop;
pub mod test;
pub mod tidy;
pub mod try_one;
pub mod vault;
pub mod watch;
mod watching;
pub mod webhook;

use args::{Cli, Command};
use clap::Parser;
use exit::{Exit, Failure};
use output::Output;
use std::panic::{AssertUnwindSafe, PanicHookInfo};
use std::process::ExitCode;

/// Parses the command line, runs the command and gives its exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.global.format, cli.global.color);
    context::start_log(cli.global.verbose);
    leave_no_core();
    std::panic::set_hook(Box::new(tell_bug));
    let result = std::panic::catch_unwind(AssertUnwindSafe(|| command(cli, &output)));
    match result {
        Ok(Ok(exit)) => exit.code(),
        Ok(Err(failure)) => {
            output.failure(&failure);
            failure.exit.code()
        }
        Err(_) => Exit::Bug.code(),
    }
}

/// Secrets are wiped from memory, but not before they are used: a crash must not leave them on a disk. Windows' own reports are
/// switched off for the whole machine only, so there nothing is done.
fn leave_no_core() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        if let Err(error) = setrlimit(Resource::Core, none) {
            tracing::debug!(%error, "a crash of this process may leave a core file");
        }
    }
}

/// A panic is a bug of ours: it is told with its place and nothing of the data, and ends this run only.
fn tell_bug(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
    let output = Output { format: args::Format::Human };
    output.note(format!("error: this is a bug of ml-connector{place}"));
    output.note("hint: nothing is lost: what was stored is durable, and the next run reads back what was being sent; please report it");
    tracing::debug!("{}", std::backtrace::Backtrace::force_capture());
}

fn command(cli: Cli, output: &Output) -> Result<Exit, Failure> {
    let global = &cli.global;
    match cli.command {
        Command::Demo(args) => in_runtime(demo::run(global, &args, output)),
        Command::Sandbox(args) => in_runtime(sandbox::run(&args, output)),
        Command::Init(args) => init::run(&args, output),
        Command::Lint(args) => lint::run(global, &args, output),
        Command::Lsp => lsp::run(global),
        Command::Test(args) => test::run(global, &args, output),
        Command::Impact(args) => in_runtime(impact::run(global, &args, output)),
        Command::Try(args) => in_runtime(try_one::run(global, &args, output)),
        Command::Record(args) => in_runtime(record::run(global, &args, output)),
        Command::Fmt(args) => tidy::fmt(global, &args, output),
        Command::Upgrade => tidy::to_newest(global, output),
        Command::Graph(args) => graph::run(global, &args, output),
        Command::Docs(args) => docs::run(global, &args, output),
        Command::DiffEnv(args) => diff_env::run(global, &args, output),
        Command::Schema(args) => schema::run(&args, output),
        Command::Observe(args) => in_runtime(observe::run(global, &args, output)),
        Command::Plan(args) => in_runtime(plan::run(global, &args, output)),
        Command::Approve(args) => in_runtime(approve::run(global, &args, output)),
        Command::Send(args) => in_runtime(send::run(global, &args, output)),
        Command::Run(args) => in_runtime(run::run(global, &args, output)),
        Command::Serve(args) => in_runtime(serve::run(global, &args, output)),
        Command::Service(args) => service::run(global, &args, output),
        Command::Held(args) => in_runtime(held::run(global, &args, output)),
        Command::Replay(args) => in_runtime(replay::run(global, &args, output)),
        Command::Explain(args) => in_runtime(explain::run(global, &args, output)),
        Command::Reconcile(args) => in_runtime(reconcile::run(global, &args, output)),
        Command::Shadow(args) => in_runtime(shadow::run(global, &args, output)),
        Command::Register(args) => register::run(global, &args, output),
        Command::Ping(args) => in_runtime(ping::run(global, &args, output)),
        Command::Doctor(args) => in_runtime(doctor::run(global, &args, output)),
        Command::Status => in_runtime(status::run(global, output)),
        Command::Audit(args) => in_runtime(audit::run(global, &args, output)),
        Command::SignIn(args) => in_runtime(sign_in::run(global, &args, output)),
        Command::Vault(args) => in_runtime(vault::run(global, &args, output)),
        Command::Webhook(args) => in_runtime(webhook::run(global, &args, output)),
        Command::Completions(args) => manual::completions(&args, output),
        Command::Man(args) => manual::man(&args, output),
    }
}

/// Runs a command that waits for systems or the store; the others start no runtime.
fn in_runtime<T, E>(work: impl Future<Output = Result<T, E>>) -> Result<T, Failure>
where
    Failure: From<E>,
{
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Bug, anyhow::Error::from(error)))
        .and_then(|runtime| runtime.block_on(work).map_err(Failure::from))
}
