//! Quick fixes: what `lint --fix` would write.

use super::position::{Encoding, line_of};
use crate::project::Place;
use crate::project::finding::{Finding, Fix};
use lsp_types::{CodeAction, CodeActionKind, Diagnostic, Position, Range, TextEdit, Uri, WorkspaceEdit};
use std::collections::HashMap;

/// The kind under which all certain mends of a file are written at once.
pub const FIX_ALL: &str = "source.fixAll.ml-connector";

/// The quick fix of one finding.
pub fn quick_fix(
    finding: &Finding,
    diagnostic: Diagnostic,
    uri: &Uri,
    text: &str,
    encoding: Encoding,
) -> Option<CodeAction> {
    let fix = finding.fix.as_ref()?;
    Some(CodeAction {
        title: match fix {
            Fix::Replace { with, .. } => format!("Write `{with}`"),
            Fix::RemoveLine { .. } => "Remove this line".to_owned(),
        },
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostic]),
        edit: Some(edits(uri, vec![edit(fix, text, encoding)])),
        is_preferred: Some(true),
        ..CodeAction::default()
    })
}

/// All of them in one step. Of two that meet, the first: the next look finds the other again.
pub fn fix_all(fixes: &[&Fix], uri: &Uri, text: &str, encoding: Encoding) -> CodeAction {
    let mut kept: Vec<TextEdit> = Vec::new();
    for edit in fixes.iter().map(|fix| edit(fix, text, encoding)) {
        let apart = |other: &TextEdit| other.range.end <= edit.range.start || edit.range.end <= other.range.start;
        if kept.iter().all(apart) {
            kept.push(edit);
        }
    }
    CodeAction {
        title: "Write everything that is certainly meant".to_owned(),
        kind: Some(CodeActionKind::from(FIX_ALL.to_owned())),
        edit: Some(edits(uri, kept)),
        ..CodeAction::default()
    }
}

#[expect(clippy::mutable_key_type, reason = "the protocol's own type; an address is never changed")]
fn edits(uri: &Uri, edits: Vec<TextEdit>) -> WorkspaceEdit {
    let changes = HashMap::from([(uri.clone(), edits)]);
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}

fn edit(fix: &Fix, text: &str, encoding: Encoding) -> TextEdit {
    match fix {
        Fix::Replace { place, with } => {
            let line = place.line.saturating_sub(1) as usize;
            let first = place.column.saturating_sub(1) as usize;
            let range = encoding.range(text, line, first..first + place.length as usize);
            TextEdit { range, new_text: with.clone() }
        }
        Fix::RemoveLine { place } => TextEdit { range: whole_line(place, text, encoding), new_text: String::new() },
    }
}

/// A line with its end; the last one with the end of the line before.
fn whole_line(place: &Place, text: &str, encoding: Encoding) -> Range {
    let line = place.line.saturating_sub(1);
    if text.matches('\n').count() > line as usize || line == 0 {
        return Range { start: Position::new(line, 0), end: Position::new(line + 1, 0) };
    }
    let before = line_of(text, line as usize - 1).chars().count();
    let start = encoding.range(text, line as usize - 1, before..before).start;
    let own = line_of(text, line as usize).chars().count();
    Range { start, end: encoding.range(text, line as usize, own..own).end }
}
