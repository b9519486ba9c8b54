//! Both sandboxes in a process of their own.

use crate::support;
use ml_connector::clock::StandingClock;
use ml_connector::sandbox::bamboohr::BamboohrSandbox;
use ml_connector::sandbox::faults::Fault;
use ml_connector::sandbox::gp::GpSandbox;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Sign-ins of the sandboxes: they open nothing but loopback.
pub const KEY: &str = "bench-key";
pub const USER: &str = "bench";
pub const PASSWORD: &str = "bench-password";

/// Serves until standard input ends. The first line of standard output names the two ports; a line `delay MS` makes
/// every later answer wait, `count` is answered by a line of [`Counts`].
pub fn serve(people: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let _inside = runtime.enter();
    let facts = support::facts(people, true);
    let clock = StandingClock::at(support::now());
    let bamboohr = BamboohrSandbox::start(&facts, "bench", KEY, clock.clone()).expect("a port");
    let gp = GpSandbox::start(&facts, "Bench", USER, PASSWORD, Arc::new(clock)).expect("a port");
    drop(facts);
    let port = bamboohr.url().rsplit(':').next().map(str::to_owned).expect("a port");
    println!("{port} {}", gp.port());
    for line in std::io::stdin().lines().map_while(Result::ok) {
        match line.split_once(' ') {
            Some(("delay", millis)) => {
                let delay = Duration::from_millis(millis.parse().expect("a number"));
                bamboohr.faults().always("/", Fault::Delay(delay));
                gp.faults().always("/", Fault::Delay(delay));
                println!("delayed");
            }
            _ => println!("{}", counts(&bamboohr, &gp)),
        }
    }
}

fn counts(bamboohr: &BamboohrSandbox, gp: &GpSandbox) -> String {
    let asked = gp.faults().requests();
    let posts = asked.iter().filter(|request| request.starts_with("POST ")).count();
    let look_ups: Vec<&String> = asked.iter().filter(|request| request.contains("/Accounts(")).collect();
    let distinct = look_ups.iter().collect::<BTreeSet<_>>().len();
    format!("{} {posts} {} {distinct}", asked.len() + bamboohr.faults().requests().len(), look_ups.len())
}

/// What the sandboxes were asked.
pub struct Counts {
    pub requests: usize,
    pub posts: usize,
    pub look_ups: usize,
    pub distinct_look_ups: usize,
}

/// The sandboxes' process. Dropping it ends it.
pub struct ServerProcess {
    /// Port of the sandboxed BambooHR.
    pub bamboohr: u16,
    /// Port of the sandboxed GP.
    pub gp: u16,
    child: Child,
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
}

impl ServerProcess {
    /// Sandboxes of an invented company whose every answer comes `delay` milliseconds later.
    pub fn start(people: usize, delay: usize) -> ServerProcess {
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        command.args(["serve", &people.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("a process");
        let input = child.stdin.take().expect("a pipe");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut ports = String::new();
        output.read_line(&mut ports).expect("the ports");
        let ports: Vec<u16> = ports.split_whitespace().map(|port| port.parse().expect("a port")).collect();
        let server = ServerProcess { bamboohr: ports[0], gp: ports[1], child, pipes: Mutex::new((input, output)) };
        if delay > 0 {
            server.ask(&format!("delay {delay}"));
        }
        server
    }

    /// What was asked so far.
    pub fn counts(&self) -> Counts {
        let said = self.ask("count");
        let numbers: Vec<usize> = said.split_whitespace().map(|word| word.parse().expect("a number")).collect();
        Counts { requests: numbers[0], posts: numbers[1], look_ups: numbers[2], distinct_look_ups: numbers[3] }
    }

    fn ask(&self, words: &str) -> String {
        let mut pipes = self.pipes.lock().expect("one asks at a time");
        writeln!(pipes.0, "{words}").expect("the server listens");
        let mut answer = String::new();
        pipes.1.read_line(&mut answer).expect("the server answers");
        answer
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
