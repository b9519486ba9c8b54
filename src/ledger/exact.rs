//! Exact fractions over wide integers: the only form in which an unrounded amount exists.
//!
//! 72,000.06 a year for 3 of 18 parts of 21 days needs a fraction: 28 decimal digits already lose a cent
//! (payroll-rules.md, Period salary).

use super::money::Minor;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// A fraction `numerator / denominator` with a positive denominator. Not always in lowest terms, so that two are never compared
/// with `==`.
#[derive(Clone, Copy, Debug)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

/// An amount needs more than 127 bits: no wage does, so the input is wrong and is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount is too large to be computed exactly")]
pub struct TooLarge;

impl Exact {
    pub const ZERO: Exact = Exact { numerator: 0, denominator: 1 };

    /// `numerator / denominator`.
    ///
    /// # Errors
    /// [`TooLarge`] when the denominator is zero or the sign cannot be moved to the numerator.
    pub fn fraction(numerator: i128, denominator: i128) -> Result<Exact, TooLarge> {
        match denominator.cmp(&0) {
            Ordering::Greater => Ok(Exact { numerator, denominator }),
            Ordering::Less => Ok(Exact {
                numerator: numerator.checked_neg().ok_or(TooLarge)?,
                denominator: denominator.checked_neg().ok_or(TooLarge)?,
            }),
            Ordering::Equal => Err(TooLarge),
        }
    }

    pub fn whole(number: i128) -> Exact {
        Exact { numerator: number, denominator: 1 }
    }

    pub fn from_decimal(number: Decimal) -> Exact {
        let number = number.normalize();
        // A decimal's scale is at most 28 and 10^28 fits easily.
        Exact { numerator: number.mantissa(), denominator: 10i128.pow(number.scale()) }
    }

    pub fn is_zero(&self) -> bool {
        self.numerator == 0
    }

    pub fn is_negative(&self) -> bool {
        self.numerator < 0
    }

    /// # Errors
    /// [`TooLarge`] past 127 bits, even in lowest terms.
    pub fn times(self, other: Exact) -> Result<Exact, TooLarge> {
        let quick = |a: Exact, b: Exact| {
            Some(Exact {
                numerator: a.numerator.checked_mul(b.numerator)?,
                denominator: a.denominator.checked_mul(b.denominator)?,
            })
        };
        if let Some(product) = quick(self, other) {
            return Ok(product);
        }
        let (a, b) = (self.reduced(), other.reduced());
        let left = Exact { numerator: a.numerator, denominator: b.denominator }.reduced();
        let right = Exact { numerator: b.numerator, denominator: a.denominator }.reduced();
        quick(left, right).ok_or(TooLarge)
    }

    /// # Errors
    /// [`TooLarge`] past 127 bits, even in lowest terms.
    pub fn plus(self, other: Exact) -> Result<Exact, TooLarge> {
        let quick = |a: Exact, b: Exact| {
            if a.denominator == b.denominator {
                return Some(Exact { numerator: a.numerator.checked_add(b.numerator)?, denominator: a.denominator });
            }
            let shared = gcd(a.denominator, b.denominator);
            let (left, right) = (b.denominator / shared, a.denominator / shared);
            Some(Exact {
                numerator: a.numerator.checked_mul(left)?.checked_add(b.numerator.checked_mul(right)?)?,
                denominator: a.denominator.checked_mul(left)?,
            })
        };
        quick(self, other).or_else(|| quick(self.reduced(), other.reduced())).ok_or(TooLarge)
    }

    /// The quotient.
    ///
    /// # Errors
    /// [`TooLarge`] as for a product, and for a division by zero.
    pub fn divided_by(self, other: Exact) -> Result<Exact, TooLarge> {
        let (numerator, denominator) = other.lowest_terms();
        if numerator == 0 {
            return Err(TooLarge);
        }
        self.times(Exact::fraction(denominator, numerator)?)
    }

    /// # Errors
    /// [`TooLarge`] when the lowest value is negated.
    pub fn negated(self) -> Result<Exact, TooLarge> {
        Ok(Exact { numerator: self.numerator.checked_neg().ok_or(TooLarge)?, denominator: self.denominator })
    }

    /// Rounds to the nearest whole number of minor units (`digits` after the point), half away from zero, also below
    /// zero: −19.125 is −19.13.
    ///
    /// # Errors
    /// [`TooLarge`] past 127 bits.
    pub fn round(self, digits: u32) -> Result<Minor, TooLarge> {
        let scaled = self.times(Exact::whole(10i128.pow(digits.min(28))))?;
        let magnitude = scaled.numerator.unsigned_abs();
        let denominator = scaled.denominator.unsigned_abs();
        let (whole, rest) = (magnitude / denominator, magnitude % denominator);
        let up = rest >= denominator - rest;
        let rounded = i128::try_from(whole + u128::from(up)).map_err(|_| TooLarge)?;
        Ok(Minor(rounded * scaled.numerator.signum()))
    }

    /// Numerators of `amounts` over one common denominator, for comparing shares as whole numbers.
    ///
    /// # Errors
    /// [`TooLarge`] past 127 bits.
    pub fn over_common_denominator(amounts: &[Exact]) -> Result<Vec<i128>, TooLarge> {
        let Some(first) = amounts.first() else { return Ok(Vec::new()) };
        if amounts.iter().all(|amount| amount.denominator == first.denominator) {
            return Ok(amounts.iter().map(|amount| amount.numerator).collect());
        }
        let reduced: Vec<Exact> = amounts.iter().map(|amount| amount.reduced()).collect();
        let mut common: i128 = 1;
        for amount in &reduced {
            common = common.checked_mul(amount.denominator / gcd(common, amount.denominator)).ok_or(TooLarge)?;
        }
        reduced.iter().map(|amount| amount.numerator.checked_mul(common / amount.denominator).ok_or(TooLarge)).collect()
    }

    /// `numerator/denominator` in lowest terms, for lineage that people and other programs check.
    pub fn lowest_terms(self) -> (i128, i128) {
        let lowest = self.reduced();
        (lowest.numerator, lowest.denominator)
    }

    fn reduced(self) -> Exact {
        let shared = gcd(self.numerator, self.denominator);
        Exact { numerator: self.numerator / shared, denominator: self.denominator / shared }
    }
}

/// Greatest common divisor; `gcd(0, d)` is `d`.
fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        if let (Ok(small_a), Ok(small_b)) = (u64::try_from(a), u64::try_from(b)) {
            // 64-bit division is an order of magnitude faster than 128-bit division.
            let (mut x, mut y) = (small_a, small_b);
            while y != 0 {
                (x, y) = (y, x % y);
            }
            return i128::from(x);
        }
        (a, b) = (b, a % b);
    }
    // Only the lowest i128 has a magnitude beyond i128, and then a shared divisor of 1 is still correct.
    i128::try_from(a).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn exact(text: &str) -> Exact {
        Exact::from_decimal(Decimal::from_str(text).unwrap())
    }

    #[test]
    fn the_rules_own_example_needs_a_fraction() {
        // 72,000.06 / 12 = 6000.005 a month; 3/18 of it by six is the whole again.
        let month = exact("72000.06").times(Exact::fraction(1, 12).unwrap()).unwrap();
        let part = month.times(Exact::fraction(3, 18).unwrap()).unwrap();
        let mut whole = Exact::ZERO;
        for _ in 0..6 {
            whole = whole.plus(part).unwrap();
        }
        assert_eq!(whole.round(2).unwrap(), Minor(600_001));
    }

    #[test]
    fn half_rounds_away_from_zero_in_both_directions() {
        assert_eq!(exact("-19.125").round(2).unwrap(), Minor(-1913));
        assert_eq!(exact("19.125").round(2).unwrap(), Minor(1913));
        assert_eq!(exact("19.1249").round(2).unwrap(), Minor(1912));
        assert_eq!(exact("0.5").round(0).unwrap(), Minor(1));
    }

    #[test]
    fn too_large_is_an_error_and_never_wraps() {
        let huge = Exact::whole(i128::MAX);
        assert!(huge.times(Exact::whole(2)).is_err());
        assert!(huge.plus(Exact::whole(1)).is_err());
        assert!(huge.round(2).is_err());
    }

    #[test]
    fn nothing_rounds_to_nothing() {
        assert_eq!(Exact::ZERO.round(2).unwrap(), Minor(0));
        assert!(!Exact::ZERO.is_negative());
    }

    #[test]
    fn what_fits_in_lowest_terms_is_not_too_large() {
        // 3 and 1 as fractions of 125 bits: multiplied out they need 250.
        let (large, smaller) = (i128::MAX / 4, i128::MAX / 8);
        let (one, other) = (Exact::fraction(large * 3, large).unwrap(), Exact::fraction(smaller, smaller).unwrap());
        assert_eq!(one.times(other).unwrap().lowest_terms(), (3, 1));
        assert_eq!(one.plus(other).unwrap().lowest_terms(), (4, 1));
    }

    #[test]
    fn lineage_shows_lowest_terms() {
        for (numerator, denominator, lowest) in
            [(6, 4, (3, 2)), (-6, 4, (-3, 2)), (6, -4, (-3, 2)), (0, 5, (0, 1)), (7, 7, (1, 1))]
        {
            assert_eq!(Exact::fraction(numerator, denominator).unwrap().lowest_terms(), lowest);
        }
        // Beyond 64 bits.
        let big = 1i128 << 100;
        assert_eq!(Exact::fraction(big * 6, big * 4).unwrap().lowest_terms(), (3, 2));
    }

    #[test]
    fn common_denominators_keep_the_order_of_shares() {
        let shares = [Exact::fraction(1, 3).unwrap(), Exact::fraction(1, 4).unwrap(), Exact::whole(2)];
        assert_eq!(Exact::over_common_denominator(&shares).unwrap(), vec![4, 3, 24]);
        // The lowest one: 12, not 24.
        let shares = [Exact::fraction(1, 4).unwrap(), Exact::fraction(1, 6).unwrap()];
        assert_eq!(Exact::over_common_denominator(&shares).unwrap(), vec![3, 2]);
    }
}
