//! A caller that goes away: whatever was under way, the next requests are right.

use crate::server::{Does, Fake, says};
use crate::world::*;
use bytes::Bytes;
use http::Request;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use windows_auth::{Login, Pool};

/// Drops a request after so many polls, from the first to the last; other requests are under way at the same time. Every answer
/// is the one that was asked for, and nothing is asked twice.
#[tokio::test]
async fn dropped_at_every_await() {
    for connections in [1, 2] {
        let fake = Fake::start(ntlm(|got| says(200, "", &got.path))).await;
        let pool = pool(&fake, Login::Ntlm(account()), limits(connections));
        for polls in 0..60 {
            let other = tokio::spawn({
                let pool = Arc::clone(&pool);
                async move { get(&pool, &format!("/other/{polls}")).await.unwrap().1 }
            });
            drop_after(&pool, &format!("/dropped/{polls}"), polls).await;
            assert_eq!(other.await.unwrap(), format!("/other/{polls}"));
            assert_eq!(get(&pool, &format!("/next/{polls}")).await.unwrap().1, format!("/next/{polls}"));
        }
        let mut acted: Vec<String> =
            fake.got().into_iter().filter(|got| !got.body.is_empty()).map(|got| got.path).collect();
        let count = acted.len();
        acted.sort();
        acted.dedup();
        assert_eq!(acted.len(), count);
        // The first ones never came so far, the last ones were not dropped any more.
        assert!(!acted.contains(&"/dropped/0".to_owned()) && acted.contains(&"/dropped/59".to_owned()), "{acted:?}");
    }
}

async fn drop_after(pool: &Arc<Pool>, path: &str, polls: usize) {
    let pool = Arc::clone(pool);
    let request = Request::post(path).body(Bytes::from_static(b"document")).unwrap();
    let mut asked = Box::pin(async move {
        let mut answer = pool.send(request).await.unwrap();
        while answer.body.chunk().await.unwrap().is_some() {}
    });
    for _ in 0..polls {
        // Polled by hand, as often as it takes turns with the others.
        if let Poll::Ready(()) = asked.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// All who wait are served when the one who is served goes away.
#[tokio::test]
async fn no_permit_is_lost() {
    let fake = Fake::start(ntlm(|got| match got.path.as_str() {
        "/never" => Does::Hangs(vec![]),
        path => says(200, "", path),
    }))
    .await;
    let pool = pool(&fake, Login::Ntlm(account()), limits(2));
    for _ in 0..5 {
        let stuck: Vec<_> = (0..6)
            .map(|_| {
                let pool = Arc::clone(&pool);
                tokio::spawn(async move { get(&pool, "/never").await.map(drop) })
            })
            .collect();
        tokio::task::yield_now().await;
        for one in &stuck {
            one.abort();
        }
        for one in stuck {
            let _ = one.await;
        }
        assert_eq!(get(&pool, "/next").await.unwrap().1, "/next");
    }
}
