//! The JSON Schemas of a project's files, made from the shapes: for editors, and for [`super::check`].

use super::{environment, pipeline, project, story, table};
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// Marks a schema that really means `null`; removed from the result.
pub const KEEP_NULL: &str = "x-keep-null";

/// A kind of file that a project is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    Project,
    Environment,
    Pipeline,
    Table,
    Story,
}

impl FileKind {
    pub const ALL: [FileKind; 5] =
        [FileKind::Project, FileKind::Environment, FileKind::Pipeline, FileKind::Table, FileKind::Story];

    /// The word for it in file names and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            FileKind::Project => "project",
            FileKind::Environment => "environment",
            FileKind::Pipeline => "pipeline",
            FileKind::Table => "table",
            FileKind::Story => "story",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<FileKind> {
        FileKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// The JSON Schema of a file kind, as `schemas/<kind>.schema.json` holds it.
pub fn schema(kind: FileKind) -> String {
    let mut text = serde_json::to_string_pretty(&value(kind)).unwrap_or_default();
    text.push('\n');
    text
}

/// The same as a value.
pub fn value(kind: FileKind) -> Value {
    match kind {
        FileKind::Project => of::<project::Project>("An ml-connector project: project.yaml"),
        FileKind::Environment => of::<environment::Environment>("Settings of one environment: environments/*.yaml"),
        FileKind::Pipeline => of::<pipeline::Pipeline>("One pipeline: pipelines/*.yaml"),
        FileKind::Table => of::<table::Rows>("A look-up table written as YAML: tables/*.yaml"),
        FileKind::Story => of::<story::Story>("Given rows and expected lines: tests/*.yaml"),
    }
}

fn of<T: JsonSchema>(title: &str) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    // Without references a schema error's path leads straight to the part of the schema that refused.
    settings.inline_subschemas = true;
    settings.transforms.push(Box::new(WithoutNull));
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), Value::from(title));
    schema.to_value()
}

/// schemars lets an optional value be `null`; in a project a key without a value is a mistake.
#[derive(Clone, Debug)]
struct WithoutNull;

impl Transform for WithoutNull {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        if schema.remove(KEEP_NULL).is_some() {
            return;
        }
        if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
            kinds.retain(|kind| kind != "null");
            if let [only] = kinds.as_slice() {
                let only = only.clone();
                schema.insert("type".to_owned(), only);
            }
        }
        if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
            words.retain(|word| !word.is_null());
        }
        if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
            let real: Vec<Value> = choices.iter().filter(|choice| choice["type"] != "null").cloned().collect();
            if let [Value::Object(only)] = real.as_slice() {
                let only = only.clone();
                schema.remove("anyOf");
                for (key, value) in only {
                    if schema.get(&key).is_none() {
                        schema.insert(key, value);
                    }
                }
            }
        }
    }
}
