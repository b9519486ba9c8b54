//! Many tasks, and processes that share a store, ask for tokens that live three injected seconds: each end is one renewal.

use super::stopping::{Stop, Stopping};
use crate::bamboohr::company::{KEY, connection, many};
use ml_connector::bamboohr::oauth::Application;
use ml_connector::bamboohr::{AccessTokens, BambooHr, BamboohrError, SignIn};
use ml_connector::clock::StandingClock;
use ml_connector::project::connections::{BamboohrSignIn, OAuth, SecretFrom};
use ml_connector::run::sign_in::{Question, Tokens, flow};
use ml_connector::run::vault::{MasterKeys, Place, Vault};
use ml_connector::sandbox::bamboohr::BamboohrSandbox;
use ml_connector::store::SecretStore;
use ml_connector::store::sqlite::SqliteStore;
use ml_connector::vault::{Source, SystemRandomness};
use secrecy::ExposeSecret;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const LIVES: Duration = Duration::from_secs(3);

struct Account {
    sandbox: BamboohrSandbox,
    clock: StandingClock,
    folder: TempDir,
}

impl Account {
    /// Signed in, by a person in a browser.
    async fn signed_in() -> Account {
        let clock = StandingClock::at("2013-12-02T08:00:00Z".parse().unwrap());
        let sandbox = BamboohrSandbox::start(&many(3), "meadow", KEY, clock.clone()).unwrap();
        {
            let mut account = sandbox.account();
            (account.oauth.lives, account.oauth.rotates) = (LIVES.as_secs() as i64, true);
        }
        let account = Account { sandbox, clock, folder: tempfile::tempdir().unwrap() };
        let key = account.keys().choose(Source::File(account.folder.path().join("key"))).unwrap();
        let (place, clock) = (account.place(account.store()), Arc::new(account.clock.clone()));
        let vault = Vault::make(place, &key, Arc::new(SystemRandomness), clock, "A").await.unwrap();
        let question = Question::new(account.application(), "A", &SystemRandomness).unwrap();
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let back = http.get(question.link()).send().await.unwrap();
        let back = back.headers()["location"].to_str().unwrap().into();
        question.answer(&back, &vault, &account.clock).await.unwrap();
        account
    }

    fn keys(&self) -> MasterKeys<'static> {
        MasterKeys {
            variable: &|_| None,
            passphrase: &|_| Err("nobody is there".to_owned()),
            elsewhere: None,
            random: Arc::new(SystemRandomness),
        }
    }

    fn store(&self) -> Arc<SqliteStore> {
        Arc::new(SqliteStore::open(&self.folder.path().join("store.db")).unwrap())
    }

    fn place(&self, store: Arc<dyn SecretStore>) -> Place {
        Place { store, lock: self.folder.path().join("lock") }
    }

    fn application(&self) -> Application {
        let oauth = OAuth {
            client_id: "ml-connector".to_owned(),
            client_secret: SecretFrom::Environment("NOT_READ_HERE".to_owned()),
            redirect: "https://meadow.example/back".to_owned(),
            scopes: vec!["offline_access".to_owned()],
            pkce: true,
        };
        Application::new(&connection(&self.sandbox.url()), &oauth, &KEY.into()).unwrap()
    }

    /// What a process of its own would have: its own store, vault and lock file.
    async fn process(&self, store: Arc<dyn SecretStore>) -> Arc<Tokens> {
        let clock = Arc::new(self.clock.clone());
        let vault = Vault::open(self.place(store), &self.keys(), clock.clone()).await.unwrap();
        Arc::new(Tokens::new(self.application(), Arc::new(vault), flow::bamboohr(), clock))
    }

    fn client(&self, tokens: &Arc<Tokens>) -> Arc<BambooHr> {
        let connection = ml_connector::project::connections::BamboohrConnection {
            sign_in: BamboohrSignIn::ApiKey(SecretFrom::Environment("NOT_READ_HERE".to_owned())),
            ..connection(&self.sandbox.url())
        };
        let sign_in = SignIn::Tokens(Arc::clone(tokens) as Arc<dyn AccessTokens>);
        Arc::new(BambooHr::new(&connection, sign_in, Arc::new(self.clock.clone())).unwrap())
    }

    fn renewals(&self) -> (u64, u64) {
        let account = self.sandbox.account();
        (account.oauth.renewed, account.oauth.refused)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_tasks_of_three_processes_renew_once_each_time_a_token_ends() {
    let account = Account::signed_in().await;
    let mut processes = Vec::new();
    for _ in 0..3 {
        processes.push(account.process(account.store()).await);
    }
    for end in 1..=20 {
        account.clock.advance(LIVES);
        let asking = (0..60).map(|n| {
            let tokens = Arc::clone(&processes[n % 3]);
            tokio::spawn(async move { tokens.token().await.unwrap().expose_secret().to_owned() })
        });
        let mut given = BTreeSet::new();
        for asked in asking.collect::<Vec<_>>() {
            given.insert(asked.await.unwrap());
        }
        assert_eq!(given.len(), 1, "everybody has the same token");
        assert_eq!(account.renewals(), (end, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_token_that_is_refused_early_is_renewed_once_by_all_questions_together() {
    let account = Account::signed_in().await;
    let processes = [account.process(account.store()).await, account.process(account.store()).await];
    let clients = processes.each_ref().map(|tokens| account.client(tokens));
    for end in 1..=10 {
        account.sandbox.account().oauth.forget_access();
        let asking = (0..20).map(|n| {
            let client = Arc::clone(&clients[n % 2]);
            tokio::spawn(async move {
                let mut facts = ml_connector::plan::facts::Facts::default();
                client.people(&[], &mut facts).await.map(|_| facts.people.len()).map_err(|error| error.to_string())
            })
        });
        for asked in asking.collect::<Vec<_>>() {
            assert_eq!(asked.await.unwrap(), Ok(3));
        }
        assert_eq!(account.renewals(), (end, 0));
    }
}

/// The answer is there, and the process ends before it is stored: the refresh token that the vault has was used up.
#[tokio::test]
async fn stopped_between_the_answer_and_the_store_a_person_is_asked_once() {
    let account = Account::signed_in().await;
    account.clock.advance(LIVES);
    // The first put notes that the token is being renewed, the second would keep what came of it.
    let stopping = account.process(Arc::new(Stopping::new(account.store(), Stop::AtPut(2)))).await;
    assert!(matches!(stopping.token().await, Err(BamboohrError::Tokens { .. })));
    assert_eq!(account.renewals(), (1, 0));
    let next = account.process(account.store()).await;
    let again = next.token().await.unwrap_err();
    assert!(
        matches!(&again, BamboohrError::SignInAgain { why } if why.contains("an earlier renewal was lost")),
        "{again}"
    );
    for _ in 0..3 {
        assert!(matches!(next.token().await, Err(BamboohrError::SignInAgain { .. })));
    }
    assert_eq!(account.renewals(), (1, 1), "it is not shown again");
}

/// The process ends before it asks: nothing was used up.
#[tokio::test]
async fn stopped_before_the_question_nothing_is_lost() {
    let account = Account::signed_in().await;
    account.clock.advance(LIVES);
    let stopping = account.process(Arc::new(Stopping::new(account.store(), Stop::AtPut(1)))).await;
    assert!(stopping.token().await.is_err());
    assert_eq!(account.renewals(), (0, 0), "what is asked is noted first");
    account.process(account.store()).await.token().await.unwrap();
    assert_eq!(account.renewals(), (1, 0));
}
