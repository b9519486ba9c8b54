//! The exact split of a rounded total: parts add back to the cent.

use crate::ledger::exact::TooLarge;
use crate::ledger::{Exact, Minor};

/// Distributes `total` over `weights` by largest remainder; ties go to the earlier weight.
///
/// `scale` says what one unit of weight is worth: the unrounded total is `scale × Σ weights` (1 for earnings, whose
/// weights are amounts; the rate for a burden). It is only asked where weights differ in sign: positive and negative
/// parts are then distributed apart, the positive ones as their own rounded total and the negative ones as the rest, so
/// that all parts still add to `total`.
///
/// # Errors
/// [`TooLarge`] when an intermediate product passes 127 bits.
pub fn distribute(total: Minor, weights: &[Exact], scale: Exact, digits: u32) -> Result<Vec<Minor>, TooLarge> {
    if let [_] = weights {
        return Ok(vec![total]);
    }
    let numerators = Exact::over_common_denominator(weights)?;
    if numerators.iter().all(|n| *n >= 0) {
        return by_largest_remainder(total, &numerators);
    }
    let mut positive = Exact::ZERO;
    for weight in weights.iter().filter(|weight| !weight.is_negative()) {
        positive = positive.plus(*weight)?;
    }
    let positive_total = positive.times(scale)?.round(digits)?;
    let positives: Vec<i128> = numerators.iter().map(|n| (*n).max(0)).collect();
    let negatives: Vec<i128> = numerators.iter().map(|n| (*n).min(0)).collect();
    let mut parts = by_largest_remainder(positive_total, &positives)?;
    for (part, other) in parts.iter_mut().zip(by_largest_remainder(total - positive_total, &negatives)?) {
        *part += other;
    }
    Ok(parts)
}

/// Weights of one sign. All weights zero: the whole total goes to the first part.
fn by_largest_remainder(total: Minor, weights: &[i128]) -> Result<Vec<Minor>, TooLarge> {
    let mut sum: u128 = 0;
    for weight in weights {
        sum = sum.checked_add(weight.unsigned_abs()).ok_or(TooLarge)?;
    }
    if sum == 0 {
        let mut parts = vec![Minor::ZERO; weights.len()];
        if let Some(first) = parts.first_mut() {
            *first = total;
        }
        return Ok(parts);
    }
    let (magnitude, sign) = (total.0.unsigned_abs(), total.0.signum());
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders: Vec<(u128, usize)> = Vec::with_capacity(weights.len());
    let mut given: u128 = 0;
    for (at, weight) in weights.iter().enumerate() {
        let product = magnitude.checked_mul(weight.unsigned_abs()).ok_or(TooLarge)?;
        let (whole, rest) = (product / sum, product % sum);
        given += whole;
        parts.push(whole);
        remainders.push((rest, at));
    }
    // Largest remainder first, the earlier part on a tie; fewer units are left than there are parts.
    remainders.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
    let left_over = usize::try_from(magnitude - given).map_err(|_| TooLarge)?;
    for (_, at) in remainders.iter().take(left_over) {
        parts[*at] += 1;
    }
    parts.into_iter().map(|part| Ok(Minor(sign * i128::try_from(part).map_err(|_| TooLarge)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(total: i128, weights: &[i128]) -> Vec<i128> {
        let weights: Vec<Exact> = weights.iter().map(|w| Exact::whole(*w)).collect();
        let scale = Exact::fraction(1, 100).unwrap();
        distribute(Minor(total), &weights, scale, 2).unwrap().into_iter().map(|part| part.0).collect()
    }

    #[test]
    fn a_cent_over_goes_to_the_largest_remainder_and_ties_to_the_earlier() {
        // 100 over 3 equal parts: 33.33 each, one cent left, the first takes it.
        assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
        // 100 over 1:2:4 = 14.28, 28.57, 57.14: remainders .28 .57 .14, the second takes the cent.
        assert_eq!(split(100, &[1, 2, 4]), [14, 29, 57]);
        // Two cents over: .66 and .66 win over .66 of the last by being earlier.
        assert_eq!(split(5, &[1, 1, 1]), [2, 2, 1]);
    }

    #[test]
    fn a_negative_total_is_the_mirror_of_the_positive() {
        assert_eq!(split(-100, &[-1, -1, -1]), [-34, -33, -33]);
    }

    #[test]
    fn weights_of_both_signs_are_split_apart() {
        // +2.00 and +1.00 against −1.50: total 1.50; positives get 3.00 as 2:1, the rest is −1.50.
        assert_eq!(split(150, &[200, -150, 100]), [200, -150, 100]);
        // Adding to zero.
        assert_eq!(split(0, &[100, -100]), [100, -100]);
    }

    #[test]
    fn a_part_of_nothing_gets_nothing() {
        assert_eq!(split(100, &[0, 200, 100]), [0, 67, 33]);
        // Also where the total was rounded before (a conversion) and is a cent away from what the parts add to.
        assert_eq!(split(101, &[0, 100]), [0, 101]);
        assert_eq!(split(-101, &[0, -100]), [0, -101]);
        // Nobody has a share: the first takes it.
        assert_eq!(split(7, &[0, 0]), [7, 0]);
        assert_eq!(split(0, &[0, 3]), [0, 0]);
        assert_eq!(split(0, &[]), [0i128; 0]);
    }

    proptest! {
        #[test]
        fn parts_always_add_to_the_total(total in -1_000_000i128..1_000_000, weights in prop::collection::vec(-5000i128..5000, 1..9)) {
            let parts = split(total, &weights);
            prop_assert_eq!(parts.iter().sum::<i128>(), total);
        }

        #[test]
        fn no_part_is_a_whole_cent_away_from_its_exact_share(total in 0i128..1_000_000, weights in prop::collection::vec(1i128..5000, 1..9)) {
            let sum: i128 = weights.iter().sum();
            for (part, weight) in split(total, &weights).into_iter().zip(&weights) {
                prop_assert!((part * sum - total * weight).abs() < sum);
            }
        }
    }
}
