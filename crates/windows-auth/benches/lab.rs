//! What a sign-in costs: `cargo bench -p windows-auth --features lab --bench lab`, with the values of a running lab in the
//! environment (`tests/lab/windows-auth-lab up FOLDER` prints them; KRB5_CONFIG is its GPLAB_KRB5_CONF). Prints each figure beside
//! its budget, and ends with an error where one is over it.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints, and ends where its ground is missing")]

#[allow(dead_code, reason = "the lab's tests use the rest")]
#[path = "../tests/lab/world.rs"]
mod world;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use windows_auth::{Binding, Limits, Login, Pool};
use world::{binding, get, kerberos, keytab, limits, server, service, with_key};

/// Requests of one round, and pairs of rounds: with a sign-in and without, in turns, so that both meet the same machine.
const REQUESTS: u32 = 200;
const PAIRS: usize = 15;
/// Of the plain requests a second, in thousandths.
const LEAST_SHARE: u128 = 950;
const HANDSHAKES: usize = 60;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let is_good = runtime.block_on(async {
        let mut is_good = true;
        println!(
            "{:<52} {:>12} {:>12} {:>10} {:>8}",
            "one connection, requests a second", "signed in", "plain", "share", "budget"
        );
        let ntlm = Login::Ntlm(service("GP\\{}"));
        is_good &= throughput("NTLM, Apache", "APACHE_NTLM_HTTP", ntlm).await;
        let tickets = || Login::Kerberos(kerberos(service("{}")));
        is_good &= throughput("Kerberos, Apache", "APACHE_KRB_HTTP", tickets()).await;
        println!(
            "{:<52} {:>12} {:>12} {:>10} {:>8}",
            "a handshake with its request", "least", "median", "most", "budget"
        );
        let own = || with_key(keytab());
        is_good &= handshake("Kerberos, ticket at hand (keytab)", "APACHE_KRB_HTTP", own(), Some(3)).await;
        is_good &= handshake("Kerberos, by password", "APACHE_KRB_HTTP", tickets(), Some(20)).await;
        is_good &= handshake("NTLM", "APACHE_NTLM_HTTP", Login::Ntlm(service("GP\\{}")), None).await;
        is_good &= handshake("none: a connection and a plain request", "APACHE_PLAIN_HTTP", nobody(), None).await;
        is_good
    });
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The same client without a handshake: Apache takes the header away and lets everybody in.
fn nobody() -> Login {
    Login::Basic(service("{}"))
}

fn pool(front: &str, login: Login, limits: Limits) -> Arc<Pool> {
    Pool::new(server(front), login, binding(Binding::Auto), limits).unwrap()
}

/// How long one round takes on one connection that is open and signed in.
async fn round(pool: &Arc<Pool>) -> Duration {
    let began = Instant::now();
    for _ in 0..REQUESTS {
        assert_eq!(get(pool, "/round").await.unwrap().0, 200);
    }
    began.elapsed()
}

async fn throughput(what: &str, front: &str, login: Login) -> bool {
    let (signed_in, plain) = (pool(front, login, limits(1)), pool("APACHE_PLAIN_HTTP", nobody(), limits(1)));
    let _ = (round(&signed_in).await, round(&plain).await);
    let mut pairs = Vec::new();
    for turn in 0..PAIRS {
        // Who goes first takes turns, too.
        let (ours, theirs) = match turn % 2 {
            0 => (round(&signed_in).await, round(&plain).await),
            _ => {
                let theirs = round(&plain).await;
                (round(&signed_in).await, theirs)
            }
        };
        pairs.push((theirs.as_micros() * 1000 / ours.as_micros(), ours, theirs));
    }
    assert_eq!((signed_in.seen().connections, signed_in.seen().handshakes, plain.seen().connections), (1, 1, 1));
    pairs.sort_unstable();
    let (share, ours, theirs) = pairs[PAIRS / 2];
    let second = |round: Duration| u128::from(REQUESTS) * 1_000_000 / round.as_micros();
    let percent = |share: u128| format!("{}.{} %", share / 10, share % 10);
    println!("{what:<52} {:>12} {:>12} {:>10} {:>8}", second(ours), second(theirs), percent(share), "95 %");
    share >= LEAST_SHARE
}

/// Each request on a connection of its own: TCP, the handshake, the request within it, and the server's proof.
async fn handshake(what: &str, front: &str, login: Login, budget_ms: Option<u64>) -> bool {
    let pool = pool(front, login, Limits { age: Duration::ZERO, ..limits(1) });
    // The first one asks for tickets, and learns what the server takes.
    assert_eq!(get(&pool, "/handshake").await.unwrap().0, 200);
    let mut took = Vec::new();
    for _ in 0..HANDSHAKES {
        let began = Instant::now();
        assert_eq!(get(&pool, "/handshake").await.unwrap().0, 200);
        took.push(began.elapsed());
    }
    assert!(pool.seen().connections > HANDSHAKES as u64);
    took.sort_unstable();
    let median = took[HANDSHAKES / 2];
    let words = |time: Duration| format!("{}.{:02} ms", time.as_millis(), time.as_micros() % 1000 / 10);
    let budget = budget_ms.map_or_else(|| "none".to_owned(), |ms| format!("{ms} ms"));
    println!("{what:<52} {:>12} {:>12} {:>10} {budget:>8}", words(took[0]), words(median), words(took[HANDSHAKES - 1]));
    budget_ms.is_none_or(|ms| median <= Duration::from_millis(ms))
}
