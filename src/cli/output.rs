//! Printing: results on stdout, everything about the work on stderr, colour only where it is wanted.

use super::args::{Color, Format};
use super::exit::Failure;
use super::log_file;
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// Where and how a command prints.
pub struct Output {
    pub format: Format,
}

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const CARE: Style = AnsiColor::Yellow.on_default().bold();
const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

impl Output {
    pub fn new(format: Format, color: Color) -> Output {
        match color {
            Color::Auto => {}
            Color::Always => anstream::ColorChoice::Always.write_global(),
            Color::Never => anstream::ColorChoice::Never.write_global(),
        }
        Output { format }
    }

    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Whether what is printed stays in a file, which nobody's pay goes into.
    pub fn is_kept(&self) -> bool {
        log_file::is_open()
    }

    /// Prints a result line.
    pub fn line(&self, text: impl AsRef<str>) {
        if log_file::took(text.as_ref()) {
            return;
        }
        // A closed pipe (`| head`) is the reader's choice, not an error.
        let _ = writeln!(anstream::stdout(), "{}", text.as_ref());
    }

    /// Prints a value as JSON.
    pub fn json(&self, value: &impl Serialize) {
        match serde_json::to_string_pretty(value) {
            Ok(text) => self.line(text),
            Err(error) => self.note(format!("cannot print as JSON: {error}")),
        }
    }

    /// Says something about the work, on stderr.
    pub fn note(&self, text: impl AsRef<str>) {
        if log_file::took(text.as_ref()) {
            return;
        }
        let _ = writeln!(anstream::stderr(), "{}", text.as_ref());
    }

    /// An error with its causes and hints.
    pub fn failure(&self, failure: &Failure) {
        self.note(format!("{BAD}error{BAD:#}: {}", failure.error));
        for cause in failure.error.chain().skip(1) {
            self.note(format!("  caused by: {cause}"));
        }
        for detail in &failure.details {
            for line in detail.lines() {
                self.note(format!("  {line}"));
            }
        }
        for hint in &failure.hints {
            self.note(format!("{STRONG}hint{STRONG:#}: {hint}"));
        }
    }

    /// A bar for long work: only on a terminal, and never into JSON.
    pub fn progress(&self, what: &str) -> ProgressBar {
        if self.is_json() || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner().with_message(what.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }
}

/// Marks `text` as good.
pub fn good(text: &str) -> String {
    format!("{GOOD}{text}{GOOD:#}")
}

/// Marks `text` as bad.
pub fn bad(text: &str) -> String {
    format!("{BAD}{text}{BAD:#}")
}

/// Marks `text` as something to look at.
pub fn care(text: &str) -> String {
    format!("{CARE}{text}{CARE:#}")
}

/// Marks `text` as a heading.
pub fn strong(text: &str) -> String {
    format!("{STRONG}{text}{STRONG:#}")
}

/// Marks `text` as of less weight.
pub fn faint(text: &str) -> String {
    format!("{FAINT}{text}{FAINT:#}")
}
