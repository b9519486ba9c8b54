//! What a server asks for: its `WWW-Authenticate` headers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use std::fmt;

/// A longer token is none of a sign-in: Kerberos tokens stay under 48,000 bytes even with a large PAC (MaxTokenSize).
pub const LONGEST_TOKEN: usize = 64 << 10;

/// A scheme that this crate can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    Negotiate,
    Ntlm,
    Basic,
}

impl Scheme {
    /// As it stands in `Authorization`.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::Negotiate => "Negotiate",
            Scheme::Ntlm => "NTLM",
            Scheme::Basic => "Basic",
        }
    }
}

/// What a server says of one scheme. Prints without the token.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Offer {
    #[default]
    Absent,
    /// Offered, without a token.
    Bare,
    Token(Vec<u8>),
    /// Offered with something that is no token: not base64, or too long.
    Unreadable,
}

impl fmt::Debug for Offer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Offer::Absent => out.write_str("Absent"),
            Offer::Bare => out.write_str("Bare"),
            Offer::Token(token) => write!(out, "Token({} bytes)", token.len()),
            Offer::Unreadable => out.write_str("Unreadable"),
        }
    }
}

/// The challenges of one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenges {
    pub negotiate: Offer,
    pub ntlm: Offer,
    pub basic: Offer,
}

impl Challenges {
    /// Reads every `WWW-Authenticate` header. Never fails: what cannot be read is [`Offer::Unreadable`] or not there.
    pub fn of(headers: &HeaderMap) -> Challenges {
        let mut all = Challenges::default();
        for value in headers.get_all(WWW_AUTHENTICATE) {
            let text = String::from_utf8_lossy(value.as_bytes());
            for piece in pieces(&text) {
                all.take(piece);
            }
        }
        all
    }

    /// What is said of `scheme`.
    pub fn offer(&self, scheme: Scheme) -> &Offer {
        match scheme {
            Scheme::Negotiate => &self.negotiate,
            Scheme::Ntlm => &self.ntlm,
            Scheme::Basic => &self.basic,
        }
    }

    pub fn offers(&self, scheme: Scheme) -> bool {
        *self.offer(scheme) != Offer::Absent
    }

    /// The schemes by name, for a message.
    pub fn names(&self) -> Vec<&'static str> {
        [Scheme::Negotiate, Scheme::Ntlm, Scheme::Basic]
            .into_iter()
            .filter(|scheme| self.offers(*scheme))
            .map(Scheme::name)
            .collect()
    }

    fn take(&mut self, piece: &str) {
        let (name, rest) = piece.split_once(char::is_whitespace).unwrap_or((piece, ""));
        let rest = rest.trim();
        let (place, holds_token) = if name.eq_ignore_ascii_case("Negotiate") {
            (&mut self.negotiate, true)
        } else if name.eq_ignore_ascii_case("NTLM") {
            (&mut self.ntlm, true)
        } else if name.eq_ignore_ascii_case("Basic") {
            (&mut self.basic, false)
        } else {
            return;
        };
        let offer = match rest {
            "" => Offer::Bare,
            _ if !holds_token => Offer::Bare,
            // Four base64 letters are three bytes.
            token if token.len() / 4 * 3 > LONGEST_TOKEN => Offer::Unreadable,
            token => STANDARD.decode(token).map_or(Offer::Unreadable, Offer::Token),
        };
        // A server may name a scheme twice; the one with a token counts.
        if !matches!(place, Offer::Token(_)) {
            *place = offer;
        }
    }
}

/// The parts between commas that stand outside quotation marks.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut from, mut is_quoted, mut is_escaped) = (0, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => {
                pieces.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(text[from..].trim());
    pieces
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn of(values: &[&str]) -> Challenges {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        Challenges::of(&headers)
    }

    #[test]
    fn one_header_each_or_all_in_one() {
        let apart = of(&["Negotiate", "NTLM", "Basic realm=\"GP, the \\\"books\\\", NTLM\""]);
        assert_eq!(apart, of(&["negotiate, ntlm ,BASIC realm=\"x\""]));
        assert_eq!(apart.names(), ["Negotiate", "NTLM", "Basic"]);
        assert_eq!(of(&["Bearer, Digest realm=\"NTLM\""]), Challenges::default());
    }

    #[test]
    fn a_token_is_read_and_what_is_none_is_said() {
        assert_eq!(of(&["NTLM", "NTLM TlRMTQ=="]).ntlm, Offer::Token(b"NTLM".to_vec()));
        assert_eq!(of(&["Negotiate @@@"]).negotiate, Offer::Unreadable);
        assert_eq!(format!("{:?}", of(&["NTLM TlRMTQ=="]).ntlm), "Token(4 bytes)");
        let long = format!("Negotiate {}", "A".repeat(LONGEST_TOKEN * 4 / 3 + 8));
        assert_eq!(of(&[&long]).negotiate, Offer::Unreadable);
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(values in proptest::collection::vec(proptest::collection::vec(32u8..=255, 0..200), 0..4)) {
            let mut headers = HeaderMap::new();
            for value in values {
                if let Ok(value) = HeaderValue::from_bytes(&value) {
                    headers.append(WWW_AUTHENTICATE, value);
                }
            }
            let challenges = Challenges::of(&headers);
            prop_assert!(challenges.names().len() <= 3);
        }
    }
}
