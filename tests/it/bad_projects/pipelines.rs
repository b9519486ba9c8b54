//! Pipelines whose words are all known and that still make no sense.

use super::{JOURNAL, Screens};

const FILE: &str = "pipelines/payroll-journal.yaml";

#[test]
fn journals_that_would_not_balance() {
    let mut screens = Screens::new();
    screens.edited(
        "a burden on one side",
        FILE,
        "      - { name: tax payable, credit: employer_tax, account: 000-2110-0000 }\n",
        "",
    );
    screens.edited("an earning left out", FILE, "debit: gross", "debit: regular");
    screens.edited(
        "an earning twice",
        FILE,
        "      - { name: wages payable",
        "      - { name: again, debit: regular, account: 000-5100-0000 }\n      - { name: wages payable",
    );
    screens.edited("an amount nobody knows", FILE, "debit: employer_tax", "debit: employer_taxes");
    screens.edited("a percentage without its sign", FILE, "rate: 7.65%", "rate: 7.65");
    screens.edited("no look-ups at all", FILE, "look_up:\n  cost_centre: { in: cost-centres, else: hold }\n", "");
    screens.edited("a line with two sides", FILE, "credit: gross", "debit: gross, credit: gross");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn burdens_that_are_no_amount() {
    let mut screens = Screens::new();
    let burden = "rate: 7.65%, of: gross";
    screens.edited("neither a rate nor an amount", FILE, burden, "of: gross");
    screens.edited("both", FILE, burden, "rate: 7.65%, of: gross, per_head: 450.00, currency: USD");
    screens.edited("an amount without its currency", FILE, burden, "per_head: 450.00");
    screens.edited("a currency that is none", FILE, burden, "per_head: 450.00, currency: DOLLAR");
    screens.edited("more digits than cents", FILE, burden, "per_head: 450.005, currency: USD");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn earnings_that_are_paid_twice_or_not_at_all() {
    let mut screens = Screens::new();
    let pay = |screens: &mut Screens, name: &str, earnings: &str| {
        screens.edited(name, FILE, "pay:\n", &format!("pay:\n{earnings}"));
    };
    pay(&mut screens, "neither hours nor payments", "  earnings: { night: { at: 1.25 } }\n");
    pay(&mut screens, "hours without a multiplier", "  earnings: { night: { hours: [Night] } }\n");
    pay(&mut screens, "a payment with one", "  earnings: { bonus: { payments: [Bonus], at: 2 } }\n");
    pay(&mut screens, "a word of ours", "  earnings: { gross: { payments: [Bonus] } }\n");
    pay(
        &mut screens,
        "a code in two earnings",
        "  earnings: { night: { hours: [Night], at: 1.25 }, late: { hours: [Night], at: 1.5 } }\n",
    );
    screens.show("booked on one side alone", |project| {
        let text = JOURNAL.replacen("pay:\n", "pay:\n  earnings: { bonus: { payments: [Bonus] } }\n", 1);
        let both = "debit: regular, account: 000-5100-0000 }\n      - { name: more, debit: overtime";
        project.set(FILE, text.replacen("debit: gross", both, 1));
    });
    pay(&mut screens, "a pay type of no meaning", "  types: { Contract: salaried }\n");
    pay(&mut screens, "leave of both kinds", "  leave: { paid: [Sick], unpaid: [Sick] }\n");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn burdens_that_follow_nothing() {
    let mut screens = Screens::new();
    let burden = "rate: 7.65%, of: gross";
    let capped = |cap: &str| format!("{burden}, cap: {{ {cap} }}");
    screens.edited("a cap without a year", FILE, burden, &capped("wages: 7000.00, currency: USD"));
    screens.edited(
        "a year that starts nowhere",
        FILE,
        burden,
        &capped("wages: 7000.00, currency: USD, year_starts: 02-29"),
    );
    screens.edited(
        "a cap and a currency",
        FILE,
        burden,
        &format!("{}, currency: USD", capped("wages: 7000.00, currency: USD, year_starts: 01-01")),
    );
    screens.edited("gross and what is in it", FILE, burden, "rate: 7.65%, of: [gross, regular]");
    screens.edited("an earning that is none", FILE, burden, "rate: 7.65%, of: [regular, bonus]");
    screens.edited("benefits beside a rate", FILE, burden, "rate: 5%, of: gross, benefits: [Health]");
    screens.edited("benefits and a liability", FILE, burden, "benefits: [Health], liability: { of: [Vacation] }");
    screens.edited("no benefit plan", FILE, burden, "benefits: []");
    screens.edited("a table that is not there", FILE, burden, "cost_of: { in: health }");
    for (name, row) in
        [("a decimal comma", "1,\"310,50\",USD"), ("half a cent", "2,310.505,USD"), ("no currency", "3,1,DOLLAR")]
    {
        screens.show(name, |project| {
            project.set("tables/health.csv", format!("number,amount,currency\n{row}\n"));
            project.set(FILE, JOURNAL.replacen(burden, "cost_of: { in: health }", 1));
        });
    }
    screens.show("wages before without their day", |project| {
        project.set("tables/before.csv", "number,wages\n1,100.00\n".to_owned());
        let cap = "wages: 7000.00, currency: USD, year_starts: 01-01, before: { in: before }";
        project.set(FILE, JOURNAL.replacen(burden, &capped(cap), 1));
    });
    insta::assert_snapshot!(screens.text());
}

#[test]
fn splits_that_are_no_whole() {
    let mut screens = Screens::new();
    let with = |screens: &mut Screens, name: &str, table: &str| {
        screens.show(name, |project| {
            project.set("tables/splits.csv", table.to_owned());
            project.set(FILE, JOURNAL.replacen("pay:\n", "pay:\n  split: { in: splits }\n", 1));
        });
    };
    screens.edited("a table that is not there", FILE, "pay:\n", "pay:\n  split: { in: splits }\n");
    with(&mut screens, "99.99 percent", "number,to_department,percent\n7,Sales,66.66\n7,Mill,33.33\n");
    with(
        &mut screens,
        "a whole that ends",
        "number,to_department,percent,valid_to\n7,Sales,50,\n7,Mill,50,2013-11-15\n",
    );
    with(&mut screens, "two rests", "number,to_department,amount\n7,Sales,rest\n7,Mill,rest\n");
    with(&mut screens, "no rest", "number,to_department,amount\n7,Sales,100.00\n7,Mill,50.00\n");
    with(&mut screens, "a share below zero", "number,to_department,percent\n7,Sales,-50\n7,Mill,150\n");
    with(&mut screens, "percent and weight", "number,to_department,percent,weight\n7,Sales,50,1\n7,Mill,50,1\n");
    with(&mut screens, "nobody", "to_department,percent\nSales,100\n");
    with(&mut screens, "nowhere", "number,percent\n7,100\n");
    with(&mut screens, "a column of no name", "number,to_departement,percent\n7,Sales,100\n");
    with(&mut screens, "a share without its centre", "number,cost_centre,percent\n7,0100,50\n7,,50\n");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn pay_periods_that_nobody_can_find() {
    let mut screens = Screens::new();
    let with = |screens: &mut Screens, name: &str, schedule: &str, from: &str, table: &str| {
        screens.show(name, |project| {
            if !table.is_empty() {
                project.set("tables/pay-periods.csv", table.to_owned());
            }
            let calendar = format!("calendar: {{ schedules: {{ ours: {{ {schedule} }} }} }}\nconnections:\n");
            project.set("project.yaml", super::PROJECT.replacen("connections:\n", &calendar, 1));
            let from = format!("  bamboohr: payroll-cost\n  periods: {from}\n");
            project.set(FILE, JOURNAL.replacen("  bamboohr: payroll-cost\n", &from, 1));
        });
    };
    let fortnights = "every: 14 days, from: 2013-01-07";
    with(&mut screens, "no schedule of that name", fortnights, "our", "");
    with(&mut screens, "no first day", "every: 14 days", "ours", "");
    with(&mut screens, "no number of days", "every: fortnight, from: 2013-01-07", "ours", "");
    with(&mut screens, "half a month that is a whole", "semi_monthly: 31", "ours", "");
    with(&mut screens, "a list that is not there", "in: pay-periods", "ours", "");
    let head = "code,name,first_day,last_day\n";
    let listed = |rows: &str| format!("{head}{rows}");
    with(
        &mut screens,
        "a code like a month",
        "in: pay-periods",
        "ours",
        &listed("2013-11,Nov,2013-11-01,2013-11-30\n"),
    );
    with(
        &mut screens,
        "a gap",
        "in: pay-periods",
        "ours",
        &listed("P1,P1,2013-11-01,2013-11-14\nP2,P2,2013-11-16,2013-11-30\n"),
    );
    with(
        &mut screens,
        "a list without its divisor",
        "in: pay-periods",
        "ours",
        &listed("P1,P1,2013-11-01,2013-11-14\n"),
    );
    screens.show("a divisor of other periods", |project| {
        let calendar = format!("calendar: {{ schedules: {{ ours: {{ {fortnights} }} }} }}\nconnections:\n");
        project.set("project.yaml", super::PROJECT.replacen("connections:\n", &calendar, 1));
        let text = JOURNAL.replacen("  bamboohr: payroll-cost\n", "  bamboohr: payroll-cost\n  periods: ours\n", 1);
        project.set(FILE, text.replacen("pay:\n", "pay:\n  period: monthly\n", 1));
    });
    insta::assert_snapshot!(screens.text());
}

#[test]
fn calendars_without_hours_or_holidays() {
    let mut screens = Screens::new();
    let calendar = |screens: &mut Screens, name: &str, calendar: &str| {
        screens.edited(name, "project.yaml", "connections:\n", &format!("calendar: {{ {calendar} }}\nconnections:\n"));
    };
    screens.edited("hours of no week", FILE, "pay:\n", "pay:\n  salaried: { prorate: hours }\n");
    screens.edited(
        "holidays that nobody lists",
        FILE,
        "pay:\n",
        "pay:\n  salaried: { prorate: working days, holidays: do not count }\n",
    );
    calendar(&mut screens, "a week without an hour", "week: { monday: 0 }");
    calendar(&mut screens, "a day of 25 hours", "week: { monday: 25 }");
    calendar(&mut screens, "a day of no name", "week: { mon: 8 }");
    calendar(&mut screens, "holidays in no table", "holidays: { in: holidays }");
    screens.show("a holiday that is no day", |project| {
        project.set("tables/holidays.csv", "date,name\n28.11.2013,Thanksgiving\n".to_owned());
        let calendar = "calendar: { holidays: { in: holidays } }\nconnections:\n";
        project.set("project.yaml", super::PROJECT.replacen("connections:\n", calendar, 1));
    });
    insta::assert_snapshot!(screens.text());
}

#[test]
fn unresolved_people_without_a_way() {
    let mut screens = Screens::new();
    screens.edited("suspense without its account", FILE, "keep: emp", "unresolved: suspense\nkeep: emp");
    screens.edited("a word nobody knows", FILE, "keep: emp", "unresolved: hold employees\nkeep: emp");
    screens.edited("an empty account", FILE, "keep: emp", "unresolved: { suspense: \" \" }\nkeep: emp");
    screens.edited("for records", "pipelines/vendors.yaml", "send:", "unresolved: hold employee\nsend:");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn privacy_that_keeps_nothing_private() {
    let mut screens = Screens::new();
    let with = |privacy: &str| format!("privacy: {{ {privacy} }}\nkeep: emp");
    let with_table = |screens: &mut Screens, name: &str, table: &str| {
        screens.show(name, |project| {
            project.set("tables/parents.csv", table.to_owned());
            let privacy = with("minimum_people_per_line: 3, parents: { in: parents }");
            project.set(FILE, JOURNAL.replacen("keep: emp", &privacy, 1));
        });
    };
    screens.edited("one person is nobody's group", FILE, "keep: emp", &with("minimum_people_per_line: 1"));
    screens.edited(
        "a table that is not there",
        FILE,
        "keep: emp",
        &with("minimum_people_per_line: 3, parents: { in: parents }"),
    );
    with_table(&mut screens, "no column of parents", "cost_centre,above\n0100,0000\n");
    with_table(&mut screens, "no column of children", "centre,parent\n0100,0000\n");
    with_table(&mut screens, "a column that nobody reads", "cost_centre,parent,since\n0100,0000,2013\n");
    with_table(&mut screens, "a circle", "cost_centre,parent\n0100,0200\n0200,0300\n0300,0100\n");
    screens.show("a journal for each person", |project| {
        let text = JOURNAL.replacen("one_per: period", "one_per: person", 1);
        project.set(FILE, text.replacen("keep: emp", &with("minimum_people_per_line: 3"), 1));
    });
    screens.edited("for records", "pipelines/vendors.yaml", "send:", "privacy: { minimum_people_per_line: 3 }\nsend:");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn companies_that_nobody_finds() {
    let mut screens = Screens::new();
    let with = |screens: &mut Screens, name: &str, listed: &str, companies: &str, more: &str| {
        screens.show(name, |project| {
            project.set("tables/bearers.csv", "department,bearer\nEngineering,Acme East\n".to_owned());
            project.set(
                "project.yaml",
                super::PROJECT.replacen("company: Acme Inc.\n", &format!("company: Acme Inc.\n{listed}"), 1),
            );
            let text = JOURNAL.replacen(
                "pay:\n",
                &format!("  bearer: {{ in: bearers }}\ncompanies: {{ {companies} }}\n{more}pay:\n"),
                1,
            );
            project.set(FILE, text);
        });
    };
    let listed = "    companies: [Acme East, Acme West]\n";
    with(&mut screens, "no company is listed", "", "route: bearer", "");
    with(&mut screens, "another one is", "    companies: [Acme Esat]\n", "route: bearer", "");
    with(&mut screens, "listed twice", "    companies: [Acme East, Acme East]\n", "route: bearer", "");
    with(&mut screens, "no look-up of that name", listed, "route: bearrer", "");
    with(&mut screens, "one account of two", listed, "route: bearer, paid_by: Acme West, due_to: 2500", "");
    let dues = "route: bearer, due_from: 1500, due_to: 2500";
    with(&mut screens, "nobody pays", listed, &format!("{dues}, paid_by: Acme South"), "");
    with(
        &mut screens,
        "an account of another name",
        listed,
        "route: bearer, paid_by: Acme West, due_from: '{{ others }}', due_to: 2500",
        "",
    );
    with(&mut screens, "suspense of no company", listed, "route: bearer", "unresolved: { suspense: 000-1999-0000 }\n");
    screens.edited("for records", "pipelines/vendors.yaml", "send:", "companies: { route: bearer }\nsend:");
    let both = "corrections: { unposted: replace }\ncompanies: { route: bearer }\nsend:";
    screens.edited("replaced one by one", FILE, "send:", both);
    screens.edited("replaced in another way", FILE, "send:", "corrections: { unposted: overwrite }\nsend:");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn rates_that_convert_nothing() {
    let mut screens = Screens::new();
    let with_table = |screens: &mut Screens, name: &str, rates: &str, table: &str| {
        screens.show(name, |project| {
            project.set("tables/rates.csv", table.to_owned());
            project.set(FILE, JOURNAL.replacen("make:\n", &format!("make:\n  rates: {{ {rates} }}\n"), 1));
        });
    };
    let good = "in: rates, to: USD";
    screens.edited("a table that is not there", FILE, "make:\n", "make:\n  rates: { in: rate, to: USD }\n");
    with_table(&mut screens, "a currency that is none", "in: rates, to: DOLLAR", "currency,rate\nEUR,1.35\n");
    with_table(&mut screens, "no column of rates", good, "currency,value\nEUR,1.35\n");
    with_table(&mut screens, "a decimal comma", good, "currency,rate\nEUR,\"1,35\"\n");
    with_table(&mut screens, "a rate of nothing", good, "currency,rate\nEUR,0\n");
    let by_gp = "in: rates, to: USD, as: exchange fields";
    with_table(&mut screens, "finer than GP keeps", by_gp, "currency,rate\nEUR,1.35912345\n");
    with_table(&mut screens, "in no way", "in: rates, to: USD, as: amounts", "currency,rate\nEUR,1.35\n");
    with_table(&mut screens, "any currency", good, "currency,rate\n*,1.35\n");
    with_table(&mut screens, "into itself", good, "currency,rate\nUSD,1\n");
    with_table(
        &mut screens,
        "a day that no period has",
        "in: rates, to: USD, as_of: today",
        "currency,rate\nEUR,1.35\n",
    );
    screens.edited("for records", "pipelines/vendors.yaml", "make:\n", "make:\n  rates: { in: rates, to: USD }\n");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn parts_that_do_not_fit() {
    let mut screens = Screens::new();
    screens.edited("sent to the wrong place", FILE, "to: gp general ledger", "to: gp vendors");
    screens.edited(
        "made from the wrong source",
        "pipelines/vendors.yaml",
        "bamboohr: employees",
        "bamboohr: payroll-cost",
    );
    screens.show("an employee without a tax id", |project| {
        let text = super::VENDORS
            .replace("vendor", "employee")
            .replace("name: \"{{ last_name }}, {{ first_name }}\"", "last_name: \"{{ last_name }}\"");
        project.set("pipelines/vendors.yaml", text);
    });
    screens.edited("a field that GP lacks", "pipelines/vendors.yaml", "class: EMPLOYEE", "clas: EMPLOYEE");
    screens.edited("a status that is none", "pipelines/vendors.yaml", "class: EMPLOYEE", "status: gone");
    screens.edited(
        "no look-up of that name",
        FILE,
        "for_each: cost_centre, account: \"000-5150",
        "for_each: cost_center, account: \"000-5150",
    );
    screens.edited("pay taken as a text", FILE, "number: employeeNumber", "rate: payRate");
    screens.edited("a day that is none", FILE, "from:", "every: { month_on: 31st business day, at: \"07:00\" }\nfrom:");
    screens.edited("a time that is none", FILE, "from:", "every: { day_at: 7am }\nfrom:");
    screens.edited("a check that checks nothing", FILE, "rule: cost centres are valid, ", "");
    screens.edited(
        "a dimension that GP does not know",
        "project.yaml",
        "cost_centre: { segment: 3 }",
        "cost_center: { segment: 3 }",
    );
    screens.edited("a name that is none", FILE, "pipeline: payroll-journal", "pipeline: Payroll Journal");
    screens.show("a look-up that nothing reads", |project| {
        project.edit(FILE, "  cost_centre: {", "  group: { in: groups }\n  cost_centre: {");
        project.set("tables/groups.csv", "department,group\nSales,S\n");
    });
    insta::assert_snapshot!(screens.text());
}

#[test]
fn pipelines_that_meet() {
    let second = JOURNAL.replace("pipeline: payroll-journal", "pipeline: second");
    let mut screens = Screens::new();
    screens.show("the same people paid twice", |project| project.set("pipelines/second.yaml", second.as_str()));
    screens.show("two pipelines of one name", |project| {
        project.set("pipelines/second.yaml", super::VENDORS);
    });
    screens.show("a pipeline to correct that is not there", |project| {
        project.edit(FILE, "from:", "corrects: payrol\nfrom:");
    });
    insta::assert_snapshot!(screens.text());
    for (change, with) in [
        ("from:", "corrects: payroll-journal\nfrom:"),
        ("keep: employment_status != \"Contractor\"", "keep: employment_status == \"Contractor\""),
    ] {
        let mut project = super::Project::sound();
        project.set("pipelines/second.yaml", second.replacen(change, with, 1));
        assert_eq!(project.lint(), "no findings\n", "{with}");
    }
}

/// A project whose journal comes from a register.
fn registered(project: &mut super::Project) {
    let registers = "connections:\n  registers:\n    adp:\n      folder: registers\n      currency: USD\n      \
                     columns: { number: Employee, date: Pay Date }\n      amounts: [Salary, Tax, Net]\n";
    project.set("project.yaml", super::PROJECT.replacen("connections:\n", registers, 1));
    project.set(
        FILE,
        JOURNAL
            .replacen("  bamboohr: payroll-cost\n", "  register: adp\n", 1)
            .replacen(
                "  hourly: { overtime: { above_weekly: 40, at: 1.5 } }\n  burden:\n    employer_tax: { rate: 7.65%, of: gross }\n",
                "  earnings: { salary: { register: [Salary] } }\n  withheld: { tax: Tax }\n  control: { net: Net }\n",
                1,
            ),
    );
    project.edit(FILE, "  take: { number: employeeNumber }\n", "");
    let text = project.text(FILE);
    let (head, rest) = text.split_once("    lines:\n").unwrap();
    let (_, tail) = rest.split_once("check:\n").unwrap();
    let lines = "      - { name: salaries, debit: salary, for_each: cost_centre, account: \"000-5100-{{ cost_centre }}\" }\n      \
                 - { name: tax, credit: tax, account: 000-2200-0000 }\n      \
                 - { name: net, credit: net, account: 000-2100-0000 }\n";
    project.set(FILE, format!("{head}    lines:\n{lines}check:\n{tail}"));
}

#[test]
fn registers_that_nobody_can_read_or_book() {
    let mut screens = Screens::new();
    let edited = |screens: &mut Screens, name: &str, file: &str, from: &str, to: &str| {
        screens.show(name, |project| {
            registered(project);
            let text = project.text(file);
            assert!(text.contains(from), "{name}: {from}");
            project.set(file, text.replacen(from, to, 1));
        });
    };
    edited(&mut screens, "a register that is not there", FILE, "register: adp", "register: adq");
    edited(&mut screens, "no source at all", FILE, "  register: adp\n", "");
    edited(&mut screens, "a code named twice", FILE, "tax: Tax", "tax: [Tax, Salary]");
    edited(&mut screens, "tax on no line", FILE, "      - { name: tax, credit: tax, account: 000-2200-0000 }\n", "");
    edited(&mut screens, "gross instead of net", FILE, "credit: net", "credit: gross");
    edited(
        &mut screens,
        "a rate beside a register",
        FILE,
        "  withheld:",
        "  hourly: { hours: timesheets }\n  withheld:",
    );
    edited(&mut screens, "regular pay without rates", FILE, "debit: salary", "debit: regular");
    edited(&mut screens, "no earning", FILE, "  earnings: { salary: { register: [Salary] } }\n", "");
    edited(&mut screens, "withheld from a rate", FILE, "  register: adp", "  register: adp\n  bamboohr: payroll-cost");
    screens.edited("a code without a register", FILE, "rate: 7.65%, of: gross", "register: [Tax]");
    let project = "project.yaml";
    edited(&mut screens, "two ways to name people", project, "number: Employee,", "number: Employee, id: Id,");
    edited(&mut screens, "no currency", project, "      currency: USD\n", "");
    edited(&mut screens, "a date of no day", project, "folder: registers", "folder: registers\n      dates: MM/YYYY");
    edited(
        &mut screens,
        "letters that are not there",
        project,
        "folder: registers",
        "folder: registers\n      encoding: latin",
    );
    edited(
        &mut screens,
        "a word between cells",
        project,
        "folder: registers",
        "folder: registers\n      delimiter: semicolon",
    );
    edited(&mut screens, "columns and rows", project, "date: Pay Date", "date: Pay Date, code: Code, amount: Amount");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn accruals_of_nothing() {
    let mut screens = Screens::new();
    let accrue = |project: &mut super::Project, periods: &str, accrue: &str| {
        let calendar = "calendar:\n  schedules:\n    fortnights: { every: 14 days, from: 2013-01-07 }\n    \
                        halves: { semi_monthly: 15 }\nconnections:\n";
        project.set("project.yaml", super::PROJECT.replacen("connections:\n", calendar, 1));
        project.edit(FILE, "  bamboohr: payroll-cost\n", &format!("  bamboohr: payroll-cost\n{periods}"));
        project.edit(FILE, "make:\n", &format!("make:\n{accrue}"));
    };
    let dated = "    date: \"{{ period.last_day }}\"\n";
    let fortnights = "  periods: fortnights\n";
    screens.show("calendar months", |project| {
        accrue(project, "", "  accrue: { at: month end }\n");
        project.edit(FILE, dated, "");
    });
    screens.show("half months", |project| {
        accrue(project, "  periods: halves\n", "  accrue: {}\n");
        project.edit(FILE, dated, "");
    });
    screens.show("a date of its own", |project| accrue(project, fortnights, "  accrue: { at: month end }\n"));
    screens.show("another end", |project| {
        accrue(project, fortnights, "  accrue: { at: month-end }\n");
        project.edit(FILE, dated, "");
    });
    screens.show("corrections", |project| {
        accrue(project, fortnights, "  accrue: { reverse: next day }\n");
        project.edit(FILE, dated, "");
        project.edit(FILE, "send:", "corrections: { look_back: 3 }\nsend:");
    });
    screens.show("the date of an accrual without one", |project| {
        project.edit(FILE, dated, "    date: \"{{ accrual.date }}\"\n");
    });
    screens.edited("no date at all", FILE, dated, "");
    insta::assert_snapshot!(screens.text());
}

#[test]
fn liabilities_that_nobody_can_compute() {
    let mut screens = Screens::new();
    let tax = "    employer_tax: { rate: 7.65%, of: gross }\n";
    let hourly = "  hourly: { overtime: { above_weekly: 40, at: 1.5 } }\n";
    screens.edited("a rate beside it", FILE, tax, "    employer_tax: { rate: 7.65%, liability: { of: [Vacation] } }\n");
    screens.edited(
        "no hours in a year",
        FILE,
        tax,
        "    employer_tax: { liability: { of: [Vacation], hours_a_year: 0 } }\n",
    );
    screens.edited("no type", FILE, tax, "    employer_tax: { liability: {} }\n");
    screens.show("the same vacation twice", |project| {
        project.edit(FILE, hourly, "  wages: elsewhere\n");
        project.edit(FILE, tax, "    employer_tax: { liability: { of: [Vacation] } }\n");
        let again = project.text(FILE).replace("pipeline: payroll-journal", "pipeline: vacation");
        project.set("pipelines/vacation.yaml", again);
    });
    screens.show("a tax without wages", |project| {
        project.edit(FILE, hourly, "  wages: elsewhere\n");
    });
    screens.show("hours without wages", |project| {
        project.edit(FILE, hourly, &format!("{hourly}  wages: elsewhere\n"));
        project.edit(FILE, tax, "    employer_tax: { liability: { of: [Vacation] } }\n");
    });
    insta::assert_snapshot!(screens.text());
}
