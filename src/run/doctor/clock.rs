//! How far another machine's clock is from this one's.

use super::check::Check;
use jiff::SignedDuration;

/// From here on somebody should look.
const CARE: SignedDuration = SignedDuration::from_mins(2);
/// Kerberos takes no ticket beyond this (RFC 4120 §3.1.3; Windows' default).
const KERBEROS: SignedDuration = SignedDuration::from_mins(5);

/// Judges how far the clock of `about` is `ahead` of this machine's; `None` when no answer said it.
pub fn judge(about: &str, ahead: Option<SignedDuration>) -> Check {
    let name = "clock";
    let Some(ahead) = ahead else {
        return Check::unknown(about, name, "no answer told the time", "mend what is bad above, then run again");
    };
    let apart = ahead.abs();
    if apart <= CARE {
        return Check::good(about, name, "agrees with this machine's to two minutes");
    }
    let side = if ahead.is_negative() { "behind" } else { "ahead of" };
    let says = format!("it is {} {side} this machine's", words(apart));
    let kerberos = match apart > KERBEROS {
        true => "; Kerberos refuses a sign-in at more than 5 minutes",
        false => "; Kerberos will refuse a sign-in from 5 minutes on",
    };
    let remedy = "let this machine take its time from the domain or a time server (Windows: w32tm /resync; Linux: chrony or \
                  systemd-timesyncd)";
    Check::warning(about, name, format!("{says}{kerberos}"), remedy)
}

fn words(apart: SignedDuration) -> String {
    match (apart.as_secs() / 86_400, apart.as_secs() / 3600, apart.as_secs() / 60) {
        (0, 0, minutes) => format!("{minutes} minutes"),
        (0, hours, minutes) => format!("{hours} h {} min", minutes % 60),
        (days, ..) => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::State;
    use super::*;

    #[test]
    fn two_minutes_are_told_and_five_end_kerberos() {
        let judged = |seconds| judge("GP", Some(SignedDuration::from_secs(seconds)));
        assert_eq!(judged(120).state, State::Good);
        assert_eq!(judged(-119).state, State::Good);
        let near = judged(181);
        assert_eq!(
            (near.state, near.says.as_str()),
            (
                State::Warning,
                "it is 3 minutes ahead of this machine's; Kerberos will refuse a sign-in from 5 minutes on"
            )
        );
        let far = judged(-301);
        assert!(far.says.starts_with("it is 5 minutes behind this machine's; Kerberos refuses"), "{}", far.says);
        assert!(judged(-9000).says.contains("2 h 30 min"));
        assert_eq!(judge("GP", None).state, State::Unknown);
    }
}
