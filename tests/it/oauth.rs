//! The sign-in against an authorisation server that is not ours: npm's oidc-provider, which rotates refresh tokens and ends the
//! sign-in when a used one is shown again. Run by `bash tests/oauth/run`, which gets it; time is real here.

mod server;

use crate::bamboohr::company::connection;
use crate::meadow::KEY;
use crate::vault::Application as Signed;
use ml_connector::bamboohr::oauth::Application;
use ml_connector::bamboohr::{AccessTokens, BambooHr, SignIn};
use ml_connector::clock::{Clock, ShiftedClock};
use ml_connector::project::connections::{OAuth, SecretFrom};
use ml_connector::run::sign_in::{Tokens, flow};
use ml_connector::run::vault::{MasterKeys, Place, Vault};
use ml_connector::store::sqlite::SqliteStore;
use ml_connector::vault::SystemRandomness;
use server::{Counts, Hold, LIVES, Server};
use std::sync::Arc;

const OBSERVE: [&str; 3] = ["observe", "--for", "2013-11"];
/// So many questions are asked at a time, by so many clients (each asks three at once) of two processes' tokens.
const AT_ONCE: usize = 200;
const CLIENTS: usize = 70;

/// Meadow Goods behind the server, signed in through it.
struct Company {
    signed: Signed,
    server: Server,
}

impl Company {
    fn signed_in() -> Company {
        let signed = Signed::new();
        let server = Server::before(signed.meadow());
        let sandbox = signed.meadow().bamboohr.url();
        signed.meadow().edit("environments/sandbox.yaml", &sandbox, &server.url);
        signed.sign_in(|back| back).assert(0, &["signed in to BambooHR", "renews itself"]);
        Company { signed, server }
    }

    /// What another process has: its own store, vault and tokens.
    async fn process(&self, clock: Arc<dyn Clock>) -> Arc<Tokens> {
        let keys = MasterKeys {
            variable: &|_| None,
            passphrase: &|_| Err("nobody is there".to_owned()),
            elsewhere: None,
            random: Arc::new(SystemRandomness),
        };
        let store = Arc::new(SqliteStore::open(&self.signed.guarded.store_file()).unwrap());
        let place = Place { store, lock: self.signed.meadow().project().join(".ml-connector/vault.lock") };
        let vault = Arc::new(Vault::open(place, &keys, Arc::clone(&clock)).await.unwrap());
        let oauth = OAuth {
            client_id: "ml-connector".to_owned(),
            client_secret: SecretFrom::Environment("NOT_READ_HERE".to_owned()),
            redirect: "https://meadow.example/back".to_owned(),
            scopes: vec!["employee".to_owned(), "offline_access".to_owned()],
            pkce: true,
        };
        let application = Application::new(&connection(&self.server.url), &oauth, &KEY.into()).unwrap();
        Arc::new(Tokens::new(application, vault, flow::bamboohr(), clock))
    }

    fn client(&self, tokens: &Arc<Tokens>, clock: &Arc<dyn Clock>) -> Arc<BambooHr> {
        let sign_in = SignIn::Tokens(Arc::clone(tokens) as Arc<dyn AccessTokens>);
        Arc::new(BambooHr::new(&connection(&self.server.url), sign_in, Arc::clone(clock)).unwrap())
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap()
}

/// Asks until five tokens have ended, and gives what the server counted.
#[expect(clippy::print_stdout, reason = "how many questions met the end of a token is different each time")]
async fn ask_across_five_ends(company: &Company) -> Counts {
    // The child that signed in began at noon, too.
    let clock: Arc<dyn Clock> = Arc::new(ShiftedClock::starting_at("2013-12-02T12:00:00Z".parse().unwrap()));
    let processes = [company.process(Arc::clone(&clock)).await, company.process(Arc::clone(&clock)).await];
    let clients: Vec<_> = (0..CLIENTS).map(|n| company.client(&processes[n % 2], &clock)).collect();
    let mut asked = 0;
    while company.server.counts().await.renewed < 5 {
        let asking: Vec<_> = (0..AT_ONCE)
            .map(|n| Arc::clone(&clients[n % CLIENTS]))
            .map(|client| tokio::spawn(async move { client.fields().await.map(|_| ()).map_err(|no| no.to_string()) }))
            .collect();
        for answer in asking {
            assert_eq!(answer.await.unwrap(), Ok(()), "no refusal reaches whoever asks");
        }
        asked += AT_ONCE as u64;
    }
    let counts = company.server.counts().await;
    println!("{asked} questions, {} of them with a token that had just ended: {counts:?}", counts.refused);
    assert_eq!((counts.signed_in, counts.not_taken), (1, 0), "no refresh token was shown twice");
    assert_eq!(counts.served, asked, "{counts:?}");
    // The server counts whole seconds, so a token lives two to three, less the moment until it is counted. Two renewals for one end would be moments apart.
    let shortest = LIVES.as_millis() as u64 - 1500;
    assert!(counts.ages.iter().all(|age| *age >= shortest), "each token was renewed at its end: {counts:?}");
    counts
}

#[test]
#[ignore = "needs node: bash tests/oauth/run"]
fn two_hundred_questions_at_a_time_renew_once_for_each_end_of_a_token() {
    let company = Company::signed_in();
    runtime().block_on(ask_across_five_ends(&company));
}

/// The server names an hour, so nobody here knows of an end before questions are refused; many are at once.
#[test]
#[ignore = "needs node: bash tests/oauth/run"]
fn tokens_that_end_before_their_time_are_renewed_once_by_all_who_are_refused() {
    let company = Company::signed_in();
    runtime().block_on(async {
        company.server.name_life(3600).await;
        let counts = ask_across_five_ends(&company).await;
        assert!(counts.refused >= 4, "the first token is renewed early, the others when they are refused: {counts:?}");
    });
}

/// Nothing was used up: the next run shows the same refresh token.
#[test]
#[ignore = "needs node: bash tests/oauth/run"]
fn killed_before_the_server_heard_of_it_nothing_is_lost() {
    let company = Company::signed_in();
    killed_while(&company, Hold::Before);
    company.signed.ran(&OBSERVE).assert(0, &[]);
    let counts = runtime().block_on(company.server.counts());
    assert_eq!((counts.renewed, counts.not_taken, counts.signed_in), (1, 0, 1));
}

/// The server gave new tokens to a process that was gone: a person is asked, once, and then all is well.
#[test]
#[ignore = "needs node: bash tests/oauth/run"]
fn killed_before_the_answer_came_a_person_is_asked_once() {
    let company = Company::signed_in();
    killed_while(&company, Hold::After);
    let lost = ["no longer takes the refresh token (invalid_grant)", "the answer to an earlier renewal was lost"];
    company.signed.ran(&OBSERVE).assert(9, &lost);
    company.signed.ran(&OBSERVE).assert(9, &lost);
    company.signed.ran(&["sign-in", "--status"]).assert(9, &["sign in again"]);
    let counts = runtime().block_on(company.server.counts());
    assert_eq!((counts.renewed, counts.not_taken), (1, 1), "the used refresh token was shown once more, not twice");
    company.signed.sign_in(|back| back).assert(0, &["signed in"]);
    company.signed.ran(&OBSERVE).assert(0, &[]);
}

/// kill -9 of a run whose renewal the server holds.
fn killed_while(company: &Company, hold: Hold) {
    let runtime = runtime();
    runtime.block_on(async {
        company.server.seen("the first token ends", |counts| !counts.is_good).await;
        company.server.hold(hold).await;
    });
    let observing = company.signed.meadow().started(&OBSERVE);
    runtime.block_on(company.server.seen("a renewal that is held", |counts| counts.held == 1));
    observing.kill();
}
