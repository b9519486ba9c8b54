//! A journal in plain words.

use super::Line;
use crate::project::pipeline::{
    Amount, JournalDate, JournalRule, LineRule, OnePer, PaidBy, Pay, Pipeline, ReverseOn, Side,
};

pub fn sentences(pipeline: &Pipeline, rule: &JournalRule) -> Vec<String> {
    let name = |at: usize| pipeline.look_ups.get(at).map_or("look-up", |look_up| look_up.name.as_str());
    let each = match rule.one_per {
        OnePer::Period => "One journal a period and currency".to_owned(),
        OnePer::Person => "One journal for each person, period and currency".to_owned(),
        OnePer::LookUp(at) => format!("One journal for each `{}`, period and currency", name(at)),
    };
    let mut sentences =
        vec![format!("{each}: batch `{}`, reference `{}`.", rule.batch.source(), rule.reference.source())];
    sentences.push(match &rule.date {
        JournalDate::Template(date) => format!("It is dated `{}`.", date.source()),
        JournalDate::Accrual(accrue) => {
            let reverse = match accrue.reverse {
                ReverseOn::NextDay => "the day after",
                ReverseOn::PeriodLastDay => "the last day of the pay period",
            };
            format!("It accrues the part of a pay period up to a month's end, is dated that day, and GP reverses it on {reverse}.")
        }
    });
    if let Some(rates) = &rule.rates {
        let how = match rates.by_gp {
            true => "carry the rate of the table, and GP converts",
            false => "are converted before there is a journal",
        };
        sentences.push(format!("Amounts in other currencies than {} {how}: {}.", rates.to, rates.table.file()));
    }
    if let Some(companies) = &pipeline.companies {
        sentences.push(format!("Each cost goes to the GP company that `{}` says.", name(companies.route)));
        if let Some(between) = &companies.intercompany {
            let paid_by = match &between.paid_by {
                PaidBy::Company(company) => company.clone(),
                PaidBy::LookUp(at) => format!("the company that `{}` says", name(*at)),
            };
            sentences.push(format!(
                "{paid_by} pays: what another company bears is due from it (`{}`) and due to the payer (`{}`).",
                between.due_from.source(),
                between.due_to.source()
            ));
        }
    }
    sentences
}

pub fn lines(pipeline: &Pipeline, rule: &JournalRule) -> Vec<Line> {
    rule.lines.iter().map(|line| self::line(pipeline, line)).collect()
}

fn line(pipeline: &Pipeline, line: &LineRule) -> Line {
    let amount = pipeline.pay.as_ref().map_or_else(String::new, |pay| amount(pay, line.amount));
    let (debit, credit) = match line.side {
        Side::Debit => (Some(amount), None),
        Side::Credit => (None, Some(amount)),
    };
    let each = line.for_each.and_then(|at| pipeline.look_ups.get(at)).map(|look_up| look_up.name.as_str());
    let for_each: Vec<&str> = each.into_iter().chain(line.by_person.then_some("person")).collect();
    Line {
        name: line.name.clone(),
        debit,
        credit,
        account: line.account.source().to_owned(),
        for_each: for_each.join(", "),
    }
}

/// An amount in words: what a line books.
pub fn amount(pay: &Pay, amount: Amount) -> String {
    let named = |name: Option<&str>| name.unwrap_or("amount").replace('_', " ");
    match amount {
        Amount::Gross => "gross (all earnings)".to_owned(),
        Amount::Net => "net (gross without what is withheld)".to_owned(),
        Amount::Regular => "regular pay".to_owned(),
        Amount::Overtime => "overtime".to_owned(),
        Amount::Code(at) => named(pay.earnings.get(at).map(|earning| earning.name.as_str())),
        Amount::Burden(at) => named(pay.burdens.get(at).map(|burden| burden.name.as_str())),
        Amount::Withheld(at) => named(pay.withheld.get(at).map(|withheld| withheld.name.as_str())),
    }
}
