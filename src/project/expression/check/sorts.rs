//! What is known of a value before it is there.

use crate::project::value::Kind;

/// What is known of a value's type.
#[derive(Clone, Debug, PartialEq)]
pub enum Sort {
    Unknown,
    Nothing,
    Text,
    /// A text that is written right here.
    Written(String),
    Number,
    Truth,
    Date,
    Other(Kind),
}

impl Sort {
    pub fn of(kind: &Kind) -> Sort {
        match kind {
            Kind::Text => Sort::Text,
            Kind::Integer | Kind::Decimal | Kind::Money => Sort::Number,
            Kind::Truth => Sort::Truth,
            Kind::Date => Sort::Date,
            Kind::Record(_) | Kind::List(_) => Sort::Other(kind.clone()),
        }
    }

    pub fn noun(&self) -> String {
        match self {
            Sort::Unknown => "something".to_owned(),
            Sort::Nothing => "nothing".to_owned(),
            Sort::Text | Sort::Written(_) => "a text".to_owned(),
            Sort::Number => "a number".to_owned(),
            Sort::Truth => "true or false".to_owned(),
            Sort::Date => "a date".to_owned(),
            Sort::Other(kind) => kind.to_string(),
        }
    }

    /// Whether a value of this sort can be used where `wanted` is.
    pub fn may_be(&self, wanted: &Sort) -> bool {
        *self == Sort::Unknown
            || self == wanted
            || matches!((self, wanted), (Sort::Written(_), Sort::Text) | (Sort::Text, Sort::Written(_)))
            || matches!((self, wanted), (Sort::Written(_), Sort::Written(_)))
    }

    /// Whether two values can be compared with each other.
    pub fn compares_with(&self, other: &Sort) -> bool {
        match (self, other) {
            (Sort::Unknown | Sort::Nothing, _) | (_, Sort::Unknown | Sort::Nothing) => true,
            (Sort::Date, Sort::Written(text)) | (Sort::Written(text), Sort::Date) => {
                text.parse::<jiff::civil::Date>().is_ok()
            }
            _ => self.may_be(other),
        }
    }
}

/// What to do about two sorts that do not compare.
pub fn comparison_help(left: &Sort, right: &Sort) -> Option<String> {
    match (left, right) {
        (Sort::Date, Sort::Written(_)) | (Sort::Written(_), Sort::Date) => {
            Some("write the date as \"2013-11-30\"".to_owned())
        }
        (Sort::Written(_), Sort::Number) | (Sort::Number, Sort::Written(_)) => {
            Some("write the number without quotes".to_owned())
        }
        (Sort::Text, Sort::Number) | (Sort::Number, Sort::Text) => {
            Some("codes are texts: put the value in double quotes".to_owned())
        }
        _ => None,
    }
}
