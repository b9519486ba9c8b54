//! By what way the systems are reached: a proxy by its address, none, and IPv6.

use crate::bamboohr;
use crate::gp;
use crate::meadow::{KEY, Meadow, PASSWORD, USER, cases, copy, program, ran};
use crate::vault::sign_in::Application;
use ml_connector::bamboohr::BambooHr;
use ml_connector::clock::StandingClock;
use ml_connector::gp::Gp;
use ml_connector::gp::dialect::shipped::SHIPPED;
use ml_connector::project::connections::{BamboohrConnection, GpConnection, Proxy as Way};
use ml_connector::run::facts_folder;
use ml_connector::sandbox::bamboohr::BamboohrSandbox;
use ml_connector::sandbox::gp::GpSandbox;
use secrecy::SecretString;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A proxy on loopback that notes where each of its connections goes. It ends with the test's process.
pub struct Proxy {
    address: SocketAddr,
    targets: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub fn start() -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, targets) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let seen = Arc::clone(&targets);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let seen = Arc::clone(&seen);
                thread::spawn(move || forward(stream, &seen));
            }
        });
        Proxy { address, targets }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn targets(&self) -> Vec<String> {
        self.targets.lock().unwrap().clone()
    }
}

/// `CONNECT host:port` opens a tunnel; `GET http://host:port/path` is passed on as it is.
fn forward(mut from: TcpStream, seen: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match from.read(&mut piece) {
            Ok(0) | Err(_) => return,
            Ok(count) => head.extend_from_slice(&piece[..count]),
        }
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let target = text.split(' ').nth(1).unwrap_or_default();
    let target = target.trim_start_matches("http://").split('/').next().unwrap_or_default().to_owned();
    seen.lock().unwrap().push(target.clone());
    let Ok(mut to) = TcpStream::connect(&target) else { return };
    if text.starts_with("CONNECT ") {
        let _ = from.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
    } else {
        let _ = to.write_all(&head);
    }
    let (mut back_from, mut back_to) = (to.try_clone().unwrap(), from.try_clone().unwrap());
    thread::spawn(move || std::io::copy(&mut back_from, &mut back_to));
    let _ = std::io::copy(&mut from, &mut to);
}

fn authority(url: &str) -> String {
    url.trim_start_matches("http://").to_owned()
}

#[test]
fn each_system_is_reached_by_the_proxy_that_the_project_names() {
    let (meadow, bamboohr, gp) = (Meadow::open(), Proxy::start(), Proxy::start());
    meadow.edit(
        "project.yaml",
        "    company: meadow\n",
        &format!("    company: meadow\n    proxy: {}\n", bamboohr.url()),
    );
    meadow.edit("project.yaml", "    dialect: sba\n", &format!("    dialect: sba\n    proxy: {}\n", gp.url()));
    meadow.ran(&["observe", "--for", "2013-11"]).assert(0, &["4 people"]);
    let (through, expected) = (bamboohr.targets(), authority(&meadow.bamboohr.url()));
    assert!(!through.is_empty() && through.iter().all(|target| *target == expected), "{through:?}");
    let (through, expected) = (gp.targets(), authority(&meadow.gp.url()));
    assert!(!through.is_empty() && through.iter().all(|target| *target == expected), "{through:?}");
}

#[test]
fn tokens_are_asked_for_by_the_same_proxy() {
    let (application, proxy) = (Application::new(), Proxy::start());
    let meadow = application.meadow();
    meadow.edit("project.yaml", "    oauth:\n", &format!("    proxy: {}\n    oauth:\n", proxy.url()));
    application.sign_in(|back| back).assert(0, &["signed in to BambooHR"]);
    assert_eq!(meadow.bamboohr.faults().count("POST /token.php"), 1);
    assert_eq!(proxy.targets(), [authority(&meadow.bamboohr.url())]);
}

#[test]
fn off_is_straight_whatever_the_variables_say() {
    let (meadow, proxy) = (Meadow::open(), Proxy::start());
    let variables: Vec<(&str, String)> =
        ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"].map(|name| (name, proxy.url())).into();
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, url)| (*name, url.as_str())).collect();
    // Left out: a system on this machine is reached straight, too.
    meadow.ran_with(&["observe", "--for", "2013-11"], &variables).assert(0, &["4 people"]);
    meadow.edit("project.yaml", "    company: meadow\n", "    company: meadow\n    proxy: off\n");
    meadow.edit("project.yaml", "    dialect: sba\n", "    dialect: sba\n    proxy: off\n");
    meadow.ran_with(&["observe", "--for", "2013-11"], &variables).assert(0, &["4 people"]);
    assert_eq!(proxy.targets(), Vec::<String>::new());
}

#[test]
fn a_proxy_that_is_not_there_is_unavailable() {
    let meadow = Meadow::open();
    meadow.edit("project.yaml", "    company: meadow\n", "    company: meadow\n    proxy: http://127.0.0.1:1\n");
    meadow.ran(&["observe", "--for", "2013-11"]).assert(5, &["BambooHR is not available"]);
    assert_eq!(meadow.bamboohr.faults().count("/"), 0);
}

#[test]
fn both_systems_are_reached_over_ipv6() {
    let here = SocketAddr::from((Ipv6Addr::LOCALHOST, 0));
    if TcpListener::bind(here).is_err() {
        return; // a machine without IPv6
    }
    let folder = tempfile::tempdir().unwrap();
    copy(&cases("meadow/project"), folder.path());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let inside = runtime.enter();
    let clock = StandingClock::at("2013-12-02T12:00:00Z".parse().unwrap());
    let facts = facts_folder::load(&cases("meadow/facts")).unwrap();
    let bamboohr = BamboohrSandbox::start_at(here, &facts, "meadow", KEY, clock.clone()).unwrap();
    let gp = GpSandbox::start_at(here, &facts, "Meadow Goods, Inc.", USER, PASSWORD, Arc::new(clock)).unwrap();
    drop(inside);
    assert!(bamboohr.url().starts_with("http://[::1]:"), "{}", bamboohr.url());
    fs::create_dir_all(folder.path().join("environments")).unwrap();
    for server in ["\"[::1]\"", "\"::1\""] {
        let environment = format!(
            "format: 1\nsettings:\n  bamboohr_url: \"{}\"\n  gp_scheme: http\n  gp_server: {server}\n  gp_port: {}\n",
            bamboohr.url(),
            gp.port()
        );
        fs::write(folder.path().join("environments/six.yaml"), environment).unwrap();
        let mut command = program(&["observe", "--for", "2013-11", "--environment", "six", "--today", "2013-12-02"]);
        command.current_dir(folder.path());
        command.envs([("BAMBOOHR_API_KEY", KEY), ("GP_USER", USER), ("GP_PASSWORD", PASSWORD)]);
        ran(command).assert(0, &["4 people"]);
    }
}

/// Refused by lint; and again where the clients are made.
#[test]
fn what_is_not_encrypted_goes_by_no_other_machine() {
    let far = || Way::At("http://proxy.meadow.example:8080".to_owned());
    let clock = Arc::new(StandingClock::at("2013-12-02T12:00:00Z".parse().unwrap()));
    let connection = BamboohrConnection { proxy: far(), ..bamboohr::company::connection("http://127.0.0.1:8080") };
    let key = SecretString::from(KEY.to_owned());
    let refused = BambooHr::new(&connection, key, clock.clone()).unwrap_err().to_string();
    assert!(refused.contains("another machine"), "{refused}");
    let connection = GpConnection { proxy: far(), ..gp::site::connection(8080, SHIPPED) };
    let refused = Gp::new(&connection, USER.to_owned(), SecretString::from(PASSWORD.to_owned()), clock).err();
    assert!(refused.unwrap().to_string().contains("another machine"));
}
