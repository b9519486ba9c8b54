//! What a file says by name, as far as it can be read: for editors, whose file is half written most of the time. It comes from
//! the same passes as a generation (spans, shape) and the same lists of names; only what a broken file says is kept, too.

use super::finding::Place;
use super::meaning::names;
use super::shape::check::shaped;
use super::shape::{Entries, FileKind, Text, pipeline, project, story};
use super::spans;
use super::value::{Kind, Names};
use std::sync::Arc;

/// A name that somebody gave, and where.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    pub place: Place,
}

/// A pipeline's own names.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    pub name: Option<Named>,
    /// Whether compensation rows are read: people have a currency and a pay type then.
    pub rates: bool,
    /// Taken names, each with its BambooHR field.
    pub take: Vec<(Named, String)>,
    pub look_ups: Vec<LookUp>,
    /// `pay: earnings`, `burden` and `withheld`, each with the word for it.
    pub amounts: Vec<(Named, &'static str)>,
    /// Tables that it reads elsewhere than in a look-up.
    pub other_tables: Vec<String>,
    pub accrues: bool,
}

/// One look-up, as written.
#[derive(Clone, Debug)]
pub struct LookUp {
    pub named: Named,
    pub table: Option<String>,
    /// The column that answers.
    pub column: String,
    /// `by`: column and name.
    pub by: Vec<(String, String)>,
}

impl LookUp {
    /// The name of the pipeline that fills a column of the table.
    pub fn name_of<'c>(&'c self, column: &'c str) -> &'c str {
        self.by.iter().find(|(key, _)| key == column).map_or(column, |(_, name)| name)
    }
}

fn named(text: &Text, file: &Arc<str>) -> Named {
    Named { name: text.text.clone(), place: text.place(file) }
}

fn of_entries<T>(entries: Option<&Entries<T>>, file: &Arc<str>) -> Vec<Named> {
    entries.into_iter().flat_map(Entries::iter).map(|(name, _)| named(name, file)).collect()
}

impl Outline {
    /// What a pipeline's file says; `None` while it is not YAML.
    pub fn read(file: &Arc<str>, text: &str) -> Option<Outline> {
        let mut findings = Vec::new();
        let root = spans::parse(file, text, &mut findings)?;
        let raw = shaped::<pipeline::Pipeline>(FileKind::Pipeline, file, root, &mut findings)?.value;
        let pay = raw.pay.unwrap_or_default();
        let all = [
            (of_entries(pay.earnings.as_ref(), file), "an earning"),
            (of_entries(pay.burden.as_ref(), file), "a burden"),
            (of_entries(pay.withheld.as_ref(), file), "kept back from pay"),
        ];
        let split = pay.split.as_ref().and_then(|split| split.r#in.as_ref());
        let weeks = pay.work_week.as_ref().and_then(|weeks| weeks.r#in.as_ref());
        let projects = pay.hourly.as_ref().and_then(|hourly| hourly.projects.as_ref()?.r#in.as_ref());
        let rates = raw.make.as_ref().and_then(|make| make.rates.as_ref()).and_then(|rates| rates.r#in.as_ref());
        let parents = raw.privacy.as_ref().and_then(|privacy| privacy.parents.as_ref()?.r#in.as_ref());
        let take = raw.from.as_ref().and_then(|from| from.take.as_ref());
        Some(Outline {
            name: raw.pipeline.as_ref().map(|name| named(name, file)),
            rates: raw.from.as_ref().is_none_or(|from| from.bamboohr != Some(pipeline::Source::Employees)),
            take: take
                .into_iter()
                .flat_map(Entries::iter)
                .map(|(n, field)| (named(n, file), field.text.clone()))
                .collect(),
            look_ups: raw.look_up.iter().flat_map(Entries::iter).map(|(name, raw)| look_up(name, raw, file)).collect(),
            amounts: all
                .into_iter()
                .flat_map(|(names, word)| names.into_iter().map(move |name| (name, word)))
                .collect(),
            other_tables: [split, weeks, projects, rates, parents]
                .into_iter()
                .flatten()
                .map(|table| table.text.clone())
                .collect(),
            accrues: raw.make.as_ref().is_some_and(|make| make.accrue.is_some()),
        })
    }

    /// Names of people, before any look-up.
    pub fn of_people(&self) -> Names {
        let mut all = names::of_people(self.rates);
        for (taken, field) in &self.take {
            all.add(&taken.name, names::kind_of_field(field));
        }
        all
    }

    /// The same with all look-ups.
    pub fn with_look_ups(&self) -> Names {
        self.add_look_ups(self.of_people())
    }

    /// What a journal's texts print: amounts of money are none of it.
    pub fn of_journal(&self) -> Names {
        let mut all = names::of_journal(std::iter::empty());
        all.0.retain(|_, kind| *kind != Kind::Money);
        if self.accrues {
            all.add("accrual", names::accrual());
        }
        self.add_look_ups(all.with("number", Kind::Text))
    }

    fn add_look_ups(&self, mut all: Names) -> Names {
        self.look_ups.iter().for_each(|look_up| all.add(&look_up.named.name, Kind::Text));
        all
    }

    pub fn look_up(&self, name: &str) -> Option<&LookUp> {
        self.look_ups.iter().find(|look_up| look_up.named.name == name)
    }

    /// The BambooHR field behind a name of people.
    pub fn field(&self, name: &str) -> Option<&str> {
        let taken = self.take.iter().find(|(taken, _)| taken.name == name).map(|(_, field)| field.as_str());
        taken.or_else(|| names::standard_field(name))
    }

    /// Every table that it names.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        let looked_up = self.look_ups.iter().filter_map(|look_up| look_up.table.as_deref());
        looked_up.chain(self.other_tables.iter().map(String::as_str))
    }
}

fn look_up(name: &Text, raw: &pipeline::LookUp, file: &Arc<str>) -> LookUp {
    let by = raw.by.iter().flat_map(Entries::iter).map(|(column, name)| (column.text.clone(), name.text.clone()));
    LookUp {
        named: named(name, file),
        table: raw.r#in.as_ref().map(|table| table.text.clone()),
        column: raw.take.as_ref().unwrap_or(name).text.clone(),
        by: by.collect(),
    }
}

/// What `expect` reads, and what a script reads.
pub fn of_plan(script: bool) -> Names {
    if script { names::of_script() } else { names::of_plan() }
}

/// project.yaml's own names.
#[derive(Clone, Debug, Default)]
pub struct ProjectOutline {
    pub settings: Vec<Named>,
    pub schedules: Vec<Named>,
    pub registers: Vec<Named>,
    /// GP's companies.
    pub companies: Vec<String>,
}

impl ProjectOutline {
    /// What project.yaml says; `None` while it is not YAML.
    pub fn read(file: &Arc<str>, text: &str) -> Option<ProjectOutline> {
        let mut findings = Vec::new();
        let root = spans::parse(file, text, &mut findings)?;
        let raw = shaped::<project::Project>(FileKind::Project, file, root, &mut findings)?.value;
        let connections = raw.connections.unwrap_or_default();
        let gp = connections.gp.unwrap_or_default();
        let companies = gp.companies.iter().flatten().chain(&gp.company);
        Some(ProjectOutline {
            settings: of_entries(raw.settings.as_ref(), file),
            schedules: of_entries(raw.calendar.as_ref().and_then(|calendar| calendar.schedules.as_ref()), file),
            registers: of_entries(connections.registers.as_ref(), file),
            companies: companies.map(|company| company.text.clone()).collect(),
        })
    }
}

/// Which pipeline a story is about; `None` while it is not YAML.
pub fn pipeline_of_story(file: &Arc<str>, text: &str) -> Option<String> {
    let mut findings = Vec::new();
    let root = spans::parse(file, text, &mut findings)?;
    let raw = shaped::<story::Story>(FileKind::Story, file, root, &mut findings)?.value;
    raw.pipeline.map(|pipeline| pipeline.text)
}

/// The fields of BambooHR that are there in every account.
pub fn standard_fields() -> &'static [&'static str] {
    super::meaning::STANDARD_FIELDS
}
