//! `companies`: which GP company bears a cost and which pays it.

use super::Page;
use super::journal::fits;
use super::names;
use crate::ledger::limits;
use crate::project::finding::{Finding, did_you_mean, quoted_list};
use crate::project::pipeline::{Companies, Intercompany, LookUp, Make, PaidBy, Unresolved};
use crate::project::shape::Text;
use crate::project::shape::pipeline as shape;
use crate::project::template::Template;
use crate::project::value::{Kind, Names};

/// What `companies` is compiled beside.
pub struct Given<'g> {
    pub make: Option<&'g Make>,
    pub look_ups: &'g [LookUp],
    /// All look-ups that were written: those that broke have been reported.
    pub written: &'g [String],
    pub unresolved: Option<&'g Unresolved>,
    /// Companies that the connection names; `None` where that is not known (a project without connections).
    pub known: Option<&'g [String]>,
}

/// Compiles `companies`. `None` after an error.
pub fn companies(raw: &shape::Companies, given: &Given<'_>, page: &mut Page<'_>) -> Option<Companies> {
    if matches!(given.make, Some(Make::Record(_))) {
        let finding = Finding::error("unused-part", page.place(raw.at()), "only a journal is split over companies");
        page.report(finding.help("remove `companies`: a record goes to the connection's company"));
        return None;
    }
    if let Some(Unresolved::Suspense(_)) = given.unresolved {
        let message = "who has no look-up answer has no company either: a suspense account of which?";
        let finding = Finding::error("suspense-without-company", page.place(raw.at()), message);
        page.report(finding.help("write `unresolved: hold journal` or `unresolved: hold employee`"));
        return None;
    }
    let route = look_up(raw.route.as_ref()?, given, page);
    if let (Some(route), Some(known)) = (route, given.known) {
        known_answers(&given.look_ups[route], raw.route.as_ref()?, known, page)?;
    }
    let intercompany = intercompany(raw, given, page)?;
    Some(Companies {
        route: route?,
        intercompany,
        known: given.known.map(<[String]>::to_vec).unwrap_or_default(),
        place: page.place(raw.at()),
    })
}

fn look_up(name: &Text, given: &Given<'_>, page: &mut Page<'_>) -> Option<usize> {
    let position = given.look_ups.iter().position(|look_up| look_up.name == name.text);
    if position.is_none() && !given.written.contains(&name.text) {
        let known: Vec<&str> = given.written.iter().map(String::as_str).collect();
        let help = did_you_mean(&name.text, &known).or_else(|| Some("add it under `look_up`".to_owned()));
        page.error("unknown-name", name, format!("there is no look-up `{}`", name.text), help);
    }
    position
}

/// Every answer has to be a company that the connection names: another would be found out only when it is sent.
fn known_answers(look_up: &LookUp, at: &Text, known: &[String], page: &mut Page<'_>) -> Option<()> {
    let unknown = look_up.table.values(&look_up.column).find(|value| !known.iter().any(|name| name == value));
    let Some(unknown) = unknown else { return Some(()) };
    let message = format!("{} answers `{unknown}`, which is no company of the connection", look_up.table.file());
    let help = if known.is_empty() {
        "list them: `companies: [Fabrikam East, Fabrikam West]` under `connections: gp` in project.yaml".to_owned()
    } else {
        let names: Vec<&str> = known.iter().map(String::as_str).collect();
        did_you_mean(unknown, &names).unwrap_or_else(|| format!("there is: {}", quoted_list(&names)))
    };
    page.error("unknown-company", at, message, Some(help));
    None
}

fn intercompany(raw: &shape::Companies, given: &Given<'_>, page: &mut Page<'_>) -> Option<Option<Intercompany>> {
    let (paid_by, due_from, due_to) = match (&raw.paid_by, &raw.due_from, &raw.due_to) {
        (None, None, None) => return Some(None),
        (Some(paid_by), Some(due_from), Some(due_to)) => (paid_by, due_from, due_to),
        _ => {
            let message = "`paid_by`, `due_from` and `due_to` go together";
            let finding = Finding::error("one-of", page.place(raw.at()), message);
            page.report(
                finding.help("a cost that another company pays needs both accounts, or neither company balances"),
            );
            return None;
        }
    };
    let due_from = account(due_from, given, page);
    let due_to = account(due_to, given, page);
    let paid_by = self::paid_by(paid_by, given, page);
    Some(Some(Intercompany { paid_by: paid_by?, due_from: due_from?, due_to: due_to? }))
}

/// A look-up of the pipeline, else a company by its name.
fn paid_by(text: &Text, given: &Given<'_>, page: &mut Page<'_>) -> Option<PaidBy> {
    if let Some(at) = given.look_ups.iter().position(|look_up| look_up.name == text.text) {
        if let Some(known) = given.known {
            known_answers(&given.look_ups[at], text, known, page)?;
        }
        return Some(PaidBy::LookUp(at));
    }
    if given.written.contains(&text.text) {
        return None;
    }
    match given.known {
        Some(known) if !known.contains(&text.text) => {
            let names: Vec<&str> = known.iter().chain(given.written).map(String::as_str).collect();
            let message = format!("`{}` is neither a look-up nor a company of the connection", text.text);
            page.error("unknown-company", text, message, did_you_mean(&text.text, &names));
            None
        }
        _ => Some(PaidBy::Company(text.text.clone())),
    }
}

fn account(text: &Text, given: &Given<'_>, page: &mut Page<'_>) -> Option<Template> {
    let mut known: Names = names::of_journal(std::iter::empty());
    known.add("other", Kind::Text);
    let template = page.template(text, &known)?;
    let widest = given.known.and_then(|known| known.iter().map(|name| name.chars().count()).max());
    let width = |name: &str| if matches!(name, "company" | "other") { widest } else { names::width(name) };
    fits(&template, text, "account", limits::ACCOUNT, &width, page).then_some(template)
}
