//! `pay` where a payroll register says amounts: what is withheld, what is checked, and that each code has one meaning.

use super::Page;
use super::pay::texts;
use super::sources::From;
use crate::project::finding::Finding;
use crate::project::pipeline::{Control, Withheld};
use crate::project::shape::Text;
use crate::project::shape::pipeline as shape;
use std::collections::BTreeMap;

/// What only a register brings.
#[derive(Debug, Default)]
pub struct Registered {
    pub withheld: Vec<Withheld>,
    pub control: Control,
    pub ignored_codes: Vec<String>,
}

/// Compiles `withheld`, `control` and `ignore_codes`, and checks what goes with a register. `None` after an error.
pub fn register_pay(raw: &shape::Pay, from: Option<&From>, page: &mut Page<'_>) -> Option<Registered> {
    let before = page.findings.len();
    if let Some(from) = from {
        match (&from.register, from.rates) {
            (None, _) => nothing_of_a_register(raw, page),
            (Some(_), true) => no_pay_is_withheld(raw, page),
            (Some(_), false) => only_the_register(raw, page),
        }
    }
    each_code_once(raw, page);
    let control = control(raw.control.as_ref(), page);
    let withheld = withheld(raw, page);
    if page.findings.len() > before {
        return None;
    }
    let ignored_codes = texts(raw.ignore_codes.as_deref().unwrap_or_default());
    Some(Registered { withheld: withheld?, control: control?, ignored_codes })
}

/// Every text that is a code of the register, where it is written, beside what it is for.
fn codes(raw: &shape::Pay) -> Vec<&Text> {
    let earnings = raw.earnings.iter().flat_map(|all| all.iter()).filter_map(|(_, earning)| earning.register.as_ref());
    let burdens = raw.burden.iter().flat_map(|all| all.iter()).filter_map(|(_, burden)| burden.register.as_ref());
    let withheld = raw.withheld.iter().flat_map(|all| all.iter()).map(|(_, codes)| &codes.0);
    let control = raw.control.iter().flat_map(|control| [&control.gross, &control.net]).flatten();
    let lists = earnings.chain(burdens).chain(withheld).chain(raw.ignore_codes.as_ref());
    lists.flatten().chain(control).collect()
}

fn nothing_of_a_register(raw: &shape::Pay, page: &mut Page<'_>) {
    if let Some(code) = codes(raw).first() {
        let help =
            "write `register: NAME` under `from`, with one of `connections: registers` of project.yaml".to_owned();
        page.error("missing-key", code, "this pipeline reads no payroll register", Some(help));
    }
}

/// Rates and hours know what people earn, not what is kept back from it.
fn no_pay_is_withheld(raw: &shape::Pay, page: &mut Page<'_>) {
    if let Some((name, _)) = raw.withheld.iter().flat_map(|all| all.iter()).next() {
        let message = "what is withheld goes with pay that the register says";
        let help = "remove `bamboohr: payroll-cost` under `from`, or this".to_owned();
        page.error("unused-part", name, message, Some(help));
    }
}

/// What rates and hours need is of no use beside a register.
fn only_the_register(raw: &shape::Pay, page: &mut Page<'_>) {
    let of_entry = |name: Option<&Text>, page: &Page<'_>| name.map(|name| name.place(page.file));
    let types = raw.types.iter().flat_map(|all| all.iter()).map(|(name, _)| name).next();
    let schedules = raw.schedules.iter().flat_map(|all| all.iter()).map(|(name, _)| name).next();
    let of_hours = raw.earnings.iter().flat_map(|all| all.iter());
    let hours = of_hours.filter(|(_, earning)| earning.hours.is_some()).map(|(name, _)| name).next();
    let unused = [
        ("hourly", raw.hourly.as_ref().map(|hourly| page.place(hourly.at()))),
        ("leave", raw.leave.as_ref().map(|leave| page.place(leave.at()))),
        ("period", raw.period.map(|period| page.place(period.spot))),
        ("types", of_entry(types, page)),
        ("schedules", of_entry(schedules, page)),
        ("hours", of_entry(hours, page)),
    ];
    for (what, place) in unused {
        let Some(place) = place else { continue };
        let message = format!("`{what}` goes with pay by rates and hours, which this pipeline does not read");
        let finding = Finding::error("unused-part", place, message);
        page.report(finding.help("remove it, or write `bamboohr: payroll-cost` beside `register` under `from`"));
    }
    if !raw.earnings.iter().flat_map(|all| all.iter()).any(|(_, earning)| earning.register.is_some()) {
        let place = page.place(raw.at());
        let finding = Finding::error("missing-key", place, "no earning names codes of the register");
        page.report(finding.help("for example `earnings: { salary: { register: [Salary] } }`"));
    }
}

fn each_code_once(raw: &shape::Pay, page: &mut Page<'_>) {
    let mut known: BTreeMap<&str, &Text> = BTreeMap::new();
    for code in codes(raw) {
        match known.get(code.text.as_str()) {
            Some(first) => {
                let message = format!("the code `{}` is named twice", code.text);
                let finding = Finding::error("booked-twice", code.place(page.file), message);
                let finding = finding.related(first.place(page.file), "also named here");
                page.report(finding.help("a code of the register has one meaning: keep one of them"));
            }
            None => {
                known.insert(&code.text, code);
            }
        }
    }
}

fn control(raw: Option<&shape::Control>, page: &mut Page<'_>) -> Option<Control> {
    let Some(raw) = raw else { return Some(Control::default()) };
    let pay_dates = match &raw.pay_dates {
        Some(text) => Some(page.whole(text, 1..=31)?),
        None => None,
    };
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.text.clone());
    let adds_up_repeated = matches!(raw.repeated, Some(shape::Repeated::AddUp));
    Some(Control { gross: text(&raw.gross), net: text(&raw.net), pay_dates, adds_up_repeated })
}

fn withheld(raw: &shape::Pay, page: &mut Page<'_>) -> Option<Vec<Withheld>> {
    let taken = |name: &str| {
        let earning = raw.earnings.iter().flat_map(|all| all.iter()).any(|(known, _)| known.text == name);
        let burden = raw.burden.iter().flat_map(|all| all.iter()).any(|(known, _)| known.text == name);
        earning || burden || super::names::is_reserved(name)
    };
    let mut withheld = Vec::new();
    for (name, codes) in raw.withheld.iter().flat_map(|all| all.iter()) {
        if !page.identifier(name) {
            return None;
        }
        if taken(&name.text) {
            let message = format!("`{}` has a meaning already", name.text);
            page.error("bad-name", name, message, Some("choose another name".to_owned()));
            return None;
        }
        withheld.push(Withheld { name: name.text.clone(), codes: texts(&codes.0), place: name.place(page.file) });
    }
    Some(withheld)
}
