//! The rows about GP and our own ledger.

use super::read::{Reading, Row};
use crate::hr::PeriodCode;
use crate::ledger::{Account, AccountNumber, Currency, DocumentId, FiscalPeriod, GpRecord, Minor, Series};
use crate::plan::facts::{CHECKED_CAPABILITIES, DimensionValue, GpState, Headcount, NOTICE_CODES, Notice, SentLine};

/// The lists that a row of the books goes into.
struct BooksOf<'f> {
    accounts: &'f mut Vec<Account>,
    dimension_values: &'f mut Vec<DimensionValue>,
    fiscal_periods: &'f mut Vec<FiscalPeriod>,
}

impl Reading {
    /// The books of the company that a row names, else the connection's own.
    fn books(&mut self, row: &Row<'_>) -> BooksOf<'_> {
        let facts = &mut self.facts;
        match row.text("company").trim() {
            "" => BooksOf {
                accounts: &mut facts.accounts,
                dimension_values: &mut facts.dimension_values,
                fiscal_periods: &mut facts.fiscal_periods,
            },
            company => {
                let books = facts.companies.entry(company.to_owned()).or_default();
                BooksOf {
                    accounts: &mut books.accounts,
                    dimension_values: &mut books.dimension_values,
                    fiscal_periods: &mut books.fiscal_periods,
                }
            }
        }
    }

    pub(super) fn history(&mut self, row: &Row<'_>) {
        if let Some(headcount) = self.number(row, "headcount") {
            let (pipeline, period) = (row.text("pipeline").to_owned(), PeriodCode(row.text("period").to_owned()));
            self.facts.history.push(Headcount { pipeline, period, headcount });
        }
    }

    pub(super) fn record(&mut self, row: &Row<'_>, header: &[String]) {
        let key = row.text("key").trim_end().to_owned();
        let active = self.truth(row, "active");
        let fields = header
            .iter()
            .filter(|column| *column != "key" && *column != "active")
            .map(|column| (column.clone(), row.text(column).trim_end().to_owned()))
            .collect();
        let record = GpRecord { key, active, fields };
        match row.file.name {
            "gp_vendors" => self.facts.vendors.push(record),
            _ => self.facts.employees.push(record),
        }
    }

    pub(super) fn account(&mut self, row: &Row<'_>) {
        let account = Account {
            number: AccountNumber::new(row.text("account")),
            description: row.text("description").to_owned(),
            active: self.truth(row, "active"),
            allows_entry: self.truth(row, "allows_entry"),
        };
        self.books(row).accounts.push(account);
    }

    pub(super) fn dimension(&mut self, row: &Row<'_>) {
        let value = DimensionValue {
            dimension: row.text("dimension").trim().to_owned(),
            code: row.text("code").trim().to_owned(),
            active: self.truth(row, "active"),
        };
        self.books(row).dimension_values.push(value);
    }

    pub(super) fn fiscal_period(&mut self, row: &Row<'_>) {
        let (year, number) = (self.number(row, "year"), self.number(row, "period"));
        let (first, last) = (self.date(row, "first_day"), self.date(row, "last_day"));
        let closed = self.truth(row, "closed");
        let (Some(year), Some(number), Some(first_day), Some(last_day)) = (year, number, first, last) else { return };
        let series = Series::new(row.text("series"));
        let period = FiscalPeriod { year, number, first_day, last_day, series, closed };
        self.books(row).fiscal_periods.push(period);
    }

    pub(super) fn notice(&mut self, row: &Row<'_>) {
        let text = |column: &str| row.text(column).to_owned();
        match NOTICE_CODES.iter().find(|code| **code == row.text("code").trim()) {
            Some(code) => {
                let (subject, message, remedy) = (text("subject"), text("message"), text("remedy"));
                self.facts.notices.push(Notice { code, subject, message, remedy });
            }
            None => {
                let message = format!("code: `{}` is not a notice", row.text("code"));
                self.error(row, message, &format!("Known are {}.", NOTICE_CODES.join(", ")));
            }
        }
    }

    pub(super) fn observed(&mut self, row: &Row<'_>) {
        self.facts.hours_from = self.optional_date(row, "hours_from");
        let saved = row.text("hours_saved").split_whitespace();
        self.facts.hours_saved = saved.map(|code| PeriodCode(code.to_owned())).collect();
        let off: Vec<&str> = row.text("not_provided").split_whitespace().collect();
        let known = CHECKED_CAPABILITIES.iter().copied();
        self.facts.not_provided = known.filter(|capability| off.contains(capability)).collect();
    }

    pub(super) fn sent(&mut self, row: &Row<'_>) {
        let gp_state = match row.text("gp_state").trim() {
            "work" => GpState::Work,
            "posted" => GpState::Posted,
            "edited" => GpState::Edited,
            "deleted" => GpState::Deleted,
            other => {
                let message = format!("gp_state: `{other}` is not a state");
                return self.error(row, message, "Write work, posted, edited or deleted.");
            }
        };
        let Some(currency) = Currency::from_code(row.text("currency").trim()) else {
            let message = format!("currency: `{}` is not of ISO 4217", row.text("currency"));
            return self.error(row, message, "Write the three capital letters, for example USD.");
        };
        let money = |column: &str| {
            let text = row.text(column).trim();
            if text.is_empty() { Some(Minor::ZERO) } else { Minor::parse(text, currency) }
        };
        let (Some(debit), Some(credit)) = (money("debit"), money("credit")) else {
            return self.error(
                row,
                "debit or credit is not an amount".to_owned(),
                "Write decimal text, for example 1250.00.",
            );
        };
        let Some(sequence) = self.number(row, "sequence") else { return };
        let period = PeriodCode(row.text("period").trim().to_owned());
        let booked_in = Some(row.text("booked_in").trim()).filter(|code| !code.is_empty());
        self.facts.sent.push(SentLine {
            pipeline: row.text("pipeline").trim().to_owned(),
            company: row.text("company").trim().to_owned(),
            group: row.text("group").trim().to_owned(),
            booked_in: booked_in.map_or_else(|| period.clone(), |code| PeriodCode(code.to_owned())),
            period,
            sequence,
            document_id: DocumentId::from_text(row.text("document_id").trim()),
            journal: row.text("journal").trim().to_owned(),
            gp_state,
            account: AccountNumber::new(row.text("account")),
            currency,
            debit,
            credit,
        });
    }
}
