//! What every code means: docs/findings.md and docs/holds.md, read as the catalogue they are. One text for the page that
//! people read, for `lint --explain`, and for the rules that machines are told.

use super::finding::Severity;

const FINDINGS: &str = include_str!("../../docs/findings.md");
const HOLDS: &str = include_str!("../../docs/holds.md");

/// One code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub code: &'static str,
    pub of: Of,
    /// The heading it stands under.
    pub section: &'static str,
    /// The cells of its row after the code, with the headings of their columns; empty headings for a finding.
    pub says: Vec<(&'static str, &'static str)>,
}

/// What says the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Lint; a code of both severities is an error here.
    Finding(Severity),
    /// A plan, which keeps something back.
    Hold,
    /// A plan, which keeps nothing back.
    Warning,
}

impl Code {
    /// Where its documentation is, from the root of the repository.
    pub fn page(&self) -> &'static str {
        match self.of {
            Of::Finding(_) => "docs/findings.md",
            Of::Hold | Of::Warning => "docs/holds.md",
        }
    }
}

/// Every code that `lint` can say.
pub fn of_lint() -> Vec<Code> {
    rows(FINDINGS).filter_map(finding).collect()
}

/// Every code there is: of `lint`, then of plans.
pub fn all() -> Vec<Code> {
    let holds = rows(HOLDS).filter_map(|row| {
        let of = if row.section == "Warnings" { Of::Warning } else { Of::Hold };
        Some(Code { code: row.code()?, of, section: row.section, says: row.after_the_first() })
    });
    of_lint().into_iter().chain(holds).collect()
}

fn finding(row: Row) -> Option<Code> {
    if row.header.first() != Some(&"code") {
        return None;
    }
    let severity = if row.cells.get(1)?.contains("error") { Severity::Error } else { Severity::Warning };
    let says = vec![("", *row.cells.get(2)?)];
    Some(Code { code: row.code()?, of: Of::Finding(severity), section: row.section, says })
}

/// A row of a table in a page.
struct Row {
    section: &'static str,
    header: Vec<&'static str>,
    cells: Vec<&'static str>,
}

impl Row {
    /// The code in the first cell, when there is one: `` `code` ``.
    fn code(&self) -> Option<&'static str> {
        self.cells.first()?.strip_prefix('`')?.strip_suffix('`').filter(|code| !code.contains([' ', ':']))
    }

    fn after_the_first(&self) -> Vec<(&'static str, &'static str)> {
        self.header.iter().copied().zip(self.cells.iter().copied()).skip(1).collect()
    }
}

/// The rows of every table in a page that is written by us: no escaped bars, no cells over several lines.
fn rows(page: &'static str) -> impl Iterator<Item = Row> {
    let mut section = "";
    let mut header: Option<Vec<&'static str>> = None;
    page.lines().filter_map(move |line| {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading;
        }
        let Some(inner) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) else {
            header = None;
            return None;
        };
        let cells: Vec<&'static str> = inner.split('|').map(str::trim).collect();
        match &header {
            None => {
                header = Some(cells);
                None
            }
            Some(header) => Some(Row { section, header: header.clone(), cells }),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_says_something_and_is_there_once() {
        let all = all();
        assert!(all.len() > 150, "{} codes", all.len());
        let mut seen = BTreeSet::new();
        for code in &all {
            assert!(seen.insert((format!("{:?}", code.of), code.code)), "{} is there twice", code.code);
            assert!(code.says.iter().any(|(_, text)| text.len() > 10), "{} says nothing", code.code);
        }
        let hold = all.iter().find(|code| code.code == "hire-date-missing").unwrap();
        assert_eq!((hold.of, hold.section, hold.says[2].0), (Of::Hold, "People and their rows", "remedy"));
        let gap = all.iter().find(|code| code.code == "gap-between-rows").unwrap();
        assert_eq!((gap.of, gap.section), (Of::Finding(Severity::Warning), "Tables"));
    }
}
