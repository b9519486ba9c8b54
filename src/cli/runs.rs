//! What `status` tells of pipelines that run by themselves: when next, what the last run came to, what is owed.

use super::exit::Failure;
use super::output::{Output, faint, strong};
use crate::project::Generation;
use crate::run::systems::time_zone;
use crate::service::agenda::Timetable;
use crate::service::due::clock_time;
use crate::store::{Store, Wake};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// How many of the newest runs are looked through.
const NEWEST: u32 = 1000;

/// One pipeline that runs by itself, or did.
struct Row {
    pipeline: String,
    next: Option<Timestamp>,
    on_change: bool,
    last: Option<Wake>,
}

/// All of them.
pub struct Runs {
    rows: Vec<Row>,
    owed: Vec<Wake>,
    zone: TimeZone,
}

impl Runs {
    /// As the store and the project know them. Without a project that loads, only what is owed.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn of(store: &dyn Store, generation: Option<&Generation>, now: Timestamp) -> Result<Runs, Failure> {
        let owed = store.owed().await?;
        let Some(generation) = generation else { return Ok(Runs { rows: Vec::new(), owed, zone: TimeZone::UTC }) };
        let zone = time_zone(&generation.project.time_zone)?;
        let calendar = &generation.project.work;
        let table = Timetable { pipelines: &generation.pipelines, calendar, zone: &zone };
        let last = store.last_wakes(NEWEST).await?;
        let rows = generation.pipelines.iter().filter_map(|pipeline| {
            let every = pipeline.every.as_ref()?;
            let last = last.iter().find(|wake| wake.tried_at.is_some() && wake.what.pipeline == pipeline.name);
            let next = table.next_of(pipeline, now);
            Some(Row { pipeline: pipeline.name.clone(), next, on_change: every.change, last: last.cloned() })
        });
        Ok(Runs { rows: rows.collect(), owed, zone: zone.clone() })
    }

    /// `served`: a service is running.
    pub fn print(&self, served: bool, output: &Output) {
        if !self.rows.is_empty() && !served {
            output.line(faint("no service is running: ml-connector serve runs these by themselves"));
        }
        for row in &self.rows {
            let mut parts: Vec<String> = row.next.map(|next| format!("next {}", self.at(next))).into_iter().collect();
            parts.extend(row.on_change.then(|| "on a change in BambooHR".to_owned()));
            if let Some(last) = &row.last {
                let tried = last.tried_at.map_or_else(String::new, |at| format!(" at {}", self.at(at)));
                parts.push(format!("last {}{tried}: {}", last.what.period, outcome(last)));
            }
            output.line(format!("  {:<28} {}", row.pipeline, parts.join(" · ")));
        }
        for wake in &self.owed {
            let tried = match wake.tries {
                0 => "not tried yet".to_owned(),
                1 => format!("tried once: {}", outcome(wake)),
                tries => format!("tried {tries} times: {}", outcome(wake)),
            };
            let (what, cause) = (&wake.what, faint(&wake.what.cause));
            output.line(format!("  owed: {} {} · {cause} · {tried}", strong(&what.pipeline), what.period));
        }
    }

    /// The same for programs.
    pub fn as_json(&self) -> Value {
        let run = |wake: &Wake| {
            json!({ "pipeline": wake.what.pipeline, "period": wake.what.period.0, "cause": wake.what.cause,
                    "due": wake.what.due.to_string(), "tries": wake.tries, "outcome": wake.outcome.word,
                    "detail": wake.outcome.detail, "tried_at": wake.tried_at.map(|at| at.to_string()) })
        };
        let row = |row: &Row| {
            json!({ "pipeline": row.pipeline, "next": row.next.map(|at| at.to_string()), "on_change": row.on_change,
                    "last": row.last.as_ref().map(run) })
        };
        let pipelines: Vec<Value> = self.rows.iter().map(row).collect();
        json!({ "pipelines": pipelines, "owed": self.owed.iter().map(run).collect::<Vec<_>>() })
    }

    fn at(&self, moment: Timestamp) -> String {
        clock_time(moment, &self.zone)
    }
}

fn outcome(wake: &Wake) -> String {
    let outcome = &wake.outcome;
    if outcome.detail.is_empty() { outcome.word.clone() } else { format!("{}: {}", outcome.word, outcome.detail) }
}
