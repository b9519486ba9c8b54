//! The visitors of the body: a list of rows, one row, or an object that holds the list.

use super::shape::{Member, Row, Shape};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Visits the body: a list of rows, one row, or an object that holds the list.
pub(super) struct Rows<'a, T> {
    pub shape: &'a Shape,
    pub rows: Option<&'a str>,
    pub make: &'a mut dyn FnMut(Row) -> Result<T, String>,
    pub into: &'a mut Vec<T>,
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
