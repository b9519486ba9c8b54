//! `pipelines/*.yaml`: from → keep → look up → pay → make → check → send.

use super::pieces::{Flag, Format};
use super::{Entries, Placed, ScalarOr, Text, shape, words};

pub use super::pay::*;
pub use super::rates::*;

shape! {
    /// One pipeline. Reads aloud: pipeline, every, from, keep, look up, pay, make, check, send. One that `corrects` another may
    /// leave out all from `from` to `check`: it is then as in the other.
    #[schemars(extend("if" = { "required": ["corrects"] }, "else" = { "required": ["from", "make", "send"] }))]
    pub struct Pipeline {
        /// The format of this file.
        #[schemars(required)]
        pub format: Format,
        /// The pipeline's name: lower-case letters, digits and `-`.
        #[schemars(required)]
        pub pipeline: Text,
        /// One sentence for people.
        pub about: Text,
        /// When it runs by itself.
        pub every: Every,
        /// What BambooHR gives.
        pub from: From,
        /// A condition on the people to keep, for example `employment_status != "Contractor"`.
        pub keep: Text,
        /// New names from tables.
        pub look_up: Entries<LookUp>,
        /// How pay becomes cost. Needed when a journal is made.
        pub pay: Pay,
        /// What GP shall hold.
        pub make: Make,
        /// What has to hold before anything is sent.
        pub check: Vec<Check>,
        /// Where it goes and who releases it.
        pub send: Send,
        /// How periods that were sent before are corrected.
        pub corrections: Corrections,
        /// What happens to people without a cost centre or with unreadable pay: `hold journal` (the whole journal waits),
        /// `hold employee` (it goes without them), or `{ suspense: ACCOUNT }` (what has no cost centre goes there).
        pub unresolved: ScalarOr<Suspense>,
        /// The pipeline whose ledger this one shares and corrects. Without `from` and `make` it is as that one in all that it
        /// does not say, and plans only what differs from journals that were sent.
        pub corrects: Text,
        /// What keeps single people's pay out of the ledger.
        pub privacy: Privacy,
        /// How cost finds its GP company, where there are several.
        pub companies: Companies,
    }
}

shape! {
    /// Several GP companies: each one's journal balances by itself, and all are sent or none.
    pub struct Companies {
        /// The look-up that answers with the company that bears a cost: one of `companies` under `connections: gp`.
        #[schemars(required)]
        pub route: Text,
        /// Who pays people: a company, or a look-up that answers with one. Without it, who bears the cost.
        pub paid_by: Text,
        /// The account of the paying company's claim. Sees `company` and `other`.
        pub due_from: Text,
        /// The account of the bearing company's debt. Sees `company` and `other`.
        pub due_to: Text,
    }
}

shape! {
    /// A line for few people goes up to the parent of its cost centre.
    pub struct Privacy {
        /// How many people a line for a cost centre carries at least, 2 or more.
        #[schemars(required)]
        pub minimum_people_per_line: Text,
        /// Where parents are: a table with a column called like the lines' `for_each`, and a column `parent`.
        pub parents: Parents,
    }
}

shape! {
    pub struct Parents {
        /// The table.
        #[schemars(required)]
        pub r#in: Text,
    }
}

shape! {
    /// Where the cost of people without a cost centre goes.
    pub struct Suspense {
        /// A GL account.
        #[schemars(required)]
        pub suspense: Text,
    }
}

shape! {
    /// When a pipeline runs by itself: at a time, when something changes, or both.
    pub struct Every {
        /// Whenever somebody changes in BambooHR.
        pub change_in: ChangeIn,
        /// Each day at this time, `HH:MM` in the project's time zone.
        pub day_at: Text,
        /// A day of the month: `2nd business day` or `day 3`.
        pub month_on: Text,
        /// The time on that day, `HH:MM`.
        pub at: Text,
        /// What happens to a time that passed while the service was down.
        pub if_missed: IfMissed,
    }
}

words! {
    pub enum ChangeIn {
        Bamboohr = "bamboohr",
    }
}

words! {
    pub enum IfMissed {
        RunOnce = "run once",
        Skip = "skip",
    }
}

shape! {
    /// What BambooHR gives, and what a payroll register says.
    pub struct From {
        /// `payroll-cost`: people × job rows × compensation rows (× hours). `employees`: people as they are now. Left out
        /// where `register` says all that people are paid.
        pub bamboohr: Source,
        /// A payroll register: one of `connections: registers` in project.yaml.
        pub register: Text,
        /// The period meant when the command line names none.
        pub r#for: PeriodRule,
        /// What periods are: a schedule of `calendar` in project.yaml. Default: calendar months.
        pub periods: Text,
        /// Names of the pipeline and the BambooHR field behind each.
        pub take: Entries<Text>,
    }
}

words! {
    pub enum Source {
        PayrollCost = "payroll-cost",
        Employees = "employees",
    }
}

words! {
    pub enum PeriodRule {
        PreviousMonth = "previous month",
        ThisMonth = "this month",
        PreviousPeriod = "previous period",
        ThisPeriod = "this period",
    }
}

shape! {
    /// One look-up: a new name from a table.
    pub struct LookUp {
        /// The table: its file's name without ending, or its name in project.yaml.
        #[schemars(required)]
        pub r#in: Text,
        /// The day it is asked for.
        pub as_of: AsOf,
        /// The table's key columns and the name that fills each; by default the columns that are names already.
        pub by: Entries<Text>,
        /// The column that answers; by default the one called like the look-up.
        pub take: Text,
        /// What happens to people whom no row matches.
        pub r#else: LookUpElse,
    }
}

words! {
    pub enum AsOf {
        SegmentFirstDay = "segment.first_day",
        PeriodFirstDay = "period.first_day",
        PeriodLastDay = "period.last_day",
    }
}

words! {
    /// What a missing answer does. There is no `ask`: approval cannot give a cost centre.
    pub enum LookUpElse {
        /// Keep back, with the reason and the row to add.
        Hold = "hold",
        /// End the run.
        Stop = "stop",
    }
}

words! {
    /// What a failure does.
    pub enum Else {
        /// Keep back, with the reason.
        Hold = "hold",
        /// A hold that approval releases.
        Ask = "ask",
        /// End the run.
        Stop = "stop",
    }
}

shape! {
    /// Exactly one of these.
    pub struct Make {
        pub journal: Journal,
        pub vendor: Record,
        pub employee: Record,
        /// With `journal`: rates that bring other currencies into the company's own. Without, nothing is converted.
        pub rates: Rates,
        /// With `journal`: books what a pay period costs up to the end of the month inside it. GP reverses it.
        pub accrue: Accrue,
    }
}

shape! {
    /// A month-end accrual: GP's reversing transaction. The payroll itself books in full, in a pipeline of its own.
    pub struct Accrue {
        /// The end that is accrued up to, and the journal's date. Default: `month end`.
        pub at: Placed<AccrueAt>,
        /// The day on which GP books the opposite. Default: `next day`.
        pub reverse: Placed<ReverseOn>,
    }
}

words! {
    pub enum AccrueAt {
        MonthEnd = "month end",
    }
}

words! {
    pub enum ReverseOn {
        NextDay = "next day",
        PeriodLastDay = "period.last_day",
    }
}

shape! {
    /// A GL journal.
    pub struct Journal {
        /// `period`, `person`, or the name of a look-up. A currency always has its own journal.
        #[schemars(required)]
        pub one_per: Text,
        /// The batch id, at most 15 characters.
        #[schemars(required)]
        pub batch: Text,
        /// At most 21 characters: the identity's key is added to it.
        #[schemars(required)]
        pub reference: Text,
        /// The journal's date; it picks GP's fiscal period. Left out beside `accrue`, which dates the journal itself.
        pub date: Text,
        #[schemars(required)]
        pub lines: Vec<Line>,
    }
}

shape! {
    /// One line: a debit or a credit of an amount.
    pub struct Line {
        /// What people call it.
        #[schemars(required)]
        pub name: Text,
        /// An earning (`regular`, `overtime`), `gross`, or a burden.
        pub debit: Text,
        pub credit: Text,
        /// A line for each value of this look-up.
        pub for_each: Text,
        /// `person`: a line of its own for each person. By default an account has one line.
        pub detail: Placed<Detail>,
        /// The GL account.
        #[schemars(required)]
        pub account: Text,
    }
}

words! {
    pub enum Detail {
        Person = "person",
    }
}

shape! {
    /// A GP vendor or employee for each person.
    pub struct Record {
        /// How a record that is there already is found: a name that equals its key, or `{ gp_field: name }`.
        pub r#match: Vec<ScalarOr<Entries<Text>>>,
        /// The key of a new record, at most 15 characters.
        #[schemars(required)]
        pub id: Text,
        /// GP fields and the text for each.
        pub set: Entries<Text>,
        /// Make records that are not there. Default: false.
        pub create: Placed<Flag>,
        /// Change records that differ. Default: true.
        pub update: Flag,
        /// What happens to the record of a person who left. Default: inactive.
        pub on_leave: OnLeave,
    }
}

words! {
    pub enum OnLeave {
        Inactive = "inactive",
        Keep = "keep",
    }
}

shape! {
    /// A built-in rule, an expression that is expected to hold, or a script.
    pub struct Check {
        pub rule: Rule,
        /// An expression that has to hold.
        pub expect: Text,
        /// What to say when it does not.
        pub say: Text,
        /// A file in `scripts/`.
        pub script: Text,
        #[schemars(required)]
        pub r#else: Else,
    }
}

words! {
    pub enum Rule {
        DebitsEqualCredits = "debits equal credits",
        AccountsExistAndAreActive = "accounts exist and are active",
        CostCentresAreValid = "cost centres are valid",
        PeriodIsOpen = "period is open",
        NotSentBefore = "not sent before",
    }
}

shape! {
    /// Where it goes and who releases it.
    pub struct Send {
        #[schemars(required)]
        pub to: Placed<Target>,
        /// The only way a journal is sent: into an unposted batch. People post in GP.
        pub r#as: Placed<As>,
        /// `approval`: a person releases it. `checks`: passing all checks is enough.
        #[schemars(required)]
        pub after: After,
    }
}

words! {
    pub enum Target {
        GeneralLedger = "gp general ledger",
        Vendors = "gp vendors",
        Employees = "gp employees",
    }
}

words! {
    pub enum As {
        UnpostedWorkBatch = "unposted work batch",
    }
}

words! {
    pub enum After {
        Approval = "approval",
        Checks = "checks",
    }
}

shape! {
    pub struct Corrections {
        /// How many periods back a change is looked for. Default: 12.
        pub look_back: Text,
        /// What becomes of our own journal that GP has not posted yet. Default: `difference`, a second journal beside it.
        pub unposted: Placed<Unposted>,
    }
}

words! {
    pub enum Unposted {
        Difference = "difference",
        /// It is replaced under its number, where GP's service lets it.
        Replace = "replace",
    }
}
