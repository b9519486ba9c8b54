//! Kerberos without a domain: a real domain controller's answers, recorded once, are given again. sspi compares none of its random
//! numbers with theirs, so the recorded keys fit every handshake. User, password and realm are the test lab's, invented there.

use crate::server::{Does, Fake, answer, says};
use crate::world::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use windows_auth::{Account, Kerberos, Key, Limits, Login, Mechanism, Pool, SendError, SignInError, Terms};

/// The server's proof, for the session key in the recorded ticket.
const PROOF: &str = include_str!("recorded/ap.b64");

fn recorded() -> Vec<Vec<u8>> {
    [include_str!("recorded/preauth.b64"), include_str!("recorded/as.b64"), include_str!("recorded/tgs.b64")]
        .map(|text| STANDARD.decode(text.trim()).unwrap())
        .to_vec()
}

/// A domain controller that gives `replies` in turn, one a connection; `None` is silence.
struct Kdc {
    address: String,
    task: JoinHandle<()>,
}

impl Drop for Kdc {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn kdc(replies: Vec<Option<Vec<u8>>>) -> Kdc {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let task = tokio::spawn(async move {
        let mut silent = Vec::new();
        for reply in replies.into_iter().cycle() {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let Some(reply) = reply else {
                silent.push(stream);
                continue;
            };
            let Ok(length) = stream.read_u32().await else { continue };
            let mut asked = vec![0; length as usize];
            let _ = stream.read_exact(&mut asked).await;
            let _ = stream.write_all(&reply).await;
        }
    });
    Kdc { address, task }
}

async fn good_kdc() -> Kdc {
    kdc(recorded().into_iter().map(Some).collect()).await
}

fn login(kdcs: &[&Kdc]) -> Kerberos {
    Kerberos {
        key: Key::Password(Account { user: "svc-gp".into(), password: "S3rvice!Pässw0rd".to_owned().into() }),
        realm: Some("GP.TEST".into()),
        kdcs: kdcs.iter().map(|kdc| kdc.address.clone()).collect(),
        spn: Some("HTTP/gp.gp.test".into()),
        ntlm_instead: false,
    }
}

fn pool_of(fake: &Fake, login: Kerberos, mutual: bool) -> Arc<Pool> {
    let limits = Limits { kdc: Duration::from_secs(1), ..limits(1) };
    Pool::new(server(fake.port), Login::Kerberos(login), Terms { mutual, ..Terms::default() }, limits).unwrap()
}

fn proof() -> String {
    format!("WWW-Authenticate: Negotiate {}\r\n", PROOF.trim())
}

#[tokio::test]
async fn signed_in_once_and_proved() {
    let kdc = good_kdc().await;
    let fake = Fake::start(|got| match got.sign_in() {
        Some(token) if token.starts_with("Negotiate YI") => says(200, &proof(), &String::from_utf8_lossy(&got.body)),
        Some(_) => says(401, OFFERS, ""),
        None => says(200, "", &String::from_utf8_lossy(&got.body)),
    })
    .await;
    let pool = pool_of(&fake, login(&[&kdc]), true);
    for body in ["one", "two"] {
        assert_eq!(post(&pool, "/", body).await.unwrap(), (200, body.to_owned()));
    }
    assert_eq!(pool.seen().mechanism, Some(Mechanism::Kerberos));
    assert_eq!(fake.got().iter().filter(|got| got.sign_in().is_some()).count(), 1);
    // The proof is nobody's business.
    let request = http::Request::get("/").body(bytes::Bytes::new()).unwrap();
    assert!(!pool.send(request).await.unwrap().headers.contains_key("www-authenticate"));
}

/// Whoever answers without the proof is not believed, and what became of the request is unknown.
#[tokio::test]
async fn an_answer_without_proof() {
    let proof = STANDARD.decode(PROOF.trim()).unwrap();
    let mut of_another = proof.clone();
    *of_another.last_mut().unwrap() ^= 1;
    // SPNEGO's "accepted", without Kerberos' own answer in it.
    let accepted = [0xa1, 0x07, 0x30, 0x05, 0xa0, 0x03, 0x0a, 0x01, 0x00];
    let accepted_krb = [
        &[0xa1, 0x14, 0x30, 0x12, 0xa0, 0x03, 0x0a, 0x01, 0x00, 0xa1, 0x0b, 0x06, 0x09][..],
        b"\x2a\x86\x48\x82\xf7\x12\x01\x02\x02",
    ]
    .concat();
    let negotiate = |token: &[u8]| format!("WWW-Authenticate: Negotiate {}\r\n", STANDARD.encode(token));
    let unproven = [
        String::new(),
        "WWW-Authenticate: Negotiate\r\n".to_owned(),
        "WWW-Authenticate: Negotiate @@@\r\n".to_owned(),
        format!("WWW-Authenticate: NTLM {}\r\n", PROOF.trim()),
        challenge_header(),
        negotiate(&accepted),
        negotiate(&accepted_krb),
        negotiate(&of_another),
        negotiate(&proof[..proof.len() - 1]),
        negotiate(&challenge()),
    ];
    for header in unproven {
        for status in [200, 302, 500] {
            let kdc = good_kdc().await;
            let said = header.clone();
            let fake = Fake::start(move |_| says(status, &said, "believe me")).await;
            let outcome = post(&pool_of(&fake, login(&[&kdc]), true), "/", "x").await;
            assert!(matches!(outcome, Err(SendError::Unproven)), "{header}: {outcome:?}");
            if status == 200 {
                let kdc = good_kdc().await;
                let outcome = post(&pool_of(&fake, login(&[&kdc]), false), "/", "x").await;
                assert_eq!(outcome.unwrap().0, 200, "{header}");
            }
        }
    }
}

/// The document goes with the ticket: a cut afterwards leaves it unknown, and a no is a no.
#[tokio::test]
async fn each_way_a_first_token_can_end() {
    let cases = [
        (Does::Ends(vec![]), "cut"),
        (says(401, "WWW-Authenticate: Negotiate\r\n", ""), "did not take the ticket"),
        (says(401, "WWW-Authenticate: Negotiate oQcwBaADCgEC\r\n", ""), "did not take the ticket"),
        (says(401, "WWW-Authenticate: Negotiate @@@\r\n", ""), "cannot be read"),
        (says(401, "WWW-Authenticate: NTLM\r\n", ""), "the server takes NTLM, not Negotiate"),
        (says(401, "", ""), "no sign-in that is known here"),
        (Does::Ends(answer(401, &format!("Connection: close\r\n{}", proof()), "")), ""),
    ];
    for (does, words) in cases {
        let kdc = good_kdc().await;
        let said = does.clone();
        let fake = Fake::start(move |_| said.clone()).await;
        let error = post(&pool_of(&fake, login(&[&kdc]), true), "/", "x").await.unwrap_err();
        assert!(error.to_string().contains(words), "{does:?}: {error}");
        assert_eq!(matches!(error, SendError::Silent { .. }), matches!(&does, Does::Ends(said) if said.is_empty()));
        assert_eq!(fake.got().len(), 1);
    }
}

/// The recorded error with another number: [6] INTEGER.
fn error(code: u8) -> Vec<u8> {
    let mut reply = recorded()[0].clone();
    let at = reply.windows(5).position(|window| window == [0xa6, 3, 2, 1, 25]).unwrap();
    reply[at + 4] = code;
    reply
}

/// A no is believed, and the next controller is not asked; nothing is sent afterwards.
#[tokio::test]
async fn a_no_of_a_domain_controller() {
    for (code, words) in [(24, "the password is wrong"), (18, "the account is locked"), (23, "the password has ended")]
    {
        let (no, yes) = (kdc(vec![Some(recorded()[0].clone()), Some(error(code))]).await, good_kdc().await);
        let fake = Fake::start(|_| says(200, &proof(), "yes")).await;
        let pool = pool_of(&fake, login(&[&no, &yes]), true);
        let first = sign_in(get(&pool, "/").await.unwrap_err());
        assert!(first.is_refusal() && first.to_string().starts_with(words), "{first}");
        assert!(matches!(sign_in(get(&pool, "/").await.unwrap_err()), SignInError::RefusedBefore { .. }));
        assert!(fake.got().is_empty());
    }
}

/// A domain controller that says nothing, cuts, or says too much is passed over; one that says no is not.
#[tokio::test]
async fn domain_controllers_that_are_none() {
    let useless = [
        None,
        Some(vec![]),
        Some(vec![0xff; 8]),
        Some(vec![0, 0, 1, 0, 0x6b]),
        Some(b"HTTP/1.1 400 Bad\r\n\r\n".to_vec()),
        Some(error(29)),
    ];
    for reply in useless {
        let (bad, good) = (kdc(vec![reply.clone()]).await, good_kdc().await);
        let fake = Fake::start(|_| says(200, &proof(), "yes")).await;
        let pool = pool_of(&fake, login(&[&bad, &good]), true);
        assert_eq!(get(&pool, "/").await.unwrap().1, "yes", "{reply:?}");
        let alone = pool_of(&fake, login(&[&bad]), true);
        let error = sign_in(get(&alone, "/").await.unwrap_err());
        assert!(matches!(error, SignInError::NoKdc { .. }), "{reply:?}: {error}");
    }
}

/// One that answers for ever, always with something to go on with, is asked a few times only.
#[tokio::test]
async fn a_domain_controller_without_end() {
    for which in 0..3 {
        let bad = kdc(vec![Some(recorded()[which].clone())]).await;
        let fake = Fake::start(|_| says(200, &proof(), "yes")).await;
        let error = sign_in(get(&pool_of(&fake, login(&[&bad]), true), "/").await.unwrap_err());
        assert!(!error.is_refusal(), "{error}");
        assert!(fake.got().is_empty());
    }
}

/// A server that wants a ticket with every request is learnt, and no request is acted on twice.
#[tokio::test]
async fn a_ticket_a_request() {
    let kdc = good_kdc().await;
    let fake = Fake::start(|got| match got.sign_in() {
        Some(_) => says(200, &proof(), &String::from_utf8_lossy(&got.body)),
        None => says(401, "WWW-Authenticate: Negotiate\r\n", ""),
    })
    .await;
    let pool = pool_of(&fake, login(&[&kdc]), true);
    for body in ["one", "two", "three"] {
        assert_eq!(post(&pool, "/", body).await.unwrap().1, body);
    }
    let signed: Vec<bool> = fake.got().iter().map(|got| got.sign_in().is_some()).collect();
    assert_eq!((signed, fake.opened()), (vec![true, false, true, true], 1));
}
