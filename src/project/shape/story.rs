//! `tests/*.yaml`: given rows, expected lines and holds.

use super::pieces::{Format, MaybeText, object};
use super::{Entries, FromNode, Text, shape, words};
use crate::project::spans::{Content, Node, Spot};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::json;
use std::borrow::Cow;

shape! {
    /// One story of a pipeline.
    pub struct Story {
        #[schemars(required)]
        pub format: Format,
        /// What happens, in one sentence.
        #[schemars(required)]
        pub story: Text,
        /// Why it is expected: the arithmetic, by hand.
        pub about: Text,
        #[schemars(required)]
        pub pipeline: Text,
        /// The period, for example 2013-11.
        #[schemars(required)]
        pub r#for: Text,
        /// Facts by file name without `.csv`: a list of rows, or the CSV itself.
        #[schemars(required)]
        pub given: Entries<Given>,
        #[schemars(required)]
        pub expect: Expect,
    }
}

/// The rows of one facts file.
#[derive(Clone, Debug)]
pub enum Given {
    Rows { rows: Vec<Entries<MaybeText>>, spot: Spot },
    Csv(Text),
}

impl FromNode for Given {
    fn from_node(node: &Node) -> Option<Given> {
        match &node.content {
            Content::List(_) => Vec::from_node(node).map(|rows| Given::Rows { rows, spot: node.key_or_self() }),
            Content::Text(_) => Text::from_node(node).map(Given::Csv),
            Content::Empty | Content::Map(_) => None,
        }
    }
}

impl JsonSchema for Given {
    fn schema_name() -> Cow<'static, str> {
        "Given".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let row = generator.subschema_for::<Entries<MaybeText>>();
        object(json!({ "type": ["array", "string"], "items": row }))
    }
}

shape! {
    /// What the plan has to be. What is not written is not compared.
    pub struct Expect {
        pub status: Status,
        /// All lines of all journals, in order.
        pub lines: Vec<Line>,
        /// All holds.
        pub held: Vec<Held>,
        /// The codes of all warnings.
        pub warnings: Vec<Text>,
        /// All record documents.
        pub records: Vec<Record>,
    }
}

words! {
    pub enum Status {
        Ready = "ready",
        Held = "held",
        PartlyHeld = "partly_held",
        Nothing = "nothing",
    }
}

shape! {
    pub struct Line {
        #[schemars(required)]
        pub account: Text,
        pub debit: Text,
        pub credit: Text,
        /// Compared in all lines as soon as one line writes it.
        pub description: Text,
        /// Currency of the journal; compared in all lines as soon as one line writes it.
        pub currency: Text,
        /// GP's company of the journal; compared in all lines as soon as one line writes it.
        pub company: Text,
        /// Date of the journal; compared in all lines as soon as one line writes it.
        pub date: Text,
        /// The day on which GP reverses the journal; compared in all lines as soon as one line writes it.
        pub reverses_on: Text,
        /// The rate that GP converts the journal by; compared in all lines as soon as one line writes it.
        pub exchange_rate: Text,
        /// The day of that rate; compared in all lines as soon as one line writes it.
        pub exchange_date: Text,
        /// The number of the journal that it replaces; compared in all lines as soon as one line writes it.
        pub replaces: Text,
    }
}

shape! {
    pub struct Held {
        #[schemars(required)]
        pub code: Text,
        pub subject: Text,
    }
}

shape! {
    pub struct Record {
        #[schemars(required)]
        pub key: Text,
        #[schemars(required)]
        pub action: Action,
        /// Fields after the change.
        pub after: Entries<MaybeText>,
    }
}

words! {
    pub enum Action {
        Create = "create",
        Update = "update",
        Inactivate = "inactivate",
        Reactivate = "reactivate",
    }
}
