//! Who answers for each of GP's capabilities, and how the site's services speak.

use super::Page;
use super::connections::Reading;
use crate::project::connections::{Provider, Providers};
use crate::project::finding::Finding;
use crate::project::shape::project as shape;
use crate::project::shape::{ScalarOr, Text};
use crate::project::source::{Content, Files};
use crate::project::starter;
use std::path::Path;
use std::sync::Arc;

/// Who answers for each capability.
pub fn providers(raw: Option<&shape::Providers>, reading: &mut Reading<'_>, page: &mut Page<'_>) -> Option<Providers> {
    let plain = |provider: Option<shape::Provider>| match provider {
        None | Some(shape::Provider::Sba) => Provider::Sba,
        Some(shape::Provider::Off) => Provider::Off,
    };
    let Some(raw) = raw else {
        let sba = || Provider::Sba;
        return Some(Providers {
            journals: sba(),
            accounts: sba(),
            periods: sba(),
            dimensions: sba(),
            vendors: sba(),
            employees: sba(),
            batches: sba(),
        });
    };
    const PERIODS: &[&str] = &["year", "period", "first_day", "last_day", "series", "closed"];
    let periods = declared("periods", raw.periods.as_ref(), PERIODS, reading, page);
    let dimensions = declared("dimensions", raw.dimensions.as_ref(), &["dimension", "code", "active"], reading, page);
    Some(Providers {
        journals: plain(raw.journals),
        accounts: plain(raw.accounts),
        periods: periods?,
        dimensions: dimensions?,
        vendors: plain(raw.vendors),
        employees: plain(raw.employees),
        batches: plain(raw.batches),
    })
}

/// `sba`, `off`, or a CSV of the project in the columns of the facts folder.
fn declared(
    capability: &str,
    raw: Option<&ScalarOr<shape::Declared>>,
    columns: &[&str],
    reading: &mut Reading<'_>,
    page: &mut Page<'_>,
) -> Option<Provider> {
    let map = match raw {
        None => return Some(Provider::Sba),
        Some(ScalarOr::Scalar(text)) => {
            return match text.text.as_str() {
                "sba" => Some(Provider::Sba),
                "off" => Some(Provider::Off),
                "soap" => {
                    page.error(
                        "not-yet-supported",
                        text,
                        "`soap` is not done by this version of ml-connector yet",
                        None,
                    );
                    None
                }
                other => {
                    let help = "`sba`, `off`, or `{ declared: tables/… .csv }`".to_owned();
                    page.error("unknown-value", text, format!("`{capability}` cannot be `{other}`"), Some(help));
                    None
                }
            };
        }
        Some(ScalarOr::Map(map)) => map.declared.as_ref()?,
    };
    let text = read_named(map, reading.folder, reading.files, page)?;
    let header = text.lines().next().unwrap_or_default();
    let missing: Vec<&str> =
        columns.iter().filter(|column| !header.split(',').any(|own| own.trim() == **column)).copied().collect();
    if !missing.is_empty() {
        let message = format!("`{}` has no column `{}`", map.text, missing.join("`, `"));
        let help = format!("its header is {}", columns.join(","));
        page.error("missing-column", map, message, Some(help));
        return None;
    }
    Some(Provider::Declared { file: map.text.clone(), text: text.to_string() })
}

/// The text of a file that a value names, inside the project folder.
pub(super) fn read_named(text: &Text, folder: &Path, files: &mut Files, page: &mut Page<'_>) -> Option<Arc<str>> {
    if text.text.starts_with('/') || text.text.contains("..") || text.text.contains('\\') {
        let help = "name it from the project folder, with `/`".to_owned();
        page.error("outside-project", text, "this file is not inside the project folder", Some(help));
        return None;
    }
    if !files.read_one(folder, &text.text, page.findings) {
        page.error("missing-file", text, format!("there is no file `{}`", text.text), None);
        return None;
    }
    match files.contents.get(text.text.as_str()) {
        Some(Content::Text(content)) => Some(Arc::clone(content)),
        _ => None,
    }
}

/// A dialect of the project, or else one that ships with the program: name, file, text.
pub fn dialect(name: &Text, raw: &shape::Gp, files: &Files, page: &mut Page<'_>) -> Option<(String, String, String)> {
    let own = format!("dialects/{}.yaml", name.text);
    match files.contents.get(own.as_str()) {
        Some(Content::Text(text)) => return Some((name.text.clone(), own, text.to_string())),
        Some(_) => return None,
        None => {}
    }
    if let Some(text) = starter::built_in_dialect(&name.text) {
        return Some((name.text.clone(), format!("(built in) {own}"), text));
    }
    let mut known = starter::built_in_dialects();
    known.extend(
        files
            .in_folder("dialects")
            .iter()
            .map(|(path, _)| path.trim_start_matches("dialects/").trim_end_matches(".yaml").to_owned()),
    );
    known.sort();
    known.dedup();
    let place = if name.spot.line == 0 { raw.at() } else { name.spot };
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let help = crate::project::finding::did_you_mean(&name.text, &names);
    let finding = Finding::error("unknown-dialect", page.place(place), format!("there is no dialect `{}`", name.text));
    page.report(finding.maybe_help(help));
    None
}
