//! Findings as an editor shows them.

use super::position::Encoding;
use crate::project::finding::Finding;
use crate::project::{Place, Severity};
use lsp_types::{Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Range, Uri};

/// Who says it.
pub const SOURCE: &str = "ml-connector";

/// A finding at its place; `locate` gives the address and range of each place.
pub fn diagnostic(finding: &Finding, range: Range, locate: &dyn Fn(&Place) -> Option<(Uri, Range)>) -> Diagnostic {
    let related = |(place, label): &(Place, String)| {
        let (uri, range) = locate(place)?;
        Some(DiagnosticRelatedInformation { location: Location { uri, range }, message: label.clone() })
    };
    let related: Vec<_> = finding.related.iter().filter_map(related).collect();
    Diagnostic {
        range,
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(finding.code.to_owned())),
        source: Some(SOURCE.to_owned()),
        message: match &finding.help {
            Some(help) => format!("{}\n{help}", finding.message),
            None => finding.message.clone(),
        },
        related_information: Some(related).filter(|related| !related.is_empty()),
        ..Diagnostic::default()
    }
}

/// The range of a place in a text; the beginning of a file that has none (a workbook).
pub fn range(text: Option<&str>, place: &Place, encoding: Encoding) -> Range {
    text.map_or_else(Range::default, |text| encoding.range_of(text, place))
}
