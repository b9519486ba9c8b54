//! A person's fields: their names in each endpoint, and their values today.

use super::account::Account;
use super::answer::Query;
use super::row::pay_type;
use crate::hr::{CompensationRow, Employee, EmploymentRow, JobRow};
use crate::plan::facts::Facts;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The optional fields of List Employees (OpenAPI, `EmployeeOptionalField`). It ignores every other name, also the
/// customer's own fields.
pub(super) const IN_LIST: [&str; 123] = [
    "addressLine1",
    "addressLine2",
    "age",
    "allergies",
    "bestEmail",
    "birthDate",
    "birthplace",
    "citizenship",
    "citizenshipId",
    "city",
    "compensationChangeReason",
    "compensationChangeReasonId",
    "compensationComment",
    "compensationEffectiveDate",
    "compensationEndDate",
    "contractEndDate",
    "country",
    "countryId",
    "departmentId",
    "departmentName",
    "dietaryRestrictions",
    "displayName",
    "divisionId",
    "divisionName",
    "eeoJobCategory",
    "eeoJobCategoryId",
    "ein",
    "eligibleForRehire",
    "eligibleForRehireId",
    "employeeName",
    "employeeNumber",
    "employmentStatusComment",
    "employmentStatusEffectiveDate",
    "employmentStatusId",
    "employmentStatusName",
    "employmentType",
    "employmentTypeId",
    "ethnicity",
    "ethnicityId",
    "facebookUrl",
    "finalDoseAdministrationDate",
    "finalPayDate",
    "firstNameLastName",
    "firstNameMiddleInitial",
    "flsaCode",
    "flsaCodeId",
    "gender",
    "genderIdentity",
    "genderIdentityId",
    "hireDate",
    "homeEmail",
    "homePhone",
    "hoursPerPayCycle",
    "instagramUrl",
    "isManager",
    "jacketSize",
    "jacketSizeId",
    "jobInformationEffectiveDate",
    "jobTitleId",
    "linkedinUrl",
    "locationId",
    "locationName",
    "maritalStatus",
    "middleInitial",
    "middleName",
    "mobilePhone",
    "nationalId",
    "nationalInsuranceCategory",
    "nationalInsuranceCategoryId",
    "nationality",
    "nationalityId",
    "nickName",
    "nin",
    "noticePeriod",
    "noticePeriodId",
    "originalHireDate",
    "overtime",
    "overtimeRate",
    "paidPer",
    "payRate",
    "paySchedule",
    "payScheduleId",
    "payType",
    "pinterestUrl",
    "preferredNameLastName",
    "probationEndDate",
    "pronouns",
    "pronounsId",
    "proofOfVaccination",
    "reportsToId",
    "reportsToName",
    "secondaryLanguage",
    "shirtSize",
    "shirtSizeId",
    "sin",
    "skypeUsername",
    "ssn",
    "state",
    "stateId",
    "taxTypeId",
    "teams",
    "tenure",
    "terminationDate",
    "terminationReason",
    "terminationReasonId",
    "terminationRegrettable",
    "terminationRegrettableId",
    "terminationType",
    "terminationTypeId",
    "tShirtSize",
    "tShirtSizeId",
    "twitterUrl",
    "userId",
    "vaccinationStatus",
    "vaccinationStatusId",
    "vaccineReceived",
    "vaccineReceivedId",
    "veteranStatus",
    "veteranStatusId",
    "workEmail",
    "workPhone",
    "workPhoneExtension",
    "zipcode",
];

/// A field of `meta/fields`: id, label, type, alias. Ids as recorded where a recording has them.
pub(super) struct Field {
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: &'static str,
    pub(super) alias: &'static str,
}

const fn field(id: &'static str, label: &'static str, kind: &'static str, alias: &'static str) -> Field {
    Field { id, label, kind, alias }
}

/// The standard fields that the sandbox has values for.
pub(super) const STANDARD: [Field; 18] = [
    field("1", "First Name", "text", "firstName"),
    field("2", "Last Name", "text", "lastName"),
    field("636", "Employee #", "employee_number", "employeeNumber"),
    field("1360", "Work Email", "email", "workEmail"),
    field("3", "Hire Date", "date", "hireDate"),
    field("-38", "Termination Date", "date", "terminationDate"),
    field("387", "Status", "status", "status"),
    field("16", "Employment Status", "list", "employmentHistoryStatus"),
    field("4", "Department", "list", "department"),
    field("1355", "Division", "list", "division"),
    field("18", "Location", "list", "location"),
    field("17", "Job Title", "list", "jobTitle"),
    field("91", "Reporting to", "employee", "reportsTo"),
    field("19", "Pay rate", "currency", "payRate"),
    field("19.1", "Pay rate - Currency code", "currency_code", "payRate"),
    field("4330", "Paid per", "paid_per", "payPer"),
    field("156", "Pay type", "pay_type", "payType"),
    field("4386", "Pay Schedule", "list", "paySchedule"),
];

/// One value of a person.
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Date(Option<Date>),
    Money(Option<(Decimal, &'a str)>),
}

/// The account's people with what holds for each of them today: a snapshot.
#[derive(Clone)]
pub(super) struct People {
    pub(super) facts: Arc<Facts>,
    pub(super) order: Arc<Vec<u32>>,
    restricted: Arc<BTreeSet<String>>,
    jobs: Vec<Option<u32>>,
    statuses: Vec<Option<u32>>,
    pays: Vec<Option<u32>>,
}

impl People {
    /// What holds today; with `onlyCurrent=false` in `query`, what was entered last, future rows included.
    pub(super) fn of(account: &Account, query: &Query) -> People {
        let facts = &account.facts;
        let today = if query.get("onlyCurrent") == Some("false") { Date::MAX } else { account.today() };
        let people = facts.people.len();
        People {
            jobs: current(people, today, facts.job_rows.iter().map(|row| (row.employee, row.date))),
            statuses: current(people, today, facts.employment_rows.iter().map(|row| (row.employee, row.date))),
            pays: current(people, today, facts.compensation_rows.iter().map(|row| (row.employee, row.date))),
            facts: Arc::clone(facts),
            order: Arc::clone(&account.order),
            restricted: Arc::clone(&account.restricted),
        }
    }

    pub(super) fn is_restricted(&self, name: &str) -> bool {
        self.restricted.contains(alias_of(name))
    }

    pub(super) fn person(&self, position: u32) -> &Employee {
        &self.facts.people[position as usize]
    }

    /// The value of the field `name` (an alias, a name of List Employees, or a number); `None` when the account has no
    /// such field.
    pub(super) fn value(&self, position: u32, name: &str) -> Option<Value<'_>> {
        let facts = &*self.facts;
        let person = self.person(position);
        let text = |text| Some(Value::Text(Cow::Borrowed(facts.text(text))));
        let alias = alias_of(name);
        match alias {
            "id" | "employeeId" => text(person.id),
            "firstName" => text(person.first_name),
            "lastName" => text(person.last_name),
            "employeeNumber" => text(person.number),
            "workEmail" | "bestEmail" => text(person.email),
            "status" => text(person.status),
            "hireDate" => Some(Value::Date(person.hire_date)),
            "terminationDate" => Some(Value::Date(person.termination_date)),
            "department" => text(self.job(position).map_or_else(Default::default, |row| row.department)),
            "division" => text(self.job(position).map_or_else(Default::default, |row| row.division)),
            "location" => text(self.job(position).map_or_else(Default::default, |row| row.location)),
            "jobTitle" => text(self.job(position).map_or_else(Default::default, |row| row.job_title)),
            "reportsTo" => Some(Value::Text(Cow::Borrowed(""))),
            "employmentHistoryStatus" => {
                text(self.status(position).map_or_else(Default::default, |row| row.employment_status))
            }
            "payRate" => {
                let pay = self.pay(position);
                Some(Value::Money(pay.and_then(|row| Some((row.rate?, facts.text(row.currency))))))
            }
            "payType" => Some(Value::Text(self.pay(position).map_or("", |row| pay_type(facts, row.pay_type)).into())),
            "payPer" => text(self.pay(position).map_or_else(Default::default, |row| row.paid_per)),
            "paySchedule" => text(self.pay(position).map_or_else(Default::default, |row| row.pay_schedule)),
            "employeeName" | "displayName" | "firstNameLastName" => {
                let name = format!("{} {}", facts.text(person.first_name), facts.text(person.last_name));
                Some(Value::Text(Cow::Owned(name.trim().to_owned())))
            }
            own => {
                let at = facts.extra_fields.iter().position(|field| field == own)?;
                text(person.extra.get(at).copied().unwrap_or_default())
            }
        }
    }

    fn job(&self, position: u32) -> Option<&JobRow> {
        self.jobs[position as usize].map(|at| &self.facts.job_rows[at as usize])
    }

    fn status(&self, position: u32) -> Option<&EmploymentRow> {
        self.statuses[position as usize].map(|at| &self.facts.employment_rows[at as usize])
    }

    fn pay(&self, position: u32) -> Option<&CompensationRow> {
        self.pays[position as usize].map(|at| &self.facts.compensation_rows[at as usize])
    }
}

/// For each person the row with the greatest date up to today; of two on one date the later one.
fn current(people: usize, today: Date, rows: impl Iterator<Item = (u32, Date)>) -> Vec<Option<u32>> {
    let mut current: Vec<Option<(Date, u32)>> = vec![None; people];
    for (at, (employee, date)) in (0..).zip(rows) {
        let held = &mut current[employee as usize];
        if date <= today && held.is_none_or(|(until, _)| until <= date) {
            *held = Some((date, at));
        }
    }
    current.into_iter().map(|held| held.map(|(_, at)| at)).collect()
}

/// The alias of a field that may be named by its number, or as List Employees names it.
fn alias_of(name: &str) -> &str {
    match name {
        "departmentName" => "department",
        "divisionName" => "division",
        "locationName" => "location",
        "jobTitleName" => "jobTitle",
        "employmentStatusName" => "employmentHistoryStatus",
        "paidPer" => "payPer",
        number => STANDARD.iter().find(|field| field.id == number).map_or(number, |field| field.alias),
    }
}
