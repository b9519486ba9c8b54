//! Amounts as people and payroll providers write them.

use super::money::{Currency, Minor};
use rust_decimal::Decimal;

/// How a spreadsheet writes its decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    Point,
    Comma,
}

/// The amount that a person wrote: `1,234.50`, `(1,234.50)`, `-12`, `12-`, with the other mark `1.234,50`; nothing is zero.
/// `None` for anything else, and for more digits than the currency has.
pub fn read_amount(text: &str, mark: DecimalMark, currency: Currency) -> Option<Minor> {
    let (negative, plain) = plain(text, mark)?;
    Minor::parse(&plain, currency).map(|amount| if negative { -amount } else { amount })
}

/// The same, with as many digits as are written.
pub fn read_decimal(text: &str, mark: DecimalMark) -> Option<Decimal> {
    let (negative, plain) = plain(text, mark)?;
    let is_plain = plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let amount =
        Decimal::from_str_exact(&plain).ok().filter(|_| is_plain && plain.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(if negative { -amount } else { amount })
}

/// Whether it is below zero, and its digits with a point.
fn plain(text: &str, mark: DecimalMark) -> Option<(bool, String)> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    if text.is_empty() || text == "-" {
        return Some((false, "0".to_owned()));
    }
    let bracketed = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let signed = || text.strip_prefix(['-', '−']).or_else(|| text.strip_suffix(['-', '−']));
    let (negative, text) = match bracketed.or_else(signed) {
        Some(inside) => (true, inside),
        None => (false, text.as_str()),
    };
    let (point, group) = match mark {
        DecimalMark::Point => ('.', ','),
        DecimalMark::Comma => (',', '.'),
    };
    let (whole, part) = text.split_once(point).map_or((text, ""), |(whole, part)| (whole, part));
    // Swiss payrolls group by apostrophe.
    let groups: Vec<&str> = whole.split([group, '\'', '’']).collect();
    // A mark in the wrong place is a number of the other kind: 1.234 is not 1,234.
    let grouped =
        groups.iter().skip(1).all(|digits| digits.len() == 3) && groups.first().is_some_and(|first| first.len() <= 3);
    if groups.len() > 1 && !grouped {
        return None;
    }
    let plain = if part.is_empty() { groups.concat() } else { format!("{}.{part}", groups.concat()) };
    if plain.starts_with('-') { None } else { Some((negative, plain)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd() -> Currency {
        Currency::from_code("USD").unwrap()
    }

    #[test]
    fn amounts_are_read_as_people_write_them_or_not_at_all() {
        for (text, cents) in [
            ("1,234.50", 123_450),
            ("(1,234.50)", -123_450),
            ("-12", -1_200),
            ("12.50-", -1_250),
            ("−0.05", -5),
            ("", 0),
            (" 1 234.5 ", 123_450),
            ("1'234.50", 123_450),
            ("12.500", 1_250),
        ] {
            assert_eq!(read_amount(text, DecimalMark::Point, usd()), Some(Minor(cents)), "{text}");
            let decimal = Decimal::new(i64::try_from(cents).unwrap(), 2);
            assert_eq!(read_decimal(text, DecimalMark::Point), Some(decimal), "{text}");
        }
        for (text, cents) in [("1.234,50", 123_450), ("(12,00)", -1_200), ("7", 700), ("1.234,50-", -123_450)] {
            assert_eq!(read_amount(text, DecimalMark::Comma, usd()), Some(Minor(cents)), "{text}");
        }
        for text in [
            "1.234,50", "12,50", "1e3", "$5", "--5", "(-5)", "-5-", "1,23,456", "12 USD", "1,234,56", ".5", "1.2.3",
            "+5",
        ] {
            assert_eq!(read_amount(text, DecimalMark::Point, usd()), None, "{text}");
            assert_eq!(read_decimal(text, DecimalMark::Point), None, "{text}");
        }
        assert_eq!(read_amount("1.005", DecimalMark::Point, usd()), None);
        assert_eq!(read_amount("12.50", DecimalMark::Comma, usd()), None);
    }
}
