//! A stable JSON array. Keys are only ever added.

use crate::project::finding::{Finding, Fix, Place};
use serde_json::{Value, json};

/// All findings as a pretty-printed array.
pub fn json(findings: &[Finding]) -> String {
    let all: Vec<Value> = findings.iter().map(finding).collect();
    let mut text = serde_json::to_string_pretty(&Value::Array(all)).unwrap_or_default();
    text.push('\n');
    text
}

fn finding(finding: &Finding) -> Value {
    let related = |(at, label): &(Place, String)| json!({ "place": place(at), "label": label });
    json!({
        "code": finding.code,
        "severity": finding.severity.to_string(),
        "message": finding.message,
        "place": place(&finding.place),
        "related": finding.related.iter().map(related).collect::<Vec<_>>(),
        "help": finding.help,
        "fix": finding.fix.as_ref().map(fix),
    })
}

fn fix(fix: &Fix) -> Value {
    match fix {
        Fix::Replace { place: at, with } => json!({ "place": place(at), "with": with }),
        Fix::RemoveLine { place: at } => json!({ "place": place(at), "remove": "line" }),
    }
}

fn place(place: &Place) -> Value {
    json!({ "file": &*place.file, "line": place.line, "column": place.column, "length": place.length })
}
