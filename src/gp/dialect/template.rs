//! Texts with `{names}` that become addresses.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986: a company's parentheses and a key's `;` would change the address.
const KEPT_APART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes one value of an address.
pub fn encoded(value: &str) -> String {
    utf8_percent_encode(value, KEPT_APART).to_string()
}

/// One piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    Letters(&'t str),
    Name(&'t str),
}

/// The pieces of `template`.
///
/// # Errors
/// A brace that is not closed, or closes nothing.
pub fn pieces(template: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find(['{', '}']) {
        let (letters, from) = rest.split_at(open);
        if !letters.is_empty() {
            found.push(Piece::Letters(letters));
        }
        let inside = from.strip_prefix('{').ok_or_else(|| format!("`}}` without `{{` in `{template}`"))?;
        let (name, after) = inside.split_once('}').ok_or_else(|| format!("`{{` without `}}` in `{template}`"))?;
        found.push(Piece::Name(name));
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Piece::Letters(rest));
    }
    Ok(found)
}

/// `template` as part of an address: every value percent-encoded, and so is every letter of the template that an
/// address cannot hold. A name nobody gave stays empty ([`super::check`] refuses such a template).
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut address = String::with_capacity(template.len() + 16);
    for piece in pieces(template).unwrap_or_default() {
        match piece {
            Piece::Letters(letters) => address.push_str(&letters.replace('%', "%25").replace(' ', "%20")),
            Piece::Name(name) => {
                if let Some((_, value)) = values.iter().find(|(given, _)| *given == name) {
                    address.push_str(&encoded(value));
                }
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_change_the_address() {
        let values = [("number", "80000131"), ("company", "Müller & Söhne (Nord); Inc.")];
        assert_eq!(
            fill("Companies({company})/Trx({number};x)", &values),
            "Companies(M%C3%BCller%20%26%20S%C3%B6hne%20%28Nord%29%3B%20Inc.)/Trx(80000131;x)"
        );
        assert_eq!(fill("A({account})", &[("account", " 000-1")]), "A(%20000-1)");
    }

    #[test]
    fn braces_come_in_pairs() {
        assert!(pieces("a{b").is_err());
        assert!(pieces("a}b").is_err());
        assert_eq!(pieces("a{b}").unwrap(), [Piece::Letters("a"), Piece::Name("b")]);
    }
}
