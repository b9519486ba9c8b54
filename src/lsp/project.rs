//! One project that is being edited: what is open of it, what `lint` says of it, and what was told of that.

use super::cursor::Cursor;
use super::diagnostics::{self, diagnostic};
use super::documents::{self, Document};
use super::position::Encoding;
use super::schema::Kind;
use super::view::View;
use crate::project::Place;
use crate::project::desk::Desk;
use crate::project::finding::Finding;
use crate::project::outline::{self, Outline, ProjectOutline};
use crate::project::shape::FileKind;
use crate::project::spans;
use crate::run::lint::{Linted, lint_with};
use lsp_types::{Diagnostic, PublishDiagnosticsParams, Range, Uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A project folder with open files.
#[derive(Debug)]
pub struct Project {
    pub folder: PathBuf,
    pub desk: Desk,
    /// By path in the folder.
    pub documents: BTreeMap<String, Document>,
    pub linted: Option<Linted>,
    /// Something changed since it was looked at.
    pub is_stale: bool,
    told: BTreeMap<PathBuf, Vec<Diagnostic>>,
    /// The last readable state of each pipeline, and of project.yaml.
    outlines: BTreeMap<String, (Arc<str>, Outline)>,
    settings: ProjectOutline,
}

/// The folder that a file belongs to: the nearest above it that holds project.yaml.
pub fn folder_of(path: &Path) -> Option<&Path> {
    path.ancestors().skip(1).find(|folder| folder.join("project.yaml").is_file())
}

impl Project {
    pub fn new(folder: &Path) -> Project {
        Project {
            folder: folder.to_owned(),
            desk: Desk::default(),
            documents: BTreeMap::new(),
            linted: None,
            is_stale: true,
            told: BTreeMap::new(),
            outlines: BTreeMap::new(),
            settings: ProjectOutline::default(),
        }
    }

    /// A file's path in the project, as findings write it.
    pub fn file(&self, path: &Path) -> Option<String> {
        let parts: Option<Vec<&str>> = path.strip_prefix(&self.folder).ok()?.iter().map(|part| part.to_str()).collect();
        Some(parts?.join("/"))
    }

    /// Looks at the project by the path of `lint`.
    pub fn look(&mut self, environment: Option<&str>) {
        self.desk.unsaved =
            self.documents.iter().map(|(file, document)| (file.clone(), Arc::clone(&document.text))).collect();
        self.linted = Some(lint_with(&self.folder, environment, &mut self.desk));
        self.is_stale = false;
        self.read_outlines();
    }

    /// Looks if nobody has, so that there are tables to answer from.
    pub fn look_once(&mut self, environment: Option<&str>) {
        if self.linted.is_none() {
            self.look(environment);
        }
    }

    fn read_outlines(&mut self) {
        let Some(linted) = &self.linted else { return };
        let mut outlines = BTreeMap::new();
        for (file, text) in linted.sources.iter() {
            if Kind::of(file) == Some(Kind::Yaml(FileKind::Pipeline)) {
                let before = self.outlines.remove(file);
                let same = before.as_ref().is_some_and(|(known, _)| known == text);
                let new = || Outline::read(&Arc::from(file), text).map(|outline| (Arc::clone(text), outline));
                // While it is half written, its names are those that it had.
                let known = if same { before } else { new().or(before) };
                outlines.extend(known.map(|known| (file.to_owned(), known)));
            }
        }
        self.outlines = outlines;
        let settings = linted.sources.text("project.yaml");
        let settings = settings.and_then(|text| ProjectOutline::read(&Arc::from("project.yaml"), text));
        self.settings = settings.unwrap_or_else(|| std::mem::take(&mut self.settings));
    }

    /// The text of a file as the editor sees it.
    pub fn text(&self, file: &str) -> Option<&str> {
        let open = self.documents.get(file).map(|document| &*document.text);
        open.or_else(|| self.linted.as_ref()?.sources.text(file))
    }

    /// What is at a cursor of an open file; `None` where nothing can be said.
    pub fn view(&self, file: &str, line: u32, units: u32, encoding: Encoding) -> Option<View<'_>> {
        let kind = Kind::of(file)?;
        let text = self.text(file)?;
        let line = line as usize;
        let own_line = super::position::line_of(text, line);
        let column = encoding.characters(own_line, units);
        let cursor = match kind {
            Kind::Script => Cursor::in_script(own_line, line, column),
            _ => Cursor::find(text, line, column)?,
        };
        let pipelines: Vec<_> =
            self.outlines.iter().map(|(file, (_, outline))| (Arc::from(file.as_str()), outline.clone())).collect();
        let outline = match kind {
            Kind::Yaml(FileKind::Pipeline) => self.outline(file, text, line),
            Kind::Yaml(FileKind::Story) => outline::pipeline_of_story(&Arc::from(file), text)
                .or_else(|| outline::pipeline_of_story(&Arc::from(file), &without_line(text, line)))
                .and_then(|name| {
                    pipelines.iter().find(|(_, own)| own.name.as_ref().is_some_and(|own| own.name == name))
                })
                .map(|(_, outline)| outline.clone()),
            _ => None,
        };
        let settings = self.settings.clone();
        Some(View { project: self, kind, cursor, outline: outline.unwrap_or_default(), settings, pipelines })
    }

    /// A pipeline's names: of its text, of its text without the line that is being written, as they last were, or of
    /// those parts that can be read.
    fn outline(&self, file: &str, text: &str, line: usize) -> Option<Outline> {
        let path: Arc<str> = Arc::from(file);
        Outline::read(&path, text)
            .or_else(|| Outline::read(&path, &without_line(text, line)))
            .or_else(|| self.outlines.get(file).map(|(_, outline)| outline.clone()))
            .or_else(|| Outline::read(&path, &readable_part(text)))
    }

    /// The address and range of a place; project.yaml's beginning where the place is no file.
    pub fn locate(&self, place: &Place, encoding: Encoding) -> Option<(Uri, Range)> {
        let text = self.text(&place.file);
        Some((self.uri(&place.file)?, diagnostics::range(text, place, encoding)))
    }

    pub fn uri(&self, file: &str) -> Option<Uri> {
        let open = self.documents.get(file).map(|document| document.uri.clone());
        open.or_else(|| documents::uri(&self.folder.join(file)))
    }

    /// A finding as the editor shows it.
    pub fn diagnostic(&self, finding: &Finding, encoding: Encoding) -> Diagnostic {
        let range = diagnostics::range(self.text(&finding.place.file), &finding.place, encoding);
        diagnostic(finding, range, &|place| self.locate(place, encoding))
    }

    /// What is new to tell: the diagnostics of open files always, of others when they changed; an empty list for what is gone.
    pub fn news(&mut self, encoding: Encoding) -> Vec<PublishDiagnosticsParams> {
        let mut now: BTreeMap<PathBuf, Vec<Diagnostic>> =
            self.documents.keys().map(|file| (self.folder.join(file), Vec::new())).collect();
        for finding in self.linted.iter().flat_map(|linted| &linted.findings) {
            let mut shown = self.diagnostic(finding, encoding);
            let file = &*finding.place.file;
            let is_file = self.documents.contains_key(file) || self.folder.join(file).is_file();
            let path = if is_file {
                self.folder.join(file)
            } else {
                // About a folder, or a file that is not there: an editor can only show it in a file that is.
                shown.message = format!("{file}: {}", shown.message);
                shown.range = Range::default();
                self.folder.join("project.yaml")
            };
            now.entry(path).or_default().push(shown);
        }
        let gone: Vec<PathBuf> = self.told.keys().filter(|path| !now.contains_key(*path)).cloned().collect();
        let changed = now
            .iter()
            .filter(|(path, all)| self.told.get(*path) != Some(*all) && !all.is_empty() || self.open(path).is_some());
        let emptied = now
            .iter()
            .filter(|(path, all)| all.is_empty() && self.open(path).is_none() && self.told.contains_key(*path));
        let changed = changed.chain(emptied).map(|(path, all)| (path.clone(), all.clone()));
        let all: Vec<(PathBuf, Vec<Diagnostic>)> =
            changed.chain(gone.into_iter().map(|path| (path, Vec::new()))).collect();
        now.retain(|_, all| !all.is_empty());
        self.told = now;
        all.into_iter().filter_map(|(path, diagnostics)| self.message(&path, diagnostics)).collect()
    }

    /// Takes back everything that was told.
    pub fn silence(&mut self) -> Vec<PublishDiagnosticsParams> {
        let told = std::mem::take(&mut self.told);
        told.into_keys().filter_map(|path| self.message(&path, Vec::new())).collect()
    }

    fn open(&self, path: &Path) -> Option<&Document> {
        self.documents.get(&self.file(path)?)
    }

    fn message(&self, path: &Path, diagnostics: Vec<Diagnostic>) -> Option<PublishDiagnosticsParams> {
        let open = self.open(path);
        let uri = open.map(|document| document.uri.clone()).or_else(|| documents::uri(path))?;
        Some(PublishDiagnosticsParams { uri, diagnostics, version: open.map(|document| document.version) })
    }
}

/// The text with an empty line where somebody is writing.
fn without_line(text: &str, line: usize) -> String {
    let kept = |(at, own)| if at == line { "" } else { own };
    text.split('\n').enumerate().map(kept).collect::<Vec<&str>>().join("\n")
}

/// The text without those keys of the file under which no YAML stands.
fn readable_part(text: &str) -> String {
    let begins = |own: &str| own.starts_with(|letter: char| !letter.is_whitespace() && letter != '-' && letter != '#');
    let mut parts: Vec<Vec<&str>> = Vec::new();
    for line in text.split('\n') {
        match parts.last_mut().filter(|_| !begins(line)) {
            Some(part) => part.push(line),
            None => parts.push(vec![line]),
        }
    }
    let file = Arc::from("part");
    for part in &mut parts {
        if spans::parse(&file, &part.join("\n"), &mut Vec::new()).is_none() {
            part.fill("");
        }
    }
    parts.concat().join("\n")
}
