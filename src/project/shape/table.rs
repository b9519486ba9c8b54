//! A table written as YAML: a list of rows.

use super::pieces::MaybeText;
use super::{Entries, FromNode};
use crate::project::spans::Node;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;

/// Rows, each a mapping of column to text. `valid_from` and `valid_to` are days, both included; `*` is any key.
#[derive(Clone, Debug)]
pub struct Rows(pub Vec<Entries<MaybeText>>);

impl FromNode for Rows {
    fn from_node(node: &Node) -> Option<Rows> {
        Vec::from_node(node).map(Rows)
    }
}

impl JsonSchema for Rows {
    fn schema_name() -> Cow<'static, str> {
        "Rows".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<Entries<MaybeText>>::json_schema(generator)
    }
}
