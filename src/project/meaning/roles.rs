//! `roles` and `approvals` of project.yaml: what they say, and whether the project can be worked with under them.

use super::Page;
use crate::project::finding::Finding;
use crate::project::pipeline::{Make, Pipeline};
use crate::project::roles::{Power, Role, Roles, Rules, same_person};
use crate::project::shape::project as shape;
use crate::project::shape::{Entries, Placed, Text};
use std::collections::BTreeSet;

/// What project.yaml says of people. `None` after an error.
pub fn rules(raw: &shape::Project, page: &mut Page<'_>) -> Option<Rules> {
    let mut rules = Rules::default();
    let mut good = true;
    if let Some(raw) = &raw.roles {
        match roles(raw, page) {
            Some(roles) => rules.roles = Some(roles),
            None => good = false,
        }
    }
    if let Some(people) = raw.approvals.as_ref().and_then(|approvals| approvals.people.as_ref()) {
        rules.approvals_place = Some(people.place(page.file));
        match page.whole(people, 1..=9) {
            Some(number) => rules.approvals = number,
            None => good = false,
        }
    }
    good.then_some(rules)
}

fn roles(raw: &Placed<Entries<shape::Role>>, page: &mut Page<'_>) -> Option<Roles> {
    let place = page.place(raw.key.unwrap_or(raw.spot));
    let entries = &raw.value.entries;
    if entries.is_empty() {
        let finding = Finding::error("empty-role", place, "there are no roles, so nobody may do anything");
        page.report(finding.help("leave `roles` out to let everybody do everything, or name a role"));
        return None;
    }
    let roles: Vec<Option<Role>> = entries.iter().map(|(name, raw)| role(name, raw, page)).collect();
    Some(Roles { all: roles.into_iter().collect::<Option<_>>()?, place })
}

fn role(name: &Text, raw: &shape::Role, page: &mut Page<'_>) -> Option<Role> {
    let place = name.place(page.file);
    let (who, may) = (raw.who.as_ref()?, raw.may.as_ref()?);
    for (is_empty, what) in [(who.is_empty(), "`who` names nobody"), (may.is_empty(), "its people may do nothing")] {
        if is_empty {
            let finding = Finding::error("empty-role", place, format!("`{}` is no role: {what}", name.text));
            page.report(
                finding.help("a role says who is in it and what they may do: `{ who: [kim], may: [approve] }`"),
            );
            return None;
        }
    }
    let names: Vec<Option<String>> = accounts(who, page);
    let may = may.iter().map(power).collect();
    Some(Role { name: name.text.clone(), who: names.into_iter().collect::<Option<_>>()?, may, place })
}

fn accounts(who: &[Text], page: &mut Page<'_>) -> Vec<Option<String>> {
    let mut seen = BTreeSet::new();
    let mut one = |name: &Text| {
        let text = name.text.as_str();
        if text.is_empty() || text.trim() != text || text.chars().any(char::is_control) {
            let help = "as the system has it: `kim`, on Windows `ACME\\kim`; blanks around it count".to_owned();
            page.error("bad-name", name, "this is no account's name", Some(help));
            return None;
        }
        if !seen.insert(same_person(text)) {
            let message = format!("`{text}` stands in this role twice");
            page.report(Finding::warning("repeated-account", name.place(page.file), message).help("remove one"));
        }
        Some(text.to_owned())
    };
    who.iter().map(&mut one).collect()
}

fn power(power: &Placed<shape::Power>) -> Power {
    match power.value {
        shape::Power::SeePay => Power::SeePay,
        shape::Power::Approve => Power::Approve,
        shape::Power::Run => Power::Run,
        shape::Power::KeepSecrets => Power::KeepSecrets,
    }
}

/// Looks at the rules beside what the pipelines need. `None` after an error in project.yaml.
pub fn check(rules: Option<(&Rules, bool)>, pipelines: &[Pipeline], findings: &mut Vec<Finding>) {
    let Some((rules, needs_vault)) = rules else { return };
    let Some(roles) = &rules.roles else {
        if let Some(place) = rules.approvals_place.clone().filter(|_| rules.approvals > 1) {
            let message = "without `roles`, the different people are only different names after `--by`";
            let help = "name the accounts that may approve under `roles`: docs/roles.md";
            findings.push(Finding::warning("approvals-by-name-only", place, message).help(help));
        }
        return;
    };
    let nobody = |power: Power| roles.people(power) == 0;
    let after_approval = pipelines.iter().find(|pipeline| pipeline.send.after_approval);
    let makes_journals = pipelines.iter().any(|pipeline| matches!(pipeline.make, Make::Journal(_)));
    let place = || roles.place.clone();
    let warning = |power, why: &str| missing(Finding::warning("power-of-nobody", place(), lacks(power, why)), power);
    if nobody(Power::Run) {
        findings.push(warning(Power::Run, "so nothing is planned or sent"));
    }
    match after_approval {
        Some(pipeline) if nobody(Power::Approve) => {
            let why = format!("and `{}` sends after approval: nothing of it is ever sent", pipeline.name);
            let finding = Finding::error("nobody-approves", place(), lacks(Power::Approve, &why));
            findings.push(missing(finding, Power::Approve));
        }
        None if nobody(Power::Approve) && makes_journals => {
            findings.push(warning(Power::Approve, "and corrections are sent after approval only"));
        }
        _ => {}
    }
    if nobody(Power::KeepSecrets) && needs_vault {
        let why = "and a connection names a secret in the vault: nobody can set or renew it";
        findings.push(warning(Power::KeepSecrets, why));
    }
    let approvers = roles.people(Power::Approve);
    if approvers > 0 && rules.approvals as usize > approvers {
        let place = rules.approvals_place.clone().unwrap_or_else(place);
        let names = if approvers == 1 { "1 account".to_owned() } else { format!("{approvers} accounts") };
        let message = format!("{} different people have to approve, and only {names} may", rules.approvals);
        let help = "name more accounts in a role that may `approve`, or ask for fewer people";
        findings.push(Finding::error("too-few-approvers", place, message).help(help));
    }
}

fn lacks(power: Power, why: &str) -> String {
    format!("no role may `{power}`, {why}")
}

fn missing(finding: Finding, power: Power) -> Finding {
    finding.help(format!("give it to a role: `may: [{power}]`; where there are roles, nobody may do what no role may"))
}
