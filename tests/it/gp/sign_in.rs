//! Sign-in, rights and addresses.

use super::site::*;
use ml_connector::gp::dialect::shipped::SHIPPED;
use ml_connector::gp::{Delivery, GpError, RefusalClass};
use ml_connector::project::connections::GpConnection;
use ml_connector::sandbox::gp::GpSandbox;
use std::sync::Arc;

#[tokio::test]
async fn a_refused_sign_in_sends_exactly_one_request() {
    let site = site();
    let wrong = client(&connection(site.sandbox.port(), SHIPPED), "wrong horse", &site.clock).unwrap();
    let delivery = wrong.create_journal(80_000_001, &entry()).await;
    assert!(matches!(delivery, Delivery::NotSent { sign_in_refused: true, .. }), "{delivery:?}");
    assert_eq!(site.sandbox.faults().requests().len(), 1);
    let error = wrong.all_accounts().await.unwrap_err();
    assert!(matches!(error, GpError::SignInRefused { .. }));
    assert_eq!(site.sandbox.faults().requests().len(), 1, "never tried again: accounts lock");
    for text in [format!("{error:?}{error}"), format!("{delivery:?}")] {
        assert!(!text.contains("horse"), "{text}");
    }
}

#[tokio::test]
async fn a_missing_role_is_configuration_and_names_what_to_grant() {
    let site = site();
    site.sandbox.revoke("POST Financial/GLTransactions");
    site.sandbox.revoke("GET Financial/Accounts");
    let refusal = first(site.gp.create_journal(80_000_001, &entry()).await);
    assert_eq!(refusal.class, RefusalClass::Configuration);
    assert!(refusal.remedy.contains("role"), "{}", refusal.remedy);
    assert!(matches!(site.gp.all_accounts().await.unwrap_err(), GpError::Forbidden { .. }));
}

#[tokio::test]
async fn a_company_with_blanks_accents_and_parentheses_is_found() {
    for company in ["Café & Söhne (Süd); 50%", "A/B", "Fabrikam, Inc.", "été…"] {
        let clock = clock();
        let user = "CORP\\connector";
        let sandbox = GpSandbox::start(&facts(), company, user, PASSWORD, Arc::new(clock.clone())).unwrap();
        let named = GpConnection { company: company.into(), ..connection(sandbox.port(), SHIPPED) };
        let gp = client(&named, PASSWORD, &clock).unwrap();
        assert_eq!(gp.all_accounts().await.unwrap().len(), 5, "{company}");
        let other = GpConnection { company: "Nobody".into(), ..named };
        let error = client(&other, PASSWORD, &clock).unwrap().all_accounts().await.unwrap_err();
        assert!(error.to_string().contains("text/html"), "{error}");
    }
}
