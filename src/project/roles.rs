//! Who may do what: `roles` and `approvals` of project.yaml, and the decision. Who is asking is told by whoever asks; nothing
//! here looks at the system.

use super::finding::{Place, Severity};
use super::meaning::Page;
use super::meaning::roles::rules;
use super::shape::check::shaped;
use super::shape::{FileKind, project as shape};
use super::spans;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// Something that a role lets its people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Power {
    /// Be shown amounts that are one person's.
    SeePay,
    /// Say yes to a stored plan.
    Approve,
    /// Read both systems, plan and send.
    Run,
    /// Set secrets, change the master key, sign in to BambooHR.
    KeepSecrets,
}

impl Power {
    /// Every power there is.
    pub const ALL: [Power; 4] = [Power::SeePay, Power::Approve, Power::Run, Power::KeepSecrets];

    /// The word in project.yaml.
    pub fn word(self) -> &'static str {
        match self {
            Power::SeePay => "see pay",
            Power::Approve => "approve",
            Power::Run => "run",
            Power::KeepSecrets => "keep secrets",
        }
    }
}

impl fmt::Display for Power {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// An account of the operating system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// As the system has it: `kim`, `ACME\kim`, `uid 1000`.
    pub name: String,
    /// Whether `kim` and `Kim` are one account: on Windows.
    pub ignores_case: bool,
}

impl Account {
    /// Whether somebody who wrote `name` means this account.
    pub fn is_called(&self, name: &str) -> bool {
        match self.ignores_case {
            true => self.name.to_lowercase() == name.to_lowercase(),
            false => self.name == name,
        }
    }
}

/// One role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    pub name: String,
    pub who: Vec<String>,
    pub may: BTreeSet<Power>,
    /// Where it stands in project.yaml.
    pub place: Place,
}

/// What project.yaml says of the people who work with the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// `None` where project.yaml has no `roles`: everybody may do everything.
    pub roles: Option<Roles>,
    /// How many different people say yes to a document before it is sent.
    pub approvals: u32,
    /// Where that stands, if it is said.
    pub approvals_place: Option<Place>,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { roles: None, approvals: 1, approvals_place: None }
    }
}

/// The roles of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    pub all: Vec<Role>,
    /// Where `roles` stands.
    pub place: Place,
}

/// An account is not let do something: which power it lacks, and who has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    pub account: String,
    pub power: Power,
    /// The roles that have it, with their places; none where nobody has it.
    pub roles: Vec<(String, Place)>,
    /// Where `roles` stands.
    pub place: Place,
}

impl fmt::Display for Denied {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the account `{}` is in no role that may `{}`", self.account, self.power)
    }
}

impl Denied {
    /// Who has the power, and where that is written.
    pub fn remedy(&self) -> String {
        let roles: Vec<String> = self.roles.iter().map(|(name, place)| format!("{name} ({place})")).collect();
        match roles.as_slice() {
            [] => format!("no role of project.yaml may `{}`: {}", self.power, self.place),
            [role] => format!("the role that may `{}` is {role}: ask one of its people", self.power),
            roles => format!("the roles that may `{}` are {}: ask one of their people", self.power, roles.join(", ")),
        }
    }
}

impl Rules {
    /// Whether the account may do it.
    ///
    /// # Errors
    /// That it may not, with who may.
    pub fn allow(&self, account: &Account, power: Power) -> Result<(), Denied> {
        let Some(roles) = &self.roles else { return Ok(()) };
        if roles.having(power).any(|role| role.who.iter().any(|name| account.is_called(name))) {
            return Ok(());
        }
        let having = roles.having(power).map(|role| (role.name.clone(), role.place.clone())).collect();
        Err(Denied { account: account.name.clone(), power, roles: having, place: roles.place.clone() })
    }

    /// The rules of a project.yaml by itself, so that a mistake elsewhere in the project neither opens a door nor closes one. `None`
    /// where anything in it cannot be read: what rules it has is not known then. Lint tells why.
    pub fn of_text(text: &str) -> Option<Rules> {
        let file: Arc<str> = Arc::from("project.yaml");
        let mut findings = Vec::new();
        let root = spans::parse(&file, text, &mut findings)?;
        let raw = shaped::<shape::Project>(FileKind::Project, &file, root, &mut findings)?;
        let rules = rules(&raw.value, &mut Page::new(&file, &mut findings))?;
        findings.iter().all(|finding| finding.severity == Severity::Warning).then_some(rules)
    }
}

impl Roles {
    /// The roles that have a power.
    pub fn having(&self, power: Power) -> impl Iterator<Item = &Role> {
        self.all.iter().filter(move |role| role.may.contains(&power))
    }

    /// How many different names have a power.
    pub fn people(&self, power: Power) -> usize {
        let names: BTreeSet<String> =
            self.having(power).flat_map(|role| &role.who).map(|name| same_person(name)).collect();
        names.len()
    }
}

/// The name as people are told apart: nobody counts twice because of a capital letter or a blank.
pub fn same_person(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "format: 1\nproject: acme\ntimezone: UTC\nroles:\n  controllers: { who: [\"ACME\\\\kim\", lee], \
                        may: [see pay, approve] }\n  operators: { who: [svc], may: [run] }\napprovals: { people: 2 }\n";

    fn account(name: &str, ignores_case: bool) -> Account {
        Account { name: name.to_owned(), ignores_case }
    }

    #[test]
    fn a_power_belongs_to_who_has_it_and_to_nobody_else() {
        let rules = Rules::of_text(TEXT).unwrap();
        let may = |name: &str, power| rules.allow(&account(name, false), power).is_ok();
        assert_eq!(rules.approvals, 2);
        assert!(may("ACME\\kim", Power::SeePay) && may("lee", Power::Approve) && may("svc", Power::Run));
        assert!(!may("svc", Power::SeePay) && !may("lee", Power::Run) && !may("mia", Power::Run));
        assert!(!may("lee", Power::KeepSecrets), "a power that no role has is nobody's");
        assert!(!may("kim", Power::SeePay), "a name without its domain is another one");
    }

    #[test]
    fn letter_case_counts_but_on_windows() {
        let rules = Rules::of_text(TEXT).unwrap();
        assert!(rules.allow(&account("acme\\KIM", true), Power::SeePay).is_ok());
        assert!(rules.allow(&account("acme\\KIM", false), Power::SeePay).is_err());
    }

    #[test]
    fn a_refusal_says_what_is_missing_who_has_it_and_where() {
        let rules = Rules::of_text(TEXT).unwrap();
        let denied = rules.allow(&account("mia", false), Power::SeePay).unwrap_err();
        assert_eq!(denied.to_string(), "the account `mia` is in no role that may `see pay`");
        assert_eq!(
            denied.remedy(),
            "the role that may `see pay` is controllers (project.yaml:5:3): ask one of its people"
        );
        let denied = rules.allow(&account("lee", false), Power::KeepSecrets).unwrap_err();
        assert_eq!(denied.remedy(), "no role of project.yaml may `keep secrets`: project.yaml:4:1");
    }

    #[test]
    fn without_roles_everybody_may_and_with_broken_ones_nobody() {
        let free = Rules::of_text("format: 1\nproject: acme\ntimezone: UTC\n").unwrap();
        assert_eq!(free, Rules::default());
        assert!(free.allow(&account("mia", false), Power::SeePay).is_ok());
        for broken in [
            "roles: {}",
            "roles: { a: { who: [x] } }",
            "roles: { a: { who: [x], may: [se pay] } }",
            "roles:\n  a",
            "roles: [",
        ] {
            let text = format!("format: 1\nproject: acme\ntimezone: UTC\n{broken}\n");
            assert!(Rules::of_text(&text).is_none(), "{broken}");
        }
    }

    #[test]
    fn nobody_is_two_people_by_a_capital_letter() {
        assert_eq!(same_person(" Kim "), same_person("kim"));
        assert_eq!(Rules::of_text(TEXT).unwrap().roles.unwrap().people(Power::Approve), 2);
    }
}
