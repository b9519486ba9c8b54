//! Changes that people, editors, exports and bad luck make, and some that only an attacker makes.

use crate::random::Random;

/// No file of a round is larger.
const LARGEST: usize = 128 * 1024;

/// What stands badly anywhere.
const NASTY: &[&str] = &[
    "\t",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "𝔘\u{301}",
    "\r",
    "\n\n",
    "---\n",
    "...\n",
    "&a ",
    "*a ",
    "<<: ",
    "!!int ",
    "? ",
    "| ",
    ">-\n",
    "\"",
    "'",
    "`",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "${",
    "}",
    "[",
    "]",
    "{",
    "(",
    ")",
    ",",
    ";",
    ":",
    " #",
    "\\",
    "//",
    "/*",
    "..",
    "*",
    "-1",
    "0",
    "00",
    "1e999",
    "-0",
    "0x10",
    "NaN",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "79228162514264337593543950335",
    "0.0000000000000000000000000001",
    "99999999999999999999999999999999999999999999",
    "9999-12-31",
    "-9999-01-01",
    "2013-02-30",
    "0000-00-00",
    "24:00",
    "true",
    "null",
    "~",
    "NO",
    "100%",
    "1000000000%",
    "-5%",
    "| pad(256)",
    "| pad(99999999999)",
    "| truncate(0)",
    "| default(",
    " if x else ",
    "loop { }",
    "fn f(n) { f(n) } f(1)",
    "=> ",
    "..=",
    "?.",
    " for ",
    " in ",
    "!",
    "&&",
    "||",
    "==",
    "<=",
    "- ",
    "\n- ",
    "\n  ",
    "format: 2",
    "ß",
    "İ",
    "\u{1}",
];

/// A changed copy of `bytes`; pieces may come from `other`.
pub fn mutated(bytes: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + random.below(4) {
        once(&mut bytes, other, random);
        bytes.truncate(LARGEST);
    }
    bytes
}

fn once(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    match random.below(11) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        1 => bytes.truncate(at),
        2 => drop(bytes.drain(range(at, bytes.len(), random))),
        3 => {
            let part = other[range(random.below(other.len()), other.len(), random)].to_vec();
            insert(bytes, at, &part);
        }
        4 => {
            let part = bytes[range(at, bytes.len(), random)].to_vec();
            let to = random.below(bytes.len() + 1);
            insert(bytes, to, &part.repeat(1 + random.below(3)));
        }
        5 => swap_words(bytes, random),
        6 => number(bytes, random),
        7 => nest(bytes, at, random),
        8 => repeat_line(bytes, random),
        _ => insert(bytes, at, random.pick(NASTY).as_bytes()),
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, part: &[u8]) {
    drop(bytes.splice(at..at, part.iter().copied()));
}

/// A short stretch from `at` on, now and then a long one.
fn range(at: usize, end: usize, random: &mut Random) -> std::ops::Range<usize> {
    let length = if random.chance(8) { random.below(4_000) } else { random.below(40) };
    at..(at + length).min(end)
}

/// Where the words stand that a blank ends.
fn words(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut words = Vec::new();
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_whitespace() {
            words.extend((start < at).then_some(start..at));
            start = at + 1;
        }
    }
    words.extend((start < bytes.len()).then_some(start..bytes.len()));
    words
}

fn swap_words(bytes: &mut Vec<u8>, random: &mut Random) {
    let words = words(bytes);
    if words.len() < 2 {
        return;
    }
    let (one, two) = (random.pick(&words).clone(), random.pick(&words).clone());
    let (first, second) = if one.start <= two.start { (one, two) } else { (two, one) };
    let (left, right) = (bytes[first.clone()].to_vec(), bytes[second.clone()].to_vec());
    bytes.splice(second, left);
    bytes.splice(first, right);
}

/// Another number where one stands.
fn number(bytes: &mut Vec<u8>, random: &mut Random) {
    const NUMBERS: &[&str] =
        &["0", "-1", "1", "31", "32", "99999", "2147483648", "18446744073709551616", "0.1", "1e5", "007"];
    let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
    if digits.is_empty() {
        return;
    }
    let start = *random.pick(&digits);
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    bytes.splice(start..start + length, random.pick(NUMBERS).bytes());
}

fn nest(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    const OPEN: &[(&str, &str)] = &[
        ("[", "]"),
        ("{a: ", "}"),
        ("(", ")"),
        ("- ", ""),
        ("!", ""),
        ("-", ""),
        ("{% if a %}", "{% endif %}"),
        ("{{ (", ") }}"),
        ("1+", "1"),
        ("a.", "b"),
        ("a ~ ", "b"),
        ("if a { ", " }"),
        ("a || ", "b"),
        ("x | upper ", ""),
        ("abs(", ")"),
        ("[[", ""),
        ("\"${", "}\""),
        ("`${", "}`"),
        ("a ? ", ""),
        ("a[", "]"),
        (" else if a {}", ""),
        ("|x| ", "x"),
        ("a ?? ", "b"),
        ("not ", "a"),
    ];
    let (open, close) = random.pick(OPEN);
    let levels = *random.pick(&[3, 40, 70, 200, 600, 3_000, 10_000]);
    insert(bytes, at, format!("{}{}", open.repeat(levels), close.repeat(levels)).as_bytes());
}

fn repeat_line(bytes: &mut Vec<u8>, random: &mut Random) {
    let lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        return;
    }
    let at = random.below(lines.len());
    let times = *random.pick(&[1, 2, 30, 1_000]);
    let before: usize = lines[..at].iter().map(Vec::len).sum();
    insert(bytes, before, &lines[at].repeat(times.min(LARGEST / lines[at].len().max(1))));
}
