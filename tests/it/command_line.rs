//! What people read on the terminal: whole screens as snapshots, and what programs may rely on.
//!
//! `INSTA_UPDATE=always cargo test --test it command_line` writes the screens again.

mod errors;
mod formats;
mod screens;
mod service;

use crate::meadow::Ran;

/// Everything a command printed, with what changes from run to run (hashes, folders) made plain.
fn screen(ran: &Ran, folder: &std::path::Path) -> String {
    let text = format!("exit {}\n{}{}", ran.code, with_heading("stdout", &ran.out), with_heading("stderr", &ran.err));
    plain(&text.replace(&folder.display().to_string(), "FOLDER"))
}

fn with_heading(name: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("--- {name}\n{text}") }
}

/// Replaces every hash: 8 or more hexadecimal digits with a letter among them.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for letter in text.chars().chain(std::iter::once('\n')) {
        if letter.is_ascii_digit() || matches!(letter, 'a'..='f') {
            word.push(letter);
            continue;
        }
        let is_hash = word.len() >= 8 && word.contains(|letter: char| letter.is_ascii_alphabetic());
        out.push_str(if is_hash { "HASH" } else { &word });
        word.clear();
        out.push(letter);
    }
    out.pop();
    out
}
