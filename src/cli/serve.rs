//! `serve`: pipelines run by themselves, at their times and when somebody changes in BambooHR.

use super::args::Global;
use super::exit::{Exit, Failure};
use super::output::{Output, bad, care, faint, good, strong};
use super::plan::short;
use super::stop::Stop;
use super::watch::ended;
use super::watching::{Told as Watching, Watched};
use super::{asker, context, run, send};
use crate::bamboohr::Changed;
use crate::clock::Clock;
use crate::hr::Period;
use crate::plan::desire::ledger_of;
use crate::project::roles::Power;
use crate::project::{Generation, Pipeline};
use crate::run::recover;
use crate::run::systems::{RunError, Systems, time_zone};
use crate::run::watch::{Current, Reload, Wakes, follow};
use crate::service::due::clock_time;
use crate::service::hands::{Ended, Event, Hands, Told, Verdict};
use crate::service::webhooks::{Listening, listen_for};
use crate::service::work::Service;
use anyhow::anyhow;
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Do what is due and owed now, then end.
    #[arg(long)]
    pub once: bool,
}

/// Runs the command.
///
/// # Errors
/// What the first load gives; exit 8 where another service of the project runs.
pub async fn run(global: &Global, args: &ServeArgs, output: &Output) -> Result<Exit, Failure> {
    serve(global, args, output, &Stop::on_signals()).await
}

/// Works until `stop` is asked for; a run that goes on is ended first.
///
/// # Errors
/// As [`run()`].
pub async fn serve(global: &Global, args: &ServeArgs, output: &Output, stop: &Stop) -> Result<Exit, Failure> {
    let wakes = Wakes::new(&global.project);
    let current = Current::open(&global.project, global.environment.as_deref()).await;
    let current = Arc::new(current.map_err(|broken| context::refused(&broken, output))?);
    let generation = current.generation();
    asker::asker(global, &generation.project.rules, None).await?.allowed(global, Power::Run, "serve").await?;
    anything_to_do(&generation)?;
    let _only_one = context::service_lock(global)?;
    let zone = time_zone(&generation.project.time_zone)?;
    let (tell, reloads) = mpsc::unbounded_channel();
    let mut told = Watching::new(global, Watched::Service, &current, output);
    let followed = follow(Arc::clone(&current), wakes, move |reload| {
        told.update();
        tell.send(reload).is_ok()
    });
    let following = tokio::spawn(followed);
    let clock = context::clock(global);
    let wake = Arc::new(Notify::new());
    let listening = if args.once { None } else { listen(global, &generation, &clock, &wake, output).await };
    let hands = Own {
        wake,
        listening,
        refused: Mutex::new(0),
        global,
        output,
        stop,
        once: args.once,
        clock: Arc::clone(&clock),
        zone,
        current: &current,
        reloads: tokio::sync::Mutex::new(reloads),
        worst: Mutex::new(Verdict::Done),
    };
    let service = Service::new(&current, context::store(global)?, clock, &hands, !args.once);
    let worked = service.work().await;
    following.abort();
    let worst = hands.worst();
    if let Some(listening) = hands.listening {
        listening.stop().await;
    }
    worked?;
    Ok(match worst {
        _ if !args.once => Exit::Done,
        Verdict::Done => Exit::Done,
        Verdict::Waits => Exit::Held,
        Verdict::Later => Exit::Unavailable,
        Verdict::Locked => Exit::Locked,
        Verdict::Refused => Exit::SignInRefused,
        Verdict::GivenUp => Exit::Findings,
    })
}

/// Receives webhooks, where the project says so. One that cannot is told, and the service goes on: it asks BambooHR anyway.
async fn listen(
    global: &Global,
    generation: &Generation,
    clock: &Arc<dyn Clock>,
    wake: &Arc<Notify>,
    output: &Output,
) -> Option<Listening> {
    let listening = async {
        let store = context::store(global)?;
        let secrets = context::secrets(global, generation, &store, clock).await?;
        Ok::<_, Failure>(listen_for(generation, &secrets, store, Arc::clone(clock), Arc::clone(wake)).await?)
    };
    match listening.await {
        Ok(listening) => {
            let address = listening.as_ref().map(Listening::address);
            address.iter().for_each(|address| {
                output.line(format!("listening for webhooks at http://{address}/webhooks/bamboohr"));
            });
            listening
        }
        Err(failure) => {
            output.note(format!("{} no webhook is received: {}", care("note:"), words(&failure)));
            None
        }
    }
}

/// A service that nothing ever wakes is a mistake.
pub fn anything_to_do(generation: &Generation) -> Result<(), Failure> {
    match generation.pipelines.iter().any(|pipeline| pipeline.every.is_some()) {
        true => Ok(()),
        false => Err(Failure::new(Exit::DoesNotLoad, anyhow!("no pipeline of this project runs by itself")).hint(
            "say when, in a pipeline's file: `every: { day_at: \"06:00\" }` or `every: { change_in: bamboohr }`; see docs/service.md",
        )),
    }
}

/// The hands of the command line.
struct Own<'s> {
    global: &'s Global,
    output: &'s Output,
    stop: &'s Stop,
    /// End when nothing is to be done.
    once: bool,
    clock: Arc<dyn Clock>,
    zone: TimeZone,
    current: &'s Current,
    reloads: tokio::sync::Mutex<mpsc::UnboundedReceiver<Reload>>,
    /// A delivery was stored.
    wake: Arc<Notify>,
    /// What receives them, and how many that nobody signed were told.
    listening: Option<Listening>,
    refused: Mutex<u64>,
    /// The worst end since the start.
    worst: Mutex<Verdict>,
}

impl Own<'_> {
    fn worst(&self) -> Verdict {
        *self.worst.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self, result: Result<(Exit, String), Failure>) -> Ended {
        let ended = match result {
            Ok((exit, detail)) => Ended { verdict: verdict(exit), detail },
            Err(failure) => Ended { verdict: verdict(failure.exit), detail: words(&failure) },
        };
        self.worsened(ended.verdict);
        ended
    }

    fn worsened(&self, verdict: Verdict) {
        let mut worst = self.worst.lock().unwrap_or_else(PoisonError::into_inner);
        *worst = (*worst).max(verdict);
    }

    /// Who acts, if they may: an edit of the project can take that away.
    async fn who(&self, generation: &Generation, subject: &str) -> Result<String, Failure> {
        let asker = asker::asker(self.global, &generation.project.rules, None).await?;
        asker.allowed(self.global, Power::Run, subject).await?;
        Ok(asker.name)
    }

    async fn systems(&self, generation: &Generation) -> Result<Systems, Failure> {
        let store = context::store(self.global)?;
        context::systems(self.global, generation, store, Arc::clone(&self.clock)).await
    }

    async fn one_run(
        &self,
        generation: &Generation,
        pipeline: &Pipeline,
        period: &Period,
    ) -> Result<(Exit, String), Failure> {
        let who = self.who(generation, &pipeline.name).await?;
        let _lock = context::lock(self.global)?;
        let systems = self.systems(generation).await?;
        let made = run::make(&systems, generation, (pipeline, period), &who, self.output, |_| {}).await?;
        Ok((made.exit(), made.in_short(&generation.project.rules)))
    }

    async fn one_send(&self, generation: &Generation, pipeline: &Pipeline) -> Result<(Exit, String), Failure> {
        self.who(generation, &pipeline.name).await?;
        let _lock = context::lock(self.global)?;
        let systems = self.systems(generation).await?;
        let (summary, _) = send::deliver(&systems, generation, pipeline, None, self.output).await?;
        Ok((Exit::of_sending(&summary, false), send::in_short(&summary)))
    }

    async fn one_look(&self, generation: &Generation, pipeline: &Pipeline) -> Result<(Exit, String), Failure> {
        let _lock = context::lock(self.global)?;
        let systems = self.systems(generation).await?;
        recover::look_at_unposted(&systems, ledger_of(pipeline)).await?;
        Ok((Exit::Done, String::new()))
    }

    async fn one_question(&self, generation: &Generation, since: &str) -> Result<Changed, Failure> {
        let store = context::store(self.global)?;
        let bamboohr = context::bamboohr(self.global, generation, store, Arc::clone(&self.clock)).await?;
        Ok(bamboohr.changed_since(since).await.map_err(RunError::from)?)
    }

    /// Deliveries that BambooHR did not sign, where there are new ones.
    fn tell_refused(&self) {
        let Some(listening) = &self.listening else { return };
        let now = listening.counts().refused;
        let mut told = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if now > *told {
            let text = format!("{} {} deliveries that BambooHR did not sign", bad("refused "), now - *told);
            *told = now;
            self.line(text);
        }
    }

    fn line(&self, text: String) {
        let now = self.clock.now().to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
        self.output.line(format!("{} {text}", faint(&now.to_string())));
    }

    fn at(&self, moment: Timestamp) -> String {
        clock_time(moment, &self.zone)
    }

    /// What became of the folder; whether another generation is in force.
    fn reloaded(&self, reload: &Reload) -> bool {
        match reload {
            Reload::Swapped(new) => {
                self.line(format!("{} generation {}", good("reloaded:"), short(&new.id)));
                return true;
            }
            Reload::Refused(broken) => {
                context::refused(broken, self.output);
                let in_force = self.current.generation();
                self.line(format!("{} generation {} goes on", bad("edit refused:"), short(&in_force.id)));
            }
            Reload::TakenBack => {
                let in_force = self.current.generation();
                self.line(format!("{} generation {} goes on", good("taken back:"), short(&in_force.id)));
            }
            Reload::Unchanged | Reload::Unsettled => {}
        }
        false
    }
}

/// How the service goes on after an end.
fn verdict(exit: Exit) -> Verdict {
    match exit {
        Exit::Done | Exit::Changes => Verdict::Done,
        Exit::Held => Verdict::Waits,
        Exit::Locked => Verdict::Locked,
        Exit::SignInRefused | Exit::NotAllowed => Verdict::Refused,
        Exit::Usage => Verdict::GivenUp,
        Exit::Findings | Exit::Unavailable | Exit::Stale | Exit::Unknown | Exit::Bug | Exit::DoesNotLoad => {
            Verdict::Later
        }
    }
}

/// A failure in one line.
fn words(failure: &Failure) -> String {
    let causes: Vec<String> = failure.error.chain().map(ToString::to_string).collect();
    let mut text = causes.join(": ");
    if let Some(hint) = failure.hints.first() {
        text.push_str("; ");
        text.push_str(hint);
    }
    text
}

#[async_trait::async_trait(?Send)]
impl Hands for Own<'_> {
    async fn run(&self, generation: &Generation, pipeline: &Pipeline, period: &Period) -> Ended {
        self.ended(ended(self.one_run(generation, pipeline, period), self.output, self.stop).await)
    }

    async fn send(&self, generation: &Generation, pipeline: &Pipeline) -> Ended {
        self.ended(ended(self.one_send(generation, pipeline), self.output, self.stop).await)
    }

    async fn look(&self, generation: &Generation, pipeline: &Pipeline) -> Ended {
        self.ended(ended(self.one_look(generation, pipeline), self.output, self.stop).await)
    }

    async fn changed(&self, generation: &Generation, since: &str) -> Result<Changed, Ended> {
        let asked = ended(self.one_question(generation, since), self.output, self.stop).await;
        asked.map_err(|failure| self.ended(Err(failure)))
    }

    async fn wait(&self, until: Timestamp) -> Event {
        self.tell_refused();
        let left = until.duration_since(self.clock.now());
        let left = Duration::try_from(left).unwrap_or(Duration::ZERO);
        if self.stop.is_asked() || (self.once && !left.is_zero()) {
            return Event::Stop;
        }
        let mut reloads = self.reloads.lock().await;
        let mut time = pin!(tokio::time::sleep(left));
        loop {
            tokio::select! {
                biased;
                () = self.stop.asked() => return Event::Stop,
                Some(reload) = reloads.recv() => {
                    if self.reloaded(&reload) {
                        return Event::Edited;
                    }
                }
                () = self.wake.notified() => return Event::Delivery,
                () = &mut time => return Event::Time,
            }
        }
    }

    fn tell(&self, told: Told<'_>) {
        match told {
            Told::Owed(wake) => {
                self.line(format!("due      {} {} · {}", strong(&wake.pipeline), wake.period, wake.cause));
            }
            Told::Skipped { pipeline, at } => {
                self.line(format!("skipped  {} · missed time: {}", strong(pipeline), self.at(at)));
            }
            Told::Begins(wake) => self.line(format!("run      {} {}", strong(&wake.what.pipeline), wake.what.period)),
            Told::Ended { wake, ended, again } => {
                let again = again.map_or_else(String::new, |at| format!(" · again at {}", self.at(at)));
                let (what, end) = (&wake.what, self.shown(ended));
                self.line(format!("ended    {} {} · {end}{again}", strong(&what.pipeline), what.period));
            }
            Told::Sent { ledger, ended } => {
                self.line(format!("approved {} · {}", strong(ledger), self.shown(ended)));
            }
            Told::Delivered => self.line("told     by BambooHR's webhook".to_owned()),
            Told::Changed { people } => self.line(format!("changed  {people} in BambooHR")),
            Told::NotKnown { what, ended } => {
                self.worsened(ended.verdict);
                self.line(format!("not known: {what} · {}", self.shown(ended)));
            }
            Told::Idle { next: Some((pipeline, at)) } => {
                self.line(faint(&format!("idle     next by the clock: {pipeline} at {}", self.at(at))));
            }
            Told::Idle { next: None } => self.line(faint("idle     nothing is due by the clock")),
        }
    }
}

impl Own<'_> {
    fn shown(&self, ended: &Ended) -> String {
        let word = match ended.verdict {
            Verdict::Done => good(ended.verdict.word()),
            Verdict::Waits | Verdict::Locked => care(ended.verdict.word()),
            Verdict::Later | Verdict::Refused | Verdict::GivenUp => bad(ended.verdict.word()),
        };
        if ended.detail.is_empty() { word } else { format!("{word}: {}", ended.detail) }
    }
}
