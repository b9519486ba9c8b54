//! Secrets from people: hidden on a terminal, or from stdin. Never from an argument, which every user of a machine can see.

use super::exit::{Exit, Failure};
use crate::run::vault::Asked;
use anyhow::anyhow;
use secrecy::{ExposeSecret, SecretString};
use std::io::{IsTerminal, Read};
use zeroize::Zeroizing;

/// The longest value of a secret.
const LONGEST: u64 = 64 << 10;

/// A value: asked on a terminal without showing it, else all of stdin but the line end that `echo` puts there.
///
/// # Errors
/// Exit 2 when it is empty or too long.
pub fn value(name: &str) -> Result<SecretString, Failure> {
    let wrong = |why: &str| Failure::new(Exit::Usage, anyhow!("{why}"));
    let value = if std::io::stdin().is_terminal() {
        rpassword::prompt_password(format!("value of {name} (not shown): ")).map(Zeroizing::new)
    } else {
        // Its room is taken at once: a text that grows leaves copies behind.
        let mut text = Zeroizing::new(String::with_capacity(LONGEST as usize + 1));
        std::io::stdin().lock().take(LONGEST + 1).read_to_string(&mut text).map(|_| text)
    };
    let value = value.map_err(|error| wrong(&format!("no value could be read: {error}")))?;
    let value = value.strip_suffix('\n').map_or(value.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    match value.len() as u64 {
        0 => Err(wrong("the value is empty")
            .hint(format!("type it when asked, or: printf %s \"$VALUE\" | ml-connector vault set {name}"))),
        length if length > LONGEST => Err(wrong("the value is longer than 64 KiB")),
        _ => Ok(SecretString::from(Box::<str>::from(value))),
    }
}

/// The password of an account of Windows, from the terminal.
///
/// # Errors
/// Exit 2 when nobody can be asked.
#[cfg(windows)]
pub fn password(account: &str) -> Result<SecretString, Failure> {
    let typed = rpassword::prompt_password(format!("password of {account} (not shown): ")).map(Zeroizing::new);
    let typed = typed.map_err(|error| {
        Failure::new(Exit::Usage, anyhow!("the password of {account} cannot be asked: {error}"))
            .hint("run it in a command prompt, or name an account that needs none: docs/operating.md")
    })?;
    Ok(SecretString::from(Box::<str>::from(typed.as_str())))
}

/// A passphrase, always from the terminal: stdin may carry a value.
///
/// # Errors
/// Why nobody could be asked, or that a new one was typed in two ways.
pub fn passphrase(asked: Asked) -> Result<SecretString, String> {
    let ask = |question: &str| {
        let typed = rpassword::prompt_password(question).map(Zeroizing::new);
        let typed = typed.map_err(|_| "there is no terminal to ask for the passphrase on".to_owned())?;
        Ok(SecretString::from(Box::<str>::from(typed.as_str())))
    };
    match asked {
        Asked::InForce => ask("passphrase of the vault: "),
        Asked::New => {
            let first = ask("new passphrase of the vault, 12 characters or more: ")?;
            let again = ask("the same again: ")?;
            let same = first.expose_secret() == again.expose_secret();
            if same { Ok(first) } else { Err("the two are not the same".to_owned()) }
        }
    }
}
