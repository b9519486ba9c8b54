//! Signing in to BambooHR by OAuth, end to end: a person's yes, tokens that live three seconds, and whoever renews them.

use super::Guarded;
use crate::meadow::{KEY, Meadow, Ran, patience};
use ml_connector::sandbox::faults::Fault;
use std::io::Write;
use std::process::{Child, Stdio};
use std::time::Duration;

const OBSERVE: [&str; 3] = ["observe", "--for", "2013-11"];
const TOKENS: &str = "POST /token.php";
const A_DAY: Duration = Duration::from_secs(24 * 3600);
const TOMORROW: [(&str, &str); 1] = [("ML_CONNECTOR_TODAY", "2013-12-03")];
/// Its answer says that tokens live so long.
const LIVES: i64 = 3;

/// Meadow Goods with an application instead of a key.
pub struct Application {
    pub guarded: Guarded,
}

impl Application {
    pub fn new() -> Application {
        let guarded = Guarded::open();
        guarded.meadow.fed(&["vault", "set", "application-secret"], KEY).assert(0, &[]);
        guarded.meadow.edit(
            "project.yaml",
            "    api_key: { vault: bamboohr-key }\n",
            "    oauth:\n      client_id: ml-connector\n      client_secret: { vault: application-secret }\n      \
             redirect: https://meadow.example/back\n      scopes: [employee, offline_access]\n      pkce: true\n",
        );
        let mut account = guarded.meadow.bamboohr.account();
        account.oauth.lives = LIVES;
        account.oauth.rotates = true;
        drop(account);
        Application { guarded }
    }

    pub fn signed_in() -> Application {
        let application = Application::new();
        application.sign_in(|back| back).assert(0, &["signed in to BambooHR since 2013-12-02"]);
        application
    }

    pub fn meadow(&self) -> &Meadow {
        &self.guarded.meadow
    }

    /// `sign-in`, with a browser that follows the link; `paste` may change the address before it is pasted.
    pub fn sign_in(&self, paste: impl FnOnce(String) -> String) -> Ran {
        let mut signing = Signing::begin(self.meadow(), &["sign-in", "--by", "S. Igner", "-vv"]);
        let back = browse(&signing.link);
        signing.paste(&paste(back))
    }

    pub fn ran(&self, arguments: &[&str]) -> Ran {
        self.guarded.ran(arguments)
    }

    /// (renewed, refused) as BambooHR counts them.
    pub fn renewals(&self) -> (u64, u64) {
        let account = self.meadow().bamboohr.account();
        (account.oauth.renewed, account.oauth.refused)
    }

    /// The access tokens end.
    pub fn expire(&self) {
        self.meadow().bamboohr.account().oauth.forget_access();
    }
}

/// A running `sign-in` that has shown its link.
struct Signing {
    child: Child,
    link: String,
}

impl Signing {
    fn begin(meadow: &Meadow, arguments: &[&str]) -> Signing {
        let mut command = meadow.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut link = String::new();
        // Byte by byte: what follows is read at the end.
        let out = child.stdout.as_mut().unwrap();
        while !link.ends_with('\n') {
            let mut byte = [0];
            std::io::Read::read_exact(out, &mut byte).unwrap();
            link.push(char::from(byte[0]));
        }
        Signing { child, link: link.trim().to_owned() }
    }

    fn paste(&mut self, address: &str) -> Ran {
        writeln!(self.child.stdin.take().unwrap(), "{address}").unwrap();
        let read = |pipe: &mut dyn std::io::Read| {
            let mut text = String::new();
            pipe.read_to_string(&mut text).unwrap();
            text
        };
        let out = read(self.child.stdout.as_mut().unwrap());
        let err = read(self.child.stderr.as_mut().unwrap());
        Ran { code: self.child.wait().unwrap().code().unwrap_or(-1), out, err }
    }
}

/// A browser and a person who says yes: the address it is sent back to.
fn browse(link: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let answer = http.get(link).send().await.unwrap();
        assert_eq!(answer.status(), 302, "{link}");
        answer.headers()["location"].to_str().unwrap().to_owned()
    })
}

#[test]
fn a_person_signs_in_once_and_tokens_renew_themselves() {
    let application = Application::new();
    application.ran(&OBSERVE).assert(9, &["nobody has signed in yet", "hint: a person signs in: ml-connector sign-in"]);
    application.ran(&["sign-in", "--status"]).assert(9, &["nobody has signed in yet"]);
    application.sign_in(|back| back).assert(0, &["signed in to BambooHR", "renews itself"]);
    application.ran(&["sign-in", "--status"]).assert(0, &["the access token is good until 2013-12-02 12:00 UTC"]);
    application.ran(&["audit"]).assert(0, &["S. Igner", "signed in", "bamboohr"]);
    application.ran(&OBSERVE).assert(0, &[]);
    assert_eq!(application.renewals(), (0, 0), "the first token is used while it is good");

    // BambooHR's clock goes on, ours does not: the token is refused before its time, renewed, and the question repeated.
    for renewal in 1..=3 {
        application.expire();
        application.ran(&OBSERVE).assert(0, &[]);
        assert_eq!(application.renewals(), (renewal, 0));
    }
    // Both clocks go on: the token is renewed before it is shown.
    application.meadow().clock.advance(A_DAY);
    let before = application.meadow().bamboohr.faults().requests().len();
    application.meadow().ran_with(&OBSERVE, &TOMORROW).assert(0, &[]);
    assert_eq!(application.renewals(), (4, 0));
    let requests = application.meadow().bamboohr.faults().requests();
    assert!(requests[before].starts_with(TOKENS), "{:?}", &requests[before..]);
}

#[test]
fn a_month_is_sent_by_oauth() {
    let application = Application::signed_in();
    application.ran(&["plan", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(0, &[]);
    application.ran(&["approve", "--pipeline", "payroll-journal", "--for", "2013-11"]).assert(0, &[]);
    application.expire();
    application.ran(&crate::meadow::RUN).assert(0, &["sent"]);
    application.meadow().assert_sent_once("by OAuth");
}

#[test]
fn only_the_answer_to_the_question_signs_in() {
    let application = Application::new();
    type Paste = fn(String) -> String;
    let cases: [(Paste, &str); 6] = [
        (|back| back.replace("state=", "state=x"), "its `state` is another"),
        (|back| back.split("&state=").next().unwrap().to_owned(), "its `state` is another"),
        (|back| back.replace("meadow.example", "elsewhere.example"), "this is not the `redirect` address"),
        (|_| "sandbox-code-1".to_owned(), "this is not an address"),
        (|back| back.replace("code=", "error=access_denied&cod="), "BambooHR says no: access_denied"),
        (|back| back.replace("code=sandbox", "code=another"), "BambooHR does not take this code any more"),
    ];
    for (paste, told) in cases {
        let before = application.meadow().bamboohr.faults().count(TOKENS);
        let ran = application.sign_in(paste);
        ran.assert(2, &[told, "nothing was kept"]);
        let is_asked = u64::from(told.contains("take this code"));
        let asked = application.meadow().bamboohr.faults().count(TOKENS) - before;
        assert_eq!(asked as u64, is_asked, "{told}: no code is shown to BambooHR for a wrong answer");
    }
    application.ran(&["sign-in", "--status"]).assert(9, &["nobody has signed in yet"]);
    let nothing = Signing::begin(application.meadow(), &["sign-in"]).paste("");
    nothing.assert(2, &["nothing was pasted"]);
    // Another application's secret.
    application.meadow().fed(&["vault", "set", "application-secret"], "another").assert(0, &[]);
    application.sign_in(|back| back).assert(9, &["BambooHR refused the application (invalid_client)"]);
}

#[test]
fn a_revoked_sign_in_ends_once_and_is_not_tried_again() {
    let application = Application::signed_in();
    application.meadow().bamboohr.account().oauth.revoke();
    application.ran(&OBSERVE).assert(9, &["no longer takes the refresh token (invalid_grant)", "ml-connector sign-in"]);
    assert_eq!(application.renewals(), (0, 1));
    let before = application.meadow().bamboohr.faults().requests().len();
    application.ran(&OBSERVE).assert(9, &["no longer takes the refresh token"]);
    application.ran(&["sign-in", "--status"]).assert(9, &["sign in again:", "2013-12-02"]);
    assert_eq!(application.meadow().bamboohr.faults().requests().len(), before, "nothing was asked again");
    application.sign_in(|back| back).assert(0, &["signed in"]);
    application.ran(&OBSERVE).assert(0, &[]);
}

#[test]
fn of_two_processes_one_renews_and_the_other_reads_what_it_got() {
    let application = Application::signed_in();
    for expiry in 1..=5 {
        application.expire();
        let lock = std::fs::File::create(application.meadow().project().join(".ml-connector/vault.lock")).unwrap();
        lock.lock().unwrap();
        let arguments = [&OBSERVE[..], &["-v"]].concat();
        let mut running = [application.meadow().started(&arguments), application.meadow().started(&arguments)];
        for observing in &mut running {
            observing.wait_for("another command changes the vault");
        }
        assert_eq!(application.renewals().0, expiry - 1);
        lock.unlock().unwrap();
        for observing in &mut running {
            observing.wait_for("people");
        }
        let codes = running.map(crate::meadow::Running::ended);
        assert_eq!(codes, [0, 0]);
        assert_eq!(application.renewals(), (expiry, 0), "exactly one renewal each time the token ends");
    }
}

/// The refresh token is used up and its answer is lost: nobody can mend that, so a person is asked, once.
#[test]
fn killed_between_the_answer_and_the_store_a_person_is_asked_and_nothing_loops() {
    let application = Application::signed_in();
    application.expire();
    application.meadow().bamboohr.faults().next(TOKENS, Fault::SilenceAfter);
    let observing = application.meadow().started(&OBSERVE);
    assert!(application.meadow().bamboohr.faults().wait_for(2, TOKENS, patience()));
    while application.renewals().0 == 0 {
        std::thread::yield_now();
    }
    observing.kill();
    application.meadow().bamboohr.faults().clear();
    let next = application.ran(&OBSERVE);
    next.assert(9, &["no longer takes the refresh token", "the answer to an earlier renewal was lost"]);
    assert_eq!(application.renewals(), (1, 1));
    application.ran(&OBSERVE).assert(9, &[]);
    assert_eq!(application.renewals(), (1, 1), "it is not shown again");
    application.sign_in(|back| back).assert(0, &["signed in"]);
    application.ran(&OBSERVE).assert(0, &[]);
}

#[test]
fn a_lost_answer_is_mended_by_itself_where_refresh_tokens_stay() {
    let application = Application::new();
    application.meadow().bamboohr.account().oauth.rotates = false;
    application.sign_in(|back| back).assert(0, &["signed in"]);
    application.expire();
    application.meadow().bamboohr.faults().next(TOKENS, Fault::CutAfter);
    application.ran(&OBSERVE).assert(5, &["BambooHR is not available while reading a new access token"]);
    application.ran(&OBSERVE).assert(0, &[]);
    assert_eq!(application.renewals(), (2, 0));
}

#[test]
fn a_token_page_that_is_down_is_retried_by_the_next_run() {
    let application = Application::signed_in();
    application.expire();
    for fault in [Fault::status(503), Fault::html(), Fault::status(302), Fault::CutBefore] {
        application.meadow().bamboohr.faults().next(TOKENS, fault.clone());
        let before = application.meadow().bamboohr.faults().count(TOKENS);
        application.ran(&OBSERVE).assert(5, &["a new access token"]);
        let asked = application.meadow().bamboohr.faults().count(TOKENS) - before;
        assert!(asked <= 1, "{fault:?}: it is asked {asked} times");
    }
    application.ran(&OBSERVE).assert(0, &[]);
    // A hundred seconds before its end it is renewed early. That is not available: what is still good is used.
    application.meadow().bamboohr.account().oauth.lives = 24 * 3600 + 100;
    application.expire();
    application.ran(&OBSERVE).assert(0, &[]);
    application.meadow().clock.advance(A_DAY);
    let before = application.meadow().bamboohr.faults().count(TOKENS);
    application.meadow().bamboohr.faults().always(TOKENS, Fault::status(503));
    application
        .meadow()
        .ran_with(&[&OBSERVE[..], &["-v"]].concat(), &TOMORROW)
        .assert(0, &["could not be renewed yet"]);
    assert_eq!(application.meadow().bamboohr.faults().count(TOKENS), before + 1, "asked once, not for every question");
}

#[test]
fn a_new_token_that_is_refused_too_ends_the_run() {
    let application = Application::signed_in();
    application.meadow().bamboohr.faults().always("GET /api", Fault::status(401));
    application.ran(&OBSERVE).assert(9, &["BambooHR refused the sign-in"]);
    assert_eq!(application.renewals(), (1, 0), "renewed once, not again and again");
}

#[test]
fn tokens_are_shown_to_nobody_and_stay_out_of_exports() {
    let application = Application::signed_in();
    application.expire();
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("meadow.vault");
    let mut shown = vec![application.sign_in(|back| back).all()];
    for arguments in [
        &OBSERVE[..],
        &["sign-in", "--status"],
        &["sign-in", "--status", "--format", "json"],
        &["vault", "list"],
        &["vault", "export", export.to_str().unwrap()],
        &["audit"],
    ] {
        shown.push(application.ran(&[arguments, &["-vv"]].concat()).all());
    }
    application.meadow().bamboohr.account().oauth.revoke();
    shown.push(application.ran(&[&OBSERVE[..], &["-vv"]].concat()).all());
    let store = std::fs::read(application.guarded.store_file()).unwrap();
    shown.push(String::from_utf8_lossy(&store).into_owned());
    assert!(!std::fs::read_to_string(&export).unwrap().contains("sign-in:bamboohr"));
    for text in shown {
        for canary in ["sandbox-access-token", "sandbox-refresh-token", KEY] {
            assert!(!text.contains(canary), "{canary} is in\n{text}");
        }
    }
}
