//! Who changed since a moment. The answer says that something changed, not what: it only narrows what is read again.

use super::client::{BambooHr, Question, Sink};
use super::error::BamboohrError;
use super::objects::List;
use super::wire::Raw;
use serde::Deserialize;

/// Who changed since a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The `since` of the next question. Whether BambooHR counts that very moment again is not known, so the same
    /// person may be told twice.
    pub latest: String,
    /// (employee id, deleted), in the order of their ids.
    pub people: Vec<(String, bool)>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow)]
    id: Raw<'a>,
    #[serde(borrow)]
    action: Raw<'a>,
}

#[derive(Deserialize)]
struct Envelope {
    latest: Option<String>,
}

struct Reader(Vec<(String, bool)>);

impl Sink for Reader {
    fn restart(&mut self) {
        self.0.clear();
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let wire: Wire<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let id = wire.id.text().into_owned();
        if id.is_empty() {
            return Err("a change without an `id`".into());
        }
        self.0.push((id, wire.action.text().eq_ignore_ascii_case("deleted")));
        Ok(())
    }
}

impl BambooHr {
    /// Everybody who changed since `since`, an ISO 8601 moment with `Z` or an offset; deleted people included.
    ///
    /// # Errors
    /// As every question; [`BamboohrError::Unreadable`] also when BambooHR does not take `since`.
    pub async fn changed_since(&self, since: &str) -> Result<Changed, BamboohrError> {
        let question = Question {
            what: "who changed".into(),
            grant: "give the key's user access to employee records",
            path: "v1/employees/changed".into(),
            query: vec![("since", since.to_owned())],
            body: None,
        };
        let mut reader = Reader(Vec::new());
        let envelope =
            self.read(&question, List::Member("employees"), &mut reader).await.map_err(|no| question.error(no))?;
        let envelope: Envelope =
            serde_json::from_slice(&envelope).map_err(|error| question.unreadable(error.to_string()))?;
        let mut people = reader.0;
        people.sort_by(|(left, _), (right, _)| crate::hr::rows::compare_row_ids(left, right));
        // With nobody changed an account may name no moment; then the next question starts where this one did.
        let latest = envelope.latest.filter(|latest| !latest.is_empty()).unwrap_or_else(|| since.to_owned());
        Ok(Changed { latest, people })
    }
}
