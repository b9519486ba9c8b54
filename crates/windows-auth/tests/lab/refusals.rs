//! What a domain refuses, in words, and how often it was asked: once.

use crate::world::*;
use windows_auth::{Binding, Login, Refusal, SignInError};

fn refusal(error: SignInError) -> Refusal {
    match error {
        SignInError::Refused { why, .. } => why,
        other => panic!("{other}"),
    }
}

/// The right password sets the domain's count back, so that the tests can be run again on the same lab.
async fn makes_it_good(user: &str) {
    let right = Login::Kerberos(kerberos(account(user, &lab("GPLAB_PASSWORD2"))));
    get(&pool("MIT_HTTP", right, binding(Binding::Auto)), &fresh_path("right")).await.unwrap();
}

/// Many requests at once with a wrong password: one try by the directory's own count, one at the server's, and no more ever.
#[tokio::test]
async fn a_wrong_kerberos_password_is_tried_once() {
    let user = "clumsy1";
    let login = Login::Kerberos(kerberos(account(user, "not it")));
    let pool = windows_auth::Pool::new(server("AD_HTTP"), login, binding(Binding::Auto), limits(8)).unwrap();
    let before = wrong_tries(user);
    let path = fresh_path("wrong");
    let asked: Vec<_> = (0..8)
        .map(|_| {
            let (pool, path) = (pool.clone(), path.clone());
            tokio::spawn(async move { sign_in(get(&pool, &path).await.unwrap_err()) })
        })
        .collect();
    let mut whys = Vec::new();
    for one in asked {
        whys.push(one.await.unwrap());
    }
    let first: Vec<_> = whys.iter().filter(|error| matches!(error, SignInError::Refused { .. })).collect();
    assert_eq!(first.len(), 1, "{whys:?}");
    assert_eq!(refusal(first[0].clone()), Refusal::WrongPassword);
    assert!(whys.iter().all(SignInError::is_refusal));
    assert!(matches!(sign_in(get(&pool, &path).await.unwrap_err()), SignInError::RefusedBefore { .. }));
    assert_eq!(wrong_tries(user) - before, 1);
    assert_eq!(requests("AD_HTTP", &path), [], "nothing reaches the server without a ticket");
    makes_it_good(user).await;
}

/// NTLM: the server sees the password's proof once, whatever is asked afterwards and at the same time.
#[tokio::test]
async fn a_wrong_ntlm_password_is_tried_once() {
    let user = "clumsy2";
    let login = Login::Ntlm(account(&format!("GP\\{user}"), "not it"));
    let pool = windows_auth::Pool::new(server("AD_HTTP"), login, binding(Binding::Auto), limits(8)).unwrap();
    let path = fresh_path("wrong");
    let asked: Vec<_> = (0..8)
        .map(|_| {
            let (pool, path) = (pool.clone(), path.clone());
            tokio::spawn(async move { sign_in(get(&pool, &path).await.unwrap_err()).is_refusal() })
        })
        .collect();
    for one in asked {
        assert!(one.await.unwrap());
    }
    let log = std::fs::read_to_string(format!("{}/log/ad_http.out", lab("GPLAB_DIR"))).unwrap();
    let connections: Vec<String> = requests("AD_HTTP", &path).into_iter().map(|line| line.connection).collect();
    let refused = log
        .lines()
        .filter(|line| line.contains(" refused: ") && connections.iter().any(|it| line.starts_with(it.as_str())));
    assert_eq!(refused.count(), 1);
    assert!(matches!(sign_in(get(&pool, &path).await.unwrap_err()), SignInError::RefusedBefore { .. }));
}

/// Kerberos may fall back, but not after a no: that would be a second wrong try.
#[tokio::test]
async fn no_ntlm_after_a_wrong_password() {
    let user = "clumsy3";
    let mut login = kerberos(account(user, "not it"));
    login.ntlm_instead = true;
    let before = wrong_tries(user);
    let pool = pool("AD_HTTP", Login::Kerberos(login), binding(Binding::Auto));
    assert_eq!(refusal(sign_in(get(&pool, &fresh_path("wrong")).await.unwrap_err())), Refusal::WrongPassword);
    assert_eq!(wrong_tries(user) - before, 1);
    makes_it_good(user).await;
}

#[tokio::test]
async fn the_domain_says_why_by_kerberos() {
    let password = lab("GPLAB_PASSWORD2");
    let cases = [
        (lab("GPLAB_USER_DISABLED"), Refusal::Disabled),
        (lab("GPLAB_USER_MUSTCHANGE"), Refusal::PasswordExpired),
        ("nobody-here".to_owned(), Refusal::UnknownUser),
    ];
    for (user, why) in cases {
        let pool = pool("MIT_HTTP", Login::Kerberos(kerberos(account(&user, &password))), binding(Binding::Auto));
        assert_eq!(refusal(sign_in(get(&pool, &fresh_path("why")).await.unwrap_err())), why, "{user}");
    }
}

#[tokio::test]
async fn disabled_and_ended_accounts_by_ntlm() {
    let password = lab("GPLAB_PASSWORD2");
    for user in [lab("GPLAB_USER_DISABLED"), lab("GPLAB_USER_MUSTCHANGE")] {
        let login = Login::Ntlm(account(&format!("GP\\{user}"), &password));
        let pool = pool("AD_HTTP", login, binding(Binding::Auto));
        assert_eq!(refusal(sign_in(get(&pool, &fresh_path("why")).await.unwrap_err())), Refusal::Unsaid, "{user}");
    }
}

/// The domain locks an account after so many wrong tries, each by a pool of its own; then even the right password is none.
#[tokio::test]
async fn a_locked_account() {
    let user = lab("GPLAB_USER_LOCKME");
    let most: u32 = lab("GPLAB_LOCKOUT_THRESHOLD").parse().unwrap();
    if attribute(&user, "lockoutTime") == "0" {
        for _ in 0..most {
            let pool = pool("MIT_HTTP", Login::Kerberos(kerberos(account(&user, "not it"))), binding(Binding::Auto));
            assert!(sign_in(get(&pool, &fresh_path("lock")).await.unwrap_err()).is_refusal());
        }
    }
    let right = account(&user, &lab("GPLAB_PASSWORD2"));
    let pool = pool("MIT_HTTP", Login::Kerberos(kerberos(right)), binding(Binding::Auto));
    let error = sign_in(get(&pool, &fresh_path("lock")).await.unwrap_err());
    assert!(error.remedy().contains("unlock"), "{}", error.remedy());
    assert_eq!(refusal(error), Refusal::Locked);
}

#[tokio::test]
async fn a_service_that_the_domain_does_not_know() {
    for key in [kerberos(service("{}")).key, keytab()] {
        let mut login = kerberos(service("{}"));
        login.key = key;
        login.spn = Some("HTTP/nowhere.gp.test".into());
        let pool = pool("MIT_HTTP", Login::Kerberos(login), binding(Binding::Auto));
        let error = sign_in(get(&pool, &fresh_path("spn")).await.unwrap_err());
        assert_eq!(error.to_string(), "the domain GP.TEST knows no service HTTP/nowhere.gp.test");
        assert!(error.remedy().contains("setspn -S HTTP/nowhere.gp.test DOMAIN\\account"), "{}", error.remedy());
    }
}

/// The ticket is for a service that runs as another account.
#[tokio::test]
async fn a_service_of_another_account() {
    let mut login = kerberos(service("{}"));
    login.spn = Some(lab("GPLAB_DC_SPN"));
    let pool = pool("APACHE_KRB_HTTP", Login::Kerberos(login), binding(Binding::Auto));
    let error = sign_in(get(&pool, &fresh_path("other")).await.unwrap_err());
    assert_eq!(error.to_string(), "the server did not take the ticket for HTTP/dc.gp.test");
}

#[tokio::test]
async fn a_mechanism_that_the_server_does_not_take() {
    let pool = pool("MIT_HTTP", Login::Basic(service("{}")), binding(Binding::Auto));
    let error = sign_in(get(&pool, &fresh_path("none")).await.unwrap_err());
    assert_eq!(error.to_string(), "the server takes Negotiate, not Basic");
}

#[tokio::test]
async fn an_empty_keytab() {
    let key = windows_auth::Key::Keytab { keytab: "/nowhere/at-all.keytab".into(), principal: "svc-gp@GP.TEST".into() };
    let pool = pool("MIT_HTTP", with_key(key), binding(Binding::Auto));
    let error = sign_in(get(&pool, &fresh_path("keytab")).await.unwrap_err());
    assert!(matches!(error, SignInError::NoTicket { .. }), "{error}");
    assert!(error.to_string().contains("/nowhere/at-all.keytab"), "{error}");
}

/// The child of the next test, run under another clock.
#[tokio::test]
#[ignore = "started by the_clock_is_wrong"]
async fn child_with_another_clock() {
    let pool = pool("MIT_HTTP", Login::Kerberos(kerberos(service("{}"))), binding(Binding::Auto));
    match get(&pool, &fresh_path("clock")).await {
        Ok((status, _)) => println!("it answered {status}"),
        Err(error) => println!("it failed: {error}"),
    }
}

/// Minutes are followed, with a warning; hours are said.
#[test]
fn the_clock_is_wrong() {
    let cases = [
        ("+4m", "it answered 200"),
        ("+20m", "it answered 200"),
        ("-20m", "it answered 200"),
        ("+5h", "this machine's clock is 300 minutes before the domain controller's"),
        ("-5h", "minutes behind the domain controller's"),
    ];
    for (shift, says) in cases {
        let child = std::process::Command::new("faketime")
            .args(["-f", shift])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "refusals::child_with_another_clock", "--ignored", "--nocapture"])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&child.stdout).into_owned();
        assert!(text.contains(says), "{shift}: {text}");
    }
}
