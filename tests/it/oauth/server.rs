//! The authorisation server of tests/oauth, running, with the sandbox behind it.

use crate::meadow::{KEY, Meadow};
use serde::Deserialize;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where tests/oauth/run has put the server and what it needs.
const PLACE: &str = "ML_CONNECTOR_OAUTH_SERVER";

/// How long an access token lives at most; the server counts in whole seconds.
pub const LIVES: Duration = Duration::from_secs(3);

/// What the server has seen.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    pub signed_in: u64,
    pub renewed: u64,
    /// Refresh tokens that were shown and not taken.
    pub not_taken: u64,
    /// How old each access token was when it was renewed, in milliseconds.
    pub ages: Vec<u64>,
    /// Questions that were passed on, and those that had no good token.
    pub served: u64,
    pub refused: u64,
    /// Renewals that it was told not to answer.
    pub held: u64,
    /// Whether the newest access token is still good.
    pub is_good: bool,
}

/// What becomes of the next renewal.
#[derive(Clone, Copy, Debug)]
pub enum Hold {
    /// It is not begun.
    Before,
    /// It is done, and never answered.
    After,
}

/// The server as a process of node. Dropping it ends it.
pub struct Server {
    child: Child,
    pub url: String,
    http: reqwest::Client,
}

impl Server {
    /// In front of a company's BambooHR.
    pub fn before(meadow: &Meadow) -> Server {
        let place = std::env::var_os(PLACE).unwrap_or_else(|| panic!("{PLACE} is not set: bash tests/oauth/run"));
        let mut command = Command::new("node");
        command.arg("server.mjs").current_dir(place).env("SANDBOX", meadow.bamboohr.url()).env("SECRET", KEY);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let url = lines.find_map(|line| line.strip_prefix("listening ").map(str::to_owned)).unwrap();
        // What it prints later is read away, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, url, http: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    pub async fn counts(&self) -> Counts {
        self.asked("/test/counts").await
    }

    pub async fn hold(&self, what: Hold) {
        let next = match what {
            Hold::Before => "before",
            Hold::After => "after",
        };
        self.asked(&format!("/test/hold?next={next}")).await;
    }

    /// Lets the next answers name this as the life of a token, whatever it is.
    pub async fn name_life(&self, seconds: u32) {
        self.asked(&format!("/test/name?seconds={seconds}")).await;
    }

    async fn asked(&self, path: &str) -> Counts {
        let answer = self.http.get(format!("{}{path}", self.url)).send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    /// Asks again and again until the server has seen it.
    pub async fn seen(&self, what: &str, is_so: impl Fn(&Counts) -> bool) -> Counts {
        let began = Instant::now();
        loop {
            let counts = self.counts().await;
            if is_so(&counts) {
                return counts;
            }
            assert!(began.elapsed() < crate::meadow::patience(), "not seen: {what}: {counts:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
