//! Several GP companies: which one bears a cost, which one pays it, and what each owes the other, so that each company's
//! journal balances by itself (payroll-rules.md, Several companies).

use super::centre::{CentreId, Centres};
use super::cost::Costs;
use super::document::{Document, Role};
use super::hold::{Hold, HoldCode};
use super::journal::{JournalKey, journal_names, template_failed};
use crate::hr::Period;
use crate::ledger::AccountNumber;
use crate::project::Pipeline;
use crate::project::pipeline::{Companies, Otherwise, PaidBy, Side};
use crate::project::value::Value;

/// The company in whose journal a line of this side books the cost of a centre; empty for the connection's own.
pub fn company_of<'c>(pipeline: &'c Pipeline, costs: &'c Costs, centre: CentreId, side: Side) -> &'c str {
    let Some(companies) = &pipeline.companies else { return "" };
    match side {
        Side::Debit => costs.centres.value(centre, companies.route),
        Side::Credit => paying(companies, &costs.centres, centre),
    }
}

/// The company that pays the cost of a centre, and has in its books what is owed.
pub fn paying<'c>(companies: &'c Companies, centres: &'c Centres, centre: CentreId) -> &'c str {
    match companies.intercompany.as_ref().map(|between| &between.paid_by) {
        None => centres.value(centre, companies.route),
        Some(PaidBy::Company(company)) => company,
        Some(PaidBy::LookUp(at)) => centres.value(centre, *at),
    }
}

/// The account that balances a line whose cost another company pays (or bears): due to at the bearing company, due from at
/// the paying one. `None` where it is one company.
///
/// # Errors
/// A hold when the template gives no text.
pub fn due(
    pipeline: &Pipeline,
    costs: &Costs,
    centre: CentreId,
    side: Side,
    key: &JournalKey,
    period: &Period,
) -> Result<Option<AccountNumber>, Box<Hold>> {
    let Some(between) = pipeline.companies.as_ref().and_then(|companies| companies.intercompany.as_ref()) else {
        return Ok(None);
    };
    let (bearing, paying) =
        (company_of(pipeline, costs, centre, Side::Debit), company_of(pipeline, costs, centre, Side::Credit));
    if bearing == paying {
        return Ok(None);
    }
    let (what, template, other) = match side {
        Side::Debit => ("due_to", &between.due_to, paying),
        Side::Credit => ("due_from", &between.due_from, bearing),
    };
    let mut names = journal_names(period, key.currency);
    names.set("company", Value::text(&key.company));
    names.set("other", Value::text(other));
    let place = pipeline.companies.as_ref().map_or_else(|| pipeline.place.clone(), |companies| companies.place.clone());
    let text = template.render(&names).map_err(|failed| Box::new(template_failed(what, &failed, place)))?;
    Ok(Some(AccountNumber::new(&text)))
}

/// All companies' journals of a period are sent, or none: what holds one holds the others.
pub fn hold_together(pipeline: &Pipeline, documents: &mut [(Document, Vec<Hold>)]) {
    if pipeline.companies.is_none() {
        return;
    }
    let group = |document: &Document| {
        document.journal().map(|journal| {
            let periods: Vec<_> = journal.by_period.keys().cloned().collect();
            // The other side of a late move may be a company's first journal of the period.
            (journal.role == Role::Adjusting, journal.booked_in.clone(), periods.last().cloned(), journal.key.currency)
        })
    };
    let held: Vec<_> = documents
        .iter()
        .filter(|(_, holds)| !holds.is_empty())
        .map(|(document, holds)| {
            let company = document.journal().map_or_else(String::new, |journal| journal.key.company.clone());
            (group(document), company, holds.iter().all(|hold| hold.otherwise == Otherwise::Ask))
        })
        .collect();
    for (document, holds) in documents.iter_mut().filter(|(_, holds)| holds.is_empty()) {
        let own = group(document);
        let mut reasons = held.iter().filter(|(other, ..)| *other == own).peekable();
        if let Some((_, company, _)) = reasons.peek() {
            let subject = format!("company {company}");
            let only_asks = reasons.all(|(.., asks)| *asks);
            holds.push(Hold {
                code: HoldCode::OtherCompanyHeld,
                subject,
                message: "the journal of another company of the same period is held, and all are sent or none"
                    .to_owned(),
                remedy: "Mend what holds the other company's journal.".to_owned(),
                place: None,
                otherwise: if only_asks { Otherwise::Ask } else { Otherwise::Hold },
            });
            document.ready = false;
        }
    }
}
