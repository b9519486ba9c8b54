//! The tree itself: nodes and their places.

use crate::project::finding::Place;
use std::sync::Arc;

/// Where a node stands, and how a position inside its text becomes a position in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    pub line: u32,
    pub column: u32,
    pub length: u32,
    pub(super) inside: Inside,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inside {
    /// The text's first character stands at this column of the spot's line.
    Line { column: u32 },
    /// A literal block: its lines follow each other from here, all moved right.
    Block { line: u32, indent: u32 },
    /// Folded or escaped: only the whole can be shown.
    #[default]
    Whole,
}

impl Spot {
    pub fn place(&self, file: &Arc<str>) -> Place {
        Place { file: Arc::clone(file), line: self.line, column: self.column, length: self.length }
    }

    /// The place of a part of the text: line and column from 1, in characters.
    pub fn part(&self, file: &Arc<str>, line: u32, column: u32, length: u32) -> Place {
        let file = Arc::clone(file);
        match self.inside {
            Inside::Line { column: first } if line == 1 => {
                Place { file, line: self.line, column: first + column.saturating_sub(1), length }
            }
            Inside::Block { line: first, indent } => {
                Place { file, line: first + line.saturating_sub(1), column: indent + column, length }
            }
            Inside::Line { .. } | Inside::Whole => self.place(&file),
        }
    }
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub struct Node {
    pub spot: Spot,
    /// The key it stands under.
    pub key: Option<Spot>,
    pub content: Content,
}

#[derive(Clone, Debug)]
pub enum Content {
    /// Nothing was written.
    Empty,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.content {
            Content::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, node)| node),
            Content::Empty | Content::Text(_) | Content::List(_) => None,
        }
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.content {
            Content::Map(entries) => entries.iter_mut().find(|(name, _)| name == key).map(|(_, node)| node),
            Content::List(items) => key.parse::<usize>().ok().and_then(|position| items.get_mut(position)),
            Content::Empty | Content::Text(_) => None,
        }
    }

    /// The key's place where there is one, else the node's own.
    pub fn key_or_self(&self) -> Spot {
        self.key.unwrap_or(self.spot)
    }

    pub fn noun(&self) -> &'static str {
        match self.content {
            Content::Empty => "nothing",
            Content::Text(_) => "a text",
            Content::List(_) => "a list",
            Content::Map(_) => "a mapping",
        }
    }

    /// Nodes in it, for the budget of aliases.
    pub(super) fn count(&self) -> usize {
        match &self.content {
            Content::Empty | Content::Text(_) => 1,
            Content::List(items) => 1 + items.iter().map(Node::count).sum::<usize>(),
            Content::Map(entries) => 1 + entries.iter().map(|(_, node)| 1 + node.count()).sum::<usize>(),
        }
    }
}
