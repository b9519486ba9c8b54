//! One immutable, fully checked and compiled state of a project.

use super::connections::{BamboohrConnection, GpConnection, RegisterConnection, WebhookReceiver};
use super::desk::Desk;
use super::files::ProjectFiles;
use super::finding::{Finding, Place, Severity};
use super::meaning::pipeline::Around;
use super::meaning::tables::Tables;
use super::meaning::{self, Page};
use super::pipeline::{Pipeline, WorkCalendar};
use super::reuse::Reuse;
use super::roles::Rules;
use super::shape::check::shaped;
use super::shape::{self, FileKind};
use super::source::{Content, Files, Sources, Unsaved};
use super::spans;
use super::story::{self, Story};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A project that loaded. Named by the hash of the bytes that can change a plan (line ends do not count).
#[derive(Debug)]
pub struct Generation {
    /// 64 hex digits.
    pub id: String,
    pub project: Project,
    /// By name.
    pub pipelines: Vec<Pipeline>,
    /// What it was compiled from.
    pub files: ProjectFiles,
    /// The project's own tests; no part of [`Generation::id`].
    pub stories: Vec<Story>,
    /// Warnings; errors keep a generation from being made.
    pub warnings: Vec<Finding>,
    /// Warnings that project.yaml accepts.
    pub ignored: Vec<Finding>,
    /// The texts that places point into, for code frames.
    pub sources: Sources,
}

/// What `project.yaml` says.
#[derive(Debug)]
pub struct Project {
    pub name: String,
    pub about: String,
    /// IANA name.
    pub time_zone: String,
    /// Absent while a project is only planned offline.
    pub bamboohr: Option<BamboohrConnection>,
    pub gp: Option<GpConnection>,
    /// Hours and holidays: which days are business days.
    pub work: WorkCalendar,
    /// By name.
    pub registers: Vec<RegisterConnection>,
    /// Who may do what, and how many people approve.
    pub rules: Rules,
}

impl Project {
    /// Where BambooHR's webhooks are received, when they are.
    pub fn webhook(&self) -> Option<&WebhookReceiver> {
        self.bamboohr.as_ref()?.webhook.as_ref()
    }

    /// Whether a connection names a secret in the vault.
    pub fn needs_vault(&self) -> bool {
        self.bamboohr.as_ref().is_some_and(BamboohrConnection::needs_vault)
            || self.webhook().is_some_and(WebhookReceiver::needs_vault)
            || self.gp.as_ref().is_some_and(GpConnection::needs_vault)
    }
}

/// A project that does not load: at least one finding is an error.
#[derive(Debug)]
pub struct DoesNotLoad {
    /// By file, line and column.
    pub findings: Vec<Finding>,
    pub sources: Sources,
}

impl Generation {
    /// Loads the project in `folder`, with the settings of `environments/<environment>.yaml` when one is named.
    ///
    /// # Errors
    /// All findings at once, errors and warnings, when there is at least one error. A folder or file that cannot be
    /// read is a finding as well.
    pub fn load(folder: &Path, environment: Option<&str>) -> Result<Generation, DoesNotLoad> {
        Generation::load_with(folder, environment, &mut Desk::default())
    }

    /// The same while it is edited: what is not saved stands for its file, and what did not change since the load before is
    /// not read again.
    ///
    /// # Errors
    /// As [`Generation::load`].
    pub fn load_with(folder: &Path, environment: Option<&str>, desk: &mut Desk) -> Result<Generation, DoesNotLoad> {
        compile(folder, environment, &desk.unsaved, &mut desk.reuse)
    }

    /// Loads the project, and does not do again what `reuse` has from the same bytes. Leaves there what the next load can
    /// use, also when this one fails.
    ///
    /// # Errors
    /// As [`Generation::load`].
    pub fn load_reusing(
        folder: &Path,
        environment: Option<&str>,
        reuse: &mut Reuse,
    ) -> Result<Generation, DoesNotLoad> {
        compile(folder, environment, &Unsaved::new(), reuse)
    }

    pub fn pipeline(&self, name: &str) -> Option<&Pipeline> {
        self.pipelines.iter().find(|pipeline| pipeline.name == name)
    }
}

/// All passes, once.
fn compile(
    folder: &Path,
    environment: Option<&str>,
    unsaved: &Unsaved,
    reuse: &mut Reuse,
) -> Result<Generation, DoesNotLoad> {
    let mut findings = Vec::new();
    let mut files = Files::read(folder, unsaved, &mut findings);
    let project = meaning::project::read(folder, &mut files, environment, &mut findings);
    let mut tables = Tables::read(folder, &mut files, &project.tables, reuse, &mut findings);
    if let Some(gp) = project.project.as_ref().and_then(|project| project.gp.as_ref()) {
        for provider in [&gp.providers.periods, &gp.providers.dimensions] {
            if let super::connections::Provider::Declared { file, .. } = provider {
                tables.mark_used_file(file);
            }
        }
    }
    let project_file = Arc::from("project.yaml");
    let mut page = Page::new(&project_file, &mut findings);
    let schedules = meaning::calendar::schedules(project.calendar.as_ref(), &mut tables, &mut page);
    let work = meaning::calendar::work(project.calendar.as_ref(), &mut tables, &mut page).map(Arc::new);
    let mut around = Around {
        work: work.as_ref(),
        schedules: &schedules,
        registers: project.registers.as_deref(),
        files: &files,
        tables: &mut tables,
        dimensions: project.dimensions.as_deref(),
        company: project.company.as_deref(),
        companies: project.project.as_ref().and_then(|project| project.gp.as_ref()).map(|gp| gp.companies.as_slice()),
    };
    let Compiled { mut pipelines, corrects, complete } = pipelines(&mut around, &mut findings);
    meaning::across(&pipelines, &corrects, complete, &mut findings);
    super::secrets::check(&files, &mut findings);
    meaning::check_fields(&pipelines, &files, &mut findings);
    meaning::check_accounts(&pipelines, project.project.as_ref().and_then(|p| p.gp.as_ref()), &mut findings);
    if complete {
        let rules = project
            .project
            .as_ref()
            .filter(|_| !project.roles_are_cut)
            .map(|project| (&project.rules, project.needs_vault()));
        meaning::check_roles(rules, &pipelines, &mut findings);
        tables.report_unused(&mut findings);
        meaning::unused_scripts(&pipelines, &files, &mut findings);
    }
    tables.keep(reuse);
    reuse.keep_asked(&files.asked);
    let stories = story::read(&files, &pipelines, complete, &mut findings);
    let Files { sources, .. } = &files;
    let mut sources = sources.clone();
    let looked_at_all = complete && findings.iter().all(|finding| finding.severity == Severity::Warning);
    let ignored = super::ignore::apply(&project.ignore, looked_at_all, &mut findings);
    tidy(&mut findings, &mut sources);
    // Never a part of a project: a pipeline that is not there would send nothing, and nobody would know.
    let failed = !complete || findings.iter().any(|finding| finding.severity == Severity::Error);
    match project.project.filter(|_| !failed) {
        Some(mut project) => {
            project.work = work.as_deref().cloned().unwrap_or_default();
            pipelines.sort_by(|left, right| left.name.cmp(&right.name));
            let id = files.generation_id();
            let files = files.kept(environment);
            Ok(Generation { id, project, pipelines, files, stories, warnings: findings, ignored, sources })
        }
        None => Err(DoesNotLoad { findings, sources }),
    }
}

/// The pipelines of a folder.
struct Compiled {
    pipelines: Vec<Pipeline>,
    /// Where each pipeline says what it corrects.
    corrects: BTreeMap<String, Place>,
    /// Whether every file became a pipeline.
    complete: bool,
}

/// Compiles every pipeline.
fn pipelines(around: &mut Around<'_>, findings: &mut Vec<Finding>) -> Compiled {
    let files = around.files.in_folder("pipelines");
    if files.is_empty() && around.files.contents.contains_key("project.yaml") {
        // An emptied folder is an accident, never an order to do nothing.
        let place = Place::file(&Arc::from("pipelines"));
        let finding = Finding::error("no-pipelines", place, "there is no pipeline in `pipelines/`");
        findings.push(finding.help("a pipeline is a file in `pipelines/` that ends in .yaml"));
    }
    let mut compiled = Compiled { pipelines: Vec::new(), corrects: BTreeMap::new(), complete: true };
    let mut shapes: Vec<meaning::ShapedFile> = Vec::new();
    for (path, content) in files {
        let Content::Text(text) = content else {
            compiled.complete = false;
            continue;
        };
        let shaped = spans::parse(&path, &text, findings)
            .and_then(|root| shaped::<shape::pipeline::Pipeline>(FileKind::Pipeline, &path, root, findings));
        compiled.complete &= shaped.is_some();
        shapes.extend(shaped.map(|shaped| (path, shaped)));
    }
    // What is wrong with a table is told to the first pipeline that reads it: to those with a page of their own.
    let (own, correcting): (Vec<_>, Vec<_>) =
        shapes.iter().partition(|(_, shaped)| !meaning::pipeline::only_corrects(shaped));
    for (path, shaped) in own.into_iter().chain(correcting) {
        let mut page = Page::new(path, findings);
        let pipeline = match meaning::pipeline::only_corrects(shaped) {
            true => meaning::corrected(shaped, &shapes, &mut page)
                .and_then(|other| meaning::pipeline::correcting(shaped, other, around, &mut page)),
            false => meaning::pipeline::pipeline(shaped, around, &mut page),
        };
        if let Some((pipeline, corrects)) = pipeline.as_ref().zip(shaped.value.corrects.as_ref()) {
            compiled.corrects.insert(pipeline.name.clone(), corrects.place(path));
        }
        compiled.complete &= pipeline.is_some();
        compiled.pipelines.extend(pipeline);
    }
    compiled
}

/// Puts findings into the order of the files, and takes written secrets out of the texts that frames are made from.
fn tidy(findings: &mut Vec<Finding>, sources: &mut Sources) {
    for finding in findings.iter().filter(|finding| finding.code == "secret-in-yaml") {
        sources.mask(&finding.place);
    }
    super::secrets::hide(findings, sources);
    findings.sort_by(|left, right| {
        (&left.place, left.severity, left.code, &left.message).cmp(&(
            &right.place,
            right.severity,
            right.code,
            &right.message,
        ))
    });
    findings.dedup();
    // What is wrong at a place is told once: a doubt about it beside says nothing more.
    let wrong: Vec<Place> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error && finding.place.column > 1)
        .map(|finding| finding.place.clone())
        .collect();
    findings.retain(|finding| finding.severity == Severity::Error || !wrong.contains(&finding.place));
    *findings = few_of_a_kind(one_finding_a_mistake(std::mem::take(findings)));
}

/// A file that is wrong all over (the wrong file, most likely) would bury the others.
fn few_of_a_kind(findings: Vec<Finding>) -> Vec<Finding> {
    /// Findings of one code that are shown for one file.
    const SHOWN: usize = 50;
    let kind = |finding: &Finding| (finding.code, Arc::clone(&finding.place.file));
    let mut counts: BTreeMap<(&'static str, Arc<str>), usize> = BTreeMap::new();
    findings.iter().for_each(|finding| *counts.entry(kind(finding)).or_default() += 1);
    let mut shown: BTreeMap<(&'static str, Arc<str>), usize> = BTreeMap::new();
    let few = findings.into_iter().filter_map(|mut finding| {
        let kind = kind(&finding);
        let all = counts.get(&kind).copied().unwrap_or(0);
        let count = shown.entry(kind).or_default();
        *count += 1;
        if *count == SHOWN && all > SHOWN {
            finding.message.push_str(&format!(" (and {} more like this)", all - SHOWN));
        }
        (*count <= SHOWN).then_some(finding)
    });
    few.collect()
}

/// A name that is spelt wrongly once is often read ten times: one finding, with the other places beside it.
fn one_finding_a_mistake(findings: Vec<Finding>) -> Vec<Finding> {
    const REPEATED: [&str; 6] =
        ["unknown-name", "unknown-function", "unknown-amount", "trailing-blank", "bad-date", "empty-answer"];
    /// Places shown beside the first.
    const SHOWN: usize = 3;
    let mut kept: Vec<Finding> = Vec::new();
    let mut repeats: BTreeMap<usize, usize> = BTreeMap::new();
    let mut firsts: BTreeMap<(&'static str, String, Arc<str>), usize> = BTreeMap::new();
    for finding in findings {
        let first = REPEATED.contains(&finding.code).then(|| {
            let key = (finding.code, finding.message.clone(), Arc::clone(&finding.place.file));
            *firsts.entry(key).or_insert(kept.len())
        });
        match first.filter(|first| *first < kept.len()) {
            Some(first) => {
                let count = repeats.entry(first).or_default();
                *count += 1;
                if *count <= SHOWN {
                    kept[first].related.push((finding.place, "here as well".to_owned()));
                }
            }
            None => kept.push(finding),
        }
    }
    for (first, count) in repeats.into_iter().filter(|(_, count)| *count > SHOWN) {
        let more = count - SHOWN;
        if let Some((_, label)) = kept[first].related.last_mut() {
            *label = format!("here as well, and in {more} more places");
        }
    }
    kept
}
