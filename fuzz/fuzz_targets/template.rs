//! Templates: compiled, and rendered where they compile.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ml_connector::project::template::Template;
use ml_connector::project::value::{Bindings, Kind, Names, Value};

fuzz_target!(|text: &str| {
    let names = Names::default()
        .with("status", Kind::Text)
        .with("day", Kind::Date)
        .with("headcount", Kind::Integer)
        .with("gross", Kind::Money);
    let mut bindings = Bindings::default();
    bindings.set("status", Value::text("Active"));
    bindings.set("day", Value::Date(jiff::civil::date(2013, 11, 1)));
    bindings.set("headcount", Value::Integer(i64::MAX));
    bindings.set("gross", Value::Decimal(rust_decimal::Decimal::MAX));
    if let Ok(template) = Template::compile(text, &names) {
        let _ = (template.render(&bindings), template.widest(&|_| Some(9)), template.outcomes());
    }
});
