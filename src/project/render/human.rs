//! Code frames for people, as compilers show them.

use crate::project::finding::{Finding, Place, Severity};
use crate::project::source::Sources;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::ops::Range;

/// Whether the text may carry colours; only a terminal's may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Never,
    Always,
}

/// All findings with their frames, and a last line that counts them.
pub fn human(findings: &[Finding], sources: &Sources, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Never => Renderer::plain(),
        Colour::Always => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut text = String::new();
    for finding in findings {
        text.push_str(&renderer.render(&report(finding, sources)));
        text.push_str("\n\n");
    }
    text.push_str(&count(findings));
    text
}

fn report<'f>(finding: &'f Finding, sources: &'f Sources) -> Vec<Group<'f>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(finding.message.as_str()).id(finding.code));
    group = match sources.text(&finding.place.file) {
        Some(text) => {
            let primary = AnnotationKind::Primary.span(range(text, &finding.place));
            let same_file: Vec<_> =
                finding.related.iter().filter(|(place, _)| place.file == finding.place.file).collect();
            let context = same_file
                .iter()
                .map(|(place, label)| AnnotationKind::Context.span(range(text, place)).label(label.as_str()));
            let snippet = Snippet::source(text).path(&*finding.place.file).annotation(primary).annotations(context);
            group.element(snippet)
        }
        None => group.element(origin(&finding.place)),
    };
    for (place, label) in finding.related.iter().filter(|(place, _)| place.file != finding.place.file) {
        group = match sources.text(&place.file) {
            Some(text) => {
                let annotation = AnnotationKind::Context.span(range(text, place)).label(label.as_str());
                group.element(Snippet::source(text).path(&*place.file).annotation(annotation))
            }
            None => group.element(origin(place)),
        };
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    vec![group]
}

/// A place in a file without text: a workbook, or a file that is not there.
fn origin(place: &Place) -> Origin<'_> {
    Origin::path(&*place.file).line(place.line as usize).char_column(place.column as usize)
}

/// The bytes that a place means. A place without length is one character wide, so that there is something to see.
fn range(text: &str, place: &Place) -> Range<usize> {
    let mut start = 0;
    for _ in 1..place.line {
        match text.get(start..).and_then(|rest| rest.find('\n')) {
            Some(end) => start += end + 1,
            None => return text.len()..text.len(),
        }
    }
    let line = text.get(start..).unwrap_or_default().split('\n').next().unwrap_or_default();
    let byte = |column: usize| line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    let first = place.column.saturating_sub(1) as usize;
    let last = first + place.length.max(1) as usize;
    start + byte(first)..start + byte(last)
}

fn count(findings: &[Finding]) -> String {
    let of = |severity: Severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let noun = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    match (of(Severity::Error), of(Severity::Warning)) {
        (0, 0) => "no findings\n".to_owned(),
        (errors, 0) => format!("{}\n", noun(errors, "error")),
        (0, warnings) => format!("{}\n", noun(warnings, "warning")),
        (errors, warnings) => format!("{}, {}\n", noun(errors, "error"), noun(warnings, "warning")),
    }
}
