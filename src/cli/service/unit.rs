//! A unit of systemd for `serve`.

use super::{Service, settings};
use crate::cli::args::Global;
use crate::cli::context;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// The unit's text.
pub fn text(program: &Path, global: &Global, service: &Service) -> String {
    let mut words: Vec<OsString> = vec![program.into()];
    words.extend(settings(global));
    words.push("serve".into());
    let command: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    let store = context::store_file(global);
    let state = store.parent().unwrap_or(&global.project);
    format!(
        "# /etc/systemd/system/{name}.service\n\
         [Unit]\n\
         Description=ml-connector of {about}\n\
         Wants=network-online.target\n\
         After=network-online.target\n\
         \n\
         [Service]\n\
         ExecStart={command}\n\
         # An account of its own, which owns the folder below.\n\
         User=connector\n\
         # The vault's master key (docs/secrets.md):\n\
         #LoadCredentialEncrypted=vault-key\n\
         # A run that goes on is ended first.\n\
         TimeoutStopSec=300\n\
         # 8: another one runs already. 78: the project does not load.\n\
         Restart=on-failure\n\
         RestartSec=60\n\
         RestartPreventExitStatus=2 8 78\n\
         NoNewPrivileges=yes\n\
         PrivateTmp=yes\n\
         ProtectSystem=strict\n\
         ReadWritePaths={state}\n\
         \n\
         [Install]\n\
         WantedBy=multi-user.target\n",
        name = service.name,
        about = plain(global.project.as_os_str()),
        command = command.join(" "),
        state = quoted(state.as_os_str()),
    )
}

/// `%` begins a specifier everywhere in a unit.
fn plain(text: &OsStr) -> String {
    text.to_string_lossy().replace('%', "%%")
}

/// One word of a line: in quotes where it has more than letters that mean themselves.
fn quoted(word: &OsStr) -> String {
    let text = plain(word);
    let means_itself = |letter: char| letter.is_alphanumeric() || "-_./%:,@+=".contains(letter);
    if !text.is_empty() && text.chars().all(means_itself) {
        return text;
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "$$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_reaches_the_program_as_it_is() {
        for (word, written) in [
            ("/srv/acme", "/srv/acme"),
            ("/srv/a b", "\"/srv/a b\""),
            ("100%", "100%%"),
            ("$HOME", "\"$$HOME\""),
            ("a\"b\\c", "\"a\\\"b\\\\c\""),
            ("", "\"\""),
        ] {
            assert_eq!(quoted(OsStr::new(word)), written);
        }
    }
}
