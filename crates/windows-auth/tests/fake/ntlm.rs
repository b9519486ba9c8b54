//! NTLM against a server that says what it likes.

use crate::server::{Does, Fake, says};
use crate::world::*;
use windows_auth::{Login, Mechanism, SendError, SignInError};

/// One look, two legs, then requests; the body goes once, with the proof.
#[tokio::test]
async fn a_connection_is_signed_in_once() {
    let fake = Fake::start(ntlm(|got| says(200, "", &String::from_utf8_lossy(&got.body)))).await;
    let pool = pool(&fake, Login::Ntlm(account()), limits(1));
    for body in ["one", "two", "three"] {
        assert_eq!(post(&pool, "/journals?x=%41", body).await.unwrap(), (200, body.to_owned()));
    }
    let got = fake.got();
    let bodies: Vec<&[u8]> = got.iter().map(|got| got.body.as_slice()).collect();
    assert_eq!(bodies, [b"".as_slice(), b"", b"one", b"two", b"three"]);
    assert_eq!(got.iter().map(ntlm_part).collect::<Vec<_>>(), [0, 1, 3, 0, 0]);
    assert!(got.iter().all(|got| got.path == "/journals?x=%41" && got.method == "POST"));
    let host = format!("127.0.0.1:{}", fake.port);
    assert!(got.iter().all(|got| got.header("host") == Some(&host)));
    assert_eq!(pool.seen().mechanism, Some(Mechanism::Ntlm));
}

/// However a server words its no: the proof is shown once, and nothing is sent afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_proved_once() {
    let noes = [
        OFFERS.to_owned(),
        "WWW-Authenticate: Basic realm=\"x\"\r\n".to_owned(),
        String::new(),
        challenge_header(),
        "WWW-Authenticate: NTLM @@@\r\n".to_owned(),
        "WWW-Authenticate: NTLM oQcwBaADCgEC\r\n".to_owned(),
    ];
    for no in noes {
        let header = no.clone();
        let fake = Fake::start(ntlm(move |_| says(401, &header, "no"))).await;
        let pool = pool(&fake, Login::Ntlm(account()), limits(8));
        let asked: Vec<_> = (0..8)
            .map(|_| {
                let pool = pool.clone();
                tokio::spawn(async move { sign_in(post(&pool, "/", "body").await.unwrap_err()).is_refusal() })
            })
            .collect();
        for one in asked {
            assert!(one.await.unwrap(), "{no}");
        }
        let sent = fake.got().len();
        assert!(matches!(sign_in(get(&pool, "/").await.unwrap_err()), SignInError::RefusedBefore { .. }), "{no}");
        assert_eq!(fake.got().len(), sent, "{no}");
        assert_eq!(fake.got().iter().filter(|got| ntlm_part(got) == 3).count(), 1, "{no}");
    }
}

/// A server may cut the line instead of saying no. Once may be the line; twice is enough, because each may count where accounts lock.
#[tokio::test]
async fn a_proof_without_an_answer_is_given_twice_and_no_more() {
    let fake = Fake::start(ntlm(|_| Does::Ends(vec![]))).await;
    let pool = pool(&fake, Login::Ntlm(account()), limits(1));
    for _ in 0..2 {
        assert!(matches!(post(&pool, "/", "body").await, Err(SendError::Silent { .. })));
    }
    let sent = fake.got().len();
    let error = sign_in(post(&pool, "/", "body").await.unwrap_err());
    assert_eq!(
        error.to_string(),
        "this sign-in was refused before, and is not tried again: the server cut the connection each time the password was proved (by NTLM)"
    );
    assert_eq!(fake.got().len(), sent);
    assert_eq!(fake.got().iter().filter(|got| ntlm_part(got) == 3).count(), 2);
}

/// A server that takes no sign-in would act on what only begins one: it gets nothing to act on.
#[tokio::test]
async fn a_server_that_does_not_ask() {
    for status in [200, 302, 404] {
        let fake = Fake::start(move |_| says(status, "Location: http://127.0.0.1:1/\r\n", "")).await;
        let pool = pool(&fake, Login::Ntlm(account()), limits(1));
        let deletion = http::Request::delete("/journal/1").body(bytes::Bytes::new()).unwrap();
        let error = sign_in(send(&pool, deletion).await.unwrap_err());
        assert_eq!(error, SignInError::NotAsked { status });
        let got = fake.got();
        assert_eq!((got.len(), got[0].method.as_str(), got[0].path.as_str()), (1, "GET", "/journal/1"));
    }
}

#[tokio::test]
async fn a_server_that_offers_something_else() {
    for (offers, words) in [
        ("WWW-Authenticate: Basic realm=\"NTLM\"\r\n", "the server takes Basic, not NTLM"),
        (
            "WWW-Authenticate: Digest realm=\"x\", Bearer\r\n",
            "the server takes no sign-in that is known here, not NTLM",
        ),
        ("", "the server takes no sign-in that is known here, not NTLM"),
    ] {
        let fake = Fake::start(move |_| says(401, offers, "")).await;
        let pool = pool(&fake, Login::Ntlm(account()), limits(1));
        for turn in 1..3 {
            assert_eq!(sign_in(get(&pool, "/").await.unwrap_err()).to_string(), words);
            // Asked anew each time: somebody may have turned it on.
            assert_eq!(fake.got().len(), turn);
        }
    }
}

/// What it offered once is not believed for ever.
#[tokio::test]
async fn a_server_that_takes_something_else_from_now_on() {
    let usual = ntlm(|_| says(200, "", "yes"));
    let fake = Fake::start(move |got| match (got.connection, got.sign_in()) {
        (0, Some(_)) => says(401, "WWW-Authenticate: Negotiate\r\n", ""),
        _ => usual(got),
    })
    .await;
    let pool = pool(&fake, Login::Ntlm(account()), limits(1));
    let error = sign_in(get(&pool, "/").await.unwrap_err());
    assert_eq!(error, SignInError::NotOffered { wanted: "NTLM", offered: vec!["Negotiate"] });
    assert_eq!(get(&pool, "/").await.unwrap().1, "yes");
    assert_eq!(fake.got().iter().map(ntlm_part).collect::<Vec<_>>(), [0, 1, 0, 1, 3]);
}

/// Where it lost its sign-in, a connection is given up, and the request goes on another one.
#[tokio::test]
async fn a_connection_that_loses_its_sign_in() {
    let fake = Fake::start(ntlm(|got| match (got.connection, got.path.as_str()) {
        (0, "/second") => says(401, OFFERS, ""),
        _ => says(200, "", &String::from_utf8_lossy(&got.body)),
    }))
    .await;
    let pool = pool(&fake, Login::Ntlm(account()), limits(1));
    assert_eq!(post(&pool, "/first", "a").await.unwrap().1, "a");
    assert_eq!(post(&pool, "/second", "b").await.unwrap().1, "b");
    assert_eq!(fake.opened(), 2);
}

/// NTLM cannot be said over plain http to a server that wants it bound.
#[tokio::test]
async fn a_binding_that_cannot_be_had() {
    let fake = Fake::start(ntlm(|_| says(200, "", ""))).await;
    let terms = windows_auth::Terms { binding: windows_auth::Binding::Require, ..Default::default() };
    let pool = windows_auth::Pool::new(server(fake.port), Login::Ntlm(account()), terms, limits(1)).unwrap();
    let error = get(&pool, "/").await.unwrap_err();
    assert!(matches!(error, SendError::SignIn(SignInError::NotBound { .. })), "{error}");
    assert!(fake.got().iter().all(|got| got.sign_in().is_none()));
}

/// Eight at once find that no domain controller answers: all of them go on with NTLM, none is lost to the one that fell back first.
#[tokio::test(flavor = "multi_thread")]
async fn all_fall_back_together() {
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = nobody.local_addr().unwrap().to_string();
    let fake = Fake::start(ntlm(|got| says(200, "", &got.path))).await;
    let kerberos = windows_auth::Kerberos {
        key: windows_auth::Key::Password(account()),
        realm: None,
        kdcs: vec![silent],
        spn: Some("HTTP/gp.acme.local".into()),
        ntlm_instead: true,
    };
    let limits = windows_auth::Limits { kdc: std::time::Duration::from_millis(50), ..limits(8) };
    let pool = pool(&fake, Login::Kerberos(kerberos), limits);
    let asked: Vec<_> = (0..8)
        .map(|number| {
            let pool = pool.clone();
            tokio::spawn(async move { get(&pool, &format!("/{number}")).await })
        })
        .collect();
    for (number, one) in asked.into_iter().enumerate() {
        assert_eq!(one.await.unwrap().unwrap().1, format!("/{number}"));
    }
}
