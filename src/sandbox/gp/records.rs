//! Vendors and payroll employees, and what GP checks when one is created or changed.
//!
//! Text is cut and replaced as GP's columns do it; only what GP checks is refused. Nothing here is ever deleted.

use super::refusal::Refusals;
use super::text::{folded, kept};
use crate::ledger::GpRecord;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A member of a record: the service's name, our word, GP's width.
pub struct Member {
    pub name: &'static str,
    word: &'static str,
    width: usize,
}

const fn member(name: &'static str, word: &'static str, width: usize) -> Member {
    Member { name, word, width }
}

/// Members of a vendor, beside id and status.
pub const VENDOR_MEMBERS: &[Member] = &[
    member("VendorName", "name", 64),
    member("ShortName", "short_name", 15),
    member("CheckName", "check_name", 64),
    member("ClassId", "class", 10),
    member("Contact", "contact", 60),
    member("Address1", "address_1", 60),
    member("Address2", "address_2", 60),
    member("Address3", "address_3", 60),
    member("City", "city", 35),
    member("State", "state", 29),
    member("ZipCode", "zip", 10),
    member("Country", "country", 60),
    member("Phone1", "phone", 21),
    member("Comment1", "comment_1", 30),
    member("Comment2", "comment_2", 30),
    member("UserDefined1", "user_defined_1", 20),
    member("UserDefined2", "user_defined_2", 20),
];

/// Members of an employee, beside id and inactive flag.
pub const EMPLOYEE_MEMBERS: &[Member] = &[
    member("LastName", "last_name", 20),
    member("FirstName", "first_name", 15),
    member("MiddleName", "middle_name", 15),
    member("EmployeeClass", "class", 15),
    member("Department", "department", 6),
    member("Position", "position", 6),
    member("DivisionCode", "division", 6),
    member("SupervisorCode", "supervisor", 6),
    member("LocationId", "location", 15),
    member("HireDate", "hire_date", 19),
    member("InactiveDate", "inactive_date", 19),
    member("InactiveReason", "inactive_reason", 30),
    member("SocialSecurityNumber", "tax_id", 15),
];

/// One record. It may hold a tax id, so it has no `Debug`.
#[derive(Clone, Default)]
pub struct Record {
    pub key: String,
    /// Vendors: 1 active, 2 inactive, 3 temporary. Employees: 1 active, 2 inactive.
    pub status: u8,
    /// By member name; a member that was never given is absent.
    pub values: BTreeMap<&'static str, String>,
    /// DEX_ROW_TS.
    pub modified: Timestamp,
}

impl Record {
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map(String::as_str).unwrap_or_default()
    }

    fn from_facts(record: &GpRecord, members: &'static [Member], now: Timestamp) -> Record {
        let value = |member: &Member| {
            let text = record.fields.get(member.word)?;
            Some((member.name, kept(text, member.width)))
        };
        Record {
            key: record.key.clone(),
            status: if record.active { 1 } else { 2 },
            values: members.iter().filter_map(value).collect(),
            modified: now,
        }
    }

    /// The record with what a caller sent on top.
    fn with(&self, sent: &Sent, members: &'static [Member], now: Timestamp) -> Record {
        let mut record = self.clone();
        for member in members {
            if let Some(text) = sent.values.get(member.name) {
                record.values.insert(member.name, kept(text, member.width));
            }
        }
        if let Some(status) = sent.status.and_then(|status| u8::try_from(status).ok()) {
            record.status = status;
        }
        record.modified = now;
        record
    }
}

/// What a caller sent: only the members to set.
#[derive(Clone, Default)]
pub struct Sent {
    pub key: String,
    pub status: Option<i64>,
    pub values: BTreeMap<String, String>,
}

/// What became of a change.
pub enum Changed {
    Done,
    /// PATCH needs an object that exists.
    NotThere,
}

/// Every vendor, by folded id, and the vendor classes.
#[derive(Clone, Default)]
pub struct Vendors {
    records: BTreeMap<String, Record>,
    pub classes: BTreeSet<String>,
}

impl Vendors {
    pub fn new(given: &[GpRecord], now: Timestamp) -> Vendors {
        let records = given.iter().map(|vendor| Record::from_facts(vendor, VENDOR_MEMBERS, now));
        let records: BTreeMap<String, Record> = records.map(|record| (folded(&record.key), record)).collect();
        let mut classes: BTreeSet<String> = records.values().map(|vendor| folded(vendor.value("ClassId"))).collect();
        classes.insert("EMPLOYEE".to_owned());
        classes.remove("");
        Vendors { records, classes }
    }

    pub fn all(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    pub fn get(&self, key: &str) -> Option<&Record> {
        self.records.get(&folded(key))
    }

    /// Creates a vendor, with every number of a refusal.
    pub fn create(&mut self, sent: &Sent, now: Timestamp) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        refusals.add_if(sent.key.trim().is_empty(), 933);
        let record = Record { key: kept(&sent.key, 15), status: 1, ..Record::default() };
        let record = record.with(sent, VENDOR_MEMBERS, now);
        refusals.add_if(self.records.contains_key(&folded(&record.key)), 7807);
        refusals.add_if(record.value("VendorName").is_empty(), 7851);
        self.check(&record, sent, &mut refusals);
        refusals.finish()?;
        self.records.insert(folded(&record.key), record);
        Ok(())
    }

    /// Changes the members that were sent.
    pub fn update(&mut self, key: &str, sent: &Sent, now: Timestamp) -> Result<Changed, Refusals> {
        let Some(held) = self.records.get(&folded(key)) else { return Ok(Changed::NotThere) };
        let record = held.with(sent, VENDOR_MEMBERS, now);
        let mut refusals = Refusals::default();
        self.check(&record, sent, &mut refusals);
        refusals.finish()?;
        self.records.insert(folded(key), record);
        Ok(Changed::Done)
    }

    fn check(&self, record: &Record, sent: &Sent, refusals: &mut Refusals) {
        let class = record.value("ClassId");
        refusals.add_if(!class.is_empty() && !self.classes.contains(&folded(class)), 233);
        refusals.add_if(sent.status.is_some_and(|status| !(1..=3).contains(&status)), 1662);
    }
}

/// Codes that an employee may name, by the member that names them.
type Codes = BTreeMap<&'static str, BTreeSet<String>>;

/// The member, and the number GP gives for a code it does not know.
const CODED: &[(&str, u32)] = &[
    ("EmployeeClass", 4360),
    ("Department", 4366),
    ("Position", 4367),
    ("DivisionCode", 5884),
    ("SupervisorCode", 4368),
    ("LocationId", 4369),
];

/// Every payroll employee, by folded id, and the codes they may name.
#[derive(Clone, Default)]
pub struct Employees {
    records: BTreeMap<String, Record>,
    codes: Codes,
    /// Folded ids of employees in an open pay run.
    in_pay_run: BTreeSet<String>,
}

impl Employees {
    pub fn new(given: &[GpRecord], now: Timestamp) -> Employees {
        let mut employees = Employees::default();
        for employee in given {
            let record = Record::from_facts(employee, EMPLOYEE_MEMBERS, now);
            for (name, _) in CODED {
                employees.add_code(name, record.value(name));
            }
            employees.records.insert(folded(&record.key), record);
        }
        employees
    }

    /// Sets up a department, position, … in GP. `false` for a member that names no code.
    pub fn add_code(&mut self, name: &str, code: &str) -> bool {
        let Some((name, _)) = CODED.iter().find(|(known, _)| *known == name) else { return false };
        if !code.is_empty() {
            self.codes.entry(name).or_default().insert(folded(code));
        }
        true
    }

    pub fn put_in_pay_run(&mut self, key: &str) {
        self.in_pay_run.insert(folded(key));
    }

    pub fn all(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    pub fn get(&self, key: &str) -> Option<&Record> {
        self.records.get(&folded(key))
    }

    /// Creates an employee, with every number of a refusal. GP demands a tax id.
    pub fn create(&mut self, sent: &Sent, now: Timestamp) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        refusals.add_if(sent.key.trim().is_empty(), 4359);
        let record = Record { key: kept(&sent.key, 15), status: 1, ..Record::default() };
        let record = record.with(sent, EMPLOYEE_MEMBERS, now);
        refusals.add_if(self.records.contains_key(&folded(&record.key)), 8694);
        refusals.add_if(record.value("SocialSecurityNumber").is_empty(), 4364);
        self.check(&record, &mut refusals);
        refusals.finish()?;
        self.records.insert(folded(&record.key), record);
        Ok(())
    }

    /// Changes the members that were sent.
    pub fn update(&mut self, key: &str, sent: &Sent, now: Timestamp) -> Result<Changed, Refusals> {
        let Some(held) = self.records.get(&folded(key)) else { return Ok(Changed::NotThere) };
        let record = held.with(sent, EMPLOYEE_MEMBERS, now);
        let mut refusals = Refusals::default();
        self.check(&record, &mut refusals);
        refusals.add_if(held.status == 1 && record.status != 1 && self.in_pay_run.contains(&folded(key)), 5650);
        refusals.finish()?;
        self.records.insert(folded(key), record);
        Ok(Changed::Done)
    }

    fn check(&self, record: &Record, refusals: &mut Refusals) {
        for (name, number) in CODED {
            let code = record.value(name);
            let known = self.codes.get(name).is_some_and(|codes| codes.contains(&folded(code)));
            refusals.add_if(!code.is_empty() && !known, *number);
        }
        refusals.add_if(record.value("LastName").is_empty(), 4362);
        refusals.add_if(record.value("FirstName").is_empty(), 4363);
        let (date, reason) = (record.value("InactiveDate"), record.value("InactiveReason"));
        if record.status == 1 {
            refusals.add_if(!date.is_empty(), 9529);
            refusals.add_if(!reason.is_empty(), 9530);
        } else {
            refusals.add_if(date.is_empty(), 3814);
            refusals.add_if(reason.is_empty(), 3815);
        }
    }
}
