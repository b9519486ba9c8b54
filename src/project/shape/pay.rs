//! `pay:` of a pipeline: how pay becomes cost.

use super::pieces::{Flag, TextOrList};
use super::{Entries, Placed, Text, shape, words};

shape! {
    /// How pay becomes cost.
    pub struct Pay {
        /// The divisor of a yearly rate. Never the row's pay schedule.
        pub period: Placed<PayPeriod>,
        /// `elsewhere`: another pipeline, or somebody else, books what people earn; this one only what comes on top.
        pub wages: Placed<Wages>,
        pub salaried: Salaried,
        pub hourly: Hourly,
        /// Who has other hours than the week of project.yaml.
        pub work_week: WorkWeek,
        /// The customer's own earnings beside `regular` and `overtime`, by name.
        pub earnings: Entries<Earning>,
        /// Types of one-off payments that cost nothing here.
        pub ignore_payments: Vec<Text>,
        /// What pay types other than Salary and Hourly mean.
        pub types: Entries<PayMeaning>,
        /// What time off does. Without it, nothing.
        pub leave: Leave,
        /// Whose cost is shared over several cost centres.
        pub split: Split,
        /// Costs on top of pay, by name.
        pub burden: Entries<Burden>,
        /// What is kept back from pay, by name, and the register's codes of each: `income_tax: [Federal, State]`.
        pub withheld: Entries<TextOrList>,
        /// What the register says about itself.
        pub control: Control,
        /// Codes of the register that book nothing.
        pub ignore_codes: Vec<Text>,
        /// The customer's pay-schedule names, for rates paid per pay period.
        pub schedules: Entries<PayPeriod>,
    }
}

words! {
    pub enum Wages {
        Elsewhere = "elsewhere",
    }
}

shape! {
    /// Checked for each person and pay date of a register.
    pub struct Control {
        /// The code that is the sum of the earnings.
        pub gross: Text,
        /// The code that is gross without what is withheld.
        pub net: Text,
        /// How many pay dates a period has; fewer hold.
        pub pay_dates: Text,
        /// What the same code of a person on two lines does. Default: hold.
        pub repeated: Repeated,
    }
}

words! {
    pub enum Repeated {
        Hold = "hold",
        AddUp = "add up",
    }
}

shape! {
    pub struct Split {
        /// The table: columns that are names of the pipeline say whose cost, `to_department`, `to_location` or look-ups where
        /// it goes, and `percent`, `weight` or `amount` how much.
        #[schemars(required)]
        pub r#in: Text,
    }
}

shape! {
    /// Hours with a code, one-off payments, or amounts of a payroll register.
    pub struct Earning {
        /// Codes of hours: shift work, double time.
        pub hours: Vec<Text>,
        /// The multiplier of the rate, for example 1.25.
        pub at: Text,
        /// The hours are paid as regular too, and this comes on top. Default: false.
        pub on_top: Flag,
        /// Whether these hours count towards overtime. Default: true.
        pub counts_for_overtime: Flag,
        /// Types of one-off payments: `Bonus`, `Commission`, or the customer's own.
        pub payments: Vec<Text>,
        /// Codes of the register.
        pub register: Vec<Text>,
    }
}

words! {
    pub enum PayMeaning {
        Salary = "salary",
        Hourly = "hourly",
        Pieces = "pieces",
        NoBasePay = "no base pay",
    }
}

shape! {
    /// Types of time off, as BambooHR calls them. A type in neither list holds.
    pub struct Leave {
        /// Hourly people are paid its hours at their rate.
        pub paid: Vec<Text>,
        /// Salaried people are not paid its days.
        pub unpaid: Vec<Text>,
    }
}

words! {
    pub enum PayPeriod {
        Monthly = "monthly",
        SemiMonthly = "semi-monthly",
        Biweekly = "biweekly",
        Weekly = "weekly",
        Quarterly = "quarterly",
        Daily = "daily",
    }
}

shape! {
    pub struct Salaried {
        /// The units of a part of a period. Working days are Monday to Friday; public holidays count.
        pub prorate: Placed<Prorate>,
        /// What the public holidays of project.yaml do: `count` as any other day (they are paid), or `do not count`.
        pub holidays: Placed<Holidays>,
    }
}

shape! {
    /// Scheduled hours of single people, departments or whatever else the table's columns name.
    pub struct WorkWeek {
        /// The table: columns that are names of the pipeline, and `monday` to `sunday`; a day that is left out has no hours.
        #[schemars(required)]
        pub r#in: Text,
    }
}

words! {
    pub enum Holidays {
        Count = "count",
        DoNotCount = "do not count",
    }
}

words! {
    pub enum Prorate {
        WorkingDays = "working days",
        CalendarDays = "calendar days",
        Hours = "hours",
    }
}

shape! {
    pub struct Hourly {
        /// Where hours come from.
        pub hours: HoursFrom,
        /// Where the hours of BambooHR's projects are booked, and as what.
        pub projects: Projects,
        pub overtime: Overtime,
        /// What hours that nobody approved do.
        pub unapproved: Unapproved,
    }
}

shape! {
    pub struct Projects {
        /// The table: `project` and, where it matters, `task`; then `department`, `location` or `earning`, a code of hours.
        #[schemars(required)]
        pub r#in: Text,
        /// What hours of a project without a row do. Default: hold.
        pub r#else: ProjectElse,
    }
}

words! {
    pub enum ProjectElse {
        Hold = "hold",
        Home = "home",
    }
}

words! {
    pub enum HoursFrom {
        Timesheets = "timesheets",
    }
}

shape! {
    /// Hours above a threshold in a Monday-to-Sunday week, as an earning of their own.
    pub struct Overtime {
        /// Hours a week, for example 40.
        #[schemars(required)]
        pub above_weekly: Text,
        /// The multiplier of the rate, for example 1.5.
        #[schemars(required)]
        pub at: Text,
    }
}

words! {
    pub enum Unapproved {
        Hold = "hold",
        Pay = "pay",
    }
}

shape! {
    /// A cost on top of pay: `rate` with `of`, `per_head` with `currency`, `cost_of`, or `register`.
    pub struct Burden {
        /// A percentage (`7.65%`) or a fraction (`0.0765`) of wages.
        pub rate: Text,
        /// What `rate` is a share of: `gross`, an earning, or a list of earnings.
        pub of: TextOrList,
        /// With `rate`: only wages up to a base a year.
        pub cap: Cap,
        /// A fixed amount for everybody with wages in the period, instead of a rate.
        pub per_head: Text,
        /// Only wages in this currency have this burden.
        pub currency: Text,
        /// An amount of its own for each person, from a table.
        pub cost_of: CostOf,
        /// Codes of the register: what the employer pays.
        pub register: Vec<Text>,
        /// The change of what untaken time off is worth.
        pub liability: Liability,
        /// Benefit plans, as BambooHR calls them: what the employer pays for people's enrolment in them.
        pub benefits: Vec<Text>,
    }
}

shape! {
    /// What earned and untaken time off is worth: hours × the rate of an hour.
    pub struct Liability {
        /// Types of time off, as BambooHR calls them.
        #[schemars(required)]
        pub of: Vec<Text>,
        /// What a yearly rate is divided by for an hour. Default: 2080.
        pub hours_a_year: Text,
        /// What a day of a balance in days counts. Default: 8.
        pub hours_a_day: Text,
    }
}

shape! {
    /// A wage base.
    pub struct Cap {
        /// The wages of a year that have the burden.
        #[schemars(required)]
        pub wages: Text,
        /// Their currency.
        #[schemars(required)]
        pub currency: Text,
        /// The day on which a year starts, `MM-DD`.
        #[schemars(required)]
        pub year_starts: Text,
        /// Wages of the year before our first period.
        pub before: Before,
    }
}

shape! {
    pub struct Before {
        /// The table: columns `number` and `wages`.
        #[schemars(required)]
        pub r#in: Text,
        /// The last day whose wages are in it.
        #[schemars(required)]
        pub until: Text,
    }
}

shape! {
    pub struct CostOf {
        /// The table: columns that are names of the pipeline, `amount` and `currency`.
        #[schemars(required)]
        pub r#in: Text,
        /// What a person without a row does. Default: hold.
        pub r#else: CostElse,
    }
}

words! {
    pub enum CostElse {
        Hold = "hold",
        Nothing = "nothing",
    }
}
