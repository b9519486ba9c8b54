//! `roles` and `approvals` in words.

use crate::project::roles::{Power, Role, Rules};

/// Who may do what, and how many people approve.
pub fn people(rules: &Rules) -> Vec<String> {
    let mut sentences = match &rules.roles {
        None => vec!["Whoever can start the program may do everything.".to_owned()],
        Some(roles) => {
            let mut sentences: Vec<String> = roles.all.iter().map(role).collect();
            sentences.push("Nobody may do what no role lets them.".to_owned());
            sentences
        }
    };
    sentences.push(match rules.approvals {
        1 => "One person's approval is enough.".to_owned(),
        people => format!("{people} different people approve a document before it is sent."),
    });
    sentences
}

fn role(role: &Role) -> String {
    let may: Vec<&str> = role.may.iter().map(|power| does(*power)).collect();
    let names: Vec<String> = role.who.iter().map(|name| format!("`{name}`")).collect();
    format!("{} ({}) may {}.", role.name, names.join(", "), and(&may))
}

fn does(power: Power) -> &'static str {
    match power {
        Power::SeePay => "see amounts of single people",
        Power::Approve => "approve plans",
        Power::Run => "plan and send",
        Power::KeepSecrets => "set secrets",
    }
}

/// `a`, `a and b`, `a, b and c`.
fn and(parts: &[&str]) -> String {
    match parts {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        parts => parts.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_read_as_sentences() {
        let head = "format: 1\nproject: acme\ntimezone: UTC\n";
        let said = |text: &str| people(&Rules::of_text(&format!("{head}{text}")).unwrap());
        assert_eq!(said(""), ["Whoever can start the program may do everything.", "One person's approval is enough."]);
        let roles = "roles:\n  controllers: { who: [kim, lee], may: [approve, see pay] }\n  service: { who: [svc], may: [run] }\n";
        assert_eq!(
            said(&format!("{roles}approvals: {{ people: 2 }}\n")),
            [
                "controllers (`kim`, `lee`) may see amounts of single people and approve plans.",
                "service (`svc`) may plan and send.",
                "Nobody may do what no role lets them.",
                "2 different people approve a document before it is sent.",
            ]
        );
    }
}
