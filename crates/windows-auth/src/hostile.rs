//! What a server or a domain controller may send: changed real messages, given to the real steps. Nothing of it may panic or go on
//! for ever. More of it: `PROPTEST_CASES=100000 cargo test --release -p windows-auth hostile`. 400,000 challenges, 1,000,000 errors,
//! 300,000 certificates and some 14,000 replies and proofs each found no panic in `sspi` 0.23.1 and picky; the fuzzer that coverage guides
//! found one in a minute, so every step is guarded ([`crate::guard`]).

#![allow(clippy::unwrap_used, reason = "tests")]

use crate::certificate::ServerCertificate;
use crate::kdc::{KdcError, Kdcs};
use crate::login::Account;
use crate::sspi_step::SspiHandshake;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

fn recorded(text: &str) -> Vec<u8> {
    STANDARD.decode(text.trim()).unwrap()
}

/// A domain controller's answers, a server's proof and a server's NTLM challenge, recorded from the lab (tests/fake/kerberos.rs).
static REPLIES: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    [
        include_str!("../tests/fake/recorded/preauth.b64"),
        include_str!("../tests/fake/recorded/as.b64"),
        include_str!("../tests/fake/recorded/tgs.b64"),
    ]
    .map(recorded)
});
static CHALLENGE: LazyLock<Vec<u8>> = LazyLock::new(|| recorded(include_str!("../tests/fake/recorded/ntlm.b64")));
static PROOF: LazyLock<Vec<u8>> = LazyLock::new(|| recorded(include_str!("../tests/fake/recorded/ap.b64")));

/// A change of a message.
#[derive(Clone, Debug)]
enum Edit {
    Set(usize, u8),
    Flip(usize, u8),
    Cut(usize),
    Insert(usize, Vec<u8>),
    Remove(usize, usize),
    Repeat(usize, usize),
    /// The content of a leaf of the DER tree is this; all lengths around it are right.
    Leaf(usize, Vec<u8>),
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = 0usize..2000;
    // Where lengths and offsets are, these are the interesting ones.
    let byte = prop_oneof![any::<u8>(), prop::sample::select(vec![0u8, 1, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff])];
    prop_oneof![
        6 => (place.clone(), byte.clone()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        3 => (place.clone(), 0u8..8).prop_map(|(at, bit)| Edit::Flip(at, 1 << bit)),
        1 => place.clone().prop_map(Edit::Cut),
        1 => (place.clone(), prop::collection::vec(any::<u8>(), 1..20)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        1 => (place.clone(), 1usize..40).prop_map(|(at, count)| Edit::Remove(at, count)),
        8 => (0usize..200, prop::collection::vec(byte, 0..24)).prop_map(|(which, bytes)| Edit::Leaf(which, bytes)),
        1 => (place, 1usize..200).prop_map(|(at, count)| Edit::Repeat(at, count)),
    ]
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec(edit(), 1..6)
}

fn changed(message: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut bytes = message.to_vec();
    for edit in edits {
        let place = |at: usize, bytes: &[u8]| at % bytes.len().max(1);
        match edit {
            Edit::Set(at, _) | Edit::Flip(at, _) if bytes.is_empty() => bytes.push(u8::try_from(*at % 256).unwrap()),
            Edit::Set(at, byte) => {
                let at = place(*at, &bytes);
                bytes[at] = *byte;
            }
            Edit::Flip(at, bit) => {
                let at = place(*at, &bytes);
                bytes[at] ^= bit;
            }
            Edit::Leaf(which, content) => {
                let count = leaves(&bytes);
                let mut left = which % count.max(1);
                bytes = with_leaf(&bytes, &mut left, content);
            }
            Edit::Cut(at) => bytes.truncate(place(*at, &bytes)),
            Edit::Insert(at, more) => {
                let at = place(*at, &bytes);
                bytes.splice(at..at, more.iter().copied());
            }
            Edit::Remove(at, count) => {
                let at = place(*at, &bytes);
                let end = (at + count).min(bytes.len());
                bytes.drain(at..end);
            }
            Edit::Repeat(at, count) => {
                let at = place(*at, &bytes);
                let piece = bytes[at..(at + count).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// The first value of `der`: its tag, its content and what follows; `None` where it is none.
fn value(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = der.split_first_chunk::<2>()?;
    let count = usize::from(first & 0x7f);
    let (length, rest) = match first {
        0..0x80 => (count, rest),
        _ if count > 3 || rest.len() < count => return None,
        _ => (rest[..count].iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), &rest[count..]),
    };
    rest.split_at_checked(length).map(|(content, rest)| (tag, content, rest))
}

fn is_whole(der: &[u8]) -> bool {
    !der.is_empty() && value(der).is_some_and(|(_, _, rest)| rest.is_empty() || is_whole(rest))
}

/// Whether there is something within: octet strings often hold DER, too.
fn has_children(tag: u8, content: &[u8]) -> bool {
    (tag & 0x20 != 0 || tag == 4) && is_whole(content)
}

fn leaves(der: &[u8]) -> usize {
    let Some((tag, content, rest)) = value(der) else { return 0 };
    let within = if has_children(tag, content) { leaves(content) } else { 1 };
    within + leaves(rest)
}

/// `der` with another content in leaf number `left`.
fn with_leaf(der: &[u8], left: &mut usize, with: &[u8]) -> Vec<u8> {
    let Some((tag, content, rest)) = value(der) else { return der.to_vec() };
    let content = if has_children(tag, content) {
        with_leaf(content, left, with)
    } else {
        let is_it = *left == 0;
        *left = left.wrapping_sub(1);
        if is_it { with.to_vec() } else { content.to_vec() }
    };
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let head = if content.len() < 0x80 { vec![tag, length[3]] } else { vec![tag, 0x82, length[2], length[3]] };
    [head, content, with_leaf(rest, left, with)].concat()
}

/// A changed Kerberos message in its frame, whose length is right again.
fn changed_reply(reply: &[u8], edits: &[Edit]) -> Vec<u8> {
    let message = changed(&reply[4..], edits);
    [&u32::try_from(message.len()).unwrap().to_be_bytes(), message.as_slice()].concat()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// A handshake whose domain controller gives `replies`, one a question.
async fn kerberos(replies: Vec<Vec<u8>>) -> SspiHandshake {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        for reply in replies {
            let (mut stream, _) = listener.accept().await.unwrap();
            let length = stream.read_u32().await.unwrap();
            let mut asked = vec![0; length as usize];
            stream.read_exact(&mut asked).await.unwrap();
            stream.write_all(&reply).await.unwrap();
        }
    });
    let account = Account { user: "svc-gp".into(), password: "S3rvice!Pässw0rd".to_owned().into() };
    let kdcs = Arc::new(Kdcs::new(&[address], "GP.TEST", Duration::from_secs(20)));
    SspiHandshake::kerberos(&account, "GP.TEST", "HTTP/gp.gp.test", kdcs, None, u64::MAX).unwrap()
}

async fn ntlm_step(challenge: &[u8]) -> bool {
    let account = Account { user: "GP\\svc-gp".into(), password: "of no use elsewhere".to_owned().into() };
    let mut handshake = SspiHandshake::ntlm(&account, "HTTP/gp.gp.test", Some(b"tls-server-end-point:x")).unwrap();
    handshake.step(None).await.unwrap();
    let stepped = handshake.step(Some(challenge)).await;
    // A message that is done with answers nothing more.
    assert!(handshake.step(Some(challenge)).await.is_err());
    stepped.is_ok()
}

/// Unchanged, they are taken: otherwise nothing below would reach far.
#[test]
fn the_real_ones_are_taken() {
    runtime().block_on(async {
        assert!(ntlm_step(&CHALLENGE).await);
        let mut handshake = kerberos(REPLIES.to_vec()).await;
        assert!(!handshake.step(None).await.unwrap().token.is_empty());
        assert!(handshake.step(Some(&PROOF)).await.unwrap().is_done);
    });
}

fn config(share: u32) -> ProptestConfig {
    let cases = ProptestConfig::default().cases / share;
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn ntlm_challenges(edits in edits()) {
        runtime().block_on(ntlm_step(&changed(&CHALLENGE, &edits)));
    }

    #[test]
    fn errors_of_a_domain_controller(edits in edits()) {
        let _ = KdcError::of(&changed_reply(&REPLIES[0], &edits)).map(|error| error.meaning("u", "s", "r", 0));
    }

    #[test]
    fn certificates(edits in edits(), which in 0usize..2) {
        let certificate = ServerCertificate::new(&changed(&CERTIFICATES[which], &edits).into());
        let _ = (certificate.facts(), certificate.end_point_binding());
    }
}

proptest! {
    // Each is a whole handshake, with the domain controller's share of arithmetic.
    #![proptest_config(config(8))]

    #[test]
    fn replies_of_a_domain_controller(edits in edits(), which in 0usize..3) {
        let mut replies = REPLIES.to_vec();
        replies[which] = changed_reply(&replies[which], &edits);
        // What it is asked beyond them, it answers by hanging up.
        runtime().block_on(async { drop(kerberos(replies).await.step(None).await) });
    }

    #[test]
    fn proofs(edits in edits()) {
        runtime().block_on(async {
            let mut handshake = kerberos(REPLIES.to_vec()).await;
            handshake.step(None).await.unwrap();
            // The one that is taken is the real one.
            let proof = changed(&PROOF, &edits);
            let stepped = handshake.step(Some(&proof)).await;
            if stepped.is_ok_and(|stepped| stepped.is_done && stepped.token.is_empty()) {
                assert!(same_secret(&proof), "{edits:?}");
            }
        });
    }
}

/// Whether the encrypted part is the recorded one.
fn same_secret(proof: &[u8]) -> bool {
    let secret = &PROOF[PROOF.len() - 110..];
    proof.windows(secret.len()).any(|window| window == secret)
}

/// One with every kind of name, and one that a plain authority signs.
static CERTIFICATES: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    use rcgen::string::{BmpString, PrintableString, TeletexString};
    use rcgen::{CertificateParams, DnType, DnValue, KeyPair};
    let key = KeyPair::generate().unwrap();
    let mut odd = CertificateParams::new(vec!["gp.acme.local".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let name = &mut odd.distinguished_name;
    name.push(DnType::CommonName, DnValue::BmpString(BmpString::try_from("Übung ž").unwrap()));
    name.push(DnType::OrganizationName, DnValue::TeletexString(TeletexString::try_from("Acme").unwrap()));
    name.push(DnType::CountryName, DnValue::PrintableString(PrintableString::try_from("AT").unwrap()));
    let plain = CertificateParams::new(vec!["gp.acme.local".to_owned()]).unwrap();
    [odd, plain].map(|params| params.self_signed(&key).unwrap().der().to_vec())
});
