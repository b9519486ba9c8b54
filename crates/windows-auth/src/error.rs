//! Why a sign-in did not come about, in words a person can act on.

use thiserror::Error;

/// Why the domain does not take a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    WrongPassword,
    UnknownUser,
    Locked,
    Disabled,
    /// The password has to be changed first, or has ended.
    PasswordExpired,
    /// The account has ended, or may not sign in now or from here.
    NotAllowed,
    /// The server said no and not why: NTLM and Basic never say more.
    Unsaid,
    /// The server cut the connection at the password's proof, more than once.
    Unanswered,
}

/// Why a sign-in did not come about. None of them is tried again by itself.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SignInError {
    /// Everything that counts as one wrong try where accounts lock. The user is told to programs only: it may be somebody's secret.
    #[error("{} (by {by})", refusal_words(*why))]
    Refused { user: String, by: &'static str, why: Refusal },
    #[error("this sign-in was refused before, and is not tried again: {first}")]
    RefusedBefore { first: String },
    #[error("the domain {realm} knows no service {spn}")]
    UnknownService { spn: String, realm: String },
    #[error("no domain controller answers ({})", tried.join("; "))]
    NoKdc { tried: Vec<String> },
    #[error("this machine's clock is {} minutes {} the domain controller's", minutes.unsigned_abs(), if *minutes < 0 { "behind" } else { "before" })]
    ClockSkew {
        /// Ours minus theirs.
        minutes: i64,
    },
    #[error("the domain controller said no: Kerberos error {code}")]
    Kdc { code: u32 },
    #[error("the server takes {}, not {wanted}", if offered.is_empty() { "no sign-in that is known here".to_owned() } else { offered.join(", ") })]
    NotOffered { wanted: &'static str, offered: Vec<&'static str> },
    #[error("the server answered {status} without asking who we are")]
    NotAsked { status: u16 },
    #[error("the server did not prove who it is")]
    NotProven,
    #[error("the sign-in cannot be bound to the connection: {why}")]
    NotBound { why: &'static str },
    #[error("the server did not take the ticket for {spn}")]
    TicketRefused { spn: String },
    #[error("there is no usable Kerberos ticket: {why}")]
    NoTicket { why: String },
    #[error("{what} cannot be used here: {why}")]
    NotHere { what: &'static str, why: &'static str },
    #[error("the name {name} cannot be used: {why}")]
    Name { name: String, why: String },
    #[error("the sign-in broke off: {why}")]
    Protocol { why: String },
}

fn refusal_words(why: Refusal) -> &'static str {
    match why {
        Refusal::WrongPassword => "the password is wrong",
        Refusal::UnknownUser => "the domain does not know the user",
        Refusal::Locked => "the account is locked",
        Refusal::Disabled => "the account is disabled",
        Refusal::PasswordExpired => "the password has ended and must be changed",
        Refusal::NotAllowed => "the account may not sign in",
        Refusal::Unsaid => "user or password were refused",
        Refusal::Unanswered => "the server cut the connection each time the password was proved",
    }
}

impl SignInError {
    /// What to do about it.
    pub fn remedy(&self) -> String {
        match self {
            SignInError::Refused { why, .. } => match why {
                Refusal::WrongPassword | Refusal::Unsaid => {
                    "correct the password that the settings name; it is not tried again, because accounts lock"
                }
                Refusal::UnknownUser => "compare user and realm with the domain's; it is not tried again",
                Refusal::Locked => "let the domain's administrators unlock it, and look for what else uses the old password",
                Refusal::Disabled | Refusal::NotAllowed => "let the domain's administrators allow it",
                Refusal::Unanswered => {
                    "look at the server's log for what it says of the user; it is not tried again, because each try may count where accounts lock"
                }
                Refusal::PasswordExpired => {
                    "set a new password in the domain, better one that does not end for a service's account, and store it"
                }
            }
            .to_owned(),
            SignInError::RefusedBefore { .. } => "correct it, then start again".to_owned(),
            SignInError::UnknownService { spn, .. } => format!(
                "let an administrator register it for the account that the server runs as: setspn -S {spn} DOMAIN\\account, or name another one"
            ),
            SignInError::NoKdc { .. } => "name domain controllers that this machine reaches on port 88 (TCP)".to_owned(),
            SignInError::ClockSkew { .. } => "set this machine's clock by the domain's time (NTP)".to_owned(),
            SignInError::Kdc { .. } => "look the number up in RFC 4120 §7.5.9, or into the domain controller's event log".to_owned(),
            SignInError::NotOffered { .. } => "choose a sign-in that the server takes, or let it take this one".to_owned(),
            SignInError::NotAsked { .. } => {
                "turn Windows authentication on for the server's site, or choose the sign-in that it takes".to_owned()
            }
            SignInError::NotProven => "somebody may stand between: compare the service's name and the address".to_owned(),
            SignInError::NotBound { .. } => "use https to a server that shows its own certificate, or do not require the binding".to_owned(),
            SignInError::TicketRefused { spn } => format!(
                "its service may run as another account than the one that {spn} is registered for (setspn -Q {spn}), or want the sign-in bound to the connection"
            ),
            SignInError::NoTicket { .. } => "look at `klist` as the service's user, at the keytab and at krb5.conf".to_owned(),
            SignInError::NotHere { .. } => "choose another source of the key".to_owned(),
            SignInError::Name { .. } => "write user@REALM or DOMAIN\\user".to_owned(),
            SignInError::Protocol { .. } => {
                "try again; if it stays, something between may change or close connections, which Windows sign-ins do not survive"
                    .to_owned()
            }
        }
    }

    /// Whether the domain counted this as a wrong try.
    pub fn is_refusal(&self) -> bool {
        matches!(self, SignInError::Refused { .. } | SignInError::RefusedBefore { .. })
    }

    /// Whether NTLM may be tried instead, where it is allowed: nothing of ours was judged.
    pub(crate) fn lets_ntlm_try(&self) -> bool {
        matches!(self, SignInError::NoKdc { .. } | SignInError::UnknownService { .. } | SignInError::NotOffered { .. })
    }
}

/// Why a request has no answer.
#[derive(Debug, Error)]
pub enum SendError {
    /// Certain that the server did nothing of the request.
    #[error("no connection: {why}")]
    Unreachable { why: String },
    /// Certain that the server did nothing of the request.
    #[error("{0}")]
    SignIn(#[from] SignInError),
    /// The request left, or may have left.
    #[error("the connection was cut before an answer ({why})")]
    Silent { why: String },
    /// The request left, or may have left.
    #[error("no answer within {ms} ms")]
    Slow { ms: u128 },
    /// An answer came, from somebody who did not prove to be the server.
    #[error("an answer came from somebody who did not prove to be the server")]
    Unproven,
}
