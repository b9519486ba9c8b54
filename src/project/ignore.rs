//! `ignore` in project.yaml: warnings that somebody looked at and accepts, with the reason. An entry that nothing needs any
//! more is a warning itself, so that the list never grows old in silence.

use super::codes::{self, Of};
use super::finding::{Finding, Place, Severity, did_you_mean};
use super::meaning::Page;
use super::shape::project as shape;

/// One accepted warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    pub code: String,
    /// Only in this file; everywhere where it is `None`.
    pub file: Option<String>,
    pub reason: String,
    pub place: Place,
}

/// Reads `ignore`.
pub(super) fn read(raw: &[shape::Ignore], page: &mut Page<'_>) -> Vec<Ignore> {
    raw.iter().filter_map(|raw| one(raw, page)).collect()
}

fn one(raw: &shape::Ignore, page: &mut Page<'_>) -> Option<Ignore> {
    let (code, reason) = (raw.code.as_ref()?, raw.reason.as_ref()?);
    let known = codes::of_lint();
    match known.iter().find(|known| known.code == code.text) {
        None => {
            let names: Vec<&str> = known.iter().map(|known| known.code).collect();
            let help = did_you_mean(&code.text, &names).or_else(|| Some("docs/findings.md lists them".to_owned()));
            page.error("cannot-ignore", code, format!("there is no finding `{}`", code.text), help);
            return None;
        }
        Some(known) if known.of == Of::Finding(Severity::Error) && known.code != "excel-eaten-code" => {
            let help = "mend what it says; only warnings can be accepted".to_owned();
            page.error("cannot-ignore", code, format!("`{}` is an error", code.text), Some(help));
            return None;
        }
        Some(_) => {}
    }
    if reason.text.trim().chars().count() < 3 {
        let help = "say why it is right as it is, for the next person".to_owned();
        page.error("cannot-ignore", reason, "this is no reason", Some(help));
        return None;
    }
    Some(Ignore {
        code: code.text.clone(),
        file: raw.file.as_ref().map(|file| file.text.clone()),
        reason: reason.text.clone(),
        place: code.place(page.file),
    })
}

/// Takes accepted warnings out of `findings` and gives them. `complete`: everything was looked at, so an entry that
/// met nothing is stale.
pub(super) fn apply(ignores: &[Ignore], complete: bool, findings: &mut Vec<Finding>) -> Vec<Finding> {
    let mut used = vec![false; ignores.len()];
    let mut ignored = Vec::new();
    findings.retain(|finding| {
        let meets = |ignore: &Ignore| {
            finding.severity == Severity::Warning
                && ignore.code == finding.code
                && ignore.file.as_deref().is_none_or(|file| file == &*finding.place.file)
        };
        let Some(at) = ignores.iter().position(meets) else { return true };
        used[at] = true;
        ignored.push(finding.clone());
        false
    });
    for (ignore, _) in ignores.iter().zip(&used).filter(|(_, used)| complete && !**used) {
        let message = format!("`{}` is ignored, and nothing gives it any more", ignore.code);
        findings.push(
            Finding::warning("stale-ignore", ignore.place.clone(), message)
                .help(format!("remove the entry; its reason was: {}", ignore.reason)),
        );
    }
    ignored
}
