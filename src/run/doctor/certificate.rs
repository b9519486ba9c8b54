//! What a server's certificate says of itself: its names, its issuer and its days. Only read, never trusted: whether it is to
//! be trusted is decided by the machine's own list.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A certificate (RFC 5280).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Common name and organisation.
    pub subject: String,
    pub issuer: String,
    pub from: Timestamp,
    pub until: Timestamp,
    /// The names of servers that it is for.
    pub names: Vec<String>,
}

// Tags of DER (X.690).
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;

const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];

/// A reader of one level of DER.
struct Der<'d>(&'d [u8]);

impl<'d> Der<'d> {
    /// The next value and its tag.
    fn next(&mut self) -> Option<(u8, &'d [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first & 0x80 != 0 {
            let count = usize::from(first & 0x7f);
            if !(1..=4).contains(&count) {
                return None;
            }
            let (digits, after) = rest.split_at_checked(count)?;
            length = digits.iter().fold(0, |length, &digit| length << 8 | usize::from(digit));
            rest = after;
        }
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, value))
    }

    /// The next value, which has this tag.
    fn take(&mut self, tag: u8) -> Option<Der<'d>> {
        let (found, value) = self.next()?;
        (found == tag).then_some(Der(value))
    }
}

impl Certificate {
    /// Reads a certificate as servers send it; `None` when it is none.
    pub fn read(der: &[u8]) -> Option<Certificate> {
        let mut body = Der(der).take(SEQUENCE)?.take(SEQUENCE)?;
        if body.0.first() == Some(&VERSION) {
            body.next()?;
        }
        body.take(INTEGER)?;
        body.take(SEQUENCE)?; // the signature's algorithm
        let issuer = name(body.take(SEQUENCE)?);
        let mut days = body.take(SEQUENCE)?;
        let (from, until) = (moment(days.next()?)?, moment(days.next()?)?);
        let subject = name(body.take(SEQUENCE)?);
        let mut names = Vec::new();
        while let Some((tag, value)) = body.next() {
            if tag == EXTENSIONS {
                names = Der(value).take(SEQUENCE).map(alternative_names).unwrap_or_default();
            }
        }
        Some(Certificate { subject, issuer, from, until, names })
    }
}

/// `common name (organisation)`.
fn name(mut parts: Der<'_>) -> String {
    let (mut common, mut organisation) = (String::new(), String::new());
    while let Some(mut set) = parts.take(SET) {
        while let Some(mut pair) = set.take(SEQUENCE) {
            let (Some(kind), Some((_, value))) = (pair.take(OID), pair.next()) else { continue };
            let text =
                || String::from_utf8_lossy(value).chars().filter(|letter| !letter.is_control()).take(80).collect();
            match kind.0 {
                COMMON_NAME => common = text(),
                ORGANISATION => organisation = text(),
                _ => {}
            }
        }
    }
    match (common.is_empty(), organisation.is_empty() || organisation == common) {
        (false, true) => common,
        (false, false) => format!("{common} ({organisation})"),
        (true, _) => organisation,
    }
}

/// `YYMMDDHHMMSSZ`, or with four digits of the year (RFC 5280 §4.1.2.5).
fn moment((tag, value): (u8, &[u8])) -> Option<Timestamp> {
    let text = std::str::from_utf8(value).ok()?.strip_suffix('Z')?;
    let text = match tag {
        UTC_TIME => {
            let year: u8 = text.get(..2)?.parse().ok()?;
            format!("{}{text}", if year < 50 { "20" } else { "19" })
        }
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let moment = DateTime::strptime("%Y%m%d%H%M%S", &text).ok()?;
    moment.to_zoned(TimeZone::UTC).ok().map(|moment| moment.timestamp())
}

fn alternative_names(mut extensions: Der<'_>) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(mut extension) = extensions.take(SEQUENCE) {
        if extension.take(OID).is_none_or(|kind| kind.0 != ALTERNATIVE_NAMES) {
            continue;
        }
        while let Some((tag, value)) = extension.next() {
            let Some(mut list) = (tag == OCTETS).then_some(value).and_then(|value| Der(value).take(SEQUENCE)) else {
                continue;
            };
            while let Some((tag, value)) = list.next() {
                names.extend(alternative_name(tag, value));
            }
        }
    }
    names
}

fn alternative_name(tag: u8, value: &[u8]) -> Option<String> {
    match tag {
        DNS_NAME => String::from_utf8(value.to_vec()).ok(),
        IP_ADDRESS => match value.len() {
            4 => <[u8; 4]>::try_from(value).ok().map(|address| Ipv4Addr::from(address).to_string()),
            _ => <[u8; 16]>::try_from(value).ok().map(|address| Ipv6Addr::from(address).to_string()),
        },
        _ => None,
    }
}
