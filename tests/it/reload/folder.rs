//! A project folder, and everything that people and tools do to one.

use crate::random::Random;
use ml_connector::project::{Generation, mistake};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// One good state of the project. Its number is in every file of it.
#[derive(Clone, Debug)]
pub struct State {
    pub number: u64,
    files: BTreeMap<String, Vec<u8>>,
}

impl State {
    pub fn paths(&self) -> Vec<&str> {
        self.files.keys().map(String::as_str).collect()
    }

    pub fn bytes(&self, path: &str) -> &[u8] {
        &self.files[path]
    }
}

/// The number in each part of a generation.
pub fn numbers_of(generation: &Generation) -> Vec<u64> {
    let number = |text: &str| text.rsplit(' ').next().unwrap().parse::<u64>().unwrap();
    let mut numbers = vec![number(&generation.project.about)];
    for pipeline in &generation.pipelines {
        numbers.push(number(&pipeline.about));
        let day = jiff::civil::date(2013, 11, 1);
        for table in pipeline.look_ups.iter().map(|look_up| &look_up.table).filter(|_| pipeline.pay.is_some()) {
            numbers.push(table.look_up(&["The number", "WA"], day, "cost_centre").unwrap().value.parse().unwrap());
        }
    }
    numbers
}

pub struct Folder {
    above: TempDir,
    /// In a folder of the repository, so that it can be deleted and made again.
    project: PathBuf,
    /// What is there, when that is a good state.
    good: bool,
    number: u64,
}

impl Folder {
    pub fn new() -> Folder {
        let above = tempfile::tempdir().unwrap();
        fs::create_dir(above.path().join(".git")).unwrap();
        let project = above.path().join("project");
        Folder { above, project, good: false, number: 0 }
    }

    pub fn path(&self) -> &Path {
        &self.project
    }

    pub fn is_good(&self) -> bool {
        self.good
    }

    /// Another good state, of another number of files.
    pub fn next_state(&mut self, random: &mut Random) -> State {
        self.number += 1;
        let number = self.number;
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let sound = mistake::sound();
        let about = format!("about: State {number}\n");
        files.insert("project.yaml".into(), numbered(&sound["project.yaml"], &about));
        let journal = &sound["pipelines/payroll-journal.yaml"];
        files.insert("pipelines/payroll-journal.yaml".into(), numbered(journal, &about));
        let vendors = &sound["pipelines/vendors.yaml"];
        for at in 0..1 + random.below(4) {
            let text = vendors.replace("pipeline: vendors", &format!("pipeline: vendors-{at}"));
            files.insert(format!("pipelines/vendors-{at}.yaml"), numbered(&text, &about));
        }
        let table = &sound["tables/cost-centres.csv"];
        let commas = table.lines().next().unwrap().matches(',').count() - 2;
        let table = format!("{table}The number,WA,{number:04}{}\n", ",".repeat(commas));
        files.insert("tables/cost-centres.csv".into(), table.into_bytes());
        let known =
            ["project.yaml", "pipelines/payroll-journal.yaml", "pipelines/vendors.yaml", "tables/cost-centres.csv"];
        let others = sound.iter().filter(|(path, _)| !known.contains(&path.as_str()));
        files.extend(others.map(|(path, text)| (path.clone(), text.clone().into_bytes())));
        State { number, files }
    }

    pub fn set(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The files that are there.
    fn found(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![PathBuf::new()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(self.path().join(&folder)).into_iter().flatten().map(Result::unwrap) {
                let path = folder.join(entry.file_name());
                match entry.file_type().unwrap().is_dir() {
                    true => folders.push(path),
                    false => found.push(path.to_str().unwrap().to_owned()),
                }
            }
        }
        found.sort();
        found
    }

    /// The steps from what is there to a state, in any order.
    fn steps(&self, state: &State, random: &mut Random) -> Vec<(String, Option<Vec<u8>>)> {
        let gone = self.found().into_iter().filter(|path| !state.files.contains_key(path)).map(|path| (path, None));
        let mut steps: Vec<_> = gone.collect();
        steps.extend(state.files.iter().map(|(path, bytes)| (path.clone(), Some(bytes.clone()))));
        for at in (1..steps.len()).rev() {
            steps.swap(at, random.below(at + 1));
        }
        steps
    }

    /// At once, in the order of paths.
    pub fn write_all(&mut self, state: &State) {
        for path in self.found().iter().filter(|path| !state.files.contains_key(*path)) {
            fs::remove_file(self.path().join(path)).unwrap();
        }
        state.files.iter().for_each(|(path, bytes)| self.set(path, bytes));
        self.good = true;
    }

    /// Only the first pipelines of a state.
    pub fn write_some(&mut self, state: &State, count: usize) {
        let pipelines = state.files.iter().filter(|(path, _)| path.starts_with("pipelines/"));
        pipelines.take(count).for_each(|(path, bytes)| self.set(path, bytes));
        self.good = false;
    }

    /// File by file: in place, half and then whole, or by renaming a new file over the old one. `between` comes
    /// in between, and is told whether the writer looks itself.
    pub fn save(&mut self, state: &State, random: &mut Random, between: impl Fn(bool)) {
        for (path, bytes) in self.steps(state, random) {
            match (bytes, random.below(3)) {
                (None, _) => fs::remove_file(self.path().join(path)).unwrap(),
                (Some(bytes), 0) => self.set(&path, &bytes),
                (Some(bytes), 1) => {
                    self.set(&path, &bytes[..random.below(bytes.len())]);
                    between(random.chance(2));
                    self.set(&path, &bytes);
                }
                (Some(bytes), _) => {
                    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
                    let new = format!("{folder}/{}", random.pick(&[format!(".{name}.swp"), format!("{name}~")]));
                    let new = new.trim_start_matches('/').to_owned();
                    self.set(&new, &bytes);
                    between(random.chance(2));
                    fs::rename(self.path().join(new), self.path().join(path)).unwrap();
                }
            }
            if random.chance(3) {
                between(random.chance(2));
            }
        }
        self.good = true;
    }

    /// As git does it: under its lock, which outlasts any settling time.
    pub fn checkout(&mut self, state: &State, random: &mut Random, between: impl Fn()) {
        let lock = self.above.path().join(".git/index.lock");
        fs::write(&lock, "").unwrap();
        for (path, bytes) in self.steps(state, random) {
            let full = self.path().join(&path);
            if full.exists() {
                fs::remove_file(full).unwrap();
            }
            bytes.into_iter().for_each(|bytes| self.set(&path, &bytes));
            if random.chance(4) {
                between();
            }
        }
        fs::remove_file(lock).unwrap();
        self.good = true;
    }

    /// A file that nobody can load, left so.
    pub fn breaks(&mut self, random: &mut Random) {
        let found = self.found();
        let yaml: Vec<&String> = found.iter().filter(|path| path.ends_with(".yaml")).collect();
        let some = (!yaml.is_empty()).then(|| random.pick(&yaml).as_str());
        match (some, random.below(4)) {
            (Some(path), 0) => self.set(path, b"format: 1\n\tpipeline: x\n"),
            (Some(path), 1) => self.set(path, b""),
            (Some(path), 2) => self.set(path, &[0xff, 0xfe, 0x00]),
            _ => self.set("pipelines/half.yaml", b"format: 1\npipeline: half\nfrom: { bamboohr:"),
        }
        self.good = false;
    }

    /// All files gone, the folders left.
    pub fn emptied(&mut self) {
        for path in self.found() {
            fs::remove_file(self.path().join(path)).unwrap();
        }
        self.good = false;
    }

    pub fn deleted(&mut self) {
        if self.path().exists() {
            fs::remove_dir_all(self.path()).unwrap();
        }
        self.good = false;
    }
}

/// The text with its `about` replaced, or put where one can stand.
fn numbered(text: &str, about: &str) -> Vec<u8> {
    let others: Vec<&str> = text.lines().filter(|line| !line.starts_with("about:")).collect();
    format!("{}\n{about}", others.join("\n")).into_bytes()
}
