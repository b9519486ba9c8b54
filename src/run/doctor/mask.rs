//! Takes out of texts what a support bundle must not hold. What is known to be a word of ours stays; everything else of a
//! project is a numbered stand-in, the same for the same text, so that what belongs together still does.

use crate::project::outline::standard_fields;
use crate::project::shape::{self, FileKind};
use serde_json::Value as Json;
use serde_yaml::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// What is hidden, and what is known to be harmless.
#[derive(Debug)]
pub struct Mask {
    known: BTreeSet<String>,
    /// Text → its stand-in.
    hidden: BTreeMap<String, String>,
    /// Never shown, not even as a part of a word.
    secrets: Vec<String>,
}

impl Default for Mask {
    fn default() -> Mask {
        let mut known: BTreeSet<String> = standard_fields().iter().map(|field| (*field).to_owned()).collect();
        for kind in FileKind::ALL {
            // The schemas are ours: they parse.
            words(&serde_json::from_str(&shape::schema(kind)).unwrap_or_default(), &mut known);
        }
        Mask { known, hidden: BTreeMap::new(), secrets: Vec::new() }
    }
}

/// The names of keys and the words that a schema lists.
fn words(schema: &Json, known: &mut BTreeSet<String>) {
    match schema {
        Json::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("properties", Json::Object(keys)) => known.extend(keys.keys().cloned()),
                    ("enum", Json::Array(list)) => {
                        known.extend(list.iter().filter_map(Json::as_str).map(str::to_owned))
                    }
                    ("const", Json::String(word)) => {
                        known.insert(word.clone());
                    }
                    _ => {}
                }
                words(value, known);
            }
        }
        Json::Array(list) => list.iter().for_each(|value| words(value, known)),
        _ => {}
    }
}

impl Mask {
    /// The stand-in of a text, from now on also wherever it appears.
    pub fn hide(&mut self, text: &str) -> String {
        let number = self.hidden.len() + 1;
        self.hidden.entry(text.to_owned()).or_insert_with(|| format!("text-{number}")).clone()
    }

    /// The same for what is no word of the format.
    pub fn hide_unless_known(&mut self, text: &str) {
        if !text.is_empty() && !self.known.contains(text) {
            self.hide(text);
        }
    }

    /// A value that must not appear, whatever stands around it.
    pub fn secret(&mut self, value: &str) {
        if value.len() >= 3 {
            self.secrets.push(value.to_owned());
        }
    }

    /// YAML with only the words of its format: keys, and values that a schema lists. Comments are gone.
    pub fn yaml(&mut self, text: &str) -> String {
        match serde_yaml::from_str::<Value>(text) {
            Ok(value) => serde_yaml::to_string(&self.value(value)).unwrap_or_default(),
            // Why it cannot be read may quote it.
            Err(_) => "(this file is not YAML)\n".to_owned(),
        }
    }

    fn value(&mut self, value: Value) -> Value {
        match value {
            Value::Null | Value::Bool(_) => value,
            Value::Number(number) => Value::String(self.word(number.to_string())),
            Value::String(text) => Value::String(self.word(text)),
            Value::Sequence(list) => Value::Sequence(list.into_iter().map(|value| self.value(value)).collect()),
            Value::Mapping(pairs) => {
                Value::Mapping(pairs.into_iter().map(|(key, value)| (self.value(key), self.value(value))).collect())
            }
            Value::Tagged(tagged) => self.value(tagged.value),
        }
    }

    fn word(&mut self, text: String) -> String {
        if self.known.contains(&text) { text } else { self.hide(&text) }
    }

    /// A text of ours, in which something of the project may be quoted.
    pub fn plain(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            text = replaced(&text, secret, "(secret)", false);
        }
        // The longest first: a host's name holds the company's.
        let mut hidden: Vec<(&String, &String)> = self.hidden.iter().filter(|(word, _)| is_telling(word)).collect();
        hidden.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        for (word, stand_in) in hidden {
            text = replaced(&text, word, stand_in, true);
        }
        addresses(&people(&text))
    }
}

/// A short number or a single letter would be found everywhere; an account's number is long.
fn is_telling(word: &str) -> bool {
    word.len() >= 8 || word.len() >= 3 && word.chars().any(char::is_alphabetic)
}

/// Replaces a word, in whatever case it is written; `whole`: only where no letter or digit goes on.
fn replaced(text: &str, word: &str, by: &str, whole: bool) -> String {
    // ASCII only: the other letters keep their case and the bytes their places.
    let (lower, word) = (text.to_ascii_lowercase(), word.to_ascii_lowercase());
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(found) = lower[at..].find(&word).map(|found| at + found) {
        let end = found + word.len();
        let goes_on = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let inside = whole && (goes_on(text[..found].chars().next_back()) || goes_on(text[end..].chars().next()));
        out.push_str(&text[at..found]);
        out.push_str(if inside { &text[found..end] } else { by });
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

/// `employee 7` names a person to whoever knows the ids.
fn people(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find("employee ") {
        let (before, after) = rest.split_at(found + "employee ".len());
        out.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            out.push_str("(masked)");
        }
        rest = &after[digits..];
    }
    out + rest
}

/// IP addresses, with or without a port.
fn addresses(text: &str) -> String {
    let is_of = |letter: char| letter.is_ascii_hexdigit() || matches!(letter, '.' | ':' | '[' | ']');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_of) {
        let (before, from) = rest.split_at(start);
        let length = from.find(|letter| !is_of(letter)).unwrap_or(from.len());
        let (token, after) = from.split_at(length);
        out.push_str(before);
        let core = token.trim_end_matches(['.', ':']);
        let is_address = core.parse::<IpAddr>().is_ok()
            || core.parse::<std::net::SocketAddr>().is_ok()
            || core.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
        out.push_str(if is_address { "(address)" } else { core });
        out.push_str(&token[core.len()..]);
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_keeps_its_form_and_loses_its_words() {
        let mut mask = Mask::default();
        let yaml = "format: 1\nproject: acme # of Jane Roe\nconnections:\n  bamboohr: { company: acme, api_key: { env: KEY } }\n  \
                    gp: { server: gp.acme.example, providers: { periods: sba } }\n";
        let masked = mask.yaml(yaml);
        assert_eq!(
            masked,
            "format: '1'\nproject: text-1\nconnections:\n  bamboohr:\n    company: text-1\n    api_key:\n      env: text-2\n  \
             gp:\n    server: text-3\n    providers:\n      periods: sba\n"
        );
        let said = "company ACME at https://gp.acme.example:443 (192.0.2.7:443, 2001:db8::7) of employee 12; KEY";
        assert_eq!(
            mask.plain(said),
            "company text-1 at https://text-3:443 ((address), (address)) of employee (masked); text-2"
        );
    }

    #[test]
    fn a_secret_is_gone_wherever_it_stands() {
        let mut mask = Mask::default();
        mask.secret("canary");
        assert_eq!(mask.plain("xcanaryx Canary"), "x(secret)x (secret)");
        assert_eq!(
            mask.plain("it is 2026-11-27, and 12 of them; face: a.b"),
            "it is 2026-11-27, and 12 of them; face: a.b"
        );
    }
}
