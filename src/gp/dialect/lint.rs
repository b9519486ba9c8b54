//! Everything that is wrong with a dialect file, each at its place.
//!
//! Three passes, as for a project's own files: YAML in the strict profile, the shape, and what the shape cannot say.

use super::check::problems;
use super::file::Dialect;
use super::shipped::SHIPPED;
use crate::gp::GpError;
use crate::project::finding::{Finding, Place, did_you_mean, quoted_list};
use crate::project::spans::{Content, Node, Spot, parse};
use jsonschema::Validator;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use schemars::generate::SchemaSettings;
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// Larger files are no dialects.
const LARGEST: usize = 1 << 20;

/// The dialect in `text`, checked as far as it can be without a GP.
///
/// # Errors
/// [`GpError::Dialect`] with every finding, one a line, each with its line and column.
pub fn check_dialect(file: &str, text: &str) -> Result<Dialect, GpError> {
    let said = |finding: &Finding| {
        let place = &finding.place;
        let help = finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("line {}, column {}: {}{help}", place.line, place.column, finding.message)
    };
    read_dialect(file, text).map_err(|findings| GpError::Dialect {
        file: file.to_owned(),
        why: findings.iter().map(said).collect::<Vec<_>>().join("\n"),
    })
}

/// The dialect in `text`, or everything that is wrong with it.
///
/// # Errors
/// The findings, never an empty list.
pub fn read_dialect(file: &str, text: &str) -> Result<Dialect, Vec<Finding>> {
    let file: Arc<str> = Arc::from(file);
    let mut findings = Vec::new();
    if text.len() > LARGEST {
        return Err(vec![Finding::error("file-too-large", Place::file(&file), "this file is larger than 1 MiB")]);
    }
    if text == SHIPPED {
        // Its checks are a test of the build; every start would pay for them again.
        return serde_yaml::from_str(text).map_err(|error| vec![undecoded(&file, &error)]);
    }
    let Some(root) = parse(&file, text, &mut findings) else {
        if findings.is_empty() {
            findings.push(Finding::error("empty-file", Place::file(&file), "this file is empty"));
        }
        return Err(findings);
    };
    let dialect = match serde_yaml::from_str::<Dialect>(text) {
        Ok(dialect) => dialect,
        Err(error) => return Err(misshapen(&file, text, &root, &error)),
    };
    for problem in problems(&dialect) {
        let place = deepest(&root, &problem.at).place(&file);
        let message = format!("{} {}", problem.at, problem.what);
        findings.push(Finding::error("dialect", place, message).help("docs/dialect.md explains each key"));
    }
    if findings.is_empty() { Ok(dialect) } else { Err(findings) }
}

/// All that the schema says is wrong; what it does not see, the decoder has said.
fn misshapen(file: &Arc<str>, text: &str, root: &Node, error: &serde_yaml::Error) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some((validator, schema)) = compiled()
        && let Ok(instance) = serde_yaml::from_str::<Value>(text)
    {
        for error in validator.iter_errors(&instance) {
            findings.extend(shape_findings(file, root, schema, &error));
        }
    }
    if findings.is_empty() {
        findings.push(undecoded(file, error));
    }
    findings
}

/// The first thing that the decoder could not take.
fn undecoded(file: &Arc<str>, error: &serde_yaml::Error) -> Finding {
    let number = |count: usize| u32::try_from(count).unwrap_or(1);
    let place =
        error.location().map(|at| Place { line: number(at.line()), column: number(at.column()), ..Place::file(file) });
    Finding::error("wrong-type", place.unwrap_or_else(|| Place::file(file)), error.to_string())
}

/// The schema without references, so that the path of an error leads to the keys that are known there.
fn compiled() -> Option<&'static (Validator, Value)> {
    static COMPILED: OnceLock<Option<(Validator, Value)>> = OnceLock::new();
    COMPILED
        .get_or_init(|| {
            let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
            let schema = Value::from(settings.into_generator().into_root_schema_for::<Dialect>());
            jsonschema::validator_for(&schema).ok().map(|validator| (validator, schema))
        })
        .as_ref()
}

fn shape_findings(file: &Arc<str>, root: &Node, schema: &Value, error: &ValidationError<'_>) -> Vec<Finding> {
    let pointer = error.instance_path().as_str();
    let at = pointer.trim_start_matches('/').replace('/', ".");
    let node = node_at(root, pointer).unwrap_or(root);
    let inside = if at.is_empty() { "this file".to_owned() } else { format!("`{at}`") };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known = known_keys(schema, error.schema_path().as_str());
            let unknown = |key: &String| {
                let place = node.get(key).map_or(node.spot, Node::key_or_self).place(file);
                Finding::error("unknown-key", place, format!("there is no key `{key}` in {inside}"))
                    .maybe_help(did_you_mean(key, &known))
            };
            unexpected.iter().map(unknown).collect()
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            let place = node.key_or_self().place(file);
            vec![
                Finding::error("missing-key", place, format!("{inside} has no `{key}`"))
                    .help("copy it from the dialect that ships with the program, then change it"),
            ]
        }
        // An unquoted `1` or `true` is read as the text it is written as.
        ValidationErrorKind::Type { kind: TypeKind::Single(JsonType::String) }
            if matches!(node.content, Content::Text(_)) =>
        {
            Vec::new()
        }
        ValidationErrorKind::OneOfNotValid { .. }
        | ValidationErrorKind::AnyOf { .. }
        | ValidationErrorKind::Enum { .. } => {
            let words = words(schema.pointer(error.schema_path().as_str().rsplit_once('/').map_or("", |(up, _)| up)));
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let shown = match &node.content {
                Content::Text(text) => format!("`{text}`"),
                Content::Empty | Content::List(_) | Content::Map(_) => node.noun().to_owned(),
            };
            let finding = Finding::error("unknown-value", node.spot.place(file), format!("{inside} cannot be {shown}"));
            vec![if words.is_empty() { finding } else { finding.help(format!("one of: {}", quoted_list(&words))) }]
        }
        _ => vec![Finding::error("wrong-type", node.spot.place(file), format!("{inside}: {error}"))],
    }
}

/// The constants that a choice allows, in whichever of JSON Schema's forms.
fn words(choice: Option<&Value>) -> Vec<String> {
    let Some(choice) = choice else { return Vec::new() };
    let listed = choice.get("enum").and_then(Value::as_array).into_iter().flatten();
    let constant = choice.get("const").into_iter();
    let own = listed.chain(constant).filter_map(Value::as_str).map(str::to_owned);
    let inner = ["oneOf", "anyOf"].into_iter().filter_map(|form| choice.get(form)?.as_array()).flatten();
    own.chain(inner.flat_map(|inner| words(Some(inner)))).collect()
}

/// The keys that the schema knows where it refused one: the path ends in `/additionalProperties`.
fn known_keys<'s>(schema: &'s Value, path: &str) -> Vec<&'s str> {
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    let properties = schema.pointer(parent).and_then(|schema| schema.get("properties"));
    properties.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

/// The node at a JSON pointer.
fn node_at<'n>(root: &'n Node, pointer: &str) -> Option<&'n Node> {
    pointer.split('/').skip(1).try_fold(root, |node, part| match &node.content {
        Content::List(items) => part.parse::<usize>().ok().and_then(|at| items.get(at)),
        Content::Empty | Content::Text(_) | Content::Map(_) => node.get(&part.replace("~1", "/").replace("~0", "~")),
    })
}

/// The place of the deepest key of `path` (`journals.by_key.path`) that is there.
fn deepest(root: &Node, path: &str) -> Spot {
    let mut node = root;
    for part in path.split('.') {
        match node.get(part) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node.spot
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gp::dialect::shipped::shipped;

    fn broken(from: &str, to: &str) -> String {
        assert!(SHIPPED.contains(from), "{from}");
        match check_dialect("dialects/mine.yaml", &SHIPPED.replace(from, to)) {
            Err(error) => error.to_string(),
            Ok(_) => String::from("accepted"),
        }
    }

    #[test]
    fn the_shipped_dialect_is_sound_and_knows_every_number_once() {
        let dialect = shipped().unwrap();
        assert_eq!(problems(&dialect), []);
        let mut numbers: Vec<u32> = dialect.errors.iter().flat_map(|entry| entry.numbers.clone()).collect();
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count, "a number is listed twice");
        assert!(count > 90, "{count}");
    }

    #[test]
    fn every_mistake_of_the_shape_is_found_at_once_at_its_place() {
        let text = SHIPPED
            .replace("  line_step: 500", "  line_stepp: 500")
            .replace("class: retry later, say: The batch is marked", "class: retry soon, say: The batch is marked")
            .replace("  timeout_ms: 120000", "  timeout_ms: two minutes")
            .replace("  amounts: text ", "  amounts: words ");
        let findings = read_dialect("dialects/mine.yaml", &text).unwrap_err();
        let line = |part: &str| text.lines().position(|line| line.contains(part)).unwrap() + 1;
        let shown: Vec<String> =
            findings.iter().map(|found| format!("{} {}", found.place.line, found.message)).collect();
        let expected = [
            (line("two minutes"), "`http.timeout_ms`"),
            (line("amounts: words"), "`values.amounts` cannot be `words`"),
            (line("line_stepp"), "there is no key `line_stepp` in `journals`"),
            (line("journals:"), "`journals` has no `line_step`"),
            (line("retry soon"), "`errors.0.class` cannot be `retry soon`"),
        ];
        for (line, message) in expected {
            let wanted = format!("{line} {message}");
            assert!(shown.iter().any(|shown| shown.starts_with(&wanted)), "{wanted}: {shown:#?}");
        }
        assert_eq!(findings.len(), expected.len(), "{shown:#?}");
        let help = |code: &str| findings.iter().find(|found| found.code == code).unwrap().help.clone().unwrap();
        assert_eq!(help("unknown-key"), "did you mean `line_step`?");
        assert!(help("unknown-value").starts_with("one of: `"), "{}", help("unknown-value"));
    }

    #[test]
    fn yaml_that_hides_something_is_refused() {
        for (text, expected) in [
            (SHIPPED.replace("format: 1", "format: 1\nformat: 1"), "duplicate-key"),
            (SHIPPED.replace("  line_step", "\tline_step"), "yaml-tab"),
            (String::new(), "empty-file"),
            ("- 1\n".to_owned(), "wrong-type"),
            (format!("{SHIPPED}{}", "# x\n".repeat(300_000)), "file-too-large"),
        ] {
            let findings = read_dialect("dialects/mine.yaml", &text).unwrap_err();
            assert!(findings.iter().any(|found| found.code == expected), "{expected}: {findings:#?}");
        }
    }

    #[test]
    fn unquoted_words_are_read_as_they_are_written() {
        let text = SHIPPED
            .replace("is_true: [\"true\", \"1\"]", "is_true: [true, 1]")
            .replace("\"2\": Financial", "2: Financial");
        let dialect = check_dialect("dialects/mine.yaml", &text).unwrap();
        assert_eq!(dialect.accounts.fields.active.is_true, ["true", "1"]);
        assert_eq!(dialect.periods.series_names["2"], "Financial");
    }

    #[test]
    fn what_the_shape_cannot_say_is_said_at_once() {
        let cases = [
            ("({number};{date})", "({number};{day})", "names {day}"),
            ("Accounts({account})", "Accounts", "must hold {account}"),
            (
                "create: { method: POST, path: /Dynamics/F",
                "create: { method: POST, action: PostBatch, path: /Dynamics/F",
                "never posts",
            ),
            ("dates: \"%Y-%m-%dT00:00:00\"", "dates: \"%d\"", "does not write a date"),
            ("functional_currency: USD", "functional_currency: DOLLARS", "ISO 4217"),
            ("    last_name: LastName", "    last_name: LastName\n    tax_id: SSN", "read back and shown"),
            ("    name: VendorName", "    nmae: VendorName", "no field of a vendor"),
            ("not_sent_statuses: [503]", "not_sent_statuses: [200]", "only 4xx and 5xx"),
            ("format: 1", "format: 2", "reads format 1"),
            ("[/Status/Messages,", "[Status/Messages,", "no JSON pointer"),
            ("active: [\"1\", \"3\"]", "active: [open]", "fits written_as"),
        ];
        for (from, to, expected) in cases {
            let message = broken(from, to);
            assert!(message.contains(expected), "{to}: {message}");
        }
    }
}
