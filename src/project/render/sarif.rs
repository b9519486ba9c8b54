//! SARIF 2.1.0: what GitHub code scanning, Azure DevOps and editors read.

use crate::project::codes::{self, Of};
use crate::project::finding::{Finding, Fix, Place, Severity};
use serde_json::{Value, json};

/// All findings as one run. `folder`: the project's folder as the reader of the log sees it, empty for its own.
pub fn sarif(findings: &[Finding], folder: &str) -> String {
    let mut rules: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    rules.sort_unstable();
    rules.dedup();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &rules, folder)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "ml-connector",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn rule(code: &str) -> Value {
    let known = codes::of_lint().into_iter().find(|known| known.code == code);
    let says = known.as_ref().and_then(|known| known.says.first()).map_or(code, |(_, text)| *text);
    let level = match known.map(|known| known.of) {
        Some(Of::Finding(Severity::Warning)) => "warning",
        _ => "error",
    };
    json!({ "id": code, "shortDescription": { "text": says }, "defaultConfiguration": { "level": level } })
}

fn result(finding: &Finding, rules: &[&str], folder: &str) -> Value {
    let text = match &finding.help {
        Some(help) => format!("{}. {help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": rules.iter().position(|code| *code == finding.code),
        "level": finding.severity.to_string(),
        "message": { "text": text },
        "locations": [{ "physicalLocation": physical(&finding.place, folder) }],
        "partialFingerprints": { "ml-connector/v1": super::ci::fingerprint(finding) },
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(id, (place, label))| {
            json!({ "id": id + 1, "message": { "text": label }, "physicalLocation": physical(place, folder) })
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &finding.fix {
        result["fixes"] = json!([mend(fix, folder)]);
    }
    result
}

fn physical(place: &Place, folder: &str) -> Value {
    json!({ "artifactLocation": { "uri": uri(&place.file, folder) }, "region": region(place) })
}

fn region(place: &Place) -> Value {
    let mut region = json!({ "startLine": place.line, "startColumn": place.column });
    if place.length > 0 {
        region["endColumn"] = json!(place.column + place.length);
    }
    region
}

/// A relative reference: everything that is no plain letter is percent-encoded.
fn uri(file: &str, folder: &str) -> String {
    super::ci::path(file, folder).split('/').map(part_of_uri).collect::<Vec<_>>().join("/")
}

fn part_of_uri(part: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(part, PLAIN).to_string()
}

fn mend(fix: &Fix, folder: &str) -> Value {
    let (place, deleted, inserted) = match fix {
        Fix::Replace { place, with } => (place, region(place), with.as_str()),
        Fix::RemoveLine { place } => {
            let lines = json!({ "startLine": place.line, "startColumn": 1, "endLine": place.line + 1, "endColumn": 1 });
            (place, lines, "")
        }
    };
    json!({
        "description": { "text": "what `ml-connector lint --fix` writes" },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(&place.file, folder) },
            "replacements": [{ "deletedRegion": deleted, "insertedContent": { "text": inserted } }],
        }],
    })
}
