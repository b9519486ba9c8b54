//! BambooHR: what was asked, and what the answers mean.

use super::check::{Answer, Check, Kind};
use super::used::OfBamboohr;
use super::{Asking, clock};
use crate::bamboohr::{BambooHr, OneRecord, Probed};
use crate::clock::Clock;
use crate::project::connections::{BamboohrConnection, BamboohrSignIn};
use jiff::SignedDuration;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What these checks are about.
pub const ABOUT: &str = "BambooHR";

/// What BambooHR answered. What was not asked is `None`.
#[derive(Debug, Default)]
pub struct Seen {
    /// The account's fields: the first question, so its trouble is that of the sign-in.
    pub fields: Option<Answer<BTreeSet<String>>>,
    /// Whose sign-in it is.
    pub own: Option<Answer<Option<String>>>,
    pub record: Option<Answer<Option<OneRecord>>>,
    pub probes: Vec<(String, Option<Answer<Probed>>)>,
    /// How far its clock is ahead of this machine's.
    pub ahead: Option<SignedDuration>,
}

/// Asks BambooHR the least that proves something; nothing more after a refusal.
pub async fn ask(bamboohr: &BambooHr, used: &OfBamboohr, today: Date, machine: &dyn Clock) -> Seen {
    let mut asking = Asking::default();
    let fields = asking.ask(bamboohr.fields()).await;
    let fields = fields.map(|fields| fields.map(|fields| fields.into_iter().map(|field| field.field).collect()));
    let own = asking.ask_aside(bamboohr.own_employee()).await;
    let record = asking.ask(bamboohr.one_record(&used.fields)).await;
    let person = match &record {
        Some(Ok(Some(record))) => record.id.clone(),
        _ => match &own {
            Some(Ok(Some(id))) => id.clone(),
            _ => String::new(),
        },
    };
    let mut probes = Vec::new();
    for (name, probe) in used.probes(&person, today) {
        // Without a person there is nobody whose rows could be asked for.
        let can_ask = !person.is_empty() || !probe.is_of_a_person();
        let answer = if can_ask { asking.ask(bamboohr.probe(&probe)).await } else { None };
        probes.push((name, answer));
    }
    let ahead = bamboohr.server_time().map(|time| time.ahead_of(machine.now()));
    Seen { fields, own, record, probes, ahead }
}

/// What the answers mean.
pub fn judge(connection: &BamboohrConnection, used: &OfBamboohr, seen: &Seen) -> Vec<Check> {
    let mut checks = vec![sign_in(connection, seen)];
    checks.extend(fields(used, seen));
    for (name, answer) in &seen.probes {
        checks.push(match answer {
            None => Check::not_asked(ABOUT, name),
            Some(Err(trouble)) => Check::trouble(ABOUT, name, trouble),
            Some(Ok(probed)) => list(name, probed, used),
        });
    }
    checks.push(clock::judge(ABOUT, seen.ahead));
    checks
}

fn sign_in(connection: &BamboohrConnection, seen: &Seen) -> Check {
    let name = "sign-in";
    let later = seen.own.as_ref().and_then(|own| own.as_ref().err());
    if let Some(trouble) = later.filter(|trouble| trouble.kind == Kind::SignInRefused) {
        return Check::trouble(ABOUT, name, trouble);
    }
    match &seen.fields {
        None => Check::not_asked(ABOUT, name),
        // A right that is missing proves that the sign-in is good.
        Some(Err(trouble)) if trouble.ends_the_asking() || trouble.is_unreadable => {
            Check::trouble(ABOUT, name, trouble)
        }
        Some(_) => {
            let how = match &connection.sign_in {
                BamboohrSignIn::ApiKey(_) => "by API key",
                BamboohrSignIn::OAuth(_) => "by OAuth",
            };
            let who = match &seen.own {
                Some(Ok(Some(id))) => format!(", as the user of employee {id}"),
                Some(Ok(None)) => ", as a user that is no employee".to_owned(),
                _ => String::new(),
            };
            let (company, address) = (&connection.company, &connection.base_url);
            Check::good(ABOUT, name, format!("company {company} at {address}, {how}{who}"))
        }
    }
}

/// Each field that pipelines use: the account has it, and this sign-in may read it.
fn fields(used: &OfBamboohr, seen: &Seen) -> Vec<Check> {
    let name = "fields";
    let known = match &seen.fields {
        None => return vec![Check::not_asked(ABOUT, name)],
        Some(Err(trouble)) if trouble.ends_the_asking() => return vec![Check::not_asked(ABOUT, name)],
        Some(Err(trouble)) => return vec![Check::trouble(ABOUT, name, trouble)],
        Some(Ok(known)) => known,
    };
    let restricted: &[String] = match &seen.record {
        Some(Ok(Some(record))) => &record.restricted,
        Some(Err(trouble)) => return vec![Check::trouble(ABOUT, name, trouble)],
        _ => &[],
    };
    let mut checks = Vec::new();
    let mut granted = Vec::new();
    for field in &used.fields {
        let check = format!("field {field}");
        if !known.contains(field) {
            let remedy =
                "correct `take`, or grant the field: `ml-connector record --fields` lists what the account has";
            let says = format!("the account has no field `{field}`, or does not grant it");
            checks.push(Check::bad(ABOUT, &check, says, remedy));
        } else if restricted.contains(field) {
            let remedy =
                format!("in BambooHR, Settings, Access Levels: let the level of the key's user view `{field}`");
            checks.push(Check::bad(ABOUT, &check, format!("`{field}` is not granted to this sign-in"), remedy));
        } else {
            granted.push(field.as_str());
        }
    }
    if !granted.is_empty() {
        let says = match seen.record {
            Some(Ok(Some(_))) => format!("granted: {}", granted.join(", ")),
            // Whether each is granted shows in somebody's record only.
            _ => format!("the account has {}", granted.join(", ")),
        };
        checks.insert(0, Check::good(ABOUT, name, says));
    }
    if let Some(Ok(None)) = seen.record {
        let remedy = "give the key's user access to all employees; then `ml-connector observe` tells what is read";
        checks.push(Check::warning(ABOUT, "people", "the account shows nobody's record", remedy));
    }
    checks
}

fn list(name: &str, probed: &Probed, used: &OfBamboohr) -> Check {
    if !probed.missing.is_empty() {
        let columns = probed.missing.join("`, `");
        let says = format!("it can be read, but not its `{columns}`");
        let remedy = format!("in BambooHR, Settings, Access Levels: let the level of the key's user view `{columns}`");
        return Check::bad(ABOUT, name, says, remedy);
    }
    if name == "benefit plans" {
        let gone: Vec<&str> =
            used.benefit_plans.iter().filter(|plan| !probed.names.contains(plan)).map(String::as_str).collect();
        if !gone.is_empty() {
            let remedy = "write the plan's name as BambooHR has it under `benefits`, or take it out";
            return Check::bad(ABOUT, name, format!("there is no plan {}", gone.join(", ")), remedy);
        }
    }
    Check::good(ABOUT, name, if probed.rows == 0 { "can be asked; nothing in it today" } else { "can be read" })
}
