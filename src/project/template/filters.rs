//! The filters a template has, written once for our own parts and for minijinja.

/// All filters with the number of values each takes after the text.
pub const FILTERS: &[(&str, std::ops::RangeInclusive<usize>)] =
    &[("pad", 1..=1), ("upper", 0..=0), ("lower", 0..=0), ("trim", 0..=0), ("truncate", 1..=1), ("default", 1..=1)];

/// Zeros to the left up to `width` characters: `7 | pad(6)` is `000007`. Longer texts stay as they are.
pub fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    let mut padded = "0".repeat(missing);
    padded.push_str(text);
    padded
}

/// The first `length` characters, nothing put in their place.
pub fn truncate(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}
