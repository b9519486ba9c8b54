//! What the schemas know: the keys and words of a place, with their descriptions.

use super::cursor::Step;
use crate::project::shape::{self, FileKind};
use serde_json::Value;
use std::sync::OnceLock;

/// What a file is, by its path in the project folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Yaml(FileKind),
    Dialect,
    Script,
}

impl Kind {
    pub fn of(file: &str) -> Option<Kind> {
        let yaml = file.ends_with(".yaml");
        match file.split_once('/') {
            None if file == "project.yaml" => Some(Kind::Yaml(FileKind::Project)),
            Some(("environments", _)) if yaml => Some(Kind::Yaml(FileKind::Environment)),
            Some(("pipelines", _)) if yaml => Some(Kind::Yaml(FileKind::Pipeline)),
            Some(("tables", _)) if yaml => Some(Kind::Yaml(FileKind::Table)),
            Some(("tests", _)) if yaml => Some(Kind::Yaml(FileKind::Story)),
            Some(("dialects", _)) if yaml => Some(Kind::Dialect),
            Some(("scripts", _)) if file.ends_with(".rhai") => Some(Kind::Script),
            _ => None,
        }
    }
}

/// The schema of a kind of file, made on first use.
fn root(kind: Kind) -> &'static Value {
    static SCHEMAS: [OnceLock<Value>; 6] = [const { OnceLock::new() }; 6];
    match kind {
        Kind::Yaml(kind) => SCHEMAS[kind as usize].get_or_init(|| shape::schema::value(kind)),
        Kind::Dialect => {
            SCHEMAS[5].get_or_init(|| serde_json::from_str(&crate::gp::dialect::schema()).unwrap_or_default())
        }
        Kind::Script => &Value::Null,
    }
}

/// Every schema that a node at this path may have.
pub fn at(kind: Kind, path: &[Step]) -> Vec<&'static Value> {
    let root = root(kind);
    let mut nodes = alternatives(root, root);
    for step in path {
        nodes =
            nodes.into_iter().filter_map(|node| inside(node, step)).flat_map(|node| alternatives(root, node)).collect();
    }
    nodes
}

fn inside<'s>(node: &'s Value, step: &Step) -> Option<&'s Value> {
    match step {
        Step::Item(_) => node.get("items"),
        Step::Key(key) => {
            let own = node.get("properties").and_then(|properties| properties.get(key));
            own.or_else(|| node.get("additionalProperties").filter(|other| other.is_object()))
        }
    }
}

/// A schema, and what it may be instead.
fn alternatives<'s>(root: &'s Value, node: &'s Value) -> Vec<&'s Value> {
    let mut all = vec![node];
    if let Some(pointer) = node.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#')) {
        all.extend(root.pointer(pointer).into_iter().flat_map(|meant| alternatives(root, meant)));
    }
    for choice in ["anyOf", "oneOf", "allOf"] {
        let choices = node.get(choice).and_then(Value::as_array).into_iter().flatten();
        all.extend(choices.flat_map(|choice| alternatives(root, choice)));
    }
    all
}

/// The keys of a mapping, each with its schema.
pub fn keys<'s>(nodes: &[&'s Value]) -> Vec<(&'s str, &'s Value)> {
    let of = |node: &&'s Value| node.get("properties").and_then(Value::as_object).into_iter().flatten();
    nodes.iter().flat_map(of).map(|(key, schema)| (key.as_str(), schema)).collect()
}

/// The words that a value can be; `1` is written once, though editors may read it as a number.
pub fn words(nodes: &[&Value]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for node in nodes {
        let listed = node.get("enum").and_then(Value::as_array).into_iter().flatten().chain(node.get("const"));
        for word in listed {
            let word = word.as_str().map_or_else(|| word.to_string(), str::to_owned);
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

pub fn description<'s>(nodes: &[&'s Value]) -> Option<&'s str> {
    nodes.iter().find_map(|node| node.get("description").and_then(Value::as_str))
}

/// Whether a value of this schema is a mapping or a list, and no text.
pub fn is_collection(node: &Value) -> bool {
    matches!(node.get("type").and_then(Value::as_str), Some("object" | "array"))
}

/// Whether a mapping needs this key.
pub fn is_required(nodes: &[&Value], key: &str) -> bool {
    nodes.iter().any(|node| node["required"].as_array().is_some_and(|keys| keys.iter().any(|other| other == key)))
}
