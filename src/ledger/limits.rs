//! Widths and letters GP can keep (dynamics-gp.md §3.1). GP itself cuts or replaces silently; we refuse before sending.

use super::RecordKind;

/// GP's REFRENCE column.
pub const REFERENCE: usize = 30;
/// What a project's reference template may yield: the engine appends a blank and 8 hex digits.
pub const REFERENCE_TEMPLATE: usize = 21;
/// BACHNUMB.
pub const BATCH: usize = 15;
/// DSCRIPTN of a line.
pub const LINE_DESCRIPTION: usize = 30;
/// ACTNUMST as eConnect takes it.
pub const ACCOUNT: usize = 75;
/// VENDORID and EMPLOYID.
pub const RECORD_KEY: usize = 15;

/// A field of a GP record, by our word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordField {
    pub name: &'static str,
    /// Characters that GP keeps.
    pub width: usize,
    /// GP's column, for messages and docs.
    pub column: &'static str,
}

const fn field(name: &'static str, width: usize, column: &'static str) -> RecordField {
    RecordField { name, width, column }
}

/// Fields without which GP refuses a new record (dynamics-gp.md §3.3; without a tax id it is error 4364).
pub fn create_needs(kind: RecordKind) -> &'static [&'static str] {
    match kind {
        RecordKind::Vendor => &["name"],
        RecordKind::Employee => &["tax_id", "last_name", "first_name"],
    }
}

/// What `set` of a vendor may name. `status` is `active` or `inactive` and has no column of its own here.
pub const VENDOR_FIELDS: &[RecordField] = &[
    field("name", 64, "VENDNAME"),
    field("short_name", 15, "VENDSHNM"),
    field("check_name", 64, "VNDCHKNM"),
    field("class", 10, "VNDCLSID"),
    field("contact", 60, "VNDCNTCT"),
    field("address_1", 60, "ADDRESS1"),
    field("address_2", 60, "ADDRESS2"),
    field("address_3", 60, "ADDRESS3"),
    field("city", 35, "CITY"),
    field("state", 29, "STATE"),
    field("zip", 10, "ZIPCODE"),
    field("country", 60, "COUNTRY"),
    field("phone", 21, "PHNUMBR1"),
    field("comment_1", 30, "COMMENT1"),
    field("comment_2", 30, "COMMENT2"),
    field("user_defined_1", 20, "USERDEF1"),
    field("user_defined_2", 20, "USERDEF2"),
    field("status", 8, "VENDSTTS"),
];

/// What `set` of an employee may name. `tax_id` is what a create needs and what nothing may log.
pub const EMPLOYEE_FIELDS: &[RecordField] = &[
    field("last_name", 20, "LASTNAME"),
    field("first_name", 15, "FRSTNAME"),
    field("middle_name", 15, "MIDLNAME"),
    field("class", 15, "EMPLCLAS"),
    field("department", 6, "DEPRTMNT"),
    field("position", 6, "JOBTITLE"),
    field("division", 6, "DIVISIONCODE_I"),
    field("supervisor", 6, "SUPERVISORCODE_I"),
    field("location", 15, "LOCATNID"),
    field("hire_date", 10, "STRTDATE"),
    field("inactive_date", 10, "DEMPINAC"),
    field("inactive_reason", 30, "RSNEMPIN"),
    field("tax_id", 15, "SOCSCNUM"),
    field("status", 8, "INACTIVE"),
];

/// The first letter of `text` that code page 1252 lacks: GP would store `?` for it without a word.
pub fn outside_cp1252(text: &str) -> Option<char> {
    text.chars().find(|letter| {
        let mut buffer = [0; 4];
        letter.is_control() || encoding_rs::WINDOWS_1252.encode(letter.encode_utf8(&mut buffer)).2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn western_letters_pass_and_others_are_named() {
        assert_eq!(outside_cp1252("Zoë O’Neil, Müller & Søn €"), None);
        assert_eq!(outside_cp1252("Dvořák"), Some('ř'));
        assert_eq!(outside_cp1252("a\tb"), Some('\t'));
    }
}
