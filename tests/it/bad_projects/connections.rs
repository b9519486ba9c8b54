//! Connections that would leak, or reach nothing.

use super::Screens;

const FILE: &str = "project.yaml";

#[test]
fn connections() {
    let mut screens = Screens::new();
    screens.edited("a secret", FILE, "api_key: { env: BAMBOOHR_API_KEY }", "api_key: 0123456789abcdef-secret");
    screens.edited("a secret where a name is wanted", FILE, "env: GP_PASSWORD", "env: \"p4ss w0rd!\"");
    screens.edited("plain http", FILE, "server: ${gp_server}", "scheme: http\n    server: ${gp_server}");
    screens.edited(
        "plain http to BambooHR",
        FILE,
        "company: acme\n",
        "company: acme\n    base_url: http://acme.bamboohr.com\n",
    );
    screens.edited(
        "a sign-in in an address",
        FILE,
        "company: acme\n",
        "company: acme\n    base_url: https://me:secret@acme.bamboohr.com\n",
    );
    screens.edited("a company that is an address", FILE, "company: acme\n", "company: acme.bamboohr.com\n");
    screens.edited("a setting that is not declared", FILE, "${gp_server}", "${gp_sever}");
    screens.edited("half a setting", FILE, "${gp_server}", "${gp_server}.example");
    screens.edited("a setting without a value", FILE, "gp_server: gp.acme.example", "gp_server:");
    screens.edited("an unused setting", FILE, "settings:", "settings:\n  other: 1");
    screens.edited(
        "a dialect that is not there",
        FILE,
        "server: ${gp_server}",
        "dialect: ours\n    server: ${gp_server}",
    );
    screens.edited("numbers that are no range", FILE, "80000001-89999999", "80000001");
    screens.edited(
        "a later provider",
        FILE,
        "server: ${gp_server}",
        "providers: { journals: soap }\n    server: ${gp_server}",
    );
    screens.edited(
        "a declared calendar without its columns",
        FILE,
        "server: ${gp_server}",
        "providers: { periods: { declared: tables/cost-centres.csv } }\n    server: ${gp_server}",
    );
    screens.edited("a newer version", FILE, "project: acme", "requires: \">=99\"\nproject: acme");
    screens.edited("a time zone", FILE, "Europe/Berlin", "Berlin");
    screens.show("an unknown knob", |project| {
        project.set("environments/test.yaml", "format: 1\nsettings: { gp_sever: other }\n");
    });
    insta::assert_snapshot!(screens.text());
    for secret in ["0123456789abcdef", "p4ss w0rd", "me:secret@"] {
        assert!(!screens.text().contains(secret), "`{secret}` is shown");
    }
}

#[test]
fn an_environment_that_is_not_there_is_named() {
    let mut project = super::Project::sound();
    project.set("environments/test.yaml", "format: 1\nsettings: { gp_server: other }\n");
    let shown = super::screen(project.write().path(), Some("tset"));
    assert!(shown.contains("there is no environment `tset`") && shown.contains("did you mean `test`?"), "{shown}");
}
