//! The small pieces that shapes are made of.

use super::FromNode;
use crate::project::finding::Place;
use crate::project::spans::{Content, Node, Spot};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::sync::Arc;

/// A scalar as somebody wrote it.
#[derive(Clone, Debug, Default)]
pub struct Text {
    pub text: String,
    pub spot: Spot,
    pub key: Option<Spot>,
}

impl Text {
    pub fn place(&self, file: &Arc<str>) -> Place {
        self.spot.place(file)
    }

    /// The place of the key it stands under, else its own.
    pub fn key_place(&self, file: &Arc<str>) -> Place {
        self.key.unwrap_or(self.spot).place(file)
    }
}

impl FromNode for Text {
    fn from_node(node: &Node) -> Option<Text> {
        match &node.content {
            Content::Text(text) => Some(Text { text: text.clone(), spot: node.spot, key: node.key }),
            Content::Empty | Content::List(_) | Content::Map(_) => None,
        }
    }
}

/// Editors read `0410` as a number and `NO` as a truth value: all of them are texts to us.
const SCALARS: [&str; 3] = ["string", "number", "boolean"];

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        object(json!({ "type": SCALARS }))
    }
}

/// A value that is known to be an object, as a schema.
pub fn object(value: Value) -> Schema {
    match value {
        Value::Object(map) => Schema::from(map),
        _ => Schema::from(Map::new()),
    }
}

/// The schema of a value that is one of these words.
pub fn one_of(words: &[&str]) -> Schema {
    object(json!({ "enum": words }))
}

/// A value with its place.
#[derive(Clone, Copy, Debug)]
pub struct Placed<T> {
    pub value: T,
    pub spot: Spot,
    pub key: Option<Spot>,
}

impl<T: FromNode> FromNode for Placed<T> {
    fn from_node(node: &Node) -> Option<Placed<T>> {
        T::from_node(node).map(|value| Placed { value, spot: node.spot, key: node.key })
    }
}

impl<T: JsonSchema> JsonSchema for Placed<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<T: FromNode> FromNode for Vec<T> {
    fn from_node(node: &Node) -> Option<Vec<T>> {
        match &node.content {
            Content::List(items) => Some(items.iter().filter_map(T::from_node).collect()),
            Content::Empty | Content::Text(_) | Content::Map(_) => None,
        }
    }
}

/// A mapping whose keys are the project's own names, in the project's order.
#[derive(Clone, Debug)]
pub struct Entries<T> {
    pub entries: Vec<(Text, T)>,
}

impl<T> Entries<T> {
    pub fn iter(&self) -> impl Iterator<Item = &(Text, T)> {
        self.entries.iter()
    }
}

impl<T: FromNode> FromNode for Entries<T> {
    fn from_node(node: &Node) -> Option<Entries<T>> {
        let Content::Map(entries) = &node.content else { return None };
        let entries = entries.iter().filter_map(|(name, node)| {
            let spot = node.key_or_self();
            T::from_node(node).map(|value| (Text { text: name.clone(), spot, key: Some(spot) }, value))
        });
        Some(Entries { entries: entries.collect() })
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("EntriesOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let each = generator.subschema_for::<T>();
        object(json!({ "type": "object", "additionalProperties": each }))
    }
}

/// A plain word, or a mapping that says more.
#[derive(Clone, Debug)]
pub enum ScalarOr<T> {
    Scalar(Text),
    Map(T),
}

impl<T: FromNode> FromNode for ScalarOr<T> {
    fn from_node(node: &Node) -> Option<ScalarOr<T>> {
        match &node.content {
            Content::Text(_) => Text::from_node(node).map(ScalarOr::Scalar),
            Content::Map(_) => T::from_node(node).map(ScalarOr::Map),
            Content::Empty | Content::List(_) => None,
        }
    }
}

impl<T: JsonSchema> JsonSchema for ScalarOr<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("TextOr{}", T::schema_name()).into()
    }

    /// The mapping's own schema, which only speaks of mappings, with scalars let through: an `anyOf` would turn every
    /// mistake inside the mapping into "not valid under any of the schemas".
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        let kinds: Vec<&str> = SCALARS.iter().copied().chain(["object"]).collect();
        schema.insert("type".to_owned(), json!(kinds));
        schema
    }
}

/// One text, or a list of them.
#[derive(Clone, Debug)]
pub struct TextOrList(pub Vec<Text>);

impl FromNode for TextOrList {
    fn from_node(node: &Node) -> Option<TextOrList> {
        match &node.content {
            Content::Text(_) => Text::from_node(node).map(|text| TextOrList(vec![text])),
            Content::List(_) => Vec::from_node(node).map(TextOrList),
            Content::Empty | Content::Map(_) => None,
        }
    }
}

impl JsonSchema for TextOrList {
    fn schema_name() -> Cow<'static, str> {
        "TextOrList".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let kinds: Vec<&str> = SCALARS.iter().copied().chain(["array"]).collect();
        object(json!({ "type": kinds, "items": { "type": SCALARS } }))
    }
}

/// `1`: the only format there is.
#[derive(Clone, Copy, Debug)]
pub struct Format;

impl FromNode for Format {
    fn from_node(_: &Node) -> Option<Format> {
        Some(Format)
    }
}

impl JsonSchema for Format {
    fn schema_name() -> Cow<'static, str> {
        "Format".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        object(json!({ "enum": ["1", 1] }))
    }
}

/// `true` or `false`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag(pub bool);

impl FromNode for Flag {
    fn from_node(node: &Node) -> Option<Flag> {
        match &node.content {
            Content::Text(text) => text.parse().ok().map(Flag),
            Content::Empty | Content::List(_) | Content::Map(_) => None,
        }
    }
}

impl JsonSchema for Flag {
    fn schema_name() -> Cow<'static, str> {
        "Flag".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        object(json!({ "enum": ["true", "false", true, false] }))
    }
}

/// A text that may be left empty.
#[derive(Clone, Debug, Default)]
pub struct MaybeText(pub Option<Text>);

impl FromNode for MaybeText {
    fn from_node(node: &Node) -> Option<MaybeText> {
        match &node.content {
            Content::Empty => Some(MaybeText(None)),
            Content::Text(_) => Some(MaybeText(Text::from_node(node))),
            Content::List(_) | Content::Map(_) => None,
        }
    }
}

impl JsonSchema for MaybeText {
    fn schema_name() -> Cow<'static, str> {
        "MaybeText".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        object(json!({ "type": ["string", "number", "boolean", "null"], super::schema::KEEP_NULL: true }))
    }
}
