//! Which files and columns a facts folder has (docs/facts.md). Stories give the same files. The list only grows.

/// One file of a facts folder.
#[derive(Debug)]
pub struct FactFile {
    /// Name without `.csv`: also the key under `given:` of a story.
    pub name: &'static str,
    /// Columns that must be there, in the order in which they are written.
    pub columns: &'static [&'static str],
    /// Columns that may be left out.
    pub optional_columns: &'static [&'static str],
    /// Whether an absent file is an empty one.
    pub may_be_absent: bool,
    /// Whether other columns are kept, as a person's or record's fields; elsewhere they are ignored in a folder (a newer
    /// version may have written them) and a finding in a story.
    pub keeps_other_columns: bool,
}

const fn file(name: &'static str, columns: &'static [&'static str], may_be_absent: bool) -> FactFile {
    FactFile { name, columns, optional_columns: &[], may_be_absent, keeps_other_columns: false }
}

/// Every file, in the order in which it is read.
pub const FACT_FILES: &[FactFile] = &[
    FactFile {
        name: "employees",
        columns: &["id", "number", "first_name", "last_name", "email", "hire_date", "termination_date", "status"],
        optional_columns: &[],
        may_be_absent: false,
        keeps_other_columns: true,
    },
    FactFile {
        name: "job_rows",
        columns: &["row_id", "employee_id", "date", "department", "location"],
        optional_columns: &["division", "job_title"],
        may_be_absent: false,
        keeps_other_columns: false,
    },
    file("employment_rows", &["row_id", "employee_id", "date", "employment_status"], false),
    FactFile {
        name: "compensation_rows",
        columns: &["row_id", "employee_id", "date", "type", "rate", "paid_per", "currency"],
        optional_columns: &["pay_schedule"],
        may_be_absent: false,
        keeps_other_columns: false,
    },
    FactFile {
        name: "hours",
        columns: &["row_id", "employee_id", "date", "hours", "approved"],
        optional_columns: &["department", "location", "earning", "pieces", "project", "task"],
        may_be_absent: true,
        keeps_other_columns: false,
    },
    file("payments", &["row_id", "employee_id", "date", "type", "amount", "currency"], true),
    file("time_off", &["row_id", "employee_id", "date", "type", "amount", "unit"], true),
    file("balances", &["employee_id", "date", "type", "amount", "unit"], true),
    FactFile {
        name: "benefits",
        columns: &["employee_id", "date", "plan", "status", "effective", "amount", "currency", "deductions_a_year"],
        optional_columns: &["read_on", "unit", "first_day", "last_day", "limited"],
        may_be_absent: true,
        keeps_other_columns: false,
    },
    FactFile {
        name: "registers",
        columns: &["row_id", "employee_id", "date", "register", "code", "amount", "currency"],
        optional_columns: &["department", "location"],
        may_be_absent: true,
        keeps_other_columns: false,
    },
    file("register_totals", &["register", "file", "code", "amount"], true),
    file("history", &["pipeline", "period", "headcount"], true),
    FactFile {
        name: "gp_vendors",
        columns: &["key", "active"],
        optional_columns: &[],
        may_be_absent: true,
        keeps_other_columns: true,
    },
    FactFile {
        name: "gp_employees",
        columns: &["key", "active"],
        optional_columns: &[],
        may_be_absent: true,
        keeps_other_columns: true,
    },
    FactFile {
        name: "gp_accounts",
        columns: &["account", "description", "active", "allows_entry"],
        optional_columns: &["company"],
        may_be_absent: false,
        keeps_other_columns: false,
    },
    FactFile {
        name: "gp_dimensions",
        columns: &["dimension", "code", "active"],
        optional_columns: &["company"],
        may_be_absent: false,
        keeps_other_columns: false,
    },
    FactFile {
        name: "gp_periods",
        columns: &["year", "period", "first_day", "last_day", "series", "closed"],
        optional_columns: &["company"],
        may_be_absent: false,
        keeps_other_columns: false,
    },
    FactFile {
        name: "sent",
        columns: &[
            "pipeline",
            "period",
            "sequence",
            "document_id",
            "journal",
            "gp_state",
            "booked_in",
            "account",
            "currency",
            "debit",
            "credit",
        ],
        optional_columns: &["company", "group"],
        may_be_absent: true,
        keeps_other_columns: false,
    },
    // What the edges noticed.
    file("notices", &["code", "subject", "message", "remedy"], true),
    // The first day that the hours cover; the periods (blank between) whose hours were saved with their plan; the
    // capabilities of GP (blank between) that nobody provides.
    FactFile {
        name: "observed",
        columns: &["hours_from"],
        optional_columns: &["hours_saved", "not_provided"],
        may_be_absent: true,
        keeps_other_columns: false,
    },
];

/// The file of this name.
pub fn fact_file(name: &str) -> Option<&'static FactFile> {
    FACT_FILES.iter().find(|file| file.name == name)
}

impl FactFile {
    /// Every column that has a meaning of its own.
    pub fn all_columns(&self) -> Vec<&'static str> {
        self.columns.iter().chain(self.optional_columns).copied().collect()
    }
}

/// What a story means by a cell that it leaves out: nothing, but what is usual where a fact must be true or false.
pub fn usual(column: &str) -> &'static str {
    match column {
        "active" | "allows_entry" | "approved" => "true",
        "closed" => "false",
        _ => "",
    }
}
