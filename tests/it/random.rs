//! Randomness that can be had again: every test that draws prints its seed.

/// SplitMix64.
pub struct Random(u64);

impl Random {
    /// Of the variable's seed, else of the given one. Prints it, and so a failing test says how it is had again.
    #[allow(clippy::print_stdout, reason = "a test prints its seed")]
    pub fn of(variable: &str, seed: u64) -> Random {
        let seed = number(variable).unwrap_or(seed);
        println!("{variable}={seed}");
        Random(seed)
    }

    pub fn seeded(seed: u64) -> Random {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`; 0 for an `end` of 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % (end.max(1) as u64)) as usize
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }
}

/// A number from the environment.
#[allow(clippy::disallowed_methods, reason = "a test is asked for another seed or for more rounds")]
pub fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
