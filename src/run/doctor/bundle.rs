//! A file for support: what was checked, the project's form, what happened last. It holds no secret, nobody's pay, nobody's
//! name, no company and no host: what is not known to be harmless is masked ([`super::mask`]).

use super::check::{Check, State};
use super::mask::Mask;
use crate::store::{AuditRow, DocumentState, StoredDocument};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;

/// So many of the last events are told.
const EVENTS: usize = 200;

/// What is packed.
pub struct Bundle<'b> {
    pub version: &'static str,
    /// When it is made, and what the command ends with.
    pub made_at: String,
    pub exit: u8,
    pub checks: &'b [Check],
    /// The project's YAML: path and text.
    pub project: Vec<(String, String)>,
    /// The newest last.
    pub events: Vec<AuditRow>,
    pub documents: Vec<StoredDocument>,
}

const READ_ME: &str = "A support bundle of ml-connector.\n\n\
    about.json      version and platform\n\
    checks.json     what `ml-connector doctor` found; checks.txt is the same to read\n\
    project/        the project's YAML: keys and words of the format as they are, every other text as text-N, the same\n\
    \x20               number for the same text; comments are left out, and so are tables, tests and facts\n\
    events.json     the last rows of the audit trail: what happened and when; not to whom, by whom or with what\n\
    documents.json  how many documents are in which state\n\n\
    Names of people, companies, hosts, accounts and settings are masked, secrets and pay are not in it. Look through it\n\
    before you give it away.\n";

impl Bundle<'_> {
    /// The files of the bundle, masked.
    pub fn files(&self, mask: &mut Mask) -> Vec<(String, String)> {
        let mut project: Vec<(String, String)> = Vec::new();
        for (at, (path, text)) in self.project.iter().enumerate() {
            // A file's own name may say a company's or a person's.
            mask.hide_unless_known(path.rsplit('/').next().unwrap_or_default().trim_end_matches(".yaml"));
            let folder = path.split('/').next().filter(|_| path.contains('/'));
            let name = folder.map_or_else(|| path.clone(), |folder| format!("{folder}/{at}.yaml"));
            project.push((format!("project/{name}"), mask.yaml(text)));
        }
        let about = json!({
            "version": self.version, "system": std::env::consts::OS, "architecture": std::env::consts::ARCH,
            "made_at": self.made_at, "exit": self.exit,
        });
        let checks: Vec<Check> = self.checks.iter().map(|check| masked(check, mask)).collect();
        let mut files = vec![
            ("README.txt".to_owned(), READ_ME.to_owned()),
            ("about.json".to_owned(), pretty(&about)),
            ("checks.json".to_owned(), pretty(&json!({ "checks": checks }))),
            ("checks.txt".to_owned(), text(&checks)),
            ("events.json".to_owned(), pretty(&events(&self.events))),
            ("documents.json".to_owned(), pretty(&documents(&self.documents))),
        ];
        files.extend(project);
        files
    }

    /// The files, packed as `.tar.gz`.
    ///
    /// # Errors
    /// Never, as long as there is memory.
    pub fn pack(&self, mask: &mut Mask) -> io::Result<Vec<u8>> {
        let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
        for (path, text) in self.files(mask) {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o600);
            header.set_cksum();
            archive.append_data(&mut header, format!("ml-connector-support/{path}"), text.as_bytes())?;
        }
        archive.into_inner()?.finish()
    }
}

fn masked(check: &Check, mask: &Mask) -> Check {
    Check {
        about: mask.plain(&check.about),
        name: mask.plain(&check.name),
        says: mask.plain(&check.says),
        remedy: check.remedy.as_deref().map(|remedy| mask.plain(remedy)),
        ..check.clone()
    }
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

fn text(checks: &[Check]) -> String {
    let mut text = String::new();
    for check in checks {
        let mark = match check.state {
            State::Good => "good   ",
            State::Unknown => "unknown",
            State::Warning => "warning",
            State::Bad => "BAD    ",
        };
        text.push_str(&format!("{mark}  {}: {}: {}\n", check.about, check.name, check.says));
        if let Some(remedy) = &check.remedy {
            text.push_str(&format!("         -> {remedy}\n"));
        }
    }
    text
}

/// What happened and when. A subject is told only where it is a hash: a plan or a document.
fn events(rows: &[AuditRow]) -> Value {
    let last = rows.iter().skip(rows.len().saturating_sub(EVENTS));
    let event = |row: &AuditRow| {
        let subject = Some(&row.entry.subject).filter(|subject| is_hash(subject)).map(|subject| &subject[..8]);
        let by = if row.entry.who == "engine" { "engine" } else { "a person" };
        json!({ "sequence": row.sequence, "at": row.entry.at.to_string(), "what": row.entry.what, "by": by, "subject": subject })
    };
    Value::Array(last.map(event).collect())
}

fn is_hash(text: &str) -> bool {
    text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn documents(documents: &[StoredDocument]) -> Value {
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for document in documents.iter().filter(|document| document.state != DocumentState::Superseded) {
        *states.entry(document.state.word()).or_default() += 1;
    }
    json!(states)
}
