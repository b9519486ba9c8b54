//! `project.yaml`: who the customer is, and how their two systems are reached.

use super::pieces::{Flag, Format, MaybeText, Placed};
use super::{Entries, Text, shape, words};

pub use super::connections::*;

shape! {
    /// A customer's project.
    pub struct Project {
        /// The format of this file.
        #[schemars(required)]
        pub format: Format,
        /// The version of ml-connector that is needed, for example `>=0.1`.
        pub requires: Text,
        /// The project's name. It is part of every document's identity: never change it once journals were sent.
        #[schemars(required)]
        pub project: Text,
        /// One sentence for people.
        pub about: Text,
        /// IANA name of the company's time zone, for example `America/Los_Angeles`.
        #[schemars(required)]
        pub timezone: Text,
        /// Knobs that an environment may turn, with their defaults. One without a default has to be set by each.
        pub settings: Entries<MaybeText>,
        pub connections: Connections,
        /// Pay periods other than calendar months.
        pub calendar: Calendar,
        /// Tables that are somewhere else than in `tables/`, or compared loosely.
        pub tables: Entries<Table>,
        /// By name: who may do what, by the accounts of the operating system. Default: everybody may do everything.
        pub roles: Placed<Entries<Role>>,
        /// What a person's yes to a document takes.
        pub approvals: Approvals,
        /// Warnings that were looked at and are accepted.
        pub ignore: Vec<Ignore>,
    }
}

shape! {
    /// Accounts, and what they may do. Where there are roles, nobody may do what no role lets them.
    pub struct Role {
        /// Names of accounts as the operating system has them: `kim`, or on Windows `ACME\kim`. `uid 1000` for one without a name.
        #[schemars(required)]
        pub who: Vec<Text>,
        /// `see pay`: be shown amounts of one person. `approve`: say yes to a plan. `run`: read both systems, plan and send. `keep secrets`:
        /// the vault, and signing in to BambooHR.
        #[schemars(required)]
        pub may: Vec<Placed<Power>>,
    }
}

words! {
    pub enum Power {
        /// Be shown amounts that are one person's.
        SeePay = "see pay",
        /// Say yes to a stored plan.
        Approve = "approve",
        /// Read both systems, plan and send.
        Run = "run",
        /// Set secrets in the vault, change its master key, sign in to BambooHR.
        KeepSecrets = "keep secrets",
    }
}

shape! {
    pub struct Approvals {
        /// How many different people say yes to a document before it is sent, 1 to 9. Default: 1.
        #[schemars(required)]
        pub people: Text,
    }
}

shape! {
    pub struct Ignore {
        /// The warning's code.
        #[schemars(required)]
        pub code: Text,
        /// Only in this file. Default: everywhere.
        pub file: Text,
        /// Why it is right as it is.
        #[schemars(required)]
        pub reason: Text,
    }
}

shape! {
    pub struct Calendar {
        /// By name: how pay periods follow each other.
        pub schedules: Entries<Schedule>,
        /// Scheduled hours of each weekday; a day that is left out has none.
        pub week: Week,
        /// Public holidays.
        pub holidays: Holidays,
    }
}

shape! {
    pub struct Week {
        pub monday: Text,
        pub tuesday: Text,
        pub wednesday: Text,
        pub thursday: Text,
        pub friday: Text,
        pub saturday: Text,
        pub sunday: Text,
    }
}

shape! {
    pub struct Holidays {
        /// The table: a column `date`, and `name` for people.
        #[schemars(required)]
        pub r#in: Text,
    }
}

shape! {
    /// Exactly one of: `every` with `from`, `semi_monthly`, `in`.
    pub struct Schedule {
        /// So many days each: `14 days`.
        pub every: Text,
        /// The first day of one of them.
        pub from: Text,
        /// Two a month; the day that the first one ends on, 1 to 27: `15`.
        pub semi_monthly: Text,
        /// A table: `code`, `name`, `first_day`, `last_day`.
        pub r#in: Text,
    }
}

shape! {
    pub struct Table {
        /// Path from the project folder. By default the file of this name in `tables/`.
        pub file: Text,
        pub r#match: Match,
    }
}

shape! {
    /// How a table's keys are compared with BambooHR's texts. By default blanks and letter case count.
    pub struct Match {
        pub trim: Flag,
        pub ignore_case: Flag,
    }
}
