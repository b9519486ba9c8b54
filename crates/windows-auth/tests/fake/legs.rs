//! What each leg of a sign-in may meet. "Not sent" and "unknown" are different: a document of the second kind may be there.

use crate::server::{Does, Fake, Got, answer, says};
use crate::world::*;
use tokio::task::JoinSet;
use windows_auth::{Login, SendError, SignInError};

/// A server that does `does` at one point of NTLM: 0 when it is asked, 1 at the first token, 3 at the proof, 4 on the signed-in connection.
async fn at(part: u8, does: Does) -> Fake {
    let usual = ntlm(|_| says(200, "", "yes"));
    Fake::start(move |got: &Got| {
        let now = match (ntlm_part(got), got.body.as_slice()) {
            (0, b"later") => 4,
            (now, _) => now,
        };
        if now == part { does.clone() } else { usual(got) }
    })
    .await
}

/// Sends one document; where `part` is 4, on a connection that is signed in.
async fn outcome(part: u8, does: Does) -> Result<(u16, String), SendError> {
    let limits = if matches!(does, Does::Hangs(_)) { impatient() } else { limits(1) };
    let fake = at(part, does).await;
    let pool = pool(&fake, Login::Ntlm(account()), limits);
    if part < 4 {
        return post(&pool, "/journals", "body").await;
    }
    assert_eq!(post(&pool, "/journals", "first").await.unwrap().0, 200);
    post(&pool, "/journals", "later").await
}

fn is_unsent(outcome: &Result<(u16, String), SendError>) -> bool {
    matches!(outcome, Err(SendError::Unreachable { .. } | SendError::SignIn(SignInError::Protocol { .. })))
}

fn is_unknown(outcome: &Result<(u16, String), SendError>) -> bool {
    matches!(outcome, Err(SendError::Silent { .. } | SendError::Slow { .. }))
}

#[tokio::test]
async fn a_cut_is_unsent_until_the_body_goes() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Le".to_vec();
    let cuts = [
        Does::Ends(vec![]),
        Does::Ends(half.clone()),
        Does::Hangs(vec![]),
        Does::Hangs(half),
        Does::Ends(b"what?\r\n\r\n".to_vec()),
    ];
    let mut all = JoinSet::new();
    for cut in cuts {
        for part in [0, 1, 3, 4] {
            let cut = cut.clone();
            all.spawn(async move { (part, outcome(part, cut.clone()).await, cut) });
        }
    }
    while let Some(one) = all.join_next().await {
        let (part, came, cut) = one.unwrap();
        let is_right = if part < 3 { is_unsent(&came) } else { is_unknown(&came) };
        assert!(is_right, "{part} {cut:?}: {came:?}");
    }
}

/// A server that is not well is not reached; once it has the document, its answer is its answer.
#[tokio::test]
async fn an_error_of_the_server() {
    for part in [0, 1] {
        let came = outcome(part, says(503, "", "later")).await;
        assert!(matches!(came, Err(SendError::Unreachable { .. })), "{part}: {came:?}");
    }
    for part in [3, 4] {
        assert_eq!(outcome(part, says(500, "", "GP broke")).await.unwrap(), (500, "GP broke".to_owned()));
    }
}

/// The connection ends after the 401 of a leg: the next token has nowhere to go.
#[tokio::test]
async fn a_connection_that_ends_in_the_middle() {
    let ends = |headers: &str| Does::Ends(answer(401, &format!("Connection: close\r\n{headers}"), "no more"));
    // After the question it is opened anew.
    assert_eq!(outcome(0, ends(OFFERS)).await.unwrap(), (200, "yes".to_owned()));
    let came = outcome(1, ends(&challenge_header())).await;
    assert!(matches!(came, Err(SendError::SignIn(SignInError::Protocol { .. }))), "{came:?}");
    let old = format!("HTTP/1.0 401 No\r\n{}\r\nuntil the end", challenge_header());
    let came = outcome(1, Does::Ends(old.into_bytes())).await;
    assert!(matches!(came, Err(SendError::SignIn(SignInError::Protocol { .. }))), "{came:?}");
}

#[tokio::test]
async fn tokens_that_are_none() {
    let long = format!("WWW-Authenticate: NTLM {}\r\n", "A".repeat(100_000));
    let endless = format!("WWW-Authenticate: NTLM {}\r\n", "A".repeat(2_000_000));
    let short = "WWW-Authenticate: NTLM TlRMTVNTUAACAAAA\r\n";
    for token in ["WWW-Authenticate: NTLM @@@\r\n", "WWW-Authenticate: NTLM bm90aGluZw==\r\n", short, &long, &endless] {
        let came = outcome(1, says(401, token, "")).await;
        assert!(is_unsent(&came), "{}: {came:?}", &token[..40]);
    }
    // The server takes no first token at all.
    let came = outcome(1, says(401, OFFERS, "")).await;
    assert!(is_unsent(&came), "{came:?}");
    let came = outcome(1, says(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", "")).await;
    assert!(matches!(came, Err(SendError::SignIn(SignInError::NotOffered { .. }))), "{came:?}");
}

/// Headers without end, interim answers without end, a refusal without end: all of it ends.
#[tokio::test]
async fn answers_without_end() {
    let headers = format!("HTTP/1.1 401 No\r\n{}", "X-Filler: of no use\r\n".repeat(100_000));
    let interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100_000);
    let body = format!("HTTP/1.1 401 No\r\n{}\r\n{}", challenge_header(), "x".repeat(2_000_000));
    let mut all = JoinSet::new();
    for endless in [headers, interim, body] {
        all.spawn(async move { (outcome(1, Does::Hangs(endless.clone().into_bytes())).await, endless) });
    }
    while let Some(one) = all.join_next().await {
        let (came, endless) = one.unwrap();
        assert!(is_unsent(&came), "{}: {came:?}", &endless[..40]);
    }
}

/// An answer of 1xx is none, and 101 is not what was asked for.
#[tokio::test]
async fn interim_answers() {
    let interim = format!(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n{}",
        String::from_utf8(answer(200, "", "then")).unwrap()
    );
    assert_eq!(outcome(3, Does::Says(interim.into_bytes())).await.unwrap(), (200, "then".to_owned()));
    let switched =
        outcome(3, Does::Hangs(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n".to_vec())).await;
    assert!(!matches!(switched, Ok((200, _))), "{switched:?}");
}
