//! Problems put into words: what is wrong, with whom, and what to do. No word of an amount.

use super::earning::{PersonPay, Problem};
use super::facts::Facts;
use super::hold::{Hold, HoldCode, Warning};
use super::people::OnePerson;
use super::register::{self, Lack};
use crate::hr::{Employee, Period};
use crate::project::Pipeline;
use crate::project::pipeline::{Otherwise, Pay};

/// `employee 234`: BambooHR's id, never a name.
pub fn subject(facts: &Facts, employee: &Employee) -> String {
    format!("employee {}", facts.text(employee.id))
}

/// The hold for a person's `problem`.
pub fn problem(pipeline: &Pipeline, facts: &Facts, employee: &Employee, problem: &Problem) -> Hold {
    let subject = subject(facts, employee);
    match problem {
        Problem::LookUp(missing) => {
            let look_up = &pipeline.look_ups[missing.look_up];
            let keys: Vec<String> = look_up
                .table
                .key_columns()
                .iter()
                .zip(&missing.keys)
                .map(|(column, key)| format!("{column} `{key}`"))
                .collect();
            Hold {
                code: HoldCode::LookUpMissing,
                subject,
                message: format!("no {} for {} on {}", look_up.name, keys.join(" and "), missing.day),
                remedy: format!(
                    "Add a row `{}` with its {} to {}.",
                    missing.keys.join(","),
                    look_up.column,
                    look_up.table.file()
                ),
                place: Some(look_up.place.clone()),
                otherwise: look_up.otherwise,
            }
        }
        Problem::Pay(code, what) => {
            let (message, remedy) = pay_words(*code, what);
            Hold { code: *code, subject, message, remedy, place: None, otherwise: Otherwise::Hold }
        }
    }
}

fn pay_words(code: HoldCode, what: &str) -> (String, String) {
    let (message, remedy) = match code {
        HoldCode::HireDateMissing => (
            "BambooHR gives no hire date".to_owned(),
            "Enter the hire date in BambooHR, or grant the field hireDate to the connection's user.",
        ),
        HoldCode::JobRowMissing => (
            format!("no job row is in force on {what}: department and location are unknown"),
            "Add a Job Information row in BambooHR that starts on or before that day.",
        ),
        HoldCode::PayMissing => (
            format!("no compensation row is in force on {what}"),
            "Add a Compensation row in BambooHR that starts on or before that day, or leave the person out with `keep`.",
        ),
        HoldCode::PayUnreadable => (
            format!("the pay rate of the compensation row of {what} cannot be read as an exact amount"),
            "Correct the pay rate in BambooHR to a plain amount.",
        ),
        HoldCode::PayTypeUnknown => (
            format!("the pay type `{what}` has no meaning here: Salary and Hourly do by themselves"),
            "Say what it means under `pay.types` of the pipeline, or leave these people out with `keep`.",
        ),
        HoldCode::PaidPerUnknown => (
            format!("pay per `{what}` has no meaning for this pay type"),
            "Use Year, Quarter, Month, Week, Day or Pay Period for a salary, and Hour for hourly pay, in BambooHR.",
        ),
        HoldCode::PayScheduleUnknown => (
            format!("the pay schedule `{what}` is not listed, so a rate per pay period cannot be brought to a year"),
            "Add the schedule's name with its frequency under `pay.schedules` of the pipeline.",
        ),
        HoldCode::CurrencyMissing => (
            format!("the compensation row of {what} names no currency"),
            "Choose the currency in BambooHR's Compensation row.",
        ),
        HoldCode::CurrencyUnknown => {
            (format!("`{what}` is not a currency of ISO 4217"), "Correct the currency in BambooHR's Compensation row.")
        }
        HoldCode::BalanceWithoutRate => (
            format!("time off is left on {what}, and nothing says what an hour of it is worth"),
            "Leave people without a rate out with `keep`, or their types of time off out of the liability.",
        ),
        HoldCode::BenefitUnclear => (
            format!(
                "BambooHR gives no plain amount of what the employer pays for {what}: a percentage, a maximum, or no currency"
            ),
            "Give these people's cost in a table with `cost_of`, or from the register, in place of `benefits`.",
        ),
        HoldCode::BenefitChanged => (
            format!("the enrolment in {what} changed after the period, and BambooHR no longer shows what held in it"),
            "Plan the period on its last day too, so that the plan keeps it; now leave the person out, or use a table with `cost_of`.",
        ),
        HoldCode::HoursNotApproved => (
            format!("hours of {what} are not approved"),
            "Approve the timesheet in BambooHR, or write `unapproved: pay` under `pay.hourly`.",
        ),
        HoldCode::HoursNotEmployed => (
            format!("hours on {what}, when the person was not employed"),
            "Correct the hours, the hire date or the termination date in BambooHR.",
        ),
        HoldCode::EarningUnknown => (
            format!("hours with the code `{what}`, which no earning names"),
            "Name the code under `pay.earnings` of the pipeline, or correct the hours.",
        ),
        HoldCode::PaymentTypeUnknown => (
            format!("a payment of the type `{what}`, which no earning names"),
            "Name the type under `pay.earnings` of the pipeline, or under `pay.ignore_payments`.",
        ),
        HoldCode::PaymentNotEmployed => (
            format!("a payment on {what}, when the person was not employed"),
            "Correct the payment's date in BambooHR, or the hire or termination date.",
        ),
        HoldCode::PaymentUnreadable => (
            format!("the payment of {what} has no exact amount with a currency"),
            "Correct amount and currency of the payment in BambooHR.",
        ),
        HoldCode::RegisterCodeUnknown => (
            format!("the register has the code `{what}`, which nothing names"),
            "Name it under an earning, a burden or `withheld` of the pipeline, or under `ignore_codes`.",
        ),
        HoldCode::RegisterPersonTwice => (
            format!("the register has the same amount twice: {what}"),
            "Remove the line or file that is wrong; where two lines of one file count, write `control: { repeated: add up }` \
             under `pay`.",
        ),
        HoldCode::RegisterAmountUnreadable => (
            format!("the register's amount of {what} is no exact amount in its currency"),
            "Correct it in the register: digits to the cent, with the decimal mark that project.yaml names.",
        ),
        HoldCode::RegisterDoesNotAddUp => (
            format!("the register's {what} is not what its amounts add up to"),
            "Have the payroll provider correct the register, or name the code that is missing in the pipeline.",
        ),
        HoldCode::RegisterNotEmployed => (
            format!("the register of {what} pays somebody who was not hired by then"),
            "Correct the register, or the hire date in BambooHR.",
        ),
        HoldCode::LeaveTypeUnknown => (
            format!("time off of the type `{what}` is in neither list"),
            "Add the type to `pay.leave.paid` or `pay.leave.unpaid` of the pipeline.",
        ),
        HoldCode::ProjectUnknown => (
            format!("hours are of the project `{what}`, which has no row"),
            "Add the row to the table of `hourly.projects`, or write `else: home` where other projects are the person's own department's.",
        ),
        HoldCode::WorkWeekMissing => (
            format!("nobody says how many hours a day has for {what}"),
            "Add the row to the table of work weeks, or `calendar: { week: … }` to project.yaml for everybody without one.",
        ),
        HoldCode::CostMissing => (
            format!("no row of {what}"),
            "Add the row to the table, or write `else: nothing` where people without a row cost nothing.",
        ),
        HoldCode::SplitTooMuch => (
            format!("the amounts of the split on {what} are more than the salary of a period"),
            "Lower the amounts in the split table, or split by percent.",
        ),
        HoldCode::SplitNeedsSalary => (
            format!("the cost on {what} is split by amounts, which need a salary above zero"),
            "Split the cost of this person by percent or weight.",
        ),
        HoldCode::AmountTooLarge => (
            "an amount is too large to be computed exactly".to_owned(),
            "Correct the pay rate or the hours in BambooHR.",
        ),
        other => (format!("{} {what}", other.code()), "Correct it in BambooHR, then plan again."),
    };
    (message, remedy.to_owned())
}

/// What is noticed at an edge and would make a journal silently wrong: it holds the whole plan.
pub fn blocking_notices(facts: &Facts) -> Vec<Hold> {
    let code = |code: &str, subject: &str| match (code, subject) {
        ("field-dropped" | "date-unreadable", "people.terminationDate") => Some(HoldCode::TerminationDateUnknown),
        ("hours-unreadable" | "time-off-unreadable", _) => Some(HoldCode::HoursUnreadable),
        ("register-unreadable", _) => Some(HoldCode::RegisterUnreadable),
        ("sent-by-another", subject) if subject.starts_with("period ") => Some(HoldCode::SentByAnother),
        _ => None,
    };
    let blocking = facts.notices.iter().filter_map(|notice| {
        code(notice.code, &notice.subject).map(|code| Hold {
            code,
            subject: notice.subject.clone(),
            message: notice.message.clone(),
            remedy: notice.remedy.clone(),
            place: None,
            // Only a person knows whether it is the same journal under another name.
            otherwise: if code == HoldCode::SentByAnother { Otherwise::Ask } else { Otherwise::Hold },
        })
    });
    blocking.collect()
}

/// What is paid as it stands but looks odd.
pub fn pay_warnings(facts: &Facts, employee: &Employee, pay: &PersonPay) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if pay.hourly_without_hours {
        warnings.push(Warning {
            code: "hours-missing",
            subject: subject(facts, employee),
            message: "paid by the hour, but no hours in the period: books nothing for this person".to_owned(),
            remedy: "Check the person's timesheet in BambooHR.".to_owned(),
        });
    }
    if pay.negative_hours {
        warnings.push(Warning {
            code: "negative-hours",
            subject: subject(facts, employee),
            message: "has negative hours in the period; they are paid as they stand".to_owned(),
            remedy: "Check that the correction is meant.".to_owned(),
        });
    }
    if pay.negative_payments {
        warnings.push(Warning {
            code: "negative-payment",
            subject: subject(facts, employee),
            message: "has a payment below zero in the period; it is paid as it stands".to_owned(),
            remedy: "Check that the correction is meant.".to_owned(),
        });
    }
    if pay.not_on_register {
        warnings.push(Warning {
            code: "not-on-register",
            subject: subject(facts, employee),
            message: "employed in the period, but the register does not name this person".to_owned(),
            remedy: "Nothing to do where nobody was to be paid (unpaid leave); else ask the payroll provider."
                .to_owned(),
        });
    }
    warnings
}

/// A sent period before those that are corrected would come out otherwise today.
pub fn too_old(period: &Period, look_back: u32) -> Warning {
    let code = &period.code;
    Warning {
        code: "older-than-look-back",
        subject: format!("period {code}"),
        message: format!(
            "{code} was sent and would come out otherwise today, and `corrections.look_back` ends after it ({look_back}): it stays as \
             it is, and so do those before it, which were not looked at"
        ),
        remedy: "Book its correction by hand, or let `corrections.look_back` (at most 24) reach it.".to_owned(),
    }
}

/// A register pays somebody who left before the period.
pub fn paid_after_leaving(facts: &Facts, employee: &Employee) -> Warning {
    Warning {
        code: "paid-after-leaving",
        subject: subject(facts, employee),
        message: "the register pays this person, who left before the period; it costs where they worked last"
            .to_owned(),
        remedy: "Nothing to do for final pay; else correct the register or the termination date.".to_owned(),
    }
}

/// A register pays somebody whom the pipeline does not keep.
pub fn not_kept(pipeline: &Pipeline, facts: &Facts, person: &OnePerson<'_>) -> Option<Warning> {
    register::rows_of(pipeline, facts, person.registers).next()?;
    Some(Warning {
        code: "register-person-left-out",
        subject: subject(facts, person.rows.employee()),
        message: "the register pays this person, whom `keep` leaves out of the journal".to_owned(),
        remedy: "Check that somebody else books this pay, or change `keep`.".to_owned(),
    })
}

/// Lines of a register's file that are of another period.
pub fn register_other_dates(file: &str, lines: usize, period: &Period) -> Warning {
    Warning {
        code: "register-other-dates",
        subject: format!("register file {file}"),
        message: format!(
            "lines with a pay date outside {}: {lines}; they are booked with the period of their date",
            period.code
        ),
        remedy: "Nothing, where the file spans two periods; else correct the dates.".to_owned(),
    }
}

/// The hold for what a whole register lacks.
pub fn register_lacks(lack: Lack) -> Hold {
    let what = lack.what;
    let (message, remedy) = match lack.code {
        HoldCode::RegisterMissing => (
            format!("there is not one row for {what}"),
            "Put the period's file into the register's folder; files of earlier periods stay there, or corrections hold.",
        ),
        HoldCode::RegisterIncomplete => {
            (format!("only {what} are there"), "Put the missing file into the register's folder.")
        }
        _ => (
            format!("the total of {what} is not what its rows add up to"),
            "The file is incomplete or was changed: export it again.",
        ),
    };
    Hold {
        code: lack.code,
        subject: lack.subject,
        message,
        remedy: remedy.to_owned(),
        place: None,
        otherwise: Otherwise::Hold,
    }
}

/// Hours and payments of the period that name nobody BambooHR gave us: somebody's pay would be missing, so they hold.
pub fn stray_rows_of(pipeline: &Pipeline, facts: &Facts, period: &Period, pay: &Pay) -> Vec<Hold> {
    let mut known: Vec<(&str, &str)> = Vec::new();
    let mut holds = Vec::new();
    for stray in facts.strays.iter().filter(|stray| period.contains(stray.date)) {
        let code = match stray.table {
            "hours" => HoldCode::HoursUnknownPerson,
            "payments" if pay.reads_payments() => HoldCode::PaymentUnknownPerson,
            "registers" if pipeline.register.is_some() => HoldCode::RegisterUnknownPerson,
            _ => continue,
        };
        let (what, remedy) = match stray.table {
            "registers" => (
                format!("line {} of the register", stray.row_id),
                "Grant the person to the connection's user, or correct the number in the register or in BambooHR."
                    .to_owned(),
            ),
            table => (
                format!("{table} on {}", stray.date),
                format!("Grant the person to the connection's user, or delete the {table} if the person was deleted."),
            ),
        };
        if known.contains(&(stray.table, &stray.employee_id)) {
            continue;
        }
        known.push((stray.table, &stray.employee_id));
        holds.push(Hold {
            code,
            subject: format!("employee {}", stray.employee_id),
            message: format!("{what} is about a person whom BambooHR does not list"),
            remedy,
            place: None,
            otherwise: Otherwise::Hold,
        });
    }
    holds
}

/// Rows of tables that name nobody: BambooHR deleted the person, or does not grant them. They cost nothing.
pub fn stray_rows(facts: &Facts) -> Vec<Warning> {
    let mut known: Vec<&str> = Vec::new();
    let mut warnings = Vec::new();
    for stray in
        facts.strays.iter().filter(|stray| !["hours", "payments", "time_off", "registers"].contains(&stray.table))
    {
        if known.contains(&stray.employee_id.as_str()) {
            continue;
        }
        known.push(&stray.employee_id);
        warnings.push(Warning {
            code: "unknown-employee",
            subject: format!("employee {}", stray.employee_id),
            message: format!("{} has rows of a person whom BambooHR does not list", stray.table),
            remedy: "Nothing to do when the person was deleted; else grant the person to the connection's user."
                .to_owned(),
        });
    }
    warnings
}
