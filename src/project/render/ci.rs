//! What build servers read: GitHub's annotations, GitLab's code quality report, JUnit.

use crate::project::finding::{Finding, Severity};
use quick_xml::Writer;
use quick_xml::events::BytesText;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

/// A file as the build server sees it: below the project's folder as the command was given it.
pub fn path(file: &str, folder: &str) -> String {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    match folder {
        "" | "." => file.to_owned(),
        folder => format!("{folder}/{file}"),
    }
}

/// Names a finding whatever lines were added before it: the same mistake in the same file.
pub fn fingerprint(finding: &Finding) -> String {
    let mut hash = Sha256::new();
    for part in [finding.code, &finding.place.file, &finding.message] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex::encode(&hash.finalize()[..16])
}

fn with_help(finding: &Finding) -> String {
    match &finding.help {
        Some(help) => format!("{}: {help}", finding.message),
        None => finding.message.clone(),
    }
}

/// GitHub's workflow commands: an annotation at each line.
pub fn github(findings: &[Finding], folder: &str) -> String {
    let mut text = String::new();
    for finding in findings {
        let place = &finding.place;
        let file = property(&path(&place.file, folder));
        let _ = write!(text, "::{} file={file},line={},col={}", finding.severity, place.line, place.column);
        if place.length > 0 {
            let _ = write!(text, ",endColumn={}", place.column + place.length);
        }
        let _ = writeln!(text, ",title={}::{}", property(finding.code), data(&with_help(finding)));
    }
    text
}

/// What stands after `::` ends at a line break.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands before `::` also ends at a colon or a comma.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// GitLab's code quality report.
pub fn gitlab(findings: &[Finding], folder: &str) -> String {
    // The same mistake twice in a file is two entries: GitLab keeps one of a fingerprint.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let entry = |finding: &Finding| -> Value {
        let print = fingerprint(finding);
        let count = seen.entry(print.clone()).or_default();
        *count += 1;
        let print = if *count > 1 { format!("{print}-{count}") } else { print };
        json!({
            "description": with_help(finding),
            "check_name": finding.code,
            "fingerprint": print,
            "severity": match finding.severity { Severity::Error => "major", Severity::Warning => "minor" },
            "location": { "path": path(&finding.place.file, folder), "lines": { "begin": finding.place.line } },
        })
    };
    let mut text = serde_json::to_string_pretty(&findings.iter().map(entry).collect::<Vec<_>>()).unwrap_or_default();
    text.push('\n');
    text
}

/// A case of a JUnit report.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it belongs to: a file.
    pub class: String,
    pub name: String,
    /// Why it failed, when it did.
    pub failure: Option<String>,
}

impl Case {
    /// A finding as a failed case.
    pub fn of(finding: &Finding, folder: &str) -> Case {
        let text = format!("{}: {}", finding.place, with_help(finding));
        let name = format!("{} at {}:{}", finding.code, finding.place.line, finding.place.column);
        Case { class: path(&finding.place.file, folder), name, failure: Some(text) }
    }
}

/// A JUnit report of one suite. A suite without cases has one that passed: some servers fail an empty report.
pub fn junit(suite: &str, cases: &[Case]) -> String {
    let passed = [Case { class: suite.to_owned(), name: "no findings".to_owned(), failure: None }];
    let cases = if cases.is_empty() { &passed } else { cases };
    let mut bytes = Vec::new();
    // Writing into a Vec cannot fail.
    let _ = write_junit(&mut Writer::new_with_indent(&mut bytes, b' ', 2), suite, cases);
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", String::from_utf8_lossy(&bytes))
}

fn write_junit(writer: &mut Writer<&mut Vec<u8>>, suite: &str, cases: &[Case]) -> io::Result<()> {
    let failed = cases.iter().filter(|case| case.failure.is_some()).count().to_string();
    let all = cases.len().to_string();
    let counts = [("tests", all.as_str()), ("failures", failed.as_str())];
    writer.create_element("testsuites").with_attributes(counts).write_inner_content(|writer| {
        let suite = writer.create_element("testsuite").with_attribute(("name", suite)).with_attributes(counts);
        suite.write_inner_content(|writer| cases.iter().try_for_each(|case| write_case(writer, case)))?;
        Ok(())
    })?;
    Ok(())
}

fn write_case(writer: &mut Writer<&mut Vec<u8>>, case: &Case) -> io::Result<()> {
    let (class, name) = (letters(&case.class), letters(&case.name));
    let attributes = [("classname", class.as_str()), ("name", name.as_str())];
    let element = writer.create_element("testcase").with_attributes(attributes);
    let Some(failure) = &case.failure else { return element.write_empty().map(drop) };
    let text = letters(failure);
    let first = text.lines().next().unwrap_or_default().to_owned();
    element.write_inner_content(|writer| {
        let failure = writer.create_element("failure").with_attribute(("message", first.as_str()));
        failure.write_text_content(BytesText::new(&text)).map(drop)
    })?;
    Ok(())
}

/// XML has no way to write most control characters.
fn letters(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() && letter != '\n' { '\u{fffd}' } else { letter }).collect()
}
