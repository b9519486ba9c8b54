//! The word at a cursor inside an expression or a template.

/// What stands at a position of an expression or template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A name, or the first letters of one, with its dots; where it begins, in characters, and how many are before the
    /// cursor.
    Name { path: Vec<String>, start: usize, before: usize },
    /// A text in quotes, and the name it is compared with, where there is one.
    Literal { text: String, start: usize, before: usize, of: Option<String> },
}

/// The word of an expression at the cursor, which is behind `at` characters.
pub fn in_expression(text: &str, at: usize) -> Word {
    let letters: Vec<char> = text.chars().collect();
    let at = at.min(letters.len());
    let open = letters[..at].iter().enumerate().filter(|(_, letter)| **letter == '"').map(|(position, _)| position);
    let open: Vec<usize> = open.collect();
    if let (true, Some(quote)) = (open.len() % 2 == 1, open.last()) {
        let start = quote + 1;
        let ends = |letter: &char| *letter == '"' || *letter == '\\';
        let end = letters[start..].iter().position(ends).map_or(letters.len(), |length| start + length);
        let text = letters[start..end].iter().collect();
        let before_quote: String = letters[..*quote].iter().collect();
        return Word::Literal { text, start, before: at.saturating_sub(start), of: compared(&before_quote) };
    }
    name(&letters, at)
}

/// The word of a template at the cursor; `None` in its plain text.
pub fn in_template(text: &str, at: usize) -> Option<Word> {
    let letters: Vec<char> = text.chars().collect();
    let at = at.min(letters.len());
    let before: String = letters[..at].iter().collect();
    let inside = before.rfind("{{").max(before.rfind("{%"))?;
    let code = &before[inside..];
    if code.contains("}}") || code.contains("%}") || code.matches('\'').count() % 2 == 1 {
        return None;
    }
    // A filter is no name.
    let word = name(&letters, at);
    let Word::Name { start, .. } = &word else { return None };
    let filter = letters[..*start].iter().rev().find(|letter| **letter != ' ') == Some(&'|');
    (!filter).then_some(word)
}

fn name(letters: &[char], at: usize) -> Word {
    let of_name = |letter: &char| letter.is_alphanumeric() || *letter == '_' || *letter == '.';
    let start = at - letters[..at].iter().rev().take_while(|letter| of_name(letter)).count();
    let rest = |letter: &&char| letter.is_alphanumeric() || **letter == '_';
    let end = at + letters[at..].iter().take_while(rest).count();
    let whole: String = letters[start..end].iter().collect();
    Word::Name { path: whole.split('.').map(str::to_owned).collect(), start, before: at - start }
}

/// `department` of `department == `.
fn compared(before: &str) -> Option<String> {
    let before = before.trim_end_matches(['\\', ' ']);
    let before = before.strip_suffix("==").or_else(|| before.strip_suffix("!="))?.trim_end();
    let letters: Vec<char> = before.chars().collect();
    match name(&letters, letters.len()) {
        Word::Name { path, .. } => Some(path.join(".")).filter(|name| !name.is_empty()),
        Word::Literal { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(path: &[&str], start: usize, before: usize) -> Word {
        Word::Name { path: path.iter().map(|part| (*part).to_owned()).collect(), start, before }
    }

    #[test]
    fn words_of_expressions() {
        assert_eq!(in_expression("a && dep", 8), name(&["dep"], 5, 3));
        assert_eq!(in_expression("department", 3), name(&["department"], 0, 3));
        assert_eq!(in_expression("within(1, 2, last_period.he", 27), name(&["last_period", "he"], 13, 14));
        assert_eq!(in_expression("", 0), name(&[""], 0, 0));
        let literal = Word::Literal { text: "Sal".into(), start: 15, before: 3, of: Some("department".into()) };
        assert_eq!(in_expression("department == \"Sal\" || x", 18), literal);
        let escaped = Word::Literal { text: "Sal".into(), start: 16, before: 1, of: Some("department".into()) };
        assert_eq!(in_expression("department == \\\"Sal\\\"", 17), escaped);
    }

    #[test]
    fn words_of_templates() {
        assert_eq!(in_template("PAY{{ period.co }}", 15), Some(name(&["period", "co"], 6, 9)));
        assert_eq!(in_template("PAY{{ period.co }}", 2), None);
        assert_eq!(in_template("PAY{{ x }}-{{ ", 14), Some(name(&[""], 14, 0)));
        assert_eq!(in_template("{{ x | pa", 9), None);
        assert_eq!(in_template("{{ 'act", 7), None);
        assert_eq!(in_template("{{ x }} y", 9), None);
    }
}
