//! GP: what was asked of one company, and what the answers mean.

use super::check::{Answer, Check, Kind, State, Trouble};
use super::used::OfGp;
use super::{Asking, clock};
use crate::clock::Clock;
use crate::gp::Gp;
use crate::ledger::{AccountNumber, BatchId, FiscalPeriod, RecordKind, Series};
use crate::project::connections::{GpConnection, Provider, SecretFrom};
use jiff::SignedDuration;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What these checks are about.
pub const ABOUT: &str = "GP";

/// No site has a record of this key: that there is none is an answer, too.
const NOBODY: &str = "ML-CONNECTOR";
/// No reference ends so by accident.
const NO_KEY: &str = "00000000";

/// What one company answered. What was not asked is `None`.
#[derive(Debug, Default)]
pub struct Seen {
    pub periods: Option<Answer<Vec<FiscalPeriod>>>,
    /// Whether the account that was asked for is there.
    pub account: Option<Answer<bool>>,
    /// Each dimension with the number of its values.
    pub dimensions: Vec<(String, Option<Answer<usize>>)>,
    pub journals: Option<Answer<()>>,
    pub batches: Option<Answer<()>>,
    pub vendors: Option<Answer<()>>,
    pub employees: Option<Answer<()>>,
    pub ahead: Option<SignedDuration>,
    /// How the server was signed in to.
    pub reached: Option<windows_auth::Seen>,
}

/// Asks one company the least that proves something; nothing more after a refusal.
pub async fn ask(gp: &Gp, connection: &GpConnection, used: &OfGp, today: Date, machine: &dyn Clock) -> Seen {
    let (mut asking, mut seen, providers) = (Asking::default(), Seen::default(), &connection.providers);
    if used.journals {
        let days: BTreeSet<Date> = used.books_on.iter().map(|(day, _)| *day).chain([today]).collect();
        let (first, last) = (days.first().copied().unwrap_or(today), days.last().copied().unwrap_or(today));
        if providers.periods != Provider::Off {
            seen.periods = asking.ask(gp.fiscal_periods(first, last)).await;
        }
        if providers.accounts != Provider::Off {
            let number = AccountNumber::new(used.account.as_deref().unwrap_or(NOBODY));
            let found = asking.ask(gp.accounts(&BTreeSet::from([number]))).await;
            seen.account = found.map(|found| found.map(|accounts| !accounts.is_empty()));
        }
        for name in used.dimensions.iter().filter(|_| providers.dimensions != Provider::Off) {
            let values = asking.ask(gp.dimension_values(name)).await;
            seen.dimensions.push((name.clone(), values.map(|values| values.map(|values| values.len()))));
        }
        if providers.journals != Provider::Off {
            let found = asking.ask(gp.journals_in_batch(&BatchId::new(NOBODY), NO_KEY)).await;
            seen.journals = found.map(|found| found.map(|_| ()));
        }
        if providers.batches != Provider::Off {
            seen.batches = asking.ask(gp.batch(&BatchId::new(NOBODY))).await.map(|found| found.map(|_| ()));
        }
    }
    if used.vendors {
        seen.vendors = asking.ask(gp.record(RecordKind::Vendor, NOBODY)).await.map(|found| found.map(|_| ()));
    }
    if used.employees {
        seen.employees = asking.ask(gp.record(RecordKind::Employee, NOBODY)).await.map(|found| found.map(|_| ()));
    }
    seen.reached = Some(gp.seen());
    seen.ahead = gp.server_time().map(|time| time.ahead_of(machine.now()));
    seen
}

impl Seen {
    /// Every answer that GP itself gave, in the order of asking.
    fn answers(&self, connection: &GpConnection) -> Vec<Result<(), &Trouble>> {
        let providers = &connection.providers;
        let is_asked = |provider: &Provider| *provider == Provider::Sba;
        let mut answers = Vec::new();
        if is_asked(&providers.periods) {
            answers.extend(self.periods.as_ref().map(|answer| answer.as_ref().map(|_| ())));
        }
        answers.extend(self.account.as_ref().map(|answer| answer.as_ref().map(|_| ())));
        if is_asked(&providers.dimensions) {
            let dimensions = self.dimensions.iter().filter_map(|(_, answer)| answer.as_ref());
            answers.extend(dimensions.map(|answer| answer.as_ref().map(|_| ())));
        }
        for answer in [&self.journals, &self.batches, &self.vendors, &self.employees].into_iter().flatten() {
            answers.push(answer.as_ref().copied());
        }
        answers
    }
}

/// What the answers of one company mean.
pub fn judge(connection: &GpConnection, used: &OfGp, today: Date, seen: &Seen) -> Vec<Check> {
    let (signed_in, company) = door(connection, seen);
    let told = signed_in.clone();
    let mut checks = vec![signed_in, company];
    let providers = &connection.providers;
    if used.journals {
        checks.extend(periods(&providers.periods, used, today, seen));
        checks.push(account(&providers.accounts, used, seen));
        checks.extend(dimensions(&providers.dimensions, used, seen));
        checks.push(capability("journals", &providers.journals, &seen.journals));
        checks.push(capability("batches", &providers.batches, &seen.batches));
    }
    if used.vendors {
        checks.push(capability("vendors", &providers.vendors, &seen.vendors));
    }
    if used.employees {
        checks.push(capability("employees", &providers.employees, &seen.employees));
    }
    checks.push(clock::judge(ABOUT, seen.ahead));
    checks.extend(seen.reached.iter().flat_map(domain));
    // What the first question met is told once, as the sign-in's.
    for check in &mut checks[1..] {
        if told.state == State::Bad && check.says == told.says {
            *check = Check::not_asked(ABOUT, &check.name);
        }
    }
    checks
}

/// What a sign-in to the domain met on its way.
fn domain(reached: &windows_auth::Seen) -> Vec<Check> {
    let mut checks = Vec::new();
    if reached.fell_back {
        let remedy = "run `ml-connector doctor`; without `else: ntlm` the reason is told as an error";
        checks.push(Check::warning(ABOUT, "Kerberos", "it could not be used, so the sign-in was by NTLM", remedy));
    }
    if let Some(seconds) = reached.ahead_of_domain {
        let minutes = seconds.unsigned_abs().div_ceil(60);
        let direction = if seconds < 0 { "behind" } else { "before" };
        let says = format!(
            "this machine's clock is {minutes} minutes {direction} the domain controller's, whose time is used"
        );
        checks.push(Check::warning(
            ABOUT,
            "domain's clock",
            says,
            "set this machine's clock by the domain's time (NTP)",
        ));
    }
    checks
}

/// Where GP is.
pub fn server(connection: &GpConnection) -> String {
    format!("{}://{}:{}", connection.scheme, connection.server, connection.port)
}

/// Sign-in and company: GP has no question for either, so what other questions met tells.
fn door(connection: &GpConnection, seen: &Seen) -> (Check, Check) {
    let answers = seen.answers(connection);
    let (signed_in, company) = ("sign-in", "company");
    let Some(first) = answers.first() else {
        let remedy = "nothing that this project does needs an answer of GP";
        return (
            Check::unknown(ABOUT, signed_in, "GP was not asked anything", remedy),
            Check::unknown(ABOUT, company, "GP was not asked anything", remedy),
        );
    };
    let ended = answers.iter().find_map(|answer| answer.err().filter(|trouble| trouble.ends_the_asking()));
    if let (Some(trouble), Err(_)) = (ended, first) {
        return (Check::trouble(ABOUT, signed_in, trouble), Check::not_asked(ABOUT, company));
    }
    // By the name of its secret: who keeps the user in the vault does not want to read it on a screen.
    let user = match &connection.user {
        Some(SecretFrom::Environment(variable)) => format!("the user of the variable {variable}"),
        Some(SecretFrom::Vault(secret)) => format!("the user of the secret {secret}"),
        None => "the owner of the ticket".to_owned(),
    };
    let how = seen.reached.as_ref().and_then(|reached| reached.mechanism);
    let how = how.map_or_else(String::new, |how| format!(", by {}", how.name()));
    let says = format!("{} takes {user}{how}", server(connection));
    let answered = answers.iter().any(Result::is_ok);
    let company = match answered {
        true => Check::good(ABOUT, company, format!("{} (tenant {}) answers", connection.company, connection.tenant)),
        false => {
            let says = format!("GP answered no question about {}", connection.company);
            let remedy = "check company (its name as GP shows it, every letter) and tenant under connections.gp, and that the \
                          user has access to the company";
            Check::bad(ABOUT, company, says, remedy)
        }
    };
    (Check::good(ABOUT, signed_in, says), company)
}

/// A capability that is off or declared; `None` where GP is asked.
fn not_by_gp(name: &str, provider: &Provider) -> Option<Check> {
    match provider {
        Provider::Sba => None,
        Provider::Off => {
            let remedy = format!("nothing to do, unless the site has a service for it: providers: {{ {name}: sba }}");
            Some(Check::unknown(ABOUT, name, "off in this project: not asked, not checked", remedy))
        }
        Provider::Declared { .. } => None,
    }
}

fn capability(name: &str, provider: &Provider, answer: &Option<Answer<()>>) -> Check {
    if let Some(check) = not_by_gp(name, provider) {
        return check;
    }
    match answer {
        None => Check::not_asked(ABOUT, name),
        Some(Ok(())) => Check::good(ABOUT, name, "can be read"),
        Some(Err(trouble)) if trouble.is_unreadable => unclear(name, trouble),
        Some(Err(trouble)) => Check::trouble(ABOUT, name, trouble),
    }
}

/// What was asked by an invented key may be answered so by a site that has the service and not the record.
fn unclear(name: &str, trouble: &Trouble) -> Check {
    let says = format!("it cannot be told whether there is such a service or only no such record: {}", trouble.says);
    let remedy = "compare the path in the dialect with the site's /help page; where the site answers so for what it does not \
                  have, say it in the dialect: bare_not_found (docs/dialect.md)";
    Check::warning(ABOUT, name, says, remedy)
}

fn account(provider: &Provider, used: &OfGp, seen: &Seen) -> Check {
    let name = "accounts";
    if let Some(check) = not_by_gp(name, provider) {
        return check;
    }
    match (&seen.account, &used.account) {
        (None, _) => Check::not_asked(ABOUT, name),
        (Some(Err(trouble)), None) if trouble.is_unreadable => unclear(name, trouble),
        (Some(Err(trouble)), _) => Check::trouble(ABOUT, name, trouble),
        (Some(Ok(false)), Some(number)) => {
            let says = format!("they can be read, and GP has no account {number}");
            Check::bad(
                ABOUT,
                name,
                says,
                "create it in GP, or correct the account of the line; `lint --live` tells of all",
            )
        }
        (Some(Ok(true)), Some(number)) => Check::good(ABOUT, name, format!("can be read; {number} is there")),
        (Some(Ok(_)), None) => Check::good(ABOUT, name, "can be read"),
    }
}

fn dimensions(provider: &Provider, used: &OfGp, seen: &Seen) -> Vec<Check> {
    if used.dimensions.is_empty() {
        return Vec::new();
    }
    if let Some(check) = not_by_gp("dimensions", provider) {
        return vec![check];
    }
    let one = |(dimension, answer): &(String, Option<Answer<usize>>)| {
        let name = format!("dimension {dimension}");
        match answer {
            None => Check::not_asked(ABOUT, &name),
            Some(Err(trouble)) => Check::trouble(ABOUT, &name, trouble),
            Some(Ok(0)) => {
                let remedy = format!("check `dimensions: {{ {dimension}: … }}` under connections.gp");
                Check::bad(ABOUT, &name, "GP has no value for it", remedy)
            }
            Some(Ok(count)) => Check::good(ABOUT, &name, format!("{count} values")),
        }
    };
    seen.dimensions.iter().map(one).collect()
}

/// The calendar, and whether the periods are open that today and the next journals are in.
fn periods(provider: &Provider, used: &OfGp, today: Date, seen: &Seen) -> Vec<Check> {
    let name = "fiscal periods";
    if let Some(check) = not_by_gp("periods", provider) {
        return vec![Check { name: name.to_owned(), ..check }];
    }
    let periods = match &seen.periods {
        None => return vec![Check::not_asked(ABOUT, name)],
        Some(Err(trouble)) => return vec![Check::trouble(ABOUT, name, trouble)],
        Some(Ok(periods)) => periods,
    };
    let declared = match provider {
        Provider::Declared { file, .. } => format!(", as {file} declares"),
        Provider::Sba | Provider::Off => String::new(),
    };
    let of = |day: Date| periods.iter().find(|period| period.series == Series::Financial && period.contains(day));
    let mut checks = vec![match of(today) {
        None => {
            let remedy =
                "ask the accountants to set up the fiscal year (Financial series) before journals of these days";
            Check::warning(ABOUT, name, format!("{today} is in no period of the Financial series{declared}"), remedy)
        }
        Some(now) if now.closed => {
            let says =
                format!("today's period {}-{:02} is closed for the Financial series{declared}", now.year, now.number);
            Check::warning(ABOUT, name, says, "nothing to do, unless something is to be booked in it")
        }
        Some(now) => {
            Check::good(ABOUT, name, format!("today's period {}-{:02} is open{declared}", now.year, now.number))
        }
    }];
    for (day, pipeline) in &used.books_on {
        let name = format!("period of {pipeline}");
        let remedy = "ask the accountants to open it for the Financial series; the date of a journal is never moved";
        checks.push(match of(*day) {
            None => {
                Check::bad(ABOUT, &name, format!("{day}, its next journal's day, is in no period{declared}"), remedy)
            }
            Some(period) if period.closed => {
                let says =
                    format!("{}-{:02}, where its journal of {day} belongs, is closed", period.year, period.number);
                Check { kind: Kind::Missing, ..Check::bad(ABOUT, &name, format!("{says}{declared}"), remedy) }
            }
            Some(period) => {
                let says = format!("{}-{:02}, where its journal of {day} belongs, is open", period.year, period.number);
                Check::good(ABOUT, &name, format!("{says}{declared}"))
            }
        });
    }
    checks
}
