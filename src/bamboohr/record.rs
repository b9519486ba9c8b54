//! One person's JSON: whatever fields were asked for, in whatever order BambooHR gives them.

use super::wire::Raw;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// One record of the list or of a report: its id and the values of the wanted names, in their order.
pub(super) struct Record<'a> {
    pub(super) id: Raw<'a>,
    pub(super) values: Vec<Raw<'a>>,
    /// Names of fields that are `null` because the key may not read them.
    pub(super) restricted: Vec<Cow<'a, str>>,
}

/// Reads a [`Record`] of these names; what else it holds is skipped unread.
pub(super) struct RecordOf<'n>(pub(super) &'n [(String, usize)]);

impl<'de> DeserializeSeed<'de> for RecordOf<'_> {
    type Value = Record<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Record<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RecordOf<'_> {
    type Value = Record<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a person's record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record<'de>, A::Error> {
        let mut record =
            Record { id: Raw::default(), values: vec![Raw::default(); self.0.len()], restricted: Vec::new() };
        while let Some(key) = map.next_key_seed(KeyOf(self.0))? {
            match key {
                Key::Id => record.id = map.next_value()?,
                Key::Restricted => record.restricted = map.next_value()?,
                Key::Wanted(at) => record.values[at] = map.next_value()?,
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(record)
    }
}

enum Key {
    Id,
    Restricted,
    Wanted(usize),
    Other,
}

/// Finds a key among the wanted names, without an owned copy of each.
struct KeyOf<'n>(&'n [(String, usize)]);

impl<'de> DeserializeSeed<'de> for KeyOf<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyOf<'_> {
    type Value = Key;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a field's name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(match key {
            "employeeId" | "id" => Key::Id,
            "_restrictedFields" => Key::Restricted,
            _ => self.0.iter().position(|(name, _)| is_named(key, name)).map_or(Key::Other, Key::Wanted),
        })
    }
}

/// A field that was asked for by number comes back as `<number>.<part>`.
fn is_named(key: &str, name: &str) -> bool {
    key == name
        || (name.bytes().all(|byte| byte.is_ascii_digit())
            && key.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wanted_fields_are_found_by_name_and_by_number() {
        let names = [("lastName".to_owned(), 0), ("4357".to_owned(), 1), ("hireDate".to_owned(), 2)];
        let json =
            r#"{"4357.4":"x","other":{"deep":[1]},"id":"7","last\u004eame":"Q","_restrictedFields":["hireDate"]}"#;
        let record = RecordOf(&names).deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap();
        assert_eq!(record.id.text(), "7");
        assert_eq!((record.values[0].text(), record.values[1].text()), ("Q".into(), "x".into()));
        assert!(record.values[2].is_absent());
        assert_eq!(record.restricted, ["hireDate"]);
    }
}
