//! Basic: what is sent, and how often a wrong password is.

use crate::server::{Fake, says};
use crate::world::*;
use windows_auth::{Login, SignInError};

const ASKS: &str = "WWW-Authenticate: Basic realm=\"GP\"\r\n";

#[tokio::test]
async fn every_request_carries_it() {
    let fake = Fake::start(|got| match got.sign_in() {
        Some("Basic QUNNRVxzdmMtZ3A6b2Ygbm8gdXNlIGVsc2V3aGVyZQ==") => says(200, "", &got.path),
        _ => says(401, ASKS, ""),
    })
    .await;
    let pool = pool(&fake, Login::Basic(account()), limits(1));
    for path in ["/a?b=c", "/b%20c/"] {
        assert_eq!(get(&pool, path).await.unwrap(), (200, path.to_owned()));
    }
    assert_eq!((fake.opened(), fake.got().len()), (1, 2));
}

/// Eight at once: the server sees the wrong password once, and nothing afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_shown_once() {
    // 404, 503 and a redirect: answers of somebody who did not look at the password do not open the door for the others.
    for first in [401, 503, 404, 302] {
        let fake = Fake::start(move |got| match got.path.as_str() {
            "/first" => says(first, ASKS, ""),
            _ => says(401, ASKS, "no"),
        })
        .await;
        let pool = pool(&fake, Login::Basic(account()), limits(8));
        let before = get(&pool, "/first").await;
        assert_eq!(before.is_err(), first == 401);
        let asked: Vec<_> = (0..8)
            .map(|_| {
                let pool = pool.clone();
                tokio::spawn(async move { sign_in(post(&pool, "/", "body").await.unwrap_err()).is_refusal() })
            })
            .collect();
        for one in asked {
            assert!(one.await.unwrap());
        }
        assert!(matches!(sign_in(get(&pool, "/").await.unwrap_err()), SignInError::RefusedBefore { .. }));
        let refused = fake.got().iter().filter(|got| first == 401 || got.path == "/").count();
        assert_eq!(refused, 1, "{first}");
    }
}

#[tokio::test]
async fn a_server_that_wants_another_sign_in() {
    let fake = Fake::start(|_| says(401, OFFERS, "")).await;
    let pool = pool(&fake, Login::Basic(account()), limits(1));
    let error = sign_in(get(&pool, "/").await.unwrap_err());
    assert_eq!(error.to_string(), "the server takes Negotiate, NTLM, not Basic");
}
