//! Stands between a client and a sandbox once, and keeps the client's requests as they left.

use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// One HTTP request, as it left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recorded {
    pub is_bamboohr: bool,
    pub method: String,
    /// Path and query, encoded as they were.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    #[serde(skip)]
    port: u16,
}

/// Keeps requests in the order in which they came.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Vec<Recorded>>>);

impl Recorder {
    /// Passes everything on to `port` of this machine; gives the port to come to instead.
    pub fn listen(&self, port: u16) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let own = listener.local_addr().expect("an address").port();
        let recorder = self.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let recorder = recorder.clone();
                std::thread::spawn(move || recorder.pass_on(client, port));
            }
        });
        own
    }

    /// Writes what was kept as JSON; `bamboohr` is that system's own port.
    pub fn save(&self, file: &Path, bamboohr: u16) {
        let mut requests = self.0.lock().expect("the requests").clone();
        for request in &mut requests {
            request.is_bamboohr = request.port == bamboohr;
        }
        std::fs::write(file, serde_json::to_vec(&requests).expect("JSON")).expect("a file");
    }

    fn pass_on(&self, client: TcpStream, port: u16) {
        let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the sandbox");
        let (mut answers, mut back) = (server.try_clone().expect("a socket"), client.try_clone().expect("a socket"));
        std::thread::spawn(move || std::io::copy(&mut answers, &mut back));
        let (mut reader, mut server) = (BufReader::new(client), server);
        while let Some((bytes, request)) = read_request(&mut reader, port) {
            self.0.lock().expect("the requests").push(request);
            server.write_all(&bytes).expect("the sandbox listens");
        }
        let _ = server.shutdown(Shutdown::Both);
    }
}

/// The next request with its bytes; `None` when the client has gone.
fn read_request(reader: &mut impl BufRead, port: u16) -> Option<(Vec<u8>, Recorded)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head).ok()? == 0 {
            return None;
        }
    }
    let text = String::from_utf8(head.clone()).ok()?;
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    let headers: Vec<(String, String)> = lines.filter_map(header).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, length)| length.parse().expect("a length"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    head.extend_from_slice(&body);
    let body = String::from_utf8(body).ok()?;
    Some((head, Recorded { is_bamboohr: false, method, target, headers, body, port }))
}
