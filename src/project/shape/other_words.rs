//! Words that people bring along from other tools, and what they are called here. Only for the help of a finding: nothing
//! but the language's own words is ever read.

use super::FileKind;

/// What somebody writes, and the keys that it may be here: the first that fits the place is meant.
const KEYS: &[(&str, &[&str])] = &[
    ("filter", &["keep"]),
    ("where", &["keep"]),
    ("condition", &["keep", "expect"]),
    ("cron", &["every"]),
    ("schedule", &["every"]),
    ("source", &["from"]),
    ("input", &["from"]),
    ("select", &["take"]),
    ("fields", &["take", "set"]),
    ("map", &["look_up", "set"]),
    ("mapping", &["look_up", "set"]),
    ("mappings", &["look_up", "set"]),
    ("rules", &["check"]),
    ("validate", &["check"]),
    ("validation", &["check"]),
    ("validations", &["check"]),
    ("output", &["send", "make"]),
    ("target", &["send"]),
    ("destination", &["send"]),
    ("description", &["about"]),
    ("comment", &["about", "reason"]),
    ("name", &["pipeline", "project", "story"]),
    ("title", &["pipeline", "project", "story"]),
    ("table", &["in"]),
    ("amount", &["debit"]),
    ("gl_account", &["account"]),
    ("percent", &["rate"]),
    ("base", &["of"]),
    ("basis", &["of"]),
    ("users", &["who"]),
    ("members", &["who"]),
    ("accounts", &["who"]),
    ("permissions", &["may"]),
    ("can", &["may"]),
    ("approvers", &["people"]),
    ("message", &["say"]),
    ("on_error", &["else"]),
    ("severity", &["else"]),
    ("default", &["else"]),
    ("subdomain", &["company"]),
    ("domain", &["company", "server"]),
    ("token", &["api_key"]),
    ("host", &["server"]),
    ("hostname", &["server"]),
    ("url", &["base_url", "server"]),
    ("username", &["user"]),
    ("login", &["user"]),
    ("database", &["company"]),
    ("version", &["requires", "format"]),
    ("tz", &["timezone"]),
];

/// Keys that stand somewhere else: file kind, pointer of the mapping where somebody may write them, key, where they belong.
const ELSEWHERE: &[(FileKind, &str, &str, &str)] = &[
    (FileKind::Pipeline, "", "calendar", "`calendar` stands in project.yaml, for all pipelines"),
    (FileKind::Pipeline, "/make/journal", "rates", "`rates` stands beside `journal`, under `make`"),
    (FileKind::Pipeline, "/make/journal", "accrue", "`accrue` stands beside `journal`, under `make`"),
    (
        FileKind::Pipeline,
        "/pay",
        "holidays",
        "`holidays` stands under `salaried`: `{ prorate: working days, holidays: do not count }`",
    ),
    (FileKind::Pipeline, "/pay/salaried", "work_week", "`work_week` stands beside `salaried`, under `pay`"),
    (
        FileKind::Project,
        "/calendar",
        "work_week",
        "`work_week` stands in a pipeline, under `pay`; `week` is everybody's",
    ),
];

/// Where a key belongs that is not known here.
pub fn elsewhere(kind: FileKind, pointer: &str, key: &str) -> Option<&'static str> {
    let is_it = |(of, at, written, _): &&(FileKind, &str, &str, &str)| (*of, *at, *written) == (kind, pointer, key);
    ELSEWHERE.iter().find(is_it).map(|(.., place)| *place)
}

/// Values that mean one of the words that are possible: truth values of YAML 1.1.
const VALUES: &[(&str, &str)] = &[("yes", "true"), ("on", "true"), ("no", "false"), ("off", "false")];

/// The known key that `key` is called here.
pub fn key<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    let (_, here) = KEYS.iter().find(|(other, _)| *other == key)?;
    here.iter().find_map(|word| known.iter().find(|known| *known == word)).copied()
}

/// The possible word that `value` is here.
pub fn value<'w>(value: &str, words: &[&'w str]) -> Option<&'w str> {
    let (_, here) = VALUES.iter().find(|(other, _)| other.eq_ignore_ascii_case(value))?;
    words.iter().find(|word| *word == here).copied()
}
