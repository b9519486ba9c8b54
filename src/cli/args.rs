//! The command line's shape.

use super::approve::ApproveArgs;
use super::audit::AuditArgs;
use super::demo::DemoArgs;
use super::diff_env::DiffEnvArgs;
use super::docs::DocsArgs;
use super::doctor::DoctorArgs;
use super::explain::ExplainArgs;
use super::graph::GraphArgs;
use super::held::HeldArgs;
use super::impact::ImpactArgs;
use super::init::InitArgs;
use super::lint::LintArgs;
use super::manual::{CompletionsArgs, ManArgs};
use super::observe::ObserveArgs;
use super::ping::PingArgs;
use super::plan::PlanArgs;
use super::reconcile::ReconcileArgs;
use super::record::RecordArgs;
use super::register::RegisterArgs;
use super::replay::ReplayArgs;
use super::run::RunArgs;
use super::sandbox::SandboxArgs;
use super::schema::SchemaArgs;
use super::send::SendArgs;
use super::serve::ServeArgs;
use super::service::ServiceArgs;
use super::shadow::ShadowArgs;
use super::sign_in::SignInArgs;
use super::test::TestArgs;
use super::tidy::FmtArgs;
use super::try_one::TryArgs;
use super::vault::VaultArgs;
use super::webhook::WebhookArgs;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Keeps Microsoft Dynamics GP in step with BambooHR.
///
/// A project is a folder of YAML and tables (see `init`). Every pipeline is the same line: observe, plan, check, approve,
/// send, record. Nothing is sent that was not planned and stored; GP posts, we only create unposted work.
#[derive(Debug, Parser)]
#[command(
    name = "ml-connector",
    version,
    styles = STYLES,
    max_term_width = 100,
    after_help = "Begin with:\n  ml-connector demo                     see the whole line on sample data, nothing to set up\n  \
                  ml-connector init my-company          write a project to start from\n  \
                  ml-connector lint -C my-company       check it\n\nExit codes: 0 done, 1 findings, 2 wrong command line, \
                  3 changes (--exit-on-changes),\n4 held or awaiting approval, 5 unavailable, 6 stale plan, 7 outcome \
                  unknown, 8 locked,\n9 sign-in refused, 70 our bug, 77 no role may do this, 78 does not load."
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command understands.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// The project folder.
    #[arg(short = 'C', long, global = true, value_name = "FOLDER", default_value = ".", env = "ML_CONNECTOR_PROJECT")]
    pub project: PathBuf,
    /// The environment whose settings count: environments/NAME.yaml.
    #[arg(short, long, global = true, value_name = "NAME", env = "ML_CONNECTOR_ENVIRONMENT")]
    pub environment: Option<String>,
    /// The store's file [default: .ml-connector/store.db in the project folder].
    #[arg(long, global = true, value_name = "FILE", env = "ML_CONNECTOR_STORE")]
    pub store: Option<PathBuf>,
    /// How to print.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// When to colour (NO_COLOR is honoured).
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Act as if today were this day: to rehearse an earlier month against the sandbox.
    #[arg(long, global = true, value_name = "YYYY-MM-DD", env = "ML_CONNECTOR_TODAY")]
    pub today: Option<jiff::civil::Date>,
    /// Tell more on stderr; twice tells every step. Never secrets or pay.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// How to print results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// One finding a line (lint); else as human.
    Concise,
    /// For programs; stable.
    Json,
    /// SARIF 2.1.0 (lint only).
    Sarif,
    /// Annotations of GitHub (lint only).
    Github,
    /// Code quality report of GitLab (lint only).
    Gitlab,
    /// A JUnit report (lint and test).
    Junit,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

const LSP_ABOUT: &str = "Serve an editor: findings while you write, completion, hover, quick fixes, go to definition.\n\n\
    A language server over stdin and stdout. It says what `lint` says, of files that are not saved yet too. The project is the \
    nearest folder above a file that holds project.yaml.";

const LSP_HELP: &str = "Editors start it; the whole of each configuration is in docs/editors.md:\n  \
    VS Code    an extension that runs any server, with the command `ml-connector lsp`\n  \
    Neovim     vim.lsp.config('ml_connector', { cmd = { 'ml-connector', 'lsp' },\n             \
    filetypes = { 'yaml', 'csv' }, root_markers = { 'project.yaml' } })\n             vim.lsp.enable('ml_connector')\n  \
    Helix      [language-server.ml-connector]\n             command = \"ml-connector\"\n             args = [\"lsp\"]\n  \
    JetBrains  LSP4IJ: Languages & Frameworks, Language Servers, New, command `ml-connector lsp`";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// See the whole line on sample data: two systems on loopback, nothing to set up.
    Demo(DemoArgs),
    /// Run BambooHR and GP on loopback, with sample data, until stopped.
    #[command(
        after_help = "Examples:\n  ml-connector sandbox\n  ml-connector sandbox --write-environment my-project   then: --environment sandbox"
    )]
    Sandbox(SandboxArgs),
    /// Write a project to start from, with the checks of every change around it.
    #[command(
        after_help = "Examples:\n  ml-connector init acme                                  asks on a terminal\n  ml-connector init --list                                what the starter packs are for\n  \
                      ml-connector init acme --from semi-monthly-overtime --bamboohr-company acme --gp-company 'Acme, Inc.'"
    )]
    Init(InitArgs),
    /// Check the project: every mistake at once, with place and remedy.
    #[command(
        after_help = "Examples:\n  ml-connector lint -C acme\n  ml-connector lint -C acme --deny warnings --format concise   in CI\n  \
                      ml-connector lint -C acme --format sarif > lint.sarif        for code scanning\n  \
                      ml-connector lint -C acme --fix                              write what is certainly meant\n  \
                      ml-connector lint -C acme --live                             ask both systems, too\n  \
                      ml-connector lint --explain gap-between-rows"
    )]
    Lint(LintArgs),
    /// Serve an editor: findings while you write, completion, hover, quick fixes, go to definition.
    #[command(long_about = LSP_ABOUT, after_help = LSP_HELP)]
    Lsp,
    /// Run the project's stories (tests/*.yaml).
    #[command(
        after_help = "Examples:\n  ml-connector test -C acme\n  ml-connector test overtime   only stories whose name contains it\n  \
                      ml-connector test --update   write what comes out into the stories that fail; then read the difference\n  \
                      ml-connector test --coverage   what no story touches"
    )]
    Test(TestArgs),
    /// Plan the same facts with the project as it was and as it is: every line that changes, and why.
    #[command(
        after_help = "Examples:\n  ml-connector impact --against HEAD~1\n  ml-connector impact --against main --markdown   for a pull request\n  \
                      ml-connector impact --against v1.2 --facts FOLDER --for 2013-11 --exit-on-changes"
    )]
    Impact(ImpactArgs),
    /// Try one expression, template or look-up for one person and day, step by step.
    #[command(
        after_help = "Examples:\n  ml-connector try keep --employee 7 --facts FOLDER --for 2013-11\n  ml-connector try cost_centre --with department=Sales --with location=WA\n  \
                      ml-connector try 'hire_date < \"2013-06-01\"' --employee 7 --on 2013-11-15\n  \
                      ml-connector try 'EMP{{ number | pad(6) }}' --pipeline vendors --with number=7"
    )]
    Try(TryArgs),
    /// Write a story of what really happened, with invented people and pay; or the account's fields.
    #[command(
        after_help = "Examples:\n  ml-connector record --for 2013-11 --employee 7 --story 'Who moves is split by days.' --out tests/moves.yaml\n  \
                      ml-connector record --fields   the fields of the BambooHR account, for lint"
    )]
    Record(RecordArgs),
    /// Draw the project: what is read, which tables decide, what goes into GP.
    #[command(
        after_help = "Examples:\n  ml-connector graph -C acme              mermaid, for a README\n  ml-connector graph -C acme --as svg > acme.svg"
    )]
    Graph(GraphArgs),
    /// Write the project as a page in plain words, for the controller to read and sign.
    #[command(after_help = "Examples:\n  ml-connector docs -C acme acme.html   then print it, or save it as PDF")]
    Docs(DocsArgs),
    /// Lay out the project's YAML: indents, blanks, empty lines. Comments, order and meaning stay.
    #[command(after_help = "Examples:\n  ml-connector fmt -C acme\n  ml-connector fmt -C acme --check   in CI")]
    Fmt(FmtArgs),
    /// Take the project to the newest format of its files.
    #[command(after_help = "Examples:\n  ml-connector upgrade -C acme && ml-connector lint -C acme")]
    Upgrade,
    /// Show in what the environments differ.
    #[command(after_help = "Examples:\n  ml-connector diff-env -C acme test production --changed")]
    DiffEnv(DiffEnvArgs),
    /// Print the JSON Schema of a kind of file.
    Schema(SchemaArgs),
    /// Read both systems; save the facts a plan is made from.
    #[command(
        after_help = "Examples:\n  ml-connector observe --for 2013-11\n  ml-connector observe --for 2013-11 --save FOLDER   then: plan --facts FOLDER"
    )]
    Observe(ObserveArgs),
    /// Show what would be sent, and store it; offline from saved facts with --facts.
    #[command(after_help = "Examples:\n  ml-connector plan --pipeline payroll-journal --for 2013-11\n  \
                            ml-connector plan --pipeline payroll-journal --for 2013-11 --facts FOLDER --format json")]
    Plan(PlanArgs),
    /// Approve a stored plan, so that it is sent.
    #[command(
        after_help = "Examples:\n  ml-connector approve --pipeline payroll-journal --for 2013-11 --by 'A. Ledger'\n  \
                            ml-connector approve 3f2a9c1b --by 'A. Ledger'"
    )]
    Approve(ApproveArgs),
    /// Send what is approved.
    #[command(
        after_help = "Examples:\n  ml-connector send --pipeline payroll-journal\n  ml-connector send 3f2a9c1b   only this plan"
    )]
    Send(SendArgs),
    /// One run from start to end: plan, then send what may be sent.
    #[command(after_help = "Examples:\n  ml-connector run --pipeline payroll-journal --for 2013-11\n  \
                            ml-connector run --pipeline employees-to-vendors\n  \
                            ml-connector run --pipeline payroll-journal --watch   picks up edits of the project")]
    Run(RunArgs),
    /// Run pipelines by themselves: at their times, and when somebody changes in BambooHR; send what people approve.
    #[command(
        after_help = "Examples:\n  ml-connector -C acme serve          until Ctrl-C; `every:` in each pipeline says when\n  \
                            ml-connector -C acme serve --once   what is due now, then end: for cron\n  \
                            ml-connector -C acme service unit   keeps it running on Linux; `service install` on Windows"
    )]
    Serve(ServeArgs),
    /// Keep `serve` running: a Windows service, or a unit of systemd.
    #[command(
        after_help = "Examples:\n  ml-connector -C acme service install --pipeline payroll-journal   on Windows, as administrator\n  \
                      ml-connector -C acme service unit --pipeline payroll-journal      prints a unit of systemd"
    )]
    Service(ServiceArgs),
    /// What is held, why, and what to do.
    #[command(after_help = "Examples:\n  ml-connector held\n  ml-connector held 3f2a9c1b --format json")]
    Held(HeldArgs),
    /// Make a stored plan again from its own inputs: with today's project, or proven as it was.
    #[command(
        after_help = "Examples:\n  ml-connector replay --pipeline payroll-journal --for 2013-11   with the project as it is now\n  ml-connector replay 3f2a9c1b --as-it-was                    proves the stored plan"
    )]
    Replay(ReplayArgs),
    /// Where a journal line comes from: people, segments, rows, table rows, template lines.
    #[command(after_help = "Examples:\n  ml-connector explain 80000001 --account 000-5100-0201\n  \
                            ml-connector explain 80000001 --account 000-5100-0201 --show-pay --by 'A. Ledger'")]
    Explain(ExplainArgs),
    /// The month's close: people, plan, ledger and GP side by side, what moved, and what is left to do.
    #[command(after_help = "Examples:\n  ml-connector reconcile --pipeline payroll-journal --for 2013-11\n  \
                      ml-connector reconcile --pipeline payroll-journal --for 2013-11 --offline --format json\n  \
                      ml-connector reconcile --pipeline payroll-journal --for 2013-11 --html close.html --xlsx close.xlsx\n\n\
                      Ends with 0 when everything agrees and is sent, 4 when an item is open, 5 when GP is not available.")]
    Reconcile(ReconcileArgs),
    /// Compare a period with your own spreadsheet, or with GP, to the cent; nothing is stored or sent.
    #[command(
        after_help = "Examples:\n  ml-connector shadow --pipeline payroll-journal --for 2013-11 --with november.csv\n  \
                      ml-connector shadow --pipeline payroll-journal --for 2013-11 --with november.xlsx --account Konto \
                      --amount Betrag --decimal-comma\n  \
                      ml-connector shadow --pipeline payroll-journal --for 2013-11 --with gp --all\n\n\
                      Ends with 0 when every account is equal, 4 when any is different."
    )]
    Shadow(ShadowArgs),
    /// Read a file of a payroll register as project.yaml says, and add it up; nothing is stored or sent.
    #[command(
        after_help = "Examples:\n  ml-connector register november.csv\n  ml-connector register november.xlsx --register adp --format json"
    )]
    Register(RegisterArgs),
    /// Plans and documents, newest first, and the generation in force.
    Status,
    /// The audit trail: show it, or prove that it is whole.
    #[command(
        after_help = "Examples:\n  ml-connector audit\n  ml-connector audit --verify\n  ml-connector audit 4af74416   one document's way"
    )]
    Audit(AuditArgs),
    /// Whether BambooHR and GP let us in and give what the pipelines need: a line a check, with the remedy.
    #[command(
        after_help = "Examples:\n  ml-connector ping -C acme\n  ml-connector ping -C acme --only gp   after a new password\n  \
                            ml-connector ping -C acme --format json\n\nEnds with 0 when all is well, 1 when something is missing, \
                            5 when a system is not available,\n9 when a sign-in was refused: that system is not asked again, \
                            because accounts lock."
    )]
    Ping(PingArgs),
    /// Everything of `ping`, and what stands around it: store, vault, proxy, names, TLS, certificates, clocks.
    #[command(after_help = "Examples:\n  ml-connector doctor -C acme\n  ml-connector doctor -C acme --format json\n  \
                            ml-connector doctor -C acme --bundle support.tar.gz   for support, masked\n\nEnds as `ping` does.")]
    Doctor(DoctorArgs),
    /// Sign in to BambooHR by OAuth: prints a link, takes the address that comes back.
    #[command(
        after_help = "Examples:\n  ml-connector sign-in -C acme\n  ml-connector sign-in --status   ends with 9 when a person has to sign in"
    )]
    SignIn(SignInArgs),
    /// The project's secrets, sealed in its store; values are never printed.
    #[command(
        after_help = "Examples:\n  ml-connector vault init --master-key file:/etc/ml-connector/acme.key\n  ml-connector vault set bamboohr-key             asks for the value\n  \
                      ml-connector vault set gp-password < value.txt\n  ml-connector vault rotate                       a new master key in the same file\n  \
                      ml-connector vault verify && ml-connector vault export acme.vault"
    )]
    Vault(VaultArgs),
    /// BambooHR's webhook of this project, so that changes come at once: made, shown, removed.
    #[command(
        after_help = "Examples:\n  ml-connector webhook register --url https://hr.acme.example/webhooks/bamboohr\n  ml-connector webhook list\n  \
                      ml-connector webhook log                          what BambooHR delivered, and what it was answered\n  \
                      ml-connector webhook remove && ml-connector webhook register --url …   a new key\n\n\
                      How to publish the address: docs/webhooks.md."
    )]
    Webhook(WebhookArgs),
    /// Print a completion script for a shell.
    Completions(CompletionsArgs),
    /// Write the manual pages.
    Man(ManArgs),
}

/// Which pipeline and period.
#[derive(Clone, Debug, Args)]
pub struct Choice {
    /// The pipeline's name; may be left out when the project has one.
    #[arg(short, long)]
    pub pipeline: Option<String>,
    /// The period's code, for example 2013-11 [default: what the pipeline's `for` means today].
    #[arg(long = "for", value_name = "PERIOD")]
    pub period: Option<String>,
}
