//! The project as a picture: what is read, which tables and scripts decide, what goes into GP.

use super::Generation;
use super::pipeline::{Burden, BurdenCost, Cap, CheckRule, Make, Pipeline, Source, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Columns from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Read,
    Decide,
    Pipeline,
    Made,
}

/// Boxes in their columns, and arrows between them.
pub struct Graph {
    boxes: Vec<(Column, String)>,
    arrows: BTreeSet<(String, String)>,
    /// Files that hold people's amounts.
    of_pay: BTreeSet<String>,
}

impl Graph {
    pub fn of(generation: &Generation) -> Graph {
        let mut graph = Graph { boxes: Vec::new(), arrows: BTreeSet::new(), of_pay: BTreeSet::new() };
        for pipeline in &generation.pipelines {
            graph.add(pipeline);
        }
        graph.boxes.sort();
        graph.boxes.dedup();
        graph
    }

    fn add(&mut self, pipeline: &Pipeline) {
        let name = format!("pipeline {}", pipeline.name);
        self.boxes.push((Column::Pipeline, name.clone()));
        let mut read = Vec::new();
        match (pipeline.source, &pipeline.register) {
            (Source::Employees, _) => read.push("BambooHR: employees".to_owned()),
            (Source::PayrollCost, None) => read.push("BambooHR: jobs and pay".to_owned()),
            (Source::PayrollCost, Some(register)) => {
                read.extend(["BambooHR: jobs".to_owned(), format!("register {register}")]);
            }
        }
        read.into_iter().for_each(|what| self.arrow(Column::Read, what, &name));
        self.of_pay.extend(pay_of_people(pipeline));
        for file in decides(pipeline) {
            self.arrow(Column::Decide, file, &name);
        }
        let made = match pipeline.send.to {
            Target::GeneralLedger => "GP: general ledger, unposted",
            Target::Vendors => "GP: vendors",
            Target::Employees => "GP: employees",
        };
        self.boxes.push((Column::Made, made.to_owned()));
        self.arrows.insert((name.clone(), made.to_owned()));
        if let Some(corrects) = &pipeline.corrects {
            self.arrows.insert((name, format!("pipeline {corrects}")));
        }
    }

    /// The files that decide, but for those that hold people's amounts.
    pub fn tables_to_show(&self) -> BTreeSet<String> {
        let decide = self.boxes.iter().filter(|(column, _)| *column == Column::Decide).map(|(_, name)| name.clone());
        decide.filter(|name| !self.of_pay.contains(name)).collect()
    }

    fn arrow(&mut self, column: Column, from: String, to: &str) {
        self.boxes.push((column, from.clone()));
        self.arrows.insert((from, to.to_owned()));
    }

    /// Mermaid's text: GitHub, GitLab and wikis draw it.
    pub fn mermaid(&self) -> String {
        let id: BTreeMap<&str, usize> =
            self.boxes.iter().enumerate().map(|(at, (_, name))| (name.as_str(), at)).collect();
        let mut text = "flowchart LR\n".to_owned();
        for (at, (column, name)) in self.boxes.iter().enumerate() {
            let name = name.replace('"', "#quot;");
            // Writing into a String cannot fail.
            let _ = match column {
                Column::Read | Column::Made => writeln!(text, "  n{at}([\"{name}\"])"),
                Column::Decide => writeln!(text, "  n{at}[/\"{name}\"/]"),
                Column::Pipeline => writeln!(text, "  n{at}[\"{name}\"]"),
            };
        }
        for (from, to) in &self.arrows {
            if let (Some(from), Some(to)) = (id.get(from.as_str()), id.get(to.as_str())) {
                let _ = writeln!(text, "  n{from} --> n{to}");
            }
        }
        text
    }

    /// A picture of its own: no script, no font, no other resource.
    pub fn svg(&self) -> String {
        const WIDTH: usize = 230;
        const HEIGHT: usize = 30;
        const ACROSS: usize = 300;
        const DOWN: usize = 46;
        let columns: BTreeSet<Column> = self.boxes.iter().map(|(column, _)| *column).collect();
        let mut at: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let tallest = columns.iter().map(|column| self.count(*column)).max().unwrap_or(0);
        for (across, column) in columns.iter().enumerate() {
            // Shorter columns stand in the middle of the tallest one.
            let above = (tallest - self.count(*column)) * DOWN / 2;
            let names = self.boxes.iter().filter(|(own, _)| own == column);
            for (down, (_, name)) in names.enumerate() {
                at.insert(name, (10 + across * ACROSS, 10 + above + down * DOWN));
            }
        }
        let (width, height) = (columns.len() * ACROSS - (ACROSS - WIDTH) + 20, tallest * DOWN + 10);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             font-family=\"Segoe UI, Helvetica Neue, Arial, sans-serif\" font-size=\"12\">\n"
        );
        for (from, to) in &self.arrows {
            let (Some((x1, y1)), Some((x2, y2))) = (at.get(from.as_str()), at.get(to.as_str())) else { continue };
            let (x1, y1, y2) = (x1 + WIDTH, y1 + HEIGHT / 2, y2 + HEIGHT / 2);
            let bend = if *x2 > x1 { (x2 - x1) / 2 } else { 60 };
            let back = if *x2 > x1 { x2.saturating_sub(bend) } else { x2 + WIDTH + bend };
            let x2 = if *x2 > x1 { *x2 } else { x2 + WIDTH };
            let _ = writeln!(
                svg,
                "<path d=\"M{x1} {y1} C{} {y1} {back} {y2} {x2} {y2}\" fill=\"none\" stroke=\"#8a97a5\"/>",
                x1 + bend
            );
        }
        for (column, name) in &self.boxes {
            let Some((x, y)) = at.get(name.as_str()) else { continue };
            let (fill, round) = match column {
                Column::Read => ("#e6f0fa", 15),
                Column::Decide => ("#fdf6e3", 0),
                Column::Pipeline => ("#ffffff", 4),
                Column::Made => ("#e8f5ec", 15),
            };
            let shown: String = if name.chars().count() > 34 {
                name.chars().take(33).chain(std::iter::once('…')).collect()
            } else {
                name.clone()
            };
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"{round}\" fill=\"{fill}\" stroke=\"#1c2733\"/>\
                 <text x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"#1c2733\">{}</text>",
                x + WIDTH / 2,
                y + HEIGHT / 2 + 4,
                escaped(&shown)
            );
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn count(&self, column: Column) -> usize {
        self.boxes.iter().filter(|(own, _)| *own == column).count()
    }
}

/// The files of the project that a pipeline reads.
fn decides(pipeline: &Pipeline) -> BTreeSet<String> {
    let mut files: BTreeSet<String> = pipeline.look_ups.iter().map(|look_up| look_up.table.file().to_owned()).collect();
    if let Some(pay) = &pipeline.pay {
        files.extend(pay.split.iter().map(|split| split.file.clone()));
        files.extend(pay.work_weeks.iter().map(|weeks| weeks.table.file().to_owned()));
        files.extend(pay.hourly.projects.iter().map(|projects| projects.table.file().to_owned()));
        files.extend(pay.off.whose.iter().map(|whose| whose.table.file().to_owned()));
        files.extend(pay_of_people(pipeline));
    }
    if let Make::Journal(rule) = &pipeline.make {
        files.extend(rule.rates.iter().map(|rates| rates.table.file().to_owned()));
    }
    files.extend(pipeline.checks.iter().filter_map(|check| match &check.rule {
        CheckRule::Script { file, .. } => Some(file.clone()),
        _ => None,
    }));
    files
}

/// The tables of a pipeline that hold an amount for each person.
fn pay_of_people(pipeline: &Pipeline) -> BTreeSet<String> {
    let burdens = pipeline.pay.iter().flat_map(|pay| &pay.burdens);
    let table = |burden: &Burden| match &burden.cost {
        BurdenCost::Table(costs) => Some(costs.table.file().to_owned()),
        BurdenCost::Share { cap: Some(Cap { before: Some(before), .. }), .. } => Some(before.table.file().to_owned()),
        _ => None,
    };
    burdens.filter_map(table).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
