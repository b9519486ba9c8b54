//! The program through a real Windows sign-in: a domain's KDC, Apache as IIS stands before GP, and the sandbox's GP behind it.
//! What Apache let through is what counts. Run by `bash tests/lab/run`, which starts the domain; time is real here.

use crate::meadow::{JOURNAL, Meadow, Ran, ran};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex};
use tokio::runtime::Runtime;

/// A value that the lab printed. Missing is a failure, not a skip.
fn lab(name: &str) -> String {
    let value = std::env::var_os(name).unwrap_or_else(|| panic!("{name} is not set: bash tests/lab/run"));
    value.into_string().unwrap()
}

/// Answered by ourselves: whoever gets it back has come through to us.
const ARE_YOU_THERE: &str = "/are-you-there";

/// What stands behind Apache: passes every request on to a sandbox's GP, and notes as whom Apache let it in.
struct Behind {
    users: Mutex<Vec<String>>,
    gp: Mutex<String>,
    client: reqwest::Client,
}

async fn pass_on(
    State(behind): State<Arc<Behind>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if uri.path() == ARE_YOU_THERE {
        return ARE_YOU_THERE.into_response();
    }
    let user = headers.get("x-remote-user").and_then(|user| user.to_str().ok()).unwrap_or_default().to_owned();
    behind.users.lock().unwrap().push(user);
    let url = format!("{}{uri}", behind.gp.lock().unwrap());
    let mut request = behind.client.request(method, url).body(body);
    request = request.basic_auth(crate::meadow::USER, Some(crate::meadow::PASSWORD));
    for name in ["content-type", "accept", "gp-custom-action"] {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value.clone());
        }
    }
    let answer = request.send().await.unwrap();
    let (status, kind) = (answer.status(), answer.headers().get("content-type").cloned());
    let mut response = (StatusCode::from_u16(status.as_u16()).unwrap(), answer.bytes().await.unwrap()).into_response();
    if let Some(kind) = kind {
        response.headers_mut().insert("content-type", kind);
    }
    response
}

/// Apache reloads while it goes on: for a moment a request may still be led to where it was led before.
async fn reaches_us(client: &reqwest::Client) {
    let port = lab("GPLAB_URL_APACHE_PLAIN_HTTP");
    let port = port.trim_end_matches('/').rsplit_once(':').unwrap().1;
    let url = format!("http://127.0.0.1:{port}{ARE_YOU_THERE}");
    let begun = std::time::Instant::now();
    let mut in_a_row = 0;
    while in_a_row < 10 {
        // A connection each: a kept one would stay with the process that is going.
        let answer = client.get(&url).header("connection", "close").send().await;
        let is_us = match answer {
            Ok(answer) => answer.text().await.is_ok_and(|text| text == ARE_YOU_THERE),
            Err(_) => false,
        };
        in_a_row = if is_us { in_a_row + 1 } else { 0 };
        assert!(begun.elapsed().as_secs() < 60, "Apache leads nobody to us");
    }
}

/// The domain with a GP behind its web server.
struct Domain {
    behind: Arc<Behind>,
    _runtime: Runtime,
}

impl Domain {
    fn open() -> Domain {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let behind = Arc::new(Behind { users: Mutex::default(), gp: Mutex::default(), client });
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(pass_on).with_state(Arc::clone(&behind));
        runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        // Points every front at us; the domain itself goes on.
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lab/windows-auth-lab");
        let up = Command::new("/usr/bin/python3")
            .args([script, "up", &lab("GPLAB_DIR")])
            .env("GPLAB_BACKEND", address.to_string())
            .output()
            .unwrap();
        assert!(up.status.success(), "{}", String::from_utf8_lossy(&up.stderr));
        runtime.block_on(reaches_us(&behind.client));
        Domain { behind, _runtime: runtime }
    }

    /// A company whose GP stands behind `front`, signed in to as `sign_in` says.
    fn company(&self, front: &str, sign_in: &str) -> Meadow {
        let meadow = Meadow::open();
        *self.behind.gp.lock().unwrap() = meadow.gp.url();
        self.behind.users.lock().unwrap().clear();
        let url = lab(&format!("GPLAB_URL_{front}"));
        let (host, port) = url.trim_start_matches("https://").trim_end_matches('/').split_once(':').unwrap();
        let environment = format!(
            "format: 1\nsettings:\n  bamboohr_url: {}\n  gp_scheme: https\n  gp_server: {host}\n  gp_port: {port}\n",
            meadow.bamboohr.url()
        );
        fs::write(meadow.project().join("environments/sandbox.yaml"), environment).unwrap();
        fs::create_dir_all(meadow.project().join("tls")).unwrap();
        fs::copy(lab("GPLAB_CA"), meadow.project().join("tls/domain-ca.pem")).unwrap();
        let added =
            format!("    dialect: sba\n    tls: {{ authorities: tls/domain-ca.pem }}\n    sign_in: {sign_in}\n");
        meadow.edit("project.yaml", "    dialect: sba\n", &added);
        meadow
    }

    fn run(&self, meadow: &Meadow, user: &str, password: &str, arguments: &[&str]) -> Ran {
        let mut command = meadow.command(arguments);
        command
            .env("GP_USER", user)
            .env("GP_PASSWORD", password)
            .env("KRB5_CONFIG", lab("GPLAB_KRB5_CONF"))
            // The lab's names are in no DNS.
            .env("LD_PRELOAD", "libnss_wrapper.so")
            .env("NSS_WRAPPER_HOSTS", lab("GPLAB_HOSTS"));
        ran(command)
    }

    /// As whom Apache let the requests in since the company was opened, each once.
    fn users(&self) -> Vec<String> {
        let mut users = self.behind.users.lock().unwrap().clone();
        users.sort();
        users.dedup();
        users
    }
}

#[test]
#[ignore = "needs a Windows domain: bash tests/lab/run"]
fn a_month_goes_to_gp_through_every_windows_sign_in() {
    let domain = Domain::open();
    let (realm, kdc, keytab) = (lab("GPLAB_REALM"), lab("GPLAB_KDC"), lab("GPLAB_USER_KEYTAB"));
    let folder = tempfile::tempdir().unwrap();
    let cache = format!("FILE:{}", folder.path().join("tickets").display());
    let principal = format!("{}@{realm}", lab("GPLAB_USER"));
    assert!(Command::new("kinit").args(["-c", &cache, "-k", "-t", &keytab, &principal]).status().unwrap().success());
    let kdc = kdc.trim_start_matches("tcp://");
    let with_domain = format!("{}\\{}", lab("GPLAB_DOMAIN"), lab("GPLAB_USER"));
    let cases = [
        (format!("{{ by: kerberos, domain_controllers: [\"{kdc}\"] }}"), principal.as_str(), "Kerberos"),
        (format!("{{ by: kerberos, keytab: \"{keytab}\" }}"), &principal, "Kerberos"),
        (format!("{{ by: kerberos, tickets: \"{cache}\" }}"), &principal, "Kerberos"),
        ("{ by: ntlm }".to_owned(), &with_domain, "NTLM"),
        // The first controller is not there, and NTLM is allowed only where Kerberos cannot be had.
        (
            format!("{{ by: kerberos, else: ntlm, domain_controllers: [\"127.0.0.1:1\", \"{kdc}\"] }}"),
            &principal,
            "Kerberos",
        ),
    ];
    for (sign_in, user, by) in cases {
        let meadow = domain.company("APACHE_IIS_HTTPS", &sign_in);
        let password = lab("GPLAB_PASSWORD");
        let ran = |arguments: &[&str], says: &str| domain.run(&meadow, user, &password, arguments).assert(0, &[says]);
        let november = ["--pipeline", "payroll-journal", "--for", "2013-11"];
        ran(&["ping"], &format!(", by {by}"));
        ran(&[&["plan"], &november[..]].concat(), "ready");
        ran(&[&["approve"], &november[..]].concat(), "approved");
        ran(&[&["send"], &november[..]].concat(), "sent");
        let journals = meadow.gp.journals();
        assert_eq!((journals.len(), journals[0].lines.len()), (1, JOURNAL.len()), "{sign_in}");
        assert_eq!(domain.users(), [user], "{sign_in}");
    }
}

#[test]
#[ignore = "needs a Windows domain: bash tests/lab/run"]
fn what_is_wrong_is_said_in_words_and_tried_once() {
    let domain = Domain::open();
    let kdc = lab("GPLAB_KDC");
    let kerberos = |more: &str| {
        format!("{{ by: kerberos, domain_controllers: [\"{}\"]{more} }}", kdc.trim_start_matches("tcp://"))
    };
    let (user, password) = (&format!("{}@{}", lab("GPLAB_USER"), lab("GPLAB_REALM")), lab("GPLAB_PASSWORD"));
    let observe = ["observe", "--for", "2013-11"];

    let meadow = domain.company("APACHE_IIS_HTTPS", &kerberos(""));
    let wrong = domain.run(&meadow, user, "not it", &observe);
    wrong.assert(
        9,
        &["no sign-in to GP: the password is wrong (by Kerberos)", "not tried again, because accounts lock"],
    );
    assert_eq!(domain.users(), Vec::<String>::new());
    // The right one resets the domain's count.
    domain.run(&meadow, user, &password, &observe).assert(0, &["4 people"]);

    // The most that can be logged, by every mechanism: no password, and no token that a password made.
    for sign_in in [kerberos(""), "{ by: ntlm }".to_owned()] {
        let by_ntlm = sign_in.contains("ntlm");
        let told = domain.company("APACHE_IIS_HTTPS", &sign_in);
        let user = if by_ntlm { format!("{}\\{}", lab("GPLAB_DOMAIN"), lab("GPLAB_USER")) } else { user.clone() };
        let logged = domain.run(&told, &user, &password, &["observe", "--for", "2013-11", "-vvv"]);
        logged.assert(0, &["4 people", "answered"]);
        for secret in [password.as_str(), "Negotiate ", "NTLM TlRM", "YII", "TlRMTVNT"] {
            assert!(!logged.all().contains(secret), "{secret} is in the log");
        }
    }

    let unknown = domain.company("APACHE_IIS_HTTPS", &kerberos(", spn: HTTP/nowhere.gp.test"));
    domain
        .run(&unknown, user, &password, &observe)
        .assert(9, &["knows no service HTTP/nowhere.gp.test", "setspn -S HTTP/nowhere.gp.test"]);

    let unbound = domain.company("MIT_HTTPS", &kerberos(", bind_to_tls: off"));
    domain.run(&unbound, user, &password, &observe).assert(9, &["the server did not take the ticket"]);
    let bound = domain.company("MIT_HTTPS", &kerberos(", bind_to_tls: require"));
    domain.run(&bound, user, &password, &observe).assert(0, &["4 people"]);

    let doctor = domain.run(&bound, user, &password, &["doctor"]);
    doctor.assert(0, &["setspn -S HTTP/gp.gp.test", "takes a connection", "certificate ends"]);

    let untrusted = domain.company("MIT_HTTPS", &kerberos(""));
    untrusted.edit("project.yaml", "    tls: { authorities: tls/domain-ca.pem }\n", "");
    let told = domain.run(&untrusted, user, &password, &observe);
    told.assert(5, &["UnknownIssuer"]);
    let doctor = domain.run(&untrusted, user, &password, &["doctor"]);
    doctor.assert(5, &["tls: { authorities: FILE.pem }"]);
}
