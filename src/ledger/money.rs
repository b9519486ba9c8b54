//! Money as whole minor units (cents) of a currency.

use rust_decimal::Decimal;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// An amount in minor units of its currency: `125` is 1.25 in USD and 125 in JPY.
///
/// Sums of a run stay far below the limits of `i128`; arithmetic that would pass them panics rather than wraps
/// (overflow checks are on in every profile), which ends that run as a bug and books nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Minor(pub i128);

impl Minor {
    pub const ZERO: Minor = Minor(0);

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    pub fn abs(self) -> Minor {
        Minor(self.0.abs())
    }

    /// As decimal text with the currency's digits: `-1.25`, `0.00`, `125`.
    pub fn text(self, currency: Currency) -> String {
        let digits = currency.minor_digits() as usize;
        let letters = format!("{:0>width$}", self.0.unsigned_abs(), width = digits + 1);
        let (whole, part) = letters.split_at(letters.len() - digits);
        let sign = if self.0 < 0 { "-" } else { "" };
        if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }

    /// The amount that `text` writes; `None` when it is not a plain decimal or has more digits than the currency.
    pub fn parse(text: &str, currency: Currency) -> Option<Minor> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let places = currency.minor_digits() as usize;
        let kept = part.get(..part.len().min(places))?;
        let cut = part.get(kept.len()..)?;
        let plain = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(part) || cut.bytes().any(|b| b != b'0') {
            return None;
        }
        let padded = format!("{whole}{kept:0<places$}");
        padded.parse::<i128>().ok().map(|n| Minor(sign * n))
    }

    /// As an exact decimal of the currency's major unit; `None` beyond 28 digits.
    pub fn decimal(self, currency: Currency) -> Option<Decimal> {
        Decimal::try_from_i128_with_scale(self.0, currency.minor_digits()).ok()
    }
}

impl Add for Minor {
    type Output = Minor;
    fn add(self, other: Minor) -> Minor {
        Minor(self.0 + other.0)
    }
}
impl AddAssign for Minor {
    fn add_assign(&mut self, other: Minor) {
        self.0 += other.0;
    }
}
impl Sub for Minor {
    type Output = Minor;
    fn sub(self, other: Minor) -> Minor {
        Minor(self.0 - other.0)
    }
}
impl SubAssign for Minor {
    fn sub_assign(&mut self, other: Minor) {
        self.0 -= other.0;
    }
}
impl Neg for Minor {
    type Output = Minor;
    fn neg(self) -> Minor {
        Minor(-self.0)
    }
}
impl Sum for Minor {
    fn sum<I: Iterator<Item = Minor>>(amounts: I) -> Minor {
        amounts.fold(Minor::ZERO, Add::add)
    }
}

/// An ISO 4217 currency. Only currencies of the standard's list exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: [u8; 3],
    digits: u8,
}

impl Currency {
    /// The currency with this code, in capitals.
    pub fn from_code(code: &str) -> Option<Currency> {
        let known = iso_currency::Currency::from_code(code)?;
        let digits = known.exponent()?;
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        Some(Currency { code, digits: u8::try_from(digits).ok()? })
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or_default()
    }

    /// Digits after the decimal point: 2 for USD, 0 for JPY, 3 for KWD.
    pub fn minor_digits(self) -> u32 {
        u32::from(self.digits)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let usd = Currency::from_code("USD").unwrap();
        for (minor, text) in [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_456, "1234.56"), (-100, "-1.00")] {
            assert_eq!(Minor(minor).text(usd), text);
            assert_eq!(Minor::parse(text, usd), Some(Minor(minor)));
        }
        assert_eq!(Minor::parse("12", usd), Some(Minor(1200)));
        assert_eq!(Minor::parse("12.5", usd), Some(Minor(1250)));
        assert_eq!(Minor::parse("12.500", usd), Some(Minor(1250)));
        for text in ["12.505", "", ".5", "1e3", "1,000.00", "--1", "1.2.3"] {
            assert_eq!(Minor::parse(text, usd), None, "{text}");
        }
    }

    #[test]
    fn a_currency_knows_its_digits() {
        let yen = Currency::from_code("JPY").unwrap();
        assert_eq!(Minor(125).text(yen), "125");
        assert_eq!(Currency::from_code("KWD").unwrap().minor_digits(), 3);
        assert_eq!(Currency::from_code("usd"), None);
        assert_eq!(Currency::from_code("DOLLARS"), None);
    }

    #[test]
    fn scripts_see_an_amount_in_its_major_unit() {
        let decimal = |minor: i128, code: &str| {
            Minor(minor).decimal(Currency::from_code(code).unwrap()).map(|amount| amount.to_string())
        };
        assert_eq!(decimal(-123_456, "USD").as_deref(), Some("-1234.56"));
        assert_eq!(decimal(125, "JPY").as_deref(), Some("125"));
        assert_eq!(decimal(i128::MAX, "USD"), None);
    }

    #[test]
    fn zero_has_no_sign() {
        assert!(!Minor::ZERO.is_negative());
        assert!(Minor(-1).is_negative());
    }
}
