//! `lint --fix`: writes what is certainly meant. Only a text that had no meaning is ever replaced, and only a row that is
//! there twice is taken out, so what a project means never changes; what is written is told.

use super::files::write_whole;
use super::finding::{Finding, Fix, Place};
use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// What was written in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    pub place: Place,
    pub code: &'static str,
    /// What stood there and what does now, never the rest of the line: it may hold a secret. `None`: the line was taken out.
    pub changed: Option<(String, String)>,
}

/// Writes every certain mend of these findings into the folder. Files keep their byte-order mark and line ends.
///
/// # Errors
/// When a file cannot be read or written; files before it are mended.
pub fn mend(folder: &Path, findings: &[Finding]) -> io::Result<Vec<Mended>> {
    let mut by_file: BTreeMap<&str, Vec<(&Finding, &Fix)>> = BTreeMap::new();
    for finding in findings {
        // A name that is misspelt in several places is one finding: a pass mends its first place, the next the second.
        if let Some(fix) = &finding.fix {
            by_file.entry(&finding.place.file).or_default().push((finding, fix));
        }
    }
    let mut mended = Vec::new();
    for (file, mut fixes) in by_file {
        let path = folder.join(file);
        let text = fs::read_to_string(&path)?;
        // From the end, so that places before stay where they are.
        fixes.sort_by(|(left, _), (right, _)| right.place.cmp(&left.place));
        let (text, done) = mend_text(&text, &fixes);
        mended.extend(done.into_iter().rev());
        write_whole(&path, &text)?;
    }
    Ok(mended)
}

/// The text with all fixes, which come from the last place to the first.
fn mend_text(text: &str, fixes: &[(&Finding, &Fix)]) -> (String, Vec<Mended>) {
    let mark = if text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    let mut lines: Vec<String> = text[mark.len()..].split_inclusive('\n').map(str::to_owned).collect();
    let mut mended = Vec::new();
    for (finding, fix) in fixes {
        let place = match fix {
            Fix::Replace { place, .. } | Fix::RemoveLine { place } => place,
        };
        let at = place.line.saturating_sub(1) as usize;
        let Some(line) = lines.get_mut(at) else { continue };
        let changed = match fix {
            Fix::Replace { place, with } => {
                let first = place.column.saturating_sub(1) as usize;
                let was = line.chars().skip(first).take(place.length as usize).collect();
                *line = replaced(line, place, with);
                Some((was, with.clone()))
            }
            Fix::RemoveLine { .. } => {
                lines.remove(at);
                None
            }
        };
        mended.push(Mended { place: place.clone(), code: finding.code, changed });
    }
    (format!("{mark}{}", lines.concat()), mended)
}

fn replaced(line: &str, place: &Place, with: &str) -> String {
    let first = place.column.saturating_sub(1) as usize;
    let before: String = line.chars().take(first).collect();
    let after: String = line.chars().skip(first + place.length as usize).collect();
    format!("{before}{with}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn finding(line: u32, column: u32, length: u32) -> Finding {
        Finding::error("unknown-key", Place { file: Arc::from("p.yaml"), line, column, length }, "no such key")
    }

    #[test]
    fn places_on_one_line_and_windows_line_ends_stay_where_they_are() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("p.yaml"), "\u{feff}formt: 1\r\n{ kep: é, sned: b }\r\nlast: 1\r\n").unwrap();
        let mut gone = finding(3, 1, 0);
        gone.fix = Some(Fix::RemoveLine { place: gone.place.clone() });
        let findings = [
            finding(1, 1, 5).write(Some("format")),
            finding(2, 3, 3).write(Some("keep")),
            finding(2, 11, 4).write(Some("send")),
            gone,
        ];
        let mended = mend(folder.path(), &findings).unwrap();
        let text = fs::read_to_string(folder.path().join("p.yaml")).unwrap();
        assert_eq!(text, "\u{feff}format: 1\r\n{ keep: é, send: b }\r\n");
        assert_eq!(mended.len(), 4);
        assert_eq!(mended[0].changed, Some(("formt".to_owned(), "format".to_owned())));
        assert_eq!(mended[3].changed, None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside the file");
    }
}
