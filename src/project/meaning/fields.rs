//! BambooHR fields that pipelines take. A field that BambooHR does not have is left out of its answers without a word
//! (bamboohr.md §3.6), so a misspelt one would be empty for everybody.

use crate::project::finding::{Finding, Place, closest};
use crate::project::pipeline::Pipeline;
use crate::project::source::{Content, FIELDS_FILE, Files};
use std::collections::BTreeSet;
use std::sync::Arc;

/// BambooHR's standard fields by their aliases (bamboohr.md §3.5 and its public list). Accounts have more of their own.
pub const STANDARD: &[&str] = &[
    "id",
    "employeeNumber",
    "firstName",
    "middleName",
    "lastName",
    "preferredName",
    "displayName",
    "fullName1",
    "fullName2",
    "fullName3",
    "fullName4",
    "fullName5",
    "status",
    "employmentHistoryStatus",
    "employeeStatusDate",
    "department",
    "division",
    "location",
    "jobTitle",
    "hireDate",
    "originalHireDate",
    "terminationDate",
    "supervisor",
    "supervisorId",
    "supervisorEId",
    "supervisorEmail",
    "reportsTo",
    "workEmail",
    "homeEmail",
    "bestEmail",
    "workPhone",
    "workPhoneExtension",
    "workPhonePlusExtension",
    "mobilePhone",
    "homePhone",
    "address1",
    "address2",
    "city",
    "state",
    "stateCode",
    "zipcode",
    "country",
    "dateOfBirth",
    "birthday",
    "age",
    "gender",
    "maritalStatus",
    "ethnicity",
    "eeo",
    "nationality",
    "ssn",
    "sin",
    "nin",
    "payGroup",
    "payGroupId",
    "payType",
    "payPer",
    "paidPer",
    "paySchedule",
    "payScheduleId",
    "payFrequency",
    "payPeriod",
    "payChangeReason",
    "includeInPayroll",
    "exempt",
    "flsaCode",
    "hoursPerPayCycle",
    "standardHoursPerWeek",
    "timeTrackingEnabled",
    "acaStatus",
    "bonusDate",
    "bonusReason",
    "bonusComment",
    "commissionDate",
    "commissionComment",
    "linkedIn",
    "isPhotoUploaded",
    "lastChanged",
    "skypeUsername",
];

/// Fields that BambooHR still has and advises against, with what takes their place (bamboohr.md §3.5).
const DEPRECATED: [(&str, &str); 2] = [("payPeriod", "payPer"), ("commisionDate", "commissionDate")];

/// Looks at every field that is taken.
pub fn check(pipelines: &[Pipeline], files: &Files, findings: &mut Vec<Finding>) {
    let recorded = recorded(files, findings);
    for take in pipelines.iter().flat_map(|pipeline| &pipeline.take) {
        let field = take.field.as_str();
        if let Some((_, instead)) = DEPRECATED.iter().find(|(old, _)| *old == field) {
            let message = format!("BambooHR advises against its field `{field}`, and may take it away");
            let finding = Finding::warning("deprecated-field", take.field_place.clone(), message);
            findings.push(finding.help(format!("take `{instead}`")));
            continue;
        }
        let message = format!("BambooHR has no field `{field}`");
        match &recorded {
            Some(known) if !known.contains(field) => {
                let meant = closest(field, known.iter().map(String::as_str));
                let help = meant.map_or_else(
                    || {
                        format!(
                            "{FIELDS_FILE} lists the fields of this account; `ml-connector record --fields` renews it"
                        )
                    },
                    |meant| format!("did you mean `{meant}`? {FIELDS_FILE} lists the fields of this account"),
                );
                findings
                    .push(Finding::error("unknown-field-of-bamboohr", take.field_place.clone(), message).help(help));
            }
            None if !STANDARD.contains(&field) => {
                // Most fields are an account's own; only what is one slip away from a standard one is unlikely.
                let close = STANDARD.iter().copied().find(|known| strsim::damerau_levenshtein(known, field) <= 1);
                let close = close.or_else(|| STANDARD.iter().copied().find(|known| known.eq_ignore_ascii_case(field)));
                if let Some(meant) = close {
                    let help = format!(
                        "did you mean `{meant}`? if it is a field of your own, record the account's fields: `ml-connector record --fields`"
                    );
                    let message = format!(
                        "`{field}` is almost a field of BambooHR, and BambooHR leaves out what it does not know"
                    );
                    findings.push(Finding::warning("unlikely-field", take.field_place.clone(), message).help(help));
                }
            }
            _ => {}
        }
    }
}

/// The recorded fields, when the project has them. The first column holds the alias, or the id of a field without one.
fn recorded(files: &Files, findings: &mut Vec<Finding>) -> Option<BTreeSet<String>> {
    let Some(Content::Text(text)) = files.contents.get(FIELDS_FILE) else { return None };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let named = reader.headers().is_ok_and(|header| header.get(0) == Some("field"));
    if !named {
        let place = Place::file(&Arc::from(FIELDS_FILE));
        let finding = Finding::error("missing-column", place, "the first column is not `field`");
        findings.push(finding.help("`ml-connector record --fields` writes this file"));
        return None;
    }
    Some(reader.records().filter_map(Result::ok).filter_map(|row| row.get(0).map(str::to_owned)).collect())
}
