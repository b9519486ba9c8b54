//! The conversation with the editor: messages in their order, and a look at what changed whenever none waits.

use super::actions::{self, FIX_ALL};
use super::documents::{self, Document};
use super::position::Encoding;
use super::project::{Project, folder_of};
use super::{completion, definition, hover};
use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, RequestId, Response};
use lsp_types::notification::{self as told, Notification as _};
use lsp_types::request::{self as asked, Request as _};
use lsp_types::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The editor asked for it.
    Asked,
    /// The editor went away, or said `exit` without asking to shut down first.
    Left,
}

/// Serves one editor until it ends the conversation.
///
/// # Errors
/// What came was not the protocol.
pub fn serve(connection: &Connection, environment: Option<&str>) -> Result<End, ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let encoding = Encoding::agreed(&params.capabilities);
    let result = InitializeResult {
        capabilities: capabilities(encoding),
        server_info: Some(ServerInfo {
            name: "ml-connector".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    connection.initialize_finish(id, serde_json::to_value(result).unwrap_or_default())?;
    let server = Server {
        connection,
        encoding,
        environment: environment.map(str::to_owned),
        projects: BTreeMap::new(),
        open: BTreeMap::new(),
    };
    if wants_watchers(&params.capabilities) {
        server.watch();
    }
    Ok(server.talk())
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(completion::triggers()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::from(FIX_ALL.to_owned())]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}

fn wants_watchers(client: &ClientCapabilities) -> bool {
    let watched = client.workspace.as_ref().and_then(|workspace| workspace.did_change_watched_files);
    watched.is_some_and(|watched| watched.dynamic_registration == Some(true))
}

struct Server<'c> {
    connection: &'c Connection,
    encoding: Encoding,
    environment: Option<String>,
    /// By folder.
    projects: BTreeMap<PathBuf, Project>,
    /// The folder and file of each open document.
    open: BTreeMap<PathBuf, (PathBuf, String)>,
}

impl Server<'_> {
    fn talk(mut self) -> End {
        let (put, queue) = channel();
        let incoming = self.connection.receiver.clone();
        // The reader hands over one message at a time; a queue of ours tells whether more are waiting.
        std::thread::spawn(move || incoming.into_iter().all(|message| put.send(message).is_ok()));
        let mut shut_down = false;
        loop {
            let Some(message) = self.next(&queue) else { return End::Left };
            match message {
                Message::Request(request) if shut_down => {
                    let refused = "the server was asked to shut down".to_owned();
                    self.send(Response::new_err(request.id, ErrorCode::InvalidRequest as i32, refused));
                }
                Message::Request(request) if request.method == asked::Shutdown::METHOD => {
                    shut_down = true;
                    self.send(Response::new_ok(request.id, ()));
                }
                Message::Request(request) => self.request(request),
                Message::Notification(told) if told.method == told::Exit::METHOD => {
                    return if shut_down { End::Asked } else { End::Left };
                }
                Message::Notification(told) => self.notification(told),
                Message::Response(_) => {}
            }
        }
    }

    /// The next message. While none waits, what changed is looked at, one project at a time.
    fn next(&mut self, queue: &Receiver<Message>) -> Option<Message> {
        loop {
            match queue.try_recv() {
                Ok(message) => return Some(message),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {
                    let stale = self.projects.iter().find(|(_, project)| project.is_stale);
                    match stale.map(|(folder, _)| folder.clone()) {
                        Some(folder) => self.look(&folder),
                        None => return queue.recv().ok(),
                    }
                }
            }
        }
    }

    /// Looks at a project and tells what is new. A bug of ours ends this look, not the conversation.
    fn look(&mut self, folder: &Path) {
        let Some(project) = self.projects.get_mut(folder) else { return };
        project.is_stale = false;
        let (environment, encoding) = (self.environment.as_deref(), self.encoding);
        let news = catch_unwind(AssertUnwindSafe(|| {
            project.look(environment);
            project.news(encoding)
        }));
        tracing::debug!(folder = %folder.display(), "looked at");
        for params in news.unwrap_or_default() {
            self.tell::<told::PublishDiagnostics>(params);
        }
    }

    fn send(&self, message: impl Into<Message>) {
        // An editor that is gone is noticed when nothing more is received.
        let _ = self.connection.sender.send(message.into());
    }

    fn tell<N: told::Notification>(&self, params: N::Params)
    where
        N::Params: Serialize,
    {
        self.send(Notification::new(N::METHOD.to_owned(), params));
    }

    /// Asks to be told when files change that are not open: a table saved in a spreadsheet, a branch that is switched.
    fn watch(&self) {
        let watchers = ["**/*.yaml", "**/*.csv", "**/*.xlsx", "**/*.rhai"];
        let watchers =
            watchers.map(|glob| FileSystemWatcher { glob_pattern: GlobPattern::String(glob.to_owned()), kind: None });
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.to_vec() };
        let registration = Registration {
            id: "files".to_owned(),
            method: told::DidChangeWatchedFiles::METHOD.to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let params = RegistrationParams { registrations: vec![registration] };
        let id = RequestId::from("files".to_owned());
        self.send(Request::new(id, asked::RegisterCapability::METHOD.to_owned(), params));
    }

    fn notification(&mut self, notification: Notification) {
        match notification.method.as_str() {
            told::DidOpenTextDocument::METHOD => read(notification.params, |params| self.opened(params)),
            told::DidChangeTextDocument::METHOD => read(notification.params, |params| self.changed(params)),
            told::DidCloseTextDocument::METHOD => read(notification.params, |params| self.closed(&params)),
            told::DidSaveTextDocument::METHOD => read(notification.params, |params: DidSaveTextDocumentParams| {
                if let Some((project, _)) = self.project(&params.text_document.uri) {
                    project.is_stale = true;
                }
            }),
            told::DidChangeWatchedFiles::METHOD => read(notification.params, |params: DidChangeWatchedFilesParams| {
                let paths: Vec<PathBuf> =
                    params.changes.iter().filter_map(|change| documents::path(&change.uri)).collect();
                for (folder, project) in &mut self.projects {
                    project.is_stale |= paths.iter().any(|path| path.starts_with(folder));
                }
            }),
            _ => {}
        }
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, version, text, .. } = params.text_document;
        let Some(path) = documents::path(&uri) else { return };
        let Some(folder) = folder_of(&path).map(Path::to_owned) else { return };
        let project = self.projects.entry(folder.clone()).or_insert_with(|| Project::new(&folder));
        let Some(file) = project.file(&path) else { return };
        project.documents.insert(file.clone(), Document { uri, version, text: Arc::from(text) });
        project.is_stale = true;
        self.open.insert(path, (folder, file));
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let encoding = self.encoding;
        let Some((project, file)) = self.project(&params.text_document.uri) else { return };
        if let Some(document) = project.documents.get_mut(&file) {
            document.edit(params.content_changes, encoding);
            document.version = params.text_document.version;
            project.is_stale = true;
        }
    }

    fn closed(&mut self, params: &DidCloseTextDocumentParams) {
        let Some(path) = documents::path(&params.text_document.uri) else { return };
        let Some((folder, file)) = self.open.remove(&path) else { return };
        let Some(project) = self.projects.get_mut(&folder) else { return };
        project.documents.remove(&file);
        project.is_stale = true;
        if project.documents.is_empty() {
            let all = project.silence();
            self.projects.remove(&folder);
            all.into_iter().for_each(|params| self.tell::<told::PublishDiagnostics>(params));
        }
    }

    /// The project and file of an open document.
    fn project(&mut self, uri: &Uri) -> Option<(&mut Project, String)> {
        let (folder, file) = self.open.get(&documents::path(uri)?)?;
        let project = self.projects.get_mut(folder)?;
        Some((project, file.clone()))
    }

    fn request(&mut self, request: Request) {
        let id = request.id.clone();
        let response = catch_unwind(AssertUnwindSafe(|| self.answer(request)));
        self.send(response.unwrap_or_else(|_| {
            Response::new_err(id, ErrorCode::InternalError as i32, "this is a bug of ml-connector".to_owned())
        }));
    }

    fn answer(&mut self, request: Request) -> Response {
        let encoding = self.encoding;
        let environment = self.environment.clone();
        let environment = environment.as_deref();
        match request.method.as_str() {
            asked::Completion::METHOD => answered(request, |params: CompletionParams| {
                let at = params.text_document_position;
                let (project, file) = self.project(&at.text_document.uri)?;
                project.look_once(environment);
                let view = project.view(&file, at.position.line, at.position.character, encoding)?;
                let items = completion::complete(&view, project.text(&file)?, encoding);
                Some(CompletionResponse::Array(items))
            }),
            asked::HoverRequest::METHOD => answered(request, |params: HoverParams| {
                let at = params.text_document_position_params;
                let (project, file) = self.project(&at.text_document.uri)?;
                project.look_once(environment);
                let view = project.view(&file, at.position.line, at.position.character, encoding)?;
                hover::hover(&view, project.text(&file)?, encoding)
            }),
            asked::GotoDefinition::METHOD => answered(request, |params: GotoDefinitionParams| {
                let at = params.text_document_position_params;
                let (project, file) = self.project(&at.text_document.uri)?;
                project.look_once(environment);
                let view = project.view(&file, at.position.line, at.position.character, encoding)?;
                let all = definition::definition(&view, project.text(&file)?, encoding);
                Some(GotoDefinitionResponse::Array(all))
            }),
            asked::CodeActionRequest::METHOD => answered(request, |params: CodeActionParams| {
                let (project, file) = self.project(&params.text_document.uri)?;
                if project.is_stale {
                    // A fix of an older text would be written to the wrong place; what it finds is told right after.
                    project.look(environment);
                    project.is_stale = true;
                }
                Some(code_actions(project, &file, &params, encoding))
            }),
            other => {
                let message = format!("`{other}` is not answered");
                Response::new_err(request.id, ErrorCode::MethodNotFound as i32, message)
            }
        }
    }
}

fn code_actions(project: &Project, file: &str, params: &CodeActionParams, encoding: Encoding) -> CodeActionResponse {
    let Some((text, uri)) = project.text(file).zip(project.uri(file)) else { return Vec::new() };
    let findings = || {
        let all = project.linted.iter().flat_map(|linted| &linted.findings);
        all.filter(|finding| &*finding.place.file == file && finding.fix.is_some())
    };
    let wanted = |kind: &CodeActionKind| {
        let only = params.context.only.as_ref();
        only.is_none_or(|only| only.iter().any(|wanted| kind.as_str().starts_with(wanted.as_str())))
    };
    let mut actions: CodeActionResponse = Vec::new();
    if wanted(&CodeActionKind::QUICKFIX) {
        for finding in findings() {
            let diagnostic = project.diagnostic(finding, encoding);
            let (own, asked) = (diagnostic.range, params.range);
            if own.start <= asked.end && asked.start <= own.end {
                let action = actions::quick_fix(finding, diagnostic, &uri, text, encoding);
                actions.extend(action.map(CodeActionOrCommand::CodeAction));
            }
        }
    }
    let fixes: Vec<_> = findings().filter_map(|finding| finding.fix.as_ref()).collect();
    let asks_for_all = params.context.only.is_some() || fixes.len() > 1;
    if wanted(&CodeActionKind::from(FIX_ALL.to_owned())) && asks_for_all && !fixes.is_empty() {
        actions.push(CodeActionOrCommand::CodeAction(actions::fix_all(&fixes, &uri, text, encoding)));
    }
    actions
}

/// Hands over what a notification says, if it says it as the protocol has it.
fn read<P: DeserializeOwned>(params: serde_json::Value, take: impl FnOnce(P)) {
    if let Ok(params) = serde_json::from_value(params) {
        take(params);
    }
}

/// The answer to a request: `null` where there is nothing to say.
fn answered<P: DeserializeOwned, R: Serialize>(request: Request, answer: impl FnOnce(P) -> Option<R>) -> Response {
    match serde_json::from_value(request.params) {
        Ok(params) => Response::new_ok(request.id, answer(params)),
        Err(error) => Response::new_err(request.id, ErrorCode::InvalidParams as i32, error.to_string()),
    }
}
