//! A whole answer with its envelope.

use super::messages::{messages, scalar};
use super::rows::Rows;
use super::shape::{Row, Shape};
use crate::gp::dialect::Dialect;
use crate::gp::dialect::refusals::GpMessage;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

/// An answer without its envelope.
#[derive(Debug)]
pub struct Answer<T> {
    /// What was made of the body's rows; a body that is one object is one row.
    pub rows: Vec<T>,
    /// Whether there was an envelope with a body, `null` included.
    pub has_body: bool,
    /// Whether there was any JSON object at all.
    pub is_object: bool,
    /// Whether it was the site's envelope: its body, or one of the members beside it.
    pub is_enveloped: bool,
    pub messages: Vec<GpMessage>,
    /// The success predicate, where the dialect has one.
    pub success: Option<bool>,
    pub next: Option<String>,
}

impl<T> Answer<T> {
    /// An answer that holds nothing.
    pub fn nothing() -> Answer<T> {
        Answer {
            rows: Vec::new(),
            has_body: false,
            is_object: false,
            is_enveloped: false,
            messages: Vec::new(),
            success: None,
            next: None,
        }
    }
}

/// How an answer is read.
#[derive(Clone, Debug)]
pub struct Reading {
    pub dialect: Arc<Dialect>,
    pub shape: Arc<Shape>,
    /// The member of the body that holds the rows.
    pub rows: Option<String>,
    /// JSON pointer to the next page's address.
    pub next: Option<String>,
}

impl Reading {
    /// Reads a whole answer. `make` turns each row into what is kept, so that no two copies of a long list exist.
    ///
    /// # Errors
    /// No JSON, a member of another type than expected, or what `make` said.
    pub fn read<T>(
        &self,
        input: impl Read,
        make: &mut dyn FnMut(Row) -> Result<T, String>,
    ) -> Result<Answer<T>, serde_json::Error> {
        let mut answer = Answer::nothing();
        let mut input = BufReader::with_capacity(32 * 1024, input);
        // .NET likes to begin with a byte order mark.
        let start = input.fill_buf().map_err(serde_json::Error::io)?;
        if start.is_empty() {
            return Ok(answer);
        }
        if start.starts_with(b"\xef\xbb\xbf") {
            input.consume(3);
        }
        let mut json = serde_json::Deserializer::from_reader(input);
        let outside = EnvelopeSeed { reading: self, answer: &mut answer, make }.deserialize(&mut json)?;
        json.end()?;
        answer.is_object = true;
        answer.is_enveloped = answer.has_body || outside.as_object().is_some_and(|members| !members.is_empty());
        answer.messages = messages(&self.dialect.envelope, &outside);
        answer.success = self.dialect.envelope.success.as_ref().map(|success| {
            let found = outside.pointer(&success.at).and_then(scalar).unwrap_or_default();
            success.is.iter().any(|word| word.eq_ignore_ascii_case(&found))
        });
        answer.next = self.next.as_ref().and_then(|at| outside.pointer(at)).and_then(scalar);
        Ok(answer)
    }

    /// Members beside the body that are looked at.
    fn is_wanted(&self, member: &str) -> bool {
        let envelope = &self.dialect.envelope;
        let pointers =
            envelope.errors.iter().chain(envelope.success.as_ref().map(|success| &success.at)).chain(&self.next);
        pointers.map(|pointer| pointer.split('/').nth(1).unwrap_or_default()).any(|first| first == member)
    }
}

/// Visits the envelope; yields the members beside the body that are looked at.
struct EnvelopeSeed<'a, T> {
    reading: &'a Reading,
    answer: &'a mut Answer<T>,
    make: &'a mut dyn FnMut(Row) -> Result<T, String>,
}

impl<'de, T> DeserializeSeed<'de> for EnvelopeSeed<'_, T> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de, T> Visitor<'de> for EnvelopeSeed<'_, T> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "an object with {}", self.reading.dialect.envelope.answer)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut outside = serde_json::Map::new();
        while let Some(member) = map.next_key::<String>()? {
            if member == self.reading.dialect.envelope.answer {
                self.answer.has_body = true;
                let rows = self.reading.rows.as_deref();
                let shape = self.reading.shape.as_ref();
                map.next_value_seed(Rows { shape, rows, make: self.make, into: &mut self.answer.rows })?;
            } else if self.reading.is_wanted(&member) {
                let value = map.next_value::<Value>()?;
                outside.insert(member, value);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Value::Object(outside))
    }
}
