//! One file being given its meaning.

use crate::ledger::Currency;
use crate::project::expression::{Expression, Wanted};
use crate::project::finding::{Finding, Place, Problem};
use crate::project::shape::Text;
use crate::project::spans::Spot;
use crate::project::template::Template;
use crate::project::value::Names;
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A file and the findings about it.
pub struct Page<'p> {
    pub file: &'p Arc<str>,
    pub findings: &'p mut Vec<Finding>,
    /// Where names stood that could not be read: an unknown name is no finding then, it may be one of those.
    pub names_are_missing: bool,
}

impl<'p> Page<'p> {
    pub fn new(file: &'p Arc<str>, findings: &'p mut Vec<Finding>) -> Page<'p> {
        Page { file, findings, names_are_missing: false }
    }

    pub fn place(&self, spot: Spot) -> Place {
        spot.place(self.file)
    }

    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// An error about a text, at the text.
    pub fn error(&mut self, code: &'static str, text: &Text, message: impl Into<String>, help: Option<String>) {
        let place = text.place(self.file);
        self.report(Finding::error(code, place, message).maybe_help(help));
    }

    /// Mistakes inside a text, moved to where the text stands.
    pub fn problems(&mut self, text: &Text, problems: Vec<Problem>) {
        for problem in problems {
            if problem.code == "unknown-name" && self.names_are_missing {
                continue;
            }
            let place = text.spot.part(self.file, problem.line, problem.column, problem.length);
            // Inside a folded or escaped text only the whole has a place: nothing can be mended there.
            let meant = problem.meant.as_deref().filter(|_| place.length == problem.length);
            self.report(Finding::error(problem.code, place, problem.message).maybe_help(problem.help).write(meant));
        }
    }

    pub fn expression(&mut self, text: &Text, names: &Names, wanted: Wanted) -> Option<Expression> {
        match Expression::compile(&text.text, names, wanted) {
            Ok(expression) => {
                self.same_for_all(text, &expression);
                Some(expression)
            }
            Err(problems) => {
                self.problems(text, problems);
                None
            }
        }
    }

    /// A condition that decides nothing was meant otherwise.
    fn same_for_all(&mut self, text: &Text, expression: &Expression) {
        if let Some(share) = expression.share_over_one() {
            let message = format!("`within` allows {share} times as much as the value itself");
            let finding = Finding::warning("unlikely-rate", text.place(self.file), message);
            self.report(finding.help("a share is a fraction: 5 % is `0.05`"));
        }
        let Some(truth) = expression.decides_nothing() else { return };
        let place = text.place(self.file);
        let constant = expression.names().is_empty();
        let finding = if constant {
            let what = if truth { "always-true" } else { "never-true" };
            let message = "this condition asks nothing of anybody";
            let finding =
                if truth { Finding::warning(what, place, message) } else { Finding::error(what, place, message) };
            finding.help("write a condition, or remove it")
        } else if truth {
            Finding::warning("always-true", place, "this condition holds for everybody")
                .help("to leave out several values, join them with `&&`: `x != \"a\" && x != \"b\"`")
        } else {
            Finding::error("never-true", place, "this condition holds for nobody")
                .help("one name has one value: to allow several, join them with `||`: `x == \"a\" || x == \"b\"`")
        };
        self.report(finding);
    }

    /// The place of a text that stands quoted inside an expression, else of the whole expression.
    pub fn place_of_literal(&self, text: &Text, literal: &str) -> Place {
        let at = text.text.find(&format!("\"{literal}\"")).filter(|_| !text.text.contains('\n'));
        at.map_or_else(
            || text.place(self.file),
            |at| {
                let column = text.text[..at].chars().count() + 2;
                let number = |count: usize| u32::try_from(count).unwrap_or(1);
                text.spot.part(self.file, 1, number(column), number(literal.chars().count()))
            },
        )
    }

    pub fn template(&mut self, text: &Text, names: &Names) -> Option<Template> {
        let template = match Template::compile(&text.text, names) {
            Ok(template) => template,
            Err(problems) => {
                self.problems(text, problems);
                return None;
            }
        };
        if template.literals().iter().any(|literal| literal.contains("${")) {
            let help = "only values under `connections` in project.yaml may be a setting";
            self.error("setting-outside-connections", text, "`${…}` is not replaced here", Some(help.to_owned()));
            return None;
        }
        if let Some(name) = template.literals().into_iter().find_map(|literal| in_one_brace(literal, names)) {
            let help = format!("a name stands in double braces: `{{{{ {name} }}}}`");
            self.error("template-syntax", text, format!("`{{ {name} }}` would be printed as it is"), Some(help));
            return None;
        }
        Some(template)
    }

    /// A plain decimal: digits, a point, digits. No exponent, no thousands separator.
    pub fn decimal(&mut self, text: &Text) -> Option<Decimal> {
        let number = plain_decimal(&text.text);
        if number.is_none() {
            let message = format!("`{}` is not a plain decimal number", text.text);
            self.error("not-a-number", text, message, Some("write it out, for example 40 or 1.5".to_owned()));
        }
        number
    }

    /// A fraction of one, written as a percentage (`7.65%`) or as the fraction itself (`0.0765`).
    pub fn share(&mut self, text: &Text) -> Option<Decimal> {
        let share = match text.text.strip_suffix('%') {
            Some(percent) => plain_decimal(percent.trim_end()).and_then(|p| p.checked_div(Decimal::ONE_HUNDRED)),
            None => plain_decimal(&text.text),
        };
        if share.is_none() {
            let message = format!("`{}` is neither a percentage nor a plain fraction", text.text);
            let help = "write it as 7.65% or 0.0765".to_owned();
            self.error("not-a-number", text, message, Some(help));
        }
        share
    }

    /// A currency of ISO 4217.
    pub fn currency(&mut self, text: &Text) -> Option<Currency> {
        let currency = Currency::from_code(&text.text);
        if currency.is_none() {
            let help = Some("write the three capital letters, for example USD".to_owned());
            self.error("unknown-value", text, format!("`{}` is not a currency of ISO 4217", text.text), help);
        }
        currency
    }

    /// An amount in a currency's major unit: to the minor unit, not below zero.
    pub fn money(&mut self, text: &Text, currency: Option<Currency>) -> Option<Decimal> {
        let number = self.decimal(text)?;
        let fits = !number.is_sign_negative()
            && currency.is_none_or(|currency| number.normalize().scale() <= currency.minor_digits());
        if !fits {
            let of = currency.map_or_else(String::new, |currency| format!(" of {currency}"));
            let message = format!("`{}` is not an amount{of}", text.text);
            self.error("not-a-number", text, message, Some("write it to the cent, not below zero".to_owned()));
        }
        fits.then_some(number)
    }

    /// A whole number in a range.
    pub fn whole(&mut self, text: &Text, range: RangeInclusive<u32>) -> Option<u32> {
        let digits = !text.text.is_empty() && text.text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if digits { text.text.parse::<u32>().ok().filter(|number| range.contains(number)) } else { None };
        if number.is_none() {
            let message = format!("`{}` is not a whole number from {} to {}", text.text, range.start(), range.end());
            self.error("not-a-number", text, message, None);
        }
        number
    }

    /// A day, `YYYY-MM-DD`.
    pub fn date(&mut self, text: &Text) -> Option<Date> {
        let day = if text.text.len() == 10 { text.text.parse::<Date>().ok() } else { None };
        if day.is_none() {
            let message = format!("`{}` is not a day", text.text);
            self.error("not-a-date", text, message, Some("write it as YYYY-MM-DD, for example 2013-11-01".to_owned()));
        }
        day
    }

    /// A time of day, `HH:MM`.
    pub fn time(&mut self, text: &Text) -> Option<Time> {
        let time = text.text.split_once(':').and_then(|(hours, minutes)| {
            let part = |part: &str| {
                let two_digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
                two_digits.then(|| part.parse::<i8>().ok()).flatten()
            };
            Time::new(part(hours)?, part(minutes)?, 0, 0).ok()
        });
        if time.is_none() {
            let message = format!("`{}` is not a time of day", text.text);
            let finding = Finding::error("not-a-time", text.place(self.file), message).help("write it as \"07:00\"");
            let meant = whole_time(&text.text).map(|time| format!("\"{time}\""));
            self.report(finding.write(meant.as_deref()));
        }
        time
    }

    /// A name that expressions and templates can read.
    pub fn identifier(&mut self, text: &Text) -> bool {
        let mut letters = text.text.chars();
        let good = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if !good {
            let message = format!("`{}` cannot be a name", text.text);
            let help = "names are letters, digits and `_`, and do not begin with a digit".to_owned();
            self.error("bad-name", text, message, Some(help));
        }
        good
    }

    /// A name of a pipeline: it is part of identities and of file names.
    pub fn slug(&mut self, text: &Text) -> bool {
        let good = !text.text.is_empty()
            && text.text.len() <= 64
            && text.text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !good {
            let message = format!("`{}` cannot be a name here", text.text);
            let help = "lower-case letters, digits and `-`, at most 64".to_owned();
            self.error("bad-name", text, message, Some(help));
        }
        good
    }
}

/// A name that stands in one brace, where two were meant.
fn in_one_brace(literal: &str, names: &Names) -> Option<String> {
    let mut inside =
        literal.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(inside, _)| inside.trim());
    inside
        .find(|inside| names.kind(&inside.split('.').map(str::to_owned).collect::<Vec<_>>()).is_ok())
        .map(str::to_owned)
}

/// `7:00` → `07:00`: a time that only lacks its leading zero.
fn whole_time(text: &str) -> Option<String> {
    let (hours, minutes) = text.split_once(':')?;
    let hours: u8 = hours.parse().ok().filter(|hours| *hours < 24)?;
    let whole = minutes.len() == 2 && minutes.parse::<u8>().is_ok_and(|minutes| minutes < 60);
    whole.then(|| format!("{hours:02}:{minutes}"))
}

fn plain_decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain(whole) && plain(part) { Decimal::from_str_exact(text).ok() } else { None }
}
