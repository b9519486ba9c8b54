//! The fields that an account has, its own ones among them.

use super::client::{BambooHr, Question, Sink};
use super::error::BamboohrError;
use super::objects::List;
use super::wire::Raw;
use serde::Deserialize;

/// A field of people's records (`GET /meta/fields`, bamboohr.md §3.5).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountField {
    /// What `take` names: the alias, or the id of a field without one.
    pub field: String,
    pub label: String,
    pub kind: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow)]
    id: Raw<'a>,
    #[serde(borrow)]
    name: Raw<'a>,
    #[serde(borrow, rename = "type")]
    kind: Raw<'a>,
    #[serde(borrow)]
    alias: Raw<'a>,
}

struct Fields(Vec<AccountField>);

impl Sink for Fields {
    fn restart(&mut self) {
        self.0.clear();
    }

    fn object(&mut self, json: &[u8]) -> Result<(), String> {
        let wire: Wire<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let (id, alias) = (wire.id.text().into_owned(), wire.alias.text().into_owned());
        let field = if alias.is_empty() { id } else { alias };
        self.0.push(AccountField { field, label: wire.name.text().into_owned(), kind: wire.kind.text().into_owned() });
        Ok(())
    }
}

impl BambooHr {
    /// Every field of the account, in the order of their names.
    ///
    /// # Errors
    /// When BambooHR does not answer, or not like this.
    pub async fn fields(&self) -> Result<Vec<AccountField>, BamboohrError> {
        let question = Question {
            what: "the account's fields".into(),
            grant: "give the key's user access to the API",
            path: "v1/meta/fields".into(),
            query: Vec::new(),
            body: None,
        };
        let mut fields = Fields(Vec::new());
        self.read(&question, List::Whole, &mut fields).await.map_err(|no| question.error(no))?;
        fields.0.sort();
        fields.0.dedup();
        Ok(fields.0)
    }
}
