//! The shapes of a project's files: raw types, one a file kind, that are at once the JSON Schemas in `schemas/` (by
//! schemars) and what a span tree is decoded into.
//!
//! Every value is text with its place: `0410` never becomes a number here. Every field is optional in the decoded
//! value, because [`check`] has already reported what is missing or of the wrong type and cut it out; so a second
//! pass can find everything else that is wrong with the same file, and nothing twice.

pub mod check;
pub mod connections;
pub mod environment;
mod later;
mod other_words;
pub mod pay;
pub mod pieces;
pub mod pipeline;
pub mod project;
pub mod rates;
pub mod schema;
pub mod story;
pub mod table;

pub use pieces::{Entries, Placed, ScalarOr, Text};
pub use schema::{FileKind, schema};

use super::spans::Node;

/// Something that a node of the span tree can be read as. `None` where it cannot: that has been reported before.
pub trait FromNode: Sized {
    fn from_node(node: &Node) -> Option<Self>;
}

/// Declares a mapping with these keys: a struct of optional fields, its JSON Schema and its decoding.
macro_rules! shape {
    (
        $(#[$about:meta])*
        pub struct $name:ident { $( $(#[$field_about:meta])* pub $field:ident: $kind:ty, )* }
    ) => {
        #[derive(Clone, Debug, Default, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields)]
        $(#[$about])*
        pub struct $name {
            $( $(#[$field_about])* pub $field: Option<$kind>, )*
            #[schemars(skip)]
            pub own_spot: $crate::project::spans::Spot,
            #[schemars(skip)]
            pub own_key: Option<$crate::project::spans::Spot>,
        }

        impl $crate::project::shape::FromNode for $name {
            fn from_node(node: &$crate::project::spans::Node) -> Option<Self> {
                matches!(node.content, $crate::project::spans::Content::Map(_)).then(|| $name {
                    $( $field: node
                        .get(stringify!($field).trim_start_matches("r#"))
                        .and_then(<$kind as $crate::project::shape::FromNode>::from_node), )*
                    own_spot: node.spot,
                    own_key: node.key,
                })
            }
        }

        impl $name {
            /// Where the mapping stands: at its key, if it has one.
            pub fn at(&self) -> $crate::project::spans::Spot {
                self.own_key.unwrap_or(self.own_spot)
            }
        }
    };
}

/// Declares a value that is one of these words.
macro_rules! words {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $( $(#[$word_about:meta])* $variant:ident = $word:literal, )* }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[$word_about])* $variant, )* }

        impl $crate::project::shape::FromNode for $name {
            fn from_node(node: &$crate::project::spans::Node) -> Option<Self> {
                match &node.content {
                    $crate::project::spans::Content::Text(text) => match text.as_str() {
                        $( $word => Some($name::$variant), )*
                        _ => None,
                    },
                    _ => None,
                }
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::project::shape::pieces::one_of(&[$($word),*])
            }
        }
    };
}

pub(crate) use {shape, words};
