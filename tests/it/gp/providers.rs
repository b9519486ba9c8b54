//! Declared, switched off, and set up wrongly.

use super::site::*;
use ml_connector::gp::dialect::shipped::SHIPPED;
use ml_connector::gp::{GpError, RefusalClass};
use ml_connector::project::connections::Provider;

#[tokio::test]
async fn declared_periods_and_dimensions_answer_without_gp_and_name_bad_rows() {
    let declared = |text: &str| Provider::Declared { file: "tables/gp.csv".into(), text: text.into() };
    let mut connection = connection(1, SHIPPED);
    let header = "year,period,first_day,last_day,series,closed\n";
    connection.providers.periods = declared(&format!(
        "{header}2013,10,2013-10-01,2013-10-31,Financial,true\n2013,11,2013-11-01,2013-11-30,Financial,false\n"
    ));
    connection.providers.dimensions =
        declared("\u{feff}code,dimension,active\n0410,Cost Centre,true\n0420,cost-centre,false\n");
    let gp = client(&connection, PASSWORD, &clock()).unwrap();
    let periods = gp.fiscal_periods(NOVEMBER_30, NOVEMBER_30).await.unwrap();
    assert_eq!(periods, [period(2013, 11, "Financial", false)]);
    let values = gp.dimension_values("cost_centre").await.unwrap();
    assert_eq!(
        values.iter().map(|value| (value.code.as_str(), value.active)).collect::<Vec<_>>(),
        [("0410", true), ("0420", false)]
    );
    assert!(matches!(gp.dimension_values("region").await.unwrap_err(), GpError::NotProvided { .. }));

    let cases = [
        (
            "2013,x,2013-10-01,2013-10-31,Financial,true\n2013,11,2013-11-31,2013-11-30,Financial,no\n",
            "row 2: period `x`",
        ),
        ("2013,11,2013-11-31,2013-11-30,Financial,no\n", "row 2: first_day `2013-11-31`"),
        ("2013,11,2013-11-30,2013-11-01,Financial,true\n", "row 2: last_day 2013-11-01 is before"),
        ("2013,11,2013-11-01,2013-11-30,Financial,yes\n", "row 2: closed `yes`"),
        ("2013,11,2013-11-01,2013-11-30,,true\n", "row 2: series is empty"),
        ("2013,1,2013-01-01,2013-01-31,Financial,true\n2013,2,2013-01-31,2013-02-28,Financial,true\n", "share days"),
    ];
    for (rows, expected) in cases {
        connection.providers.periods = declared(&format!("{header}{rows}"));
        let error = client(&connection, PASSWORD, &clock()).err().unwrap().to_string();
        assert!(error.contains(expected) && error.contains("tables/gp.csv"), "{error}");
    }
    connection.providers.periods = declared("year,period\n");
    let error = client(&connection, PASSWORD, &clock()).err().unwrap().to_string();
    assert!(error.contains("no column first_day, last_day, series, closed"), "{error}");
    connection.providers.periods = Provider::Sba;
    connection.providers.accounts = declared("");
    assert!(matches!(client(&connection, PASSWORD, &clock()).err(), Some(GpError::NotProvided { .. })));
}

#[tokio::test]
async fn a_capability_that_is_off_says_who_could_provide_it() {
    let mut connection = connection(1, SHIPPED);
    connection.providers.periods = Provider::Off;
    connection.providers.journals = Provider::Off;
    let gp = client(&connection, PASSWORD, &clock()).unwrap();
    let error = gp.fiscal_periods(NOVEMBER_30, NOVEMBER_30).await.unwrap_err();
    assert!(
        matches!(&error, GpError::NotProvided { capability: "periods", hint } if hint.contains("declared")),
        "{error}"
    );
    assert_eq!(first(gp.create_journal(80_000_001, &entry()).await).class, RefusalClass::Configuration);
}

#[tokio::test]
async fn plain_http_to_another_machine_and_a_broken_dialect_are_refused_at_once() {
    let mut elsewhere = connection(80, SHIPPED);
    elsewhere.server = "gp.example.com".into();
    let error = client(&elsewhere, PASSWORD, &clock()).err().unwrap();
    assert!(error.to_string().contains("in clear"), "{error}");
    let error = client(&connection(80, "format: 1\nsurprise: yes\n"), PASSWORD, &clock()).err().unwrap();
    assert!(
        matches!(&error, GpError::Dialect { why, .. } if why.contains("surprise") && why.contains("line 2")),
        "{error}"
    );
}
