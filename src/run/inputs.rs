//! What a stored plan was made from: its facts and its project, gzipped, so that it can be made again.

use super::systems::RunError;
use crate::hr::PeriodCode;
use crate::plan::facts::Facts;
use crate::plan::facts_csv::given::split;
use crate::plan::facts_csv::read::read;
use crate::plan::facts_csv::write;
use crate::project::files::ProjectFiles;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::civil::Date;
use std::io::{Read, Write};

const FACTS: &str = "facts/";
/// The input that says which hours BambooHR served when a plan was made.
pub const OBSERVED: &str = "facts/observed.csv";
const PROJECT: &str = "project/";
const ENVIRONMENT: &str = "environment";

/// The inputs of a plan: every facts file and every project file.
///
/// # Errors
/// [`RunError::Write`] when memory for them cannot be had.
pub fn pack(facts: &Facts, project: &ProjectFiles) -> Result<Vec<(String, Vec<u8>)>, RunError> {
    let failed = |error: std::io::Error| RunError::Write { what: "a plan's inputs".to_owned(), why: error.to_string() };
    let mut inputs = Vec::new();
    for (name, file) in write::file_names() {
        let mut out = GzEncoder::new(Vec::new(), Compression::fast());
        write::write(name, facts, &mut out).map_err(failed)?;
        inputs.push((format!("{FACTS}{file}"), out.finish().map_err(failed)?));
    }
    for (path, bytes) in project.iter() {
        let mut out = GzEncoder::new(Vec::new(), Compression::fast());
        out.write_all(bytes).map_err(failed)?;
        inputs.push((format!("{PROJECT}{path}"), out.finish().map_err(failed)?));
    }
    if let Some(environment) = &project.environment {
        let mut out = GzEncoder::new(Vec::new(), Compression::fast());
        out.write_all(environment.as_bytes()).map_err(failed)?;
        inputs.push((ENVIRONMENT.to_owned(), out.finish().map_err(failed)?));
    }
    Ok(inputs)
}

/// One file of the project that a plan was made with, if it has it.
///
/// # Errors
/// [`RunError::Read`] when it does not read back.
pub fn project_file(inputs: &[(String, Vec<u8>)], path: &str) -> Result<Option<Vec<u8>>, RunError> {
    let found = inputs.iter().find(|(name, _)| name.strip_prefix(PROJECT) == Some(path));
    let Some((name, body)) = found else { return Ok(None) };
    let mut bytes = Vec::new();
    let read = GzDecoder::new(body.as_slice()).read_to_end(&mut bytes);
    read.map_err(|error| RunError::Read { what: format!("the stored input {name}"), why: error.to_string() })?;
    Ok(Some(bytes))
}

/// From which day on BambooHR served hours when a plan was made, and the periods whose hours came from an older plan; `body`
/// is its input [`OBSERVED`].
///
/// # Errors
/// [`RunError::Read`] when it does not read back.
pub fn hours_observed(body: &[u8]) -> Result<(Option<Date>, Vec<PeriodCode>), RunError> {
    let failed = |why: String| RunError::Read { what: format!("the stored input {OBSERVED}"), why };
    let mut text = String::new();
    GzDecoder::new(body).read_to_string(&mut text).map_err(|error| failed(error.to_string()))?;
    let given = split("observed", &text).map_err(|errors| failed(errors[0].to_string()))?;
    let cell = |name: &str| {
        let at = given.header.iter().position(|column| column == name)?;
        given.rows.first()?.cells.get(at).map(String::as_str)
    };
    let from = cell("hours_from").filter(|day| !day.is_empty()).map(str::parse).transpose();
    let from = from.map_err(|error: jiff::Error| failed(error.to_string()))?;
    let saved = cell("hours_saved").unwrap_or_default().split_whitespace();
    Ok((from, saved.map(|code| PeriodCode(code.to_owned())).collect()))
}

/// The ids of a stored facts file whose first column is the id.
///
/// # Errors
/// [`RunError::Read`] when it does not read back.
pub fn ids(name: &str, body: &[u8]) -> Result<Vec<String>, RunError> {
    let failed = |why: String| RunError::Read { what: format!("the stored input {name}"), why };
    let mut text = String::new();
    GzDecoder::new(body).read_to_string(&mut text).map_err(|error| failed(error.to_string()))?;
    let given = split(name, &text).map_err(|errors| failed(errors[0].to_string()))?;
    Ok(given.rows.into_iter().filter_map(|row| row.cells.into_iter().next()).collect())
}

/// The facts and the project's files that a plan was made from.
///
/// # Errors
/// [`RunError::Read`] when something stored does not read back.
pub fn unpack(inputs: &[(String, Vec<u8>)]) -> Result<(Facts, ProjectFiles), RunError> {
    let failed = |what: &str, why: String| RunError::Read { what: format!("the stored input {what}"), why };
    let (mut given, mut project) = (Vec::new(), ProjectFiles::default());
    for (name, body) in inputs {
        let mut bytes = Vec::new();
        GzDecoder::new(body.as_slice()).read_to_end(&mut bytes).map_err(|error| failed(name, error.to_string()))?;
        if name == ENVIRONMENT {
            project.environment = String::from_utf8(bytes).ok();
        } else if let Some(path) = name.strip_prefix(PROJECT) {
            project.insert(path, bytes);
        } else if let Some(file) = name.strip_prefix(FACTS).and_then(|file| file.strip_suffix(".csv")) {
            let text = String::from_utf8(bytes).map_err(|error| failed(name, error.to_string()))?;
            given.push(split(file, &text).map_err(|errors| failed(name, errors[0].to_string()))?);
        }
    }
    let facts = read(&given).map_err(|errors| failed("facts", errors[0].to_string()))?;
    Ok((facts, project))
}
