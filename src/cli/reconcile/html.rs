//! The pack as one printable page: no script, no external resource.

use crate::cli::plan_view::grouped;
use crate::plan::reconcile::view::{CentreRow, Reconciliation};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("page.html.j2");

/// Width of the longest bar, in the chart's own units.
const LONGEST: i64 = 330;
const BAR_HEIGHT: usize = 22;
/// Letters of a label that fit.
const LABEL: usize = 30;
/// More bars than this are a wall: the smallest are in the table only.
const BARS: usize = 40;

#[derive(Serialize)]
struct Chart {
    currency: String,
    height: usize,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    y: usize,
    label: String,
    now: String,
    percent: Option<String>,
    single_person: bool,
    now_width: i64,
    before_width: i64,
    longest: i64,
}

/// The page's text.
///
/// # Errors
/// When the template fails: a bug of ours.
pub fn page(pack: &Reconciliation) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("grouped", |amount: &str| grouped(amount));
    environment.add_template("page", PAGE)?;
    environment.get_template("page")?.render(context! { pack => Serde(pack), charts => Serde(charts(pack)) })
}

fn charts(pack: &Reconciliation) -> Vec<Chart> {
    let money = pack.centres.iter().flat_map(|row| &row.money);
    let currencies: BTreeSet<&str> = money.map(|money| money.currency.as_str()).collect();
    currencies.into_iter().map(|currency| chart(pack, currency)).collect()
}

/// One bar a centre: its whole cost now, and before where everybody's is known.
fn chart(pack: &Reconciliation, currency: &str) -> Chart {
    let cost = |row: &CentreRow| -> Decimal {
        let own = row.money.iter().filter(|money| money.currency == currency);
        own.flat_map(|money| &money.amounts).map(|text| amount(text)).sum()
    };
    let has_some = |row: &&CentreRow| row.money.iter().any(|money| money.currency == currency);
    let mut own: Vec<(&CentreRow, Decimal)> =
        pack.centres.iter().filter(has_some).map(|row| (row, cost(row))).collect();
    own.sort_by(|(a, left), (b, right)| right.cmp(left).then_with(|| a.centre.cmp(&b.centre)));
    own.truncate(BARS);
    let movement = |row: &CentreRow| {
        let mut movements = pack.movements.iter().filter(|_| pack.hourly_compared);
        movements.find(|movement| movement.centre == row.centre && movement.currency == currency)
    };
    let before =
        |row: &CentreRow| movement(row).and_then(|movement| movement.before.as_deref()).map_or(Decimal::ZERO, amount);
    let largest = own.iter().flat_map(|(row, now)| [*now, before(row)]).max().unwrap_or_default();
    let bar = |(at, (row, now)): (usize, &(&CentreRow, Decimal))| {
        let [now_width, before_width] = [*now, before(row)].map(|amount| width(amount, largest));
        Bar {
            y: at * BAR_HEIGHT,
            label: short(&[row.centre.as_str(), row.about.as_str()].join(" ")),
            now: now.to_string(),
            percent: movement(row).and_then(|movement| movement.percent.clone()).filter(|percent| percent != "±0"),
            single_person: row.single_person,
            now_width,
            before_width,
            longest: now_width.max(before_width),
        }
    };
    let bars: Vec<Bar> = own.iter().enumerate().map(bar).collect();
    Chart { currency: currency.to_owned(), height: bars.len() * BAR_HEIGHT + 4, bars }
}

/// As much of a label as fits beside its bar: the beginning, with the cost centre.
fn short(label: &str) -> String {
    let label = label.trim();
    match label.char_indices().nth(LABEL) {
        Some((end, _)) => format!("{}…", label[..end].trim_end()),
        None => label.to_owned(),
    }
}

fn amount(text: &str) -> Decimal {
    text.parse().unwrap_or_default()
}

/// A bar's width; a credit has none.
fn width(amount: Decimal, largest: Decimal) -> i64 {
    let share = amount.checked_div(largest).unwrap_or_default();
    let width = share.checked_mul(Decimal::from(LONGEST)).unwrap_or_default().round();
    i64::try_from(width).unwrap_or(0).clamp(0, LONGEST)
}
