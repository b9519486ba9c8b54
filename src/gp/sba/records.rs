//! Vendors and employees over SBA.

use super::answer::{Row, Shape};
use super::body::Body;
use super::journals::unkept;
use super::read::Question;
use super::site::Site;
use crate::gp::GpError;
use crate::gp::delivery::{Delivery, RefusalClass};
use crate::gp::dialect::Dialect;
use crate::gp::dialect::file::read_date;
use crate::gp::dialect::services::{self, Status};
use crate::gp::records::{Modified, Records};
use crate::ledger::limits::{EMPLOYEE_FIELDS, RECORD_KEY, VENDOR_FIELDS};
use crate::ledger::{GpRecord, RecordAction, RecordChange, RecordKind};
use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Our word for a field that no answer may hold and no message may show.
const TAX_ID: &str = "tax_id";
const STATUS: &str = "status";

/// One kind of record.
pub struct SbaRecords {
    pub site: Arc<Site>,
    pub kind: RecordKind,
}

#[async_trait]
impl Records for SbaRecords {
    async fn records(&self) -> Result<Vec<GpRecord>, GpError> {
        self.list(None).await
    }

    async fn modified_since(&self, since: Timestamp) -> Result<Modified<GpRecord>, GpError> {
        if self.layout().list.modified_since.is_empty() {
            return Ok(Modified::Everything(self.list(None).await?));
        }
        let stamp = self.site.dialect.stamp(since);
        Ok(Modified::Changed(self.list(Some(&stamp)).await?))
    }

    async fn record(&self, key: &str) -> Result<Option<GpRecord>, GpError> {
        let layout = self.layout();
        let reader = self.reader();
        let question = Question {
            what: &format!("the {} {key}", self.kind),
            read: &layout.by_key,
            names: &[("key", key)],
            shape: &reader.shape(),
        };
        self.site.one(&question, &mut |row| reader.record(&row)).await
    }

    async fn send(&self, change: &RecordChange) -> Delivery {
        let layout = self.layout();
        let hidden: Vec<&str> = change.after.get(TAX_ID).map(String::as_str).into_iter().collect();
        let body = match self.written(change) {
            Ok(body) => body,
            Err(problem) => {
                return Delivery::refused(
                    RefusalClass::Configuration,
                    problem,
                    "Nothing was sent; correct the pipeline or the dialect.",
                );
            }
        };
        match change.action {
            RecordAction::Create => self.site.write(&layout.create, &[], body, &hidden).await,
            RecordAction::Update | RecordAction::Inactivate | RecordAction::Reactivate => {
                self.site.write(&layout.update, &[("key", &change.key)], body, &hidden).await
            }
        }
    }
}

impl SbaRecords {
    fn layout(&self) -> &services::Records {
        match self.kind {
            RecordKind::Vendor => &self.site.dialect.vendors,
            RecordKind::Employee => &self.site.dialect.employees,
        }
    }

    fn reader(&self) -> Reader {
        let layout = self.layout();
        Reader {
            kind: self.kind,
            key: layout.key.clone(),
            status: layout.status.clone(),
            fields: layout.fields.clone().into_iter().collect(),
            dates: layout.dates.clone(),
            date_format: self.site.dialect.values.dates.clone(),
        }
    }

    async fn list(&self, since: Option<&str>) -> Result<Vec<GpRecord>, GpError> {
        let reader = Arc::new(self.reader());
        let question = Question {
            what: &format!("the {}s", self.kind),
            read: &self.layout().list,
            names: &[],
            shape: &reader.shape(),
        };
        self.site.all(&question, since, move |row| reader.record(&row)).await
    }

    /// The body of a change: the key on a create only, then just the fields that change.
    fn written(&self, change: &RecordChange) -> Result<Body, String> {
        let layout = self.layout();
        let dialect: &Dialect = &self.site.dialect;
        if let Some(problem) = unkept("key", &change.key, RECORD_KEY) {
            return Err(problem);
        }
        let mut body = Body::default();
        if change.action == RecordAction::Create {
            body.text(&layout.key, &change.key);
        }
        for (name, value) in &change.after {
            match name.as_str() {
                STATUS => {}
                TAX_ID => self.write_tax_id(value, &mut body)?,
                _ => self.write_field(name, value, dialect, &mut body)?,
            }
        }
        self.write_status(change, &mut body)?;
        if body.is_empty() {
            Err(format!("The change of {} {} changes nothing.", self.kind, change.key))
        } else {
            Ok(body)
        }
    }

    fn write_tax_id(&self, value: &str, body: &mut Body) -> Result<(), String> {
        let member = self.layout().tax_id.as_ref().ok_or("The dialect names no member for a tax id.")?;
        if unkept(TAX_ID, value, 15).is_some() {
            return Err("The tax id is longer than GP keeps, or has letters that GP does not.".to_owned());
        }
        body.text(member, value);
        Ok(())
    }

    fn write_field(&self, name: &str, value: &str, dialect: &Dialect, body: &mut Body) -> Result<(), String> {
        let layout = self.layout();
        let known = match self.kind {
            RecordKind::Vendor => VENDOR_FIELDS,
            RecordKind::Employee => EMPLOYEE_FIELDS,
        };
        let width = known.iter().find(|field| field.name == name).map(|field| field.width);
        let (Some(width), Some(member)) = (width, layout.fields.get(name)) else {
            return Err(format!("The dialect has no member for the {} field `{name}`.", self.kind));
        };
        if let Some(problem) = unkept(name, value, width) {
            return Err(problem);
        }
        if value.is_empty() || !layout.dates.iter().any(|date| date == name) {
            body.text(member, value);
            return Ok(());
        }
        let day: Date = value.parse().map_err(|_| format!("The {name} `{value}` is no date (YYYY-MM-DD)."))?;
        body.text(member, &dialect.date(day));
        Ok(())
    }

    fn write_status(&self, change: &RecordChange, body: &mut Body) -> Result<(), String> {
        let layout = self.layout();
        let words = match (change.action, change.after.get(STATUS).map(String::as_str)) {
            (RecordAction::Inactivate, _) | (_, Some("inactive")) => &layout.status.inactive,
            (RecordAction::Reactivate | RecordAction::Create, None) | (_, Some("active")) => &layout.status.active,
            (RecordAction::Update, None) => return Ok(()),
            (_, Some(other)) => return Err(format!("The status `{other}` is neither `active` nor `inactive`.")),
        };
        if let Some(word) = words.first() {
            body.word(&layout.status.field, word, layout.status.written_as);
        }
        // GP lets an active employee have neither an inactive date nor a reason (9529, 9530).
        if change.action == RecordAction::Reactivate {
            for name in ["inactive_date", "inactive_reason"] {
                if let Some(member) = layout.fields.get(name)
                    && !change.after.contains_key(name)
                {
                    body.text(member, "");
                }
            }
        }
        Ok(())
    }
}

/// Makes a record of a row.
struct Reader {
    kind: RecordKind,
    key: String,
    status: Status,
    /// Our field, GP's member.
    fields: Vec<(String, String)>,
    dates: Vec<String>,
    date_format: String,
}

impl Reader {
    fn shape(&self) -> Arc<Shape> {
        let fixed = [self.key.as_str(), self.status.field.as_str()];
        Arc::new(Shape::of(fixed.into_iter().chain(self.fields.iter().map(|(_, member)| member.as_str()))))
    }

    fn record(&self, row: &Row) -> Result<GpRecord, String> {
        let key = row.needed(0, &format!("{} id", self.kind))?.to_owned();
        let word = row.text(1);
        let is_in = |words: &[String]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
        let active = match (is_in(&self.status.active), is_in(&self.status.inactive)) {
            (true, false) => true,
            (false, true) => false,
            _ => return Err(format!("{} {key} has the status `{word}`, which the dialect does not know", self.kind)),
        };
        let mut fields = BTreeMap::new();
        for (at, (name, _)) in self.fields.iter().enumerate() {
            // A member that GP did not give stays absent: a field nobody granted is not an empty one.
            if row.texts.get(at + 2).is_some_and(Option::is_some) {
                fields.insert(name.clone(), self.value(name, row.text(at + 2), &key)?);
            }
        }
        Ok(GpRecord { key, active, fields })
    }

    fn value(&self, name: &str, text: &str, key: &str) -> Result<String, String> {
        if !self.dates.iter().any(|date| date == name) {
            return Ok(text.to_owned());
        }
        // GP's empty date is 1900-01-01.
        match read_date(&self.date_format, text) {
            Some(day) if day.year() > 1900 => Ok(day.to_string()),
            Some(_) => Ok(String::new()),
            None if text.is_empty() => Ok(String::new()),
            None => Err(format!("{} {key} has the {name} `{text}`, which is no date", self.kind)),
        }
    }
}
