//! No secret and no key in anything that is printed, logged or written down.

use super::Guarded;
use crate::meadow::{KEY, PASSWORD, RUN, USER};
use ml_connector::sandbox::faults::Fault;
use std::fs;
use std::path::Path;

/// Every file under a folder, with its bytes.
fn bytes_under(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            bytes_under(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

#[test]
fn nothing_shows_a_secret_of_the_vault() {
    let guarded = Guarded::open();
    let mut shown: Vec<(String, Vec<u8>)> = Vec::new();
    let mut tell = |arguments: &[&str], code: i32| {
        let ran = guarded.ran(&[arguments, &["-vv"]].concat());
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.all());
        shown.push((arguments.join(" "), ran.all().into_bytes()));
        ran.all()
    };
    guarded.meadow.fed(&["vault", "set", "gp-password", "-vv"], "canary-wrong-55aa").assert(0, &[]);
    let refused = tell(&RUN, 9);
    assert!(refused.contains("answered"), "the log is on: {refused}");
    guarded.meadow.fed(&["vault", "set", "gp-password", "-vv"], PASSWORD).assert(0, &[]);
    guarded.meadow.bamboohr.faults().next("/api", Fault::status(401));
    tell(&RUN, 9);
    tell(&RUN, 4);
    for command in [
        &["vault", "list"][..],
        &["vault", "verify"],
        &["vault", "rotate"],
        &["vault", "list", "--format", "json"],
        &["audit"],
        &["audit", "--format", "json"],
        &["status"],
    ] {
        tell(command, 0);
    }
    let key = fs::read_to_string(guarded.key_file()).unwrap();
    // While the store is open its newest pages are in files beside it; those are looked through, too.
    let open = rusqlite::Connection::open(guarded.store_file()).unwrap();
    open.query_row("SELECT count(*) FROM secrets", [], |row| row.get::<_, i64>(0)).unwrap();
    bytes_under(&guarded.meadow.project().join(".ml-connector"), &mut shown);
    assert!(shown.iter().any(|(what, _)| what.ends_with("store.db")));
    for canary in [KEY, USER, PASSWORD, "canary-wrong-55aa", key.trim()] {
        let raw = hex::decode(canary).unwrap_or_default();
        for (what, bytes) in &shown {
            let has = |part: &[u8]| !part.is_empty() && bytes.windows(part.len()).any(|window| window == part);
            assert!(!has(canary.as_bytes()) && !has(&raw), "{what} shows {canary}");
        }
    }
}

/// A core file would hold every secret that was in memory.
#[test]
#[cfg(target_os = "linux")]
fn a_crash_leaves_no_core_file() {
    let mut editor = crate::meadow::program(&["lsp"]);
    // It has started when it answers, and goes on until its input ends.
    let mut child = editor.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let request = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    let message = format!("Content-Length: {}\r\n\r\n{request}", request.len());
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), message.as_bytes()).unwrap();
    let mut first = [0; 1];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
}
