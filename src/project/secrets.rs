//! Secrets that somebody wrote into a YAML file or a script of the project, wherever in it: in a text, a comment. Keys of our own that
//! name secrets are looked at where they are read (`meaning::connections`); what stands behind a key that only sounds like one
//! is not shown in any frame.

use super::finding::{Finding, Place};
use super::source::{Content, Files, Sources};
use std::collections::BTreeSet;

/// Looks through every YAML file and script. Tables are left out: they are long, and read at every keystroke.
pub fn check(files: &Files, findings: &mut Vec<Finding>) {
    for (path, content) in &files.contents {
        let Content::Text(text) = content else { continue };
        if path.ends_with(".csv") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            if let Some((at, length, what)) = secret_in(line) {
                let place = Place {
                    file: path.clone(),
                    line: u32::try_from(number + 1).unwrap_or(1),
                    column: u32::try_from(line[..at].chars().count() + 1).unwrap_or(1),
                    length: u32::try_from(length).unwrap_or(0),
                };
                let known = |finding: &Finding| {
                    finding.code == "secret-in-yaml"
                        && (&finding.place.file, finding.place.line) == (&place.file, place.line)
                };
                if !findings.iter().any(known) {
                    let finding = Finding::error("secret-in-yaml", place, format!("this looks like {what}"));
                    findings.push(
                        finding.help("take it out, change it (git remembers it), and name it with `{ env: NAME }`"),
                    );
                }
            }
        }
    }
}

/// Hides what stands behind `password:` and the like in the files that findings show, however the key is spelt.
pub fn hide(findings: &[Finding], sources: &mut Sources) {
    let places = findings
        .iter()
        .flat_map(|finding| std::iter::once(&finding.place).chain(finding.related.iter().map(|(place, _)| place)));
    let files: BTreeSet<&str> = places.map(|place| &*place.file).filter(|file| file.ends_with(".yaml")).collect();
    for file in files {
        sources.rewrite(file, hidden);
    }
}

/// A line with every value behind such a key as stars; `None` where there is none.
fn hidden(line: &str) -> Option<String> {
    const NAMES: [&str; 8] = ["pass", "pwd", "secret", "token", "api_key", "apikey", "private_key", "privatekey"];
    let mut letters: Vec<char> = line.chars().collect();
    let mut found = false;
    for colon in (0..letters.len()).filter(|at| letters[*at] == ':').collect::<Vec<_>>() {
        let before: String = letters[..colon].iter().collect();
        let key = before.rsplit(|letter: char| !(letter.is_alphanumeric() || "_-".contains(letter))).next();
        let named = key.is_some_and(|key| {
            let key = key.to_lowercase();
            NAMES.iter().any(|name| key.contains(name)) || strsim::damerau_levenshtein(&key, "password") <= 2
        });
        let Some(first) = (colon + 1..letters.len()).find(|at| letters[*at] != ' ').filter(|_| named) else { continue };
        // A mapping names the secret, and a setting stands for it.
        if matches!(letters[first], '{' | '$' | '#') || first == colon + 1 {
            continue;
        }
        let quote = Some(letters[first]).filter(|letter| matches!(letter, '"' | '\''));
        let end = (first + 1..letters.len()).find(|at| match quote {
            Some(quote) => letters[*at] == quote,
            None => matches!(letters[*at], ',' | '}' | '#'),
        });
        letters[first..end.unwrap_or(line.chars().count())].fill('*');
        found = true;
    }
    found.then(|| letters.into_iter().collect())
}

/// Where a secret begins in a line, how long it is, and what it looks like.
fn secret_in(line: &str) -> Option<(usize, usize, &'static str)> {
    // BambooHR's API keys have 40 hexadecimal digits.
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut start = 0;
    for word in line.split(|letter: char| !is_word(letter)) {
        let digits = word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mixed =
            word.bytes().any(|byte| byte.is_ascii_digit()) && word.bytes().any(|byte| byte.is_ascii_alphabetic());
        if word.len() == 40 && digits && mixed {
            return Some((start, 40, "an API key"));
        }
        start += word.len() + 1;
    }
    if let Some(at) = line.find("-----BEGIN ").filter(|at| line[*at..].contains("PRIVATE KEY")) {
        return Some((at, line.len() - at, "a private key"));
    }
    for (mark, what) in [("Basic ", "a sign-in"), ("Bearer ", "an access token")] {
        if let Some(at) = line.find(mark) {
            let token = &line[at + mark.len()..];
            let length =
                token.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"+/=._-".contains(byte)).count();
            let mixed = |is: fn(&u8) -> bool| token.as_bytes()[..length].iter().any(is);
            let is_token =
                mixed(u8::is_ascii_digit) || (mixed(u8::is_ascii_uppercase) && mixed(u8::is_ascii_lowercase));
            if length >= 16 && is_token {
                return Some((at + mark.len(), length, what));
            }
        }
    }
    // A user and a password in an address.
    let after = line.find("://").map(|at| at + 3)?;
    let host: &str = line[after..].split(['/', ' ', '"', '\'']).next()?;
    let (sign_in, _) = host.rsplit_once('@')?;
    sign_in.contains(':').then_some((after, sign_in.chars().count(), "a sign-in inside an address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_key_of_a_secret_is_not_shown() {
        for (line, shown) in [
            ("    pasword: hunter2", "    pasword: *******"),
            ("  gp: { user: x, GP_PASS: \"a, b\" }", "  gp: { user: x, GP_PASS: *****\" }"),
            ("apikey: 'x'", "apikey: **'"),
        ] {
            assert_eq!(hidden(line).as_deref(), Some(shown));
        }
        for line in ["password: { env: GP_PASSWORD }", "api_key: ${key}", "about: passes: two", "name: x", "password:"]
        {
            assert!(hidden(line).is_none() || line.starts_with("about"), "{line}");
        }
    }

    #[test]
    fn what_looks_like_a_secret_is_found_and_what_does_not_is_left_alone() {
        for line in [
            "# key: 0123456789abcdef0123456789abcdef01234567",
            "about: use Bearer eyJhbGciOi1NiJ9.abc-1 for now",
            "-----BEGIN RSA PRIVATE KEY-----",
            "  base_url: https://me:pa55word@acme.example/",
            "curl -H 'Authorization: Basic dXNlcjpwYXNzMTIz'",
        ] {
            assert!(secret_in(line).is_some(), "{line}");
        }
        for line in [
            "account: 000-5100-0000",
            "about: Basic salaries and Bearer shares",
            "document_id: 3f2a9c1b",
            "hash: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "url: https://acme.example:443/a",
            "0123456789012345678901234567890123456789",
        ] {
            assert!(secret_in(line).is_none(), "{line}");
        }
    }
}
