//! Every mechanism, key and server that go together, and the binding where it is required.

use crate::world::*;
use windows_auth::{Binding, Key, Login};

/// Asks twice and looks at the server's log: who, by what, over one connection.
async fn is_let_in(front: &str, login: Login, how: Binding, who: &str) {
    let pool = pool(front, login, binding(how));
    let path = fresh_path("matrix");
    for _ in 0..2 {
        let (status, _) = get(&pool, &path).await.unwrap_or_else(|error| panic!("{front} as {who}: {error}"));
        assert_eq!(status, 200, "{front}");
    }
    let seen = let_in(front, &path).unwrap_or_else(|| panic!("{front} wrote nothing"));
    assert!(seen.to_lowercase().starts_with(&who.to_lowercase()), "{front} let in {seen}, not {who}");
    let lines = let_in_when(front, &path, 2);
    let mut taken = lines.iter().filter(|line| line.status == 200);
    let first = taken.next().unwrap();
    assert!(taken.all(|line| line.connection == first.connection), "{front}: {lines:?}");
}

const KERBEROS: [(&str, &str); 9] = [
    ("APACHE_KRB_HTTP", "svc-gp@GP.TEST by Negotiate/krb5"),
    ("APACHE_KRB_HTTPS", "svc-gp@GP.TEST by Negotiate/krb5"),
    ("APACHE_IIS_HTTP", "svc-gp@GP.TEST by Negotiate/krb5"),
    ("APACHE_IIS_HTTPS", "svc-gp@GP.TEST by Negotiate/krb5"),
    ("MIT_HTTP", "svc-gp@GP.TEST by krb5"),
    ("MIT_HTTPS", "svc-gp@GP.TEST by krb5"),
    ("MIT_HTTPS384", "svc-gp@GP.TEST by krb5"),
    ("AD_HTTP", "GP\\svc-gp by krb5"),
    ("AD_HTTPS", "GP\\svc-gp by krb5"),
];

/// Encrypted servers get the binding, and the MIT ones let nobody in without it.
fn bound(front: &str) -> Binding {
    if front.contains("HTTPS") { Binding::Require } else { Binding::Auto }
}

#[tokio::test]
async fn kerberos_by_password() {
    for (front, who) in KERBEROS {
        is_let_in(front, Login::Kerberos(kerberos(service("{}"))), bound(front), who).await;
    }
}

#[tokio::test]
async fn kerberos_by_password_however_the_user_is_written() {
    for form in ["{}@GP.TEST", "{}@gp.test", "GP\\{}", "GP.TEST\\{}"] {
        let mut login = kerberos(service(form));
        // `GP\svc-gp` names the domain in NetBIOS' words; the realm comes from the settings.
        login.realm = form.starts_with("GP\\").then(|| lab("GPLAB_REALM"));
        is_let_in("APACHE_KRB_HTTP", Login::Kerberos(login), Binding::Auto, "svc-gp@GP.TEST by").await;
    }
}

#[tokio::test]
async fn kerberos_by_keytab() {
    for (front, who) in KERBEROS {
        is_let_in(front, with_key(keytab()), bound(front), who).await;
    }
}

#[tokio::test]
async fn kerberos_by_ticket_cache() {
    let folder = tempfile::tempdir().unwrap();
    let key = ticket_cache(&folder);
    for (front, who) in KERBEROS {
        is_let_in(front, with_key(key.clone()), bound(front), who).await;
    }
}

const NTLM: [(&str, &str); 9] = [
    ("APACHE_NTLM_HTTP", "GP\\\\svc-gp by NTLM/NTLM"),
    ("APACHE_NTLM_HTTPS", "GP\\\\svc-gp by NTLM/NTLM"),
    ("APACHE_IIS_HTTP", "GP\\\\svc-gp by NTLM/NTLM"),
    ("APACHE_IIS_HTTPS", "GP\\\\svc-gp by NTLM/NTLM"),
    ("NTLM_HTTP", "GP\\svc-gp by ntlm"),
    ("NTLM_HTTPS", "GP\\svc-gp by ntlm"),
    ("NTLM_HTTPS384", "GP\\svc-gp by ntlm"),
    ("AD_HTTP", "GP\\svc-gp by ntlm"),
    ("AD_HTTPS", "GP\\svc-gp by ntlm"),
];

#[tokio::test]
async fn ntlm_by_password() {
    for (front, who) in NTLM {
        is_let_in(front, Login::Ntlm(service("GP\\{}")), bound(front), who).await;
    }
}

/// A server that takes Negotiate only gets bare NTLM tokens under it.
#[tokio::test]
async fn ntlm_where_only_negotiate_is_offered() {
    let pool = pool("APACHE_IIS_HTTP", Login::Ntlm(service("GP\\{}")), binding(Binding::Auto));
    get(&pool, &fresh_path("offers")).await.unwrap();
    assert_eq!(pool.seen().offered, ["Negotiate", "NTLM"]);
}

/// Where a binding is required, a sign-in without one is refused; so the ones above have it.
#[tokio::test]
async fn no_binding_where_one_is_required_is_refused() {
    let logins = [
        ("MIT_HTTPS", Login::Kerberos(kerberos(service("{}")))),
        ("MIT_HTTPS", with_key(keytab())),
        ("NTLM_HTTPS", Login::Ntlm(service("GP\\{}"))),
    ];
    for (front, login) in logins {
        let pool = pool(front, login, binding(Binding::Off));
        let path = fresh_path("unbound");
        let error = sign_in(get(&pool, &path).await.unwrap_err());
        assert!(error.to_string().contains("did not take the ticket") || error.is_refusal(), "{front}: {error}");
        assert!(requests_when(front, &path, 1).iter().all(|line| line.status != 200), "{front}");
    }
}

#[tokio::test]
async fn a_binding_cannot_be_had_without_tls() {
    let pool = pool("MIT_HTTP", Login::Kerberos(kerberos(service("{}"))), binding(Binding::Require));
    let path = fresh_path("plain");
    let error = sign_in(get(&pool, &path).await.unwrap_err());
    assert!(error.to_string().contains("not encrypted"), "{error}");
    assert_eq!(requests("MIT_HTTP", &path), []);
}

/// The name of the service can be another one than the server's: here the domain controller's own account answers.
#[tokio::test]
async fn another_spn() {
    let mut login = kerberos(service("{}"));
    login.spn = Some(lab("GPLAB_DC_SPN"));
    let mut server = server("AD_HTTP");
    server.host = "an-alias.gp.test".into();
    let pool = windows_auth::Pool::new(server, Login::Kerberos(login), binding(Binding::Auto), limits(1)).unwrap();
    assert_eq!(get(&pool, &fresh_path("spn")).await.unwrap().0, 200);
    assert_eq!(pool.seen().spn, "HTTP/dc.gp.test");
}

/// The first controller is not there: the second is asked, and from then on first.
#[tokio::test]
async fn several_domain_controllers() {
    let mut login = kerberos(service("{}"));
    login.kdcs = vec!["127.0.0.1:1".into(), lab("GPLAB_KDC")];
    is_let_in("MIT_HTTP", Login::Kerberos(login), Binding::Auto, "svc-gp@GP.TEST by krb5").await;
}

#[tokio::test]
async fn ntlm_instead_of_kerberos_only_where_it_is_allowed() {
    let mut login = kerberos(service("{}"));
    login.kdcs = vec!["127.0.0.1:1".into()];
    let path = fresh_path("instead");
    let strict = pool("APACHE_IIS_HTTP", Login::Kerberos(login.clone()), binding(Binding::Auto));
    let error = sign_in(get(&strict, &path).await.unwrap_err());
    assert!(error.to_string().starts_with("no domain controller answers (127.0.0.1:1: "), "{error}");
    assert_eq!(requests("APACHE_IIS_HTTP", &path), []);

    let Key::Password(account) = &mut login.key else { panic!() };
    account.user = "GP\\svc-gp".into();
    login.ntlm_instead = true;
    is_let_in("APACHE_IIS_HTTP", Login::Kerberos(login), Binding::Auto, "GP\\\\svc-gp by NTLM/NTLM").await;
}
