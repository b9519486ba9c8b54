//! Takes the wanted members out of an answer while it streams by.
//!
//! A dialect names the members, so they are only known at run time; building a tree of everything and picking from it
//! would cost several times the memory and time. Numbers stay the digits that GP wrote: an amount never becomes a float.

use crate::gp::dialect::file::Envelope;
use crate::gp::dialect::refusals::GpMessage;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

/// Which members of an object are wanted, by path (`/` leads into an object).
#[derive(Clone, Debug, Default)]
pub struct Shape {
    members: BTreeMap<String, Member>,
    texts: usize,
}

#[derive(Clone, Debug)]
enum Member {
    /// A scalar, into this slot; the same member may fill several.
    Text(Vec<usize>),
    Object(Shape),
    /// A list of objects, into [`Row::lines`].
    Lines(Shape),
}

/// The wanted members of one object: texts by slot, absent and `null` alike `None`.
#[derive(Debug, Default)]
pub struct Row {
    pub texts: Vec<Option<String>>,
    pub lines: Vec<Row>,
}

impl Row {
    /// The text of a slot, without GP's padding on the right; empty when absent.
    pub fn text(&self, slot: usize) -> &str {
        self.texts.get(slot).and_then(Option::as_deref).unwrap_or_default().trim_end()
    }

    /// The text of a slot that must be there.
    ///
    /// # Errors
    /// A sentence that names the member.
    pub fn needed(&self, slot: usize, member: &str) -> Result<&str, String> {
        match self.text(slot) {
            "" => Err(format!("a row has no {member}")),
            text => Ok(text),
        }
    }
}

impl Shape {
    /// The shape with these members as slots 0, 1, 2, …
    pub fn of<'m>(members: impl IntoIterator<Item = &'m str>) -> Shape {
        let mut shape = Shape::default();
        for member in members {
            let slot = shape.texts;
            shape.texts += 1;
            shape.want(member, slot);
        }
        shape
    }

    /// Also takes the list of objects at `path`.
    pub fn with_lines(mut self, path: &str, lines: Shape) -> Shape {
        match path.split_once('/') {
            None => {
                self.members.insert(path.to_owned(), Member::Lines(lines));
            }
            Some((first, rest)) => {
                let inner = match self.members.remove(first) {
                    Some(Member::Object(inner)) => inner,
                    _ => Shape::default(),
                };
                self.members.insert(first.to_owned(), Member::Object(inner.with_lines(rest, lines)));
            }
        }
        self
    }

    fn want(&mut self, path: &str, slot: usize) {
        match path.split_once('/') {
            None => {
                let member = self.members.entry(path.to_owned()).or_insert_with(|| Member::Text(Vec::new()));
                if let Member::Text(slots) = member {
                    slots.push(slot);
                }
            }
            Some((first, rest)) => {
                let member = self.members.entry(first.to_owned()).or_insert_with(|| Member::Object(Shape::default()));
                if let Member::Object(inner) = member {
                    inner.want(rest, slot);
                }
            }
        }
    }
}

/// An answer without its envelope.
#[derive(Debug)]
pub struct Answer<T> {
    /// What was made of the body's rows; a body that is one object is one row.
    pub rows: Vec<T>,
    /// Whether there was an envelope with a body, `null` included.
    pub has_body: bool,
    /// Whether there was any JSON object at all.
    pub is_object: bool,
    pub messages: Vec<GpMessage>,
    /// The success predicate, where the dialect has one.
    pub success: Option<bool>,
    pub next: Option<String>,
}

/// How an answer is read.
#[derive(Clone, Debug)]
pub struct Reading {
    pub envelope: Envelope,
    pub shape: Shape,
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
        let mut answer = Answer {
            rows: Vec::new(),
            has_body: false,
            is_object: false,
            messages: Vec::new(),
            success: None,
            next: None,
        };
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
        answer.messages = messages(&self.envelope, &outside);
        answer.success = self.envelope.success.as_ref().map(|success| {
            let found = outside.pointer(&success.at).and_then(scalar).unwrap_or_default();
            success.is.iter().any(|word| word.eq_ignore_ascii_case(&found))
        });
        answer.next = self.next.as_ref().and_then(|at| outside.pointer(at)).and_then(scalar);
        Ok(answer)
    }

    /// Members beside the body that are looked at.
    fn is_wanted(&self, member: &str) -> bool {
        let envelope = &self.envelope;
        let pointers =
            envelope.errors.iter().chain(envelope.success.as_ref().map(|success| &success.at)).chain(&self.next);
        pointers.map(|pointer| pointer.split('/').nth(1).unwrap_or_default()).any(|first| first == member)
    }
}

/// A scalar as text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Every error of an answer, one a number.
fn messages(envelope: &Envelope, outside: &Value) -> Vec<GpMessage> {
    let mut found = Vec::new();
    for pointer in &envelope.errors {
        match outside.pointer(pointer) {
            Some(Value::Array(errors)) => errors.iter().for_each(|error| message(envelope, error, &mut found)),
            Some(error @ (Value::Object(_) | Value::String(_))) => message(envelope, error, &mut found),
            _ => {}
        }
    }
    found
}

fn message(envelope: &Envelope, error: &Value, found: &mut Vec<GpMessage>) {
    let member = |names: &[String]| names.iter().find_map(|name| error.get(name).and_then(scalar));
    let kind = member(&envelope.error_kind).unwrap_or_default();
    if envelope.harmless_kinds.iter().any(|harmless| harmless.eq_ignore_ascii_case(&kind)) {
        return;
    }
    let text = member(&envelope.error_text).or_else(|| scalar(error)).unwrap_or_default();
    // GP's own error string is a list of numbers ("679 5617, 944"), so one entry may hold several.
    let numbers: Vec<u32> = member(&envelope.error_number)
        .unwrap_or_default()
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .filter(|number| *number != 0)
        .collect();
    if numbers.is_empty() && !text.is_empty() {
        found.push(GpMessage { number: None, text });
    } else {
        found.extend(numbers.into_iter().map(|number| GpMessage { number: Some(number), text: text.clone() }));
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
        write!(out, "an object with {}", self.reading.envelope.answer)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut outside = serde_json::Map::new();
        while let Some(member) = map.next_key::<String>()? {
            if member == self.reading.envelope.answer {
                self.answer.has_body = true;
                let rows = self.reading.rows.as_deref();
                let shape = &self.reading.shape;
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

/// Visits the body: a list of rows, one row, or an object that holds the list.
struct Rows<'a, T> {
    shape: &'a Shape,
    rows: Option<&'a str>,
    make: &'a mut dyn FnMut(Row) -> Result<T, String>,
    into: &'a mut Vec<T>,
}

impl<'de, T> DeserializeSeed<'de> for Rows<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de, T> Visitor<'de> for Rows<'_, T> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of objects or an object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some(rows) = self.rows else {
            let row = one_row(self.shape, map)?;
            self.into.push((self.make)(row).map_err(A::Error::custom)?);
            return Ok(());
        };
        while let Some(member) = map.next_key::<String>()? {
            if member == rows {
                map.next_value_seed(Rows { shape: self.shape, rows: None, make: self.make, into: self.into })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(row) = list.next_element_seed(OneRow(self.shape))? {
            self.into.push((self.make)(row).map_err(A::Error::custom)?);
        }
        Ok(())
    }
}

struct OneRow<'a>(&'a Shape);

impl<'de> DeserializeSeed<'de> for OneRow<'_> {
    type Value = Row;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Row, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneRow<'_> {
    type Value = Row;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Row, A::Error> {
        one_row(self.0, map)
    }
}

fn one_row<'de, A: MapAccess<'de>>(shape: &Shape, map: A) -> Result<Row, A::Error> {
    let mut row = Row { texts: vec![None; shape.texts], lines: Vec::new() };
    fill(shape, map, &mut row)?;
    Ok(row)
}

fn fill<'de, A: MapAccess<'de>>(shape: &Shape, mut map: A, row: &mut Row) -> Result<(), A::Error> {
    while let Some(name) = map.next_key::<String>()? {
        match shape.members.get(&name) {
            None => {
                map.next_value::<IgnoredAny>()?;
            }
            Some(Member::Text(slots)) => {
                let text = text_of(&map.next_value::<Box<RawValue>>()?)
                    .ok_or_else(|| A::Error::custom(format!("{name} is neither text, number nor true or false")))?;
                for slot in slots {
                    if let Some(place) = row.texts.get_mut(*slot) {
                        place.clone_from(&text);
                    }
                }
            }
            Some(Member::Object(inner)) => map.next_value_seed(Inside { shape: inner, row: &mut *row })?,
            Some(Member::Lines(lines)) => {
                let mut make = |line: Row| Ok::<Row, String>(line);
                map.next_value_seed(Rows { shape: lines, rows: None, make: &mut make, into: &mut row.lines })?;
            }
        }
    }
    Ok(())
}

/// A scalar's text: `Some(None)` for `null`, `None` for a list or an object.
fn text_of(raw: &RawValue) -> Option<Option<String>> {
    let json = raw.get();
    match json.as_bytes().first() {
        Some(b'"') => String::deserialize(&mut serde_json::Deserializer::from_str(json)).ok().map(Some),
        Some(b'n') => Some(None),
        Some(b'{' | b'[') | None => None,
        Some(_) => Some(Some(json.to_owned())),
    }
}

/// Goes on with an inner object's members in the same row.
struct Inside<'a> {
    shape: &'a Shape,
    row: &'a mut Row,
}

impl<'de> DeserializeSeed<'de> for Inside<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Inside<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        fill(self.shape, map, self.row)
    }
}
