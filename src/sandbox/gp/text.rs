//! What GP's columns keep of a text: char(n) in code page 1252, compared without case and without trailing blanks.

/// What a column of `width` keeps: cut, letters outside cp1252 as `?`, right-trimmed as on reading. Never an error.
pub fn kept(text: &str, width: usize) -> String {
    let in_page = |letter: char| {
        let mut buffer = [0; 4];
        let (_, _, missing) = encoding_rs::WINDOWS_1252.encode(letter.encode_utf8(&mut buffer));
        if missing { '?' } else { letter }
    };
    let cut: String = text.chars().take(width).map(in_page).collect();
    cut.trim_end_matches(' ').to_owned()
}

/// The form in which GP's collation compares keys. Leading blanks count.
pub fn folded(text: &str) -> String {
    text.trim_end_matches(' ').to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gp_cuts_and_replaces_without_a_word() {
        assert_eq!(kept("Dvořák, Zoë  ", 30), "Dvo?ák, Zoë");
        assert_eq!(kept("Payroll Nov 2013 0123456789abcdef", 30), "Payroll Nov 2013 0123456789abc");
        assert_eq!(folded(" 000-1100-00 "), " 000-1100-00");
    }
}
