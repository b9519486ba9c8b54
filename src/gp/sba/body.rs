//! Writes a request's body, amounts digit for digit.

use crate::gp::dialect::services::WrittenAs;
use crate::gp::dialect::wire::Amounts;
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

/// An object under construction, its members in the order in which they were set.
///
/// It may hold a tax id, so it has no `Debug`.
#[derive(Default)]
pub struct Body {
    members: Vec<(String, Written)>,
}

enum Written {
    Text(String),
    /// JSON that is already written, for example an amount's digits.
    Exact(String),
    Object(Body),
    List(Vec<Body>),
}

impl Body {
    pub fn text(&mut self, path: &str, value: &str) {
        self.set(path, Written::Text(value.to_owned()));
    }

    /// `digits` as they are: a serialiser of floats would round them.
    pub fn amount(&mut self, path: &str, digits: String, style: Amounts) {
        self.set(
            path,
            match style {
                Amounts::Text => Written::Text(digits),
                Amounts::Number => Written::Exact(digits),
            },
        );
    }

    pub fn number(&mut self, path: &str, number: u64) {
        self.set(path, Written::Exact(number.to_string()));
    }

    /// A word of the dialect, in the JSON type it asks for (checked with the dialect).
    pub fn word(&mut self, path: &str, word: &str, kind: WrittenAs) {
        self.set(
            path,
            match kind {
                WrittenAs::Text => Written::Text(word.to_owned()),
                WrittenAs::Number | WrittenAs::Truth => Written::Exact(word.to_owned()),
            },
        );
    }

    pub fn list(&mut self, path: &str, rows: Vec<Body>) {
        self.set(path, Written::List(rows));
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The bytes of `{"<envelope>": <this>}`.
    ///
    /// # Errors
    /// A sentence, when a word of the dialect is no JSON.
    pub fn enveloped(self, envelope: &str) -> Result<Vec<u8>, String> {
        let mut outer = Body::default();
        outer.set(envelope, Written::Object(self));
        serde_json::to_vec(&outer).map_err(|error| format!("the request cannot be written: {error}"))
    }

    fn set(&mut self, path: &str, value: Written) {
        let Some((first, rest)) = path.split_once('/') else {
            self.members.push((path.to_owned(), value));
            return;
        };
        let at = match self.members.iter().position(|(name, _)| name == first) {
            Some(at) => at,
            None => {
                self.members.push((first.to_owned(), Written::Object(Body::default())));
                self.members.len() - 1
            }
        };
        if let Some((_, Written::Object(inner))) = self.members.get_mut(at) {
            inner.set(rest, value);
        }
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(Some(self.members.len()))?;
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Written::Text(text) => out.serialize_str(text),
            Written::Exact(json) => RawValue::from_string(json.clone()).map_err(S::Error::custom)?.serialize(out),
            Written::Object(body) => body.serialize(out),
            Written::List(rows) => {
                let mut list = out.serialize_seq(Some(rows.len()))?;
                for row in rows {
                    list.serialize_element(row)?;
                }
                list.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_make_objects_and_amounts_keep_every_digit() {
        let mut line = Body::default();
        line.amount("Debit", "90071992547409931.07".to_owned(), Amounts::Number);
        line.amount("Credit", "0.00".to_owned(), Amounts::Text);
        let mut journal = Body::default();
        journal.number("Key/JournalId", 80_000_131);
        journal.text("Key/Date", "2013-11-30T00:00:00");
        journal.word("Inactive", "false", WrittenAs::Truth);
        journal.list("Lines", vec![line]);
        let bytes = journal.enveloped("Payload").unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"{"Payload":{"Key":{"JournalId":80000131,"Date":"2013-11-30T00:00:00"},"Inactive":false,"Lines":[{"Debit":90071992547409931.07,"Credit":"0.00"}]}}"#
        );
    }
}
