//! An editor, as far as a language server can tell.

use lsp_server::{Message, Notification, Request, RequestId};
use lsp_types::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long a test waits for something that comes at once or never.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Message>,
    folder: PathBuf,
    versions: BTreeMap<String, i32>,
    asked: i32,
    told: Vec<PublishDiagnosticsParams>,
    pub capabilities: Value,
}

/// A copy of the smaller example, to write into.
pub fn copy_example() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/harbor-supply"), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The codes that are told, in order.
pub fn diagnostics_of(told: &PublishDiagnosticsParams) -> Vec<String> {
    let code = |diagnostic: &Diagnostic| match &diagnostic.code {
        Some(NumberOrString::String(code)) => code.clone(),
        other => format!("{other:?}"),
    };
    told.diagnostics.iter().map(code).collect()
}

impl Client {
    pub fn open(folder: &Path) -> Client {
        Client::open_with(folder, &[])
    }

    pub fn open_with(folder: &Path, encodings: &[&str]) -> Client {
        let mut command = crate::meadow::program(&["lsp"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (put, messages) = channel();
        std::thread::spawn(move || {
            while let Ok(Some(message)) = Message::read(&mut stdout) {
                if put.send(message).is_err() {
                    break;
                }
            }
        });
        let stdin = child.stdin.take();
        let mut client = Client {
            child,
            stdin,
            messages,
            folder: folder.to_owned(),
            versions: BTreeMap::new(),
            asked: 0,
            told: Vec::new(),
            capabilities: Value::Null,
        };
        let general = if encodings.is_empty() { json!({}) } else { json!({ "positionEncodings": encodings }) };
        let params = json!({ "processId": null, "rootUri": null, "capabilities": { "general": general } });
        let answer = client.ask_raw("initialize", params).unwrap();
        client.capabilities = answer["capabilities"].clone();
        client.tell("initialized", json!({}));
        client
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file)).unwrap()
    }

    pub fn uri(&self, file: &str) -> Uri {
        url::Url::from_file_path(self.folder.join(file)).unwrap().as_str().parse().unwrap()
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        let message = Message::from(Notification::new(method.to_owned(), params));
        message.write(self.stdin.as_mut().unwrap()).unwrap();
    }

    /// Asks; notifications that come before the answer are kept.
    pub fn ask_raw(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        let request = Message::from(Request::new(id.clone(), method.to_owned(), params));
        request.write(self.stdin.as_mut().unwrap()).unwrap();
        loop {
            match self.next() {
                Message::Response(response) if response.id == id => {
                    return response.response_result.map_err(|error| error.message);
                }
                Message::Notification(told) => self.keep(told),
                other => panic!("{other:?}"),
            }
        }
    }

    fn next(&mut self) -> Message {
        self.messages.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("the server does not answer: {error}"))
    }

    fn keep(&mut self, told: Notification) {
        assert_eq!(told.method, "textDocument/publishDiagnostics");
        self.told.push(serde_json::from_value(told.params).unwrap());
    }

    pub fn ask<R: DeserializeOwned>(&mut self, method: &str, params: Value) -> R {
        serde_json::from_value(self.ask_raw(method, params).unwrap()).unwrap()
    }

    /// What is told next about a file.
    pub fn told(&mut self, file: &str) -> PublishDiagnosticsParams {
        let uri = self.uri(file);
        loop {
            if let Some(at) = self.told.iter().position(|told| told.uri == uri) {
                // What was told about others before is old by now.
                return self.told.drain(..=at).last().unwrap();
            }
            match self.next() {
                Message::Notification(told) => self.keep(told),
                other => panic!("{other:?}"),
            }
        }
    }

    pub fn open_file(&mut self, file: &str, text: &str) {
        self.versions.insert(file.to_owned(), 1);
        let uri = self.uri(file);
        let document = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub fn change(&mut self, file: &str, text: &str) {
        self.send_change(file, json!({ "text": text }));
    }

    /// A few letters typed.
    pub fn insert(&mut self, file: &str, at: Position, text: &str) {
        self.send_change(file, json!({ "range": { "start": at, "end": at }, "text": text }));
    }

    fn send_change(&mut self, file: &str, change: Value) {
        let uri = self.uri(file);
        let version = self.versions.get_mut(file).unwrap();
        *version += 1;
        let document = json!({ "uri": uri, "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    }

    pub fn save(&mut self, file: &str) {
        let uri = self.uri(file);
        self.tell("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
    }

    pub fn close(&mut self, file: &str) {
        let uri = self.uri(file);
        self.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    pub fn changed_on_disk(&mut self, file: &str) {
        let uri = self.uri(file);
        self.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] }));
    }

    pub fn at(&self, file: &str, line: u32, character: u32) -> Value {
        json!({ "textDocument": { "uri": self.uri(file) }, "position": { "line": line, "character": character } })
    }

    /// Ends as an editor ends, and gives the exit code.
    pub fn end(mut self) -> i32 {
        self.ask_raw("shutdown", Value::Null).unwrap();
        self.leave()
    }

    pub fn leave(mut self) -> i32 {
        self.tell("exit", Value::Null);
        self.code()
    }

    pub fn hang_up(mut self) -> i32 {
        self.stdin = None;
        self.code()
    }

    fn code(mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap()
    }
}
