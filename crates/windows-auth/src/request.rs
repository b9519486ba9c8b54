//! A request as it goes over the wire: the caller's, without what it says of connection and sign-in, which are this crate's.

use crate::connect::Server;
use bytes::Bytes;
use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::Full;

/// `Connection: close` would end a sign-in, a length of the whole request would not fit its beginning, and nobody waits for a 100.
const NOT_THE_CALLERS: [HeaderName; 9] =
    [AUTHORIZATION, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];

/// The request for `server`. Without its body it only begins a sign-in, as browsers and .NET do it.
pub(crate) fn written(
    server: &Server,
    request: &Request<Bytes>,
    sign_in: Option<HeaderValue>,
    is_whole: bool,
) -> Request<Full<Bytes>> {
    let body = if is_whole { request.body().clone() } else { Bytes::new() };
    let is_empty = body.is_empty();
    let mut written = Request::new(Full::new(body));
    *written.method_mut() = match request.method() {
        // Without a body of its own it would be the whole request, and a server that asks for no sign-in would act on it.
        method if !is_whole && request.body().is_empty() && !method.is_safe() => Method::GET,
        method => method.clone(),
    };
    let path = request.uri().path_and_query().cloned();
    *written.uri_mut() = Uri::from(path.unwrap_or_else(|| PathAndQuery::from_static("/")));
    let wants_length = is_empty && !matches!(*written.method(), Method::GET | Method::HEAD);
    let headers = written.headers_mut();
    *headers = request.headers().clone();
    for name in NOT_THE_CALLERS {
        headers.remove(name);
    }
    if let Ok(host) = HeaderValue::try_from(host(server)) {
        headers.insert(HOST, host);
    }
    if wants_length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    if let Some(sign_in) = sign_in {
        headers.insert(AUTHORIZATION, sign_in);
    }
    written
}

/// The server as `Host` names it.
fn host(server: &Server) -> String {
    let host = match server.host.contains(':') && !server.host.starts_with('[') {
        true => format!("[{}]", server.host),
        false => server.host.clone(),
    };
    let usual = if server.tls.is_some() { 443 } else { 80 };
    if server.port == usual { host } else { format!("{host}:{}", server.port) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn server(host: &str, port: u16) -> Server {
        Server { host: host.to_owned(), port, tls: None, address: None, proxy: None }
    }

    #[test]
    fn path_and_query_stay_as_they_are() {
        let cases = [
            ("http://gp/a/b?c=d&e=%20%2F", "/a/b?c=d&e=%20%2F"),
            ("http://gp//twice//", "//twice//"),
            ("http://gp?x=1", "/?x=1"),
            ("http://gp", "/"),
            ("/plain?", "/plain?"),
            ("/it's/Acme%20%28GL%29('1')/$batch;x=1", "/it's/Acme%20%28GL%29('1')/$batch;x=1"),
        ];
        for (given, path) in cases {
            let request = Request::get(given).body(Bytes::new()).unwrap();
            let sent = written(&server("gp", 80), &request, None, true);
            assert_eq!(sent.uri().to_string(), path, "{given}");
        }
    }

    #[test]
    fn host_is_the_server() {
        let request = Request::get("/").header("host", "elsewhere").body(Bytes::new()).unwrap();
        let cases = [("gp", 80, "gp"), ("gp", 8080, "gp:8080"), ("::1", 80, "[::1]"), ("[::1]", 81, "[::1]:81")];
        for (name, port, host) in cases {
            let sent = written(&server(name, port), &request, None, true);
            assert_eq!(sent.headers().get_all(HOST).iter().collect::<Vec<_>>(), [host]);
        }
    }

    #[test]
    fn a_beginning_is_never_the_whole_request() {
        let deletion = Request::delete("/journal/1").body(Bytes::new()).unwrap();
        assert_eq!(written(&server("gp", 80), &deletion, None, false).method(), Method::GET);
        assert_eq!(written(&server("gp", 80), &deletion, None, true).method(), Method::DELETE);
        let post = Request::post("/journal")
            .header("content-length", "3")
            .header("transfer-encoding", "chunked")
            .header("expect", "100-continue")
            .header("connection", "close")
            .header("authorization", "Basic bm90Om91cnM=")
            .header("content-type", "text/xml")
            .body(Bytes::from_static(b"abc"))
            .unwrap();
        let begun = written(&server("gp", 80), &post, None, false);
        assert_eq!(begun.method(), Method::POST);
        let mut names: Vec<&str> = begun.headers().keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["content-length", "content-type", "host"]);
        assert_eq!(begun.headers()[CONTENT_LENGTH], "0");
    }
}
