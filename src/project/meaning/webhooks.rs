//! `connections.bamboohr.webhook`: where deliveries are received. Nothing here listens.

use super::Page;
use super::settings::Settings;
use super::sign_ins::secret;
use crate::project::Finding;
use crate::project::connections::WebhookReceiver;
use crate::project::shape::Text;
use crate::project::shape::project as shape;
use std::net::SocketAddr;

/// Where deliveries are received.
pub(super) fn receiver(raw: &shape::Webhook, settings: &mut Settings, page: &mut Page<'_>) -> Option<WebhookReceiver> {
    let listen = raw.listen.as_ref().and_then(|text| settings.resolve(text, page));
    let listen = listen.and_then(|text| listen_at(&text, page));
    let private_key = raw.private_key.as_ref().and_then(|raw| secret("private_key", raw, page));
    Some(WebhookReceiver { listen: listen?, private_key: private_key? })
}

/// An address of this machine with a port. A name would be looked up, and may be another machine's tomorrow.
fn listen_at(text: &Text, page: &mut Page<'_>) -> Option<SocketAddr> {
    let written = text.text.replace("localhost:", "127.0.0.1:");
    let Ok(address) = written.parse::<SocketAddr>() else {
        let help = "an address of this machine and a port, for example 127.0.0.1:8470; the https address that BambooHR \
                    calls is the reverse proxy's, and goes to `ml-connector webhook register --url`";
        let message = format!("`{}` is no address to listen at", text.text);
        page.error("bad-listen-address", text, message, Some(help.to_owned()));
        return None;
    };
    let warn = |code, message: &str, help: &str, page: &mut Page<'_>| {
        page.report(Finding::warning(code, text.place(page.file), message).help(help));
    };
    if !address.ip().is_loopback() {
        let message = "other machines reach this address, and what comes to it is not encrypted";
        let help = "listen at 127.0.0.1 and let a reverse proxy on this machine end TLS (docs/webhooks.md); where the \
                    proxy is elsewhere, let a firewall admit only it, and note that under `ignore`";
        warn("open-listen-address", message, help, page);
    }
    if address.port() == 0 {
        let message = "port 0 is another port at each start, and no reverse proxy would find it";
        warn("any-listen-port", message, "name a port that is free, for example 127.0.0.1:8470", page);
    }
    Some(address)
}
