//! Which proxy a system is reached by, and who says so: the same choice as the clients make.

use super::network::Way;
use crate::project::connections::{Proxy, is_this_machine};
use crate::run::systems::Lookup;
use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;

/// The way to a system, with what a proxy is signed in to with; that is never shown.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub way: Way,
    pub authorization: Option<HeaderValue>,
}

/// Chooses the way to `url`. `variable` gives the environment; what the system's own settings say is asked of them.
pub fn choose(url: &Url, proxy: &Proxy, variable: Lookup<'_>) -> Chosen {
    let straight = |because| Chosen { way: Way::Straight { because }, authorization: None };
    match proxy {
        Proxy::Off => straight("project.yaml says `proxy: off`"),
        Proxy::At(address) => {
            let way = Way::Proxy { address: address.clone(), from: "project.yaml".to_owned() };
            Chosen { way, authorization: None }
        }
        Proxy::System if url.host_str().is_some_and(is_this_machine) => straight("it is on this machine"),
        Proxy::System => by_machine(url, variable).unwrap_or_else(|| {
            let named = ALL.iter().chain(&HTTPS).chain(&HTTP).any(|name| set(variable, name).is_some());
            straight(if named { "NO_PROXY leaves it out" } else { "neither a variable nor a setting names one" })
        }),
    }
}

const ALL: [&str; 2] = ["ALL_PROXY", "all_proxy"];
const HTTPS: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
const HTTP: [&str; 2] = ["HTTP_PROXY", "http_proxy"];
const NO: [&str; 2] = ["NO_PROXY", "no_proxy"];

fn set(variable: Lookup<'_>, name: &str) -> Option<String> {
    variable(name).filter(|value| !value.is_empty())
}

fn by_machine(url: &Url, variable: Lookup<'_>) -> Option<Chosen> {
    let first = |names: [&str; 2]| names.into_iter().find_map(|name| Some((name.to_owned(), set(variable, name)?)));
    let value = |names| first(names).map(|(_, value)| value).unwrap_or_default();
    let uri: Uri = url.as_str().parse().ok()?;
    let variables = Matcher::builder().all(value(ALL)).http(value(HTTP)).https(value(HTTPS)).no(value(NO)).build();
    if let Some(intercept) = variables.intercept(&uri) {
        let own = if url.scheme() == "https" { first(HTTPS) } else { first(HTTP) };
        let name = own
            .or_else(|| first(ALL))
            .map_or_else(|| "a variable".to_owned(), |(name, _)| format!("the variable {name}"));
        return Some(chosen(&intercept, name));
    }
    let any = [ALL, HTTPS, HTTP].into_iter().any(|names| first(names).is_some());
    // The variables come before the settings of Windows and macOS.
    let settings = if any { None } else { Matcher::from_system().intercept(&uri) };
    settings.map(|intercept| chosen(&intercept, "this machine's settings".to_owned()))
}

fn chosen(intercept: &Intercept, from: String) -> Chosen {
    let uri = intercept.uri();
    let port = uri.port_u16().map_or_else(String::new, |port| format!(":{port}"));
    let address = format!("{}://{}{port}", uri.scheme_str().unwrap_or("http"), uri.host().unwrap_or_default());
    Chosen { way: Way::Proxy { address, from }, authorization: intercept.basic_auth().cloned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(url: &str, proxy: &Proxy, variables: &[(&str, &str)]) -> String {
        let lookup =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        match choose(&url.parse().unwrap(), proxy, &lookup).way {
            Way::Straight { because } => because.to_owned(),
            Way::Proxy { address, from } => format!("{address} from {from}"),
        }
    }

    #[test]
    fn the_project_comes_before_the_variables_and_a_sign_in_is_not_shown() {
        let (acme, system) = ("https://acme.bamboohr.com", Proxy::System);
        let variables = [("HTTPS_PROXY", "http://me:canary@proxy.acme.example:8080"), ("NO_PROXY", ".acme.example")];
        assert_eq!(way(acme, &system, &variables), "http://proxy.acme.example:8080 from the variable HTTPS_PROXY");
        assert_eq!(way("https://gp.acme.example", &system, &variables), "NO_PROXY leaves it out");
        assert_eq!(way("http://127.0.0.1:80", &system, &variables), "it is on this machine");
        assert_eq!(way(acme, &Proxy::Off, &variables), "project.yaml says `proxy: off`");
        let at = Proxy::At("http://other:3128".to_owned());
        assert_eq!(way(acme, &at, &variables), "http://other:3128 from project.yaml");
        assert_eq!(way(acme, &system, &[("ALL_PROXY", "http://all:1")]), "http://all:1 from the variable ALL_PROXY");
        assert_eq!(way(acme, &system, &[]), "neither a variable nor a setting names one");
    }
}
