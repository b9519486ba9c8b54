//! `rates`, as written.

use super::{Placed, Text, shape, words};

shape! {
    /// Exchange rates.
    pub struct Rates {
        /// The table: columns `currency` and `rate`, and from when to when. A rate is how much of `to` one unit is.
        #[schemars(required)]
        pub r#in: Text,
        /// The company's own currency.
        #[schemars(required)]
        pub to: Text,
        /// The day whose rate counts. Default: the period's last.
        pub as_of: Placed<RateDay>,
        /// What becomes of them. Default: `converted amounts`, one journal in `to`.
        pub r#as: Placed<RatesAs>,
    }
}

words! {
    pub enum RatesAs {
        ConvertedAmounts = "converted amounts",
        /// A journal each currency, which carries the rate: GP converts it.
        ExchangeFields = "exchange fields",
    }
}

words! {
    pub enum RateDay {
        PeriodFirstDay = "period.first_day",
        PeriodLastDay = "period.last_day",
    }
}
