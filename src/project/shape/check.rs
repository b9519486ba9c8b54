//! The shape of a file, checked by its JSON Schema. Every error becomes one finding at its place in the text, and
//! what is wrong is cut out of the tree so that the passes after this one do not report it a second time.

use super::schema::{self, FileKind};
use super::{FromNode, later, other_words};
use crate::project::finding::{Finding, Fix, certainly, closest, did_you_mean, quoted_list};
use crate::project::spans::{Content, Node};
use jsonschema::Validator;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// A file in its shape.
#[derive(Debug)]
pub struct Shaped<T> {
    pub value: T,
    /// Pointers of what was wrong and cut out. Names that stood there are unknown to later passes, not mistakes.
    pub cut: Vec<String>,
}

impl<T> Shaped<T> {
    /// Whether something at or below `pointer` was cut out, so that what is missing there says nothing.
    pub fn is_cut(&self, pointer: &str) -> bool {
        self.cut.iter().any(|cut| cut.starts_with(pointer))
    }
}

/// The compiled schema of a kind, compiled on first use.
fn compiled(kind: FileKind) -> Option<&'static (Validator, Value)> {
    static COMPILED: [OnceLock<Option<(Validator, Value)>>; 5] = [const { OnceLock::new() }; 5];
    COMPILED[kind as usize]
        .get_or_init(|| {
            let schema = schema::value(kind);
            jsonschema::validator_for(&schema).ok().map(|validator| (validator, schema))
        })
        .as_ref()
}

/// Checks and decodes a file.
pub fn shaped<T: FromNode>(
    kind: FileKind,
    file: &Arc<str>,
    mut root: Node,
    findings: &mut Vec<Finding>,
) -> Option<Shaped<T>> {
    let mut cut = Vec::new();
    empty_values(kind, file, &root, String::new(), findings, &mut cut);
    cut.iter().for_each(|pointer| remove(&mut root, pointer));
    let (validator, schema) = compiled(kind)?;
    let instance = json(&root);
    let (mut wrong, mut meant, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for error in validator.iter_errors(&instance) {
        let pointer = error.instance_path().as_str().to_owned();
        let Some(node) = at(&root, &pointer) else { continue };
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let known = known_keys(schema, error.schema_path().as_str());
                for key in unexpected {
                    let finding = unknown_key(kind, file, node, &pointer, key, &known);
                    match &finding.fix {
                        // Later passes read what is certainly meant, so that one slip is one finding.
                        Some(Fix::Replace { with, .. }) => meant.push((pointer.clone(), key.clone(), with.clone())),
                        _ => wrong.push(format!("{pointer}/{}", escape(key))),
                    }
                    findings.push(finding);
                }
            }
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                if !cut.contains(&format!("{pointer}/{key}")) {
                    missing.push((missing_key(file, node, &pointer, key), pointer.clone(), key.to_owned()));
                }
                wrong.push(format!("{pointer}/{key}"));
            }
            kind_of_error => {
                findings.push(wrong_value(kind, file, node, &pointer, kind_of_error));
                wrong.push(pointer);
            }
        }
    }
    for (finding, pointer, key) in missing {
        match meant.iter().any(|(at, _, with)| (at, with) == (&pointer, &key)) {
            true => wrong.retain(|cut| *cut != format!("{pointer}/{key}")),
            false => findings.push(finding),
        }
    }
    wrong.iter().for_each(|pointer| remove(&mut root, pointer));
    meant.iter().for_each(|(pointer, key, with)| rename(&mut root, pointer, key, with));
    cut.append(&mut wrong);
    T::from_node(&root).map(|value| Shaped { value, cut })
}

/// Keys without a value. Only settings and cells may be empty.
fn empty_values(
    kind: FileKind,
    file: &Arc<str>,
    node: &Node,
    pointer: String,
    findings: &mut Vec<Finding>,
    cut: &mut Vec<String>,
) {
    let may_be_empty = match kind {
        FileKind::Project => pointer == "/settings",
        FileKind::Table => true,
        FileKind::Story => pointer.starts_with("/given/") || pointer.ends_with("/after"),
        FileKind::Environment | FileKind::Pipeline => false,
    };
    match &node.content {
        Content::Map(entries) => {
            for (key, value) in entries {
                let inner = format!("{pointer}/{}", escape(key));
                if matches!(value.content, Content::Empty) && !may_be_empty {
                    let place = value.key_or_self().place(file);
                    findings.push(
                        Finding::error("empty-value", place, format!("`{key}` has no value"))
                            .help("write a value, or remove the key; an empty text is `\"\"`"),
                    );
                    cut.push(inner);
                } else {
                    empty_values(kind, file, value, inner, findings, cut);
                }
            }
        }
        Content::List(items) => {
            for (position, item) in items.iter().enumerate() {
                empty_values(kind, file, item, format!("{pointer}/{position}"), findings, cut);
            }
        }
        Content::Empty | Content::Text(_) => {}
    }
}

/// The tree as JSON: every scalar a string, so that nothing is typed by accident.
fn json(node: &Node) -> Value {
    match &node.content {
        Content::Empty => Value::Null,
        Content::Text(text) => Value::String(text.clone()),
        Content::List(items) => Value::Array(items.iter().map(json).collect()),
        Content::Map(entries) => Value::Object(entries.iter().map(|(key, node)| (key.clone(), json(node))).collect()),
    }
}

fn unknown_key(kind: FileKind, file: &Arc<str>, node: &Node, pointer: &str, key: &str, known: &[&str]) -> Finding {
    let place = node.get(key).map_or(node.spot, Node::key_or_self).place(file);
    let inside = match pointer.rsplit('/').find(|part| part.parse::<usize>().is_err()) {
        Some(parent) if !parent.is_empty() => format!(" in `{parent}`"),
        _ => String::new(),
    };
    Finding::error("unknown-key", place, format!("there is no key `{key}`{inside}"))
        .maybe_help(
            other_words::elsewhere(kind, pointer, key)
                .map(str::to_owned)
                .or_else(|| other_words::key(key, known).map(|meant| format!("did you mean `{meant}`?")))
                .or_else(|| did_you_mean(key, known)),
        )
        .write(certainly(key, known.iter().copied()).filter(|meant| node.get(meant).is_none()))
}

fn missing_key(file: &Arc<str>, node: &Node, pointer: &str, key: &str) -> Finding {
    let place = node.key_or_self().place(file);
    let inside = match pointer.rsplit('/').next() {
        None | Some("") => "this file".to_owned(),
        Some(position) if position.parse::<usize>().is_ok() => "this item".to_owned(),
        Some(parent) => format!("`{parent}`"),
    };
    Finding::error("missing-key", place, format!("{inside} has no `{key}`")).help(format!("add `{key}: …`"))
}

fn wrong_value(kind: FileKind, file: &Arc<str>, node: &Node, pointer: &str, error: &ValidationErrorKind) -> Finding {
    let name = pointer.rsplit('/').find(|part| part.parse::<usize>().is_err()).filter(|part| !part.is_empty());
    let subject = name.map_or_else(|| "this file".to_owned(), |name| format!("`{name}`"));
    let place = node.spot.place(file);
    match (error, &node.content) {
        (ValidationErrorKind::Enum { options }, Content::Text(text)) => {
            if later::value(kind, pointer, text) {
                let message = format!("`{text}` is not done by this version of ml-connector yet");
                return Finding::error("not-yet-supported", place, message);
            }
            let words: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let other = other_words::value(text, &words);
            let help = match other.or_else(|| closest(text, words.iter().copied())) {
                _ if pointer == "/format" => "this version reads format 1; a newer one may be needed".to_owned(),
                Some(word) => format!("did you mean `{word}`?"),
                None => format!("one of: {}", quoted_list(&words)),
            };
            Finding::error("unknown-value", place, format!("{subject} cannot be `{text}`"))
                .help(help)
                .write(other.or_else(|| certainly(text, words.iter().copied())))
        }
        (ValidationErrorKind::Enum { options }, _) => {
            let words: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let message = format!("{subject} must be a text, not {}", node.noun());
            Finding::error("wrong-type", place, message).help(format!("one of: {}", quoted_list(&words)))
        }
        (ValidationErrorKind::Type { kind }, _) => {
            Finding::error("wrong-type", place, format!("{subject} must be {}, not {}", wanted(kind), node.noun()))
        }
        _ => Finding::error("wrong-type", place, format!("{subject} does not have the shape it must have")),
    }
}

/// The types of a schema in the reader's words.
fn wanted(kind: &TypeKind) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut add = |kind: jsonschema::JsonType| {
        let word = match kind {
            jsonschema::JsonType::Array => "a list",
            jsonschema::JsonType::Object => "a mapping",
            _ => "a text",
        };
        if !words.contains(&word) {
            words.push(word);
        }
    };
    match kind {
        TypeKind::Single(kind) => add(*kind),
        TypeKind::Multiple(kinds) => kinds.iter().for_each(add),
    }
    words.join(" or ")
}

/// The keys that the schema knows where it refused one: `schema_path` ends in `/additionalProperties`.
fn known_keys<'s>(schema: &'s Value, schema_path: &str) -> Vec<&'s str> {
    let parent = schema_path.rsplit_once('/').map_or("", |(parent, _)| parent);
    let properties = schema.pointer(parent).and_then(|schema| schema.get("properties"));
    properties.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

/// The node at a JSON pointer.
fn at<'n>(root: &'n Node, pointer: &str) -> Option<&'n Node> {
    pointer.split('/').skip(1).try_fold(root, |node, part| match &node.content {
        Content::List(items) => part.parse::<usize>().ok().and_then(|position| items.get(position)),
        _ => node.get(&unescape(part)),
    })
}

/// Gives a key of a mapping another name.
fn rename(root: &mut Node, pointer: &str, key: &str, with: &str) {
    let parent = pointer.split('/').skip(1).try_fold(root, |node, part| node.get_mut(&unescape(part)));
    if let Some(Content::Map(entries)) = parent.map(|parent| &mut parent.content)
        && let Some((name, _)) = entries.iter_mut().find(|(name, _)| name == key)
    {
        with.clone_into(name);
    }
}

/// Cuts a node out. An item of a list stays as a hole, so that the positions of the others do not move.
fn remove(root: &mut Node, pointer: &str) {
    let Some((parent, last)) = pointer.rsplit_once('/') else {
        root.content = Content::Empty;
        return;
    };
    let last = unescape(last);
    let mut node = root;
    for part in parent.split('/').skip(1) {
        match node.get_mut(&unescape(part)) {
            Some(inner) => node = inner,
            None => return,
        }
    }
    match &mut node.content {
        Content::Map(entries) => entries.retain(|(key, _)| *key != last),
        Content::List(_) => {
            if let Some(item) = node.get_mut(&last) {
                item.content = Content::Empty;
            }
        }
        Content::Empty | Content::Text(_) => {}
    }
}
