//! The operating system's account that runs this program, as the system itself tells it: no environment variable, no argument.
//!
//! A crate of its own because Windows is asked by a call that needs `unsafe`. The crates that do the same give the name
//! without its domain, or begin with `USERNAME`, which anybody can set.

use std::io;

/// The account's whole name: `DOMAIN\user` on Windows, the user's name elsewhere, `uid 1000` for a user that the system has no
/// name for (in a container, mostly). On Unix it is the effective user, whose rights count where files are opened.
///
/// # Errors
/// What the system says when it cannot be asked.
pub fn name() -> io::Result<String> {
    system::name()
}

/// Whether the system holds `kim` and `Kim` for one account.
pub const IGNORES_CASE: bool = cfg!(windows);

#[cfg(unix)]
mod system {
    use nix::unistd::{Uid, User};
    use std::io;

    pub fn name() -> io::Result<String> {
        let uid = Uid::effective();
        let user = User::from_uid(uid)?;
        Ok(super::named(user.map(|user| user.name), uid.as_raw()))
    }
}

#[cfg(windows)]
mod system {
    use std::io;
    use std::ptr::null_mut;
    use windows_sys::Win32::Security::Authentication::Identity::{GetUserNameExW, NameSamCompatible};

    pub fn name() -> io::Result<String> {
        let mut length = 0;
        // SAFETY: without a buffer the call only writes how long the name is, its closing zero among it.
        unsafe { GetUserNameExW(NameSamCompatible, null_mut(), &raw mut length) };
        let mut buffer = vec![0_u16; usize::try_from(length).unwrap_or_default().max(1)];
        let mut written = u32::try_from(buffer.len()).unwrap_or_default();
        // SAFETY: `written` says how many units the buffer has, and the buffer lives until the end of this function.
        let done = unsafe { GetUserNameExW(NameSamCompatible, buffer.as_mut_ptr(), &raw mut written) };
        if !done {
            return Err(io::Error::last_os_error());
        }
        let name = buffer.get(..usize::try_from(written).unwrap_or_default()).unwrap_or_default();
        String::from_utf16(name).map_err(io::Error::other)
    }
}

#[cfg(any(unix, test))]
fn named(name: Option<String>, uid: u32) -> String {
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("uid {uid}"))
}

#[cfg(test)]
mod tests {
    use super::{name, named};

    #[test]
    fn an_account_without_a_name_is_told_by_its_number() {
        assert_eq!(named(Some("kim".to_owned()), 1000), "kim");
        assert_eq!(named(None, 1000), "uid 1000");
        assert_eq!(named(Some(String::new()), 7), "uid 7");
    }

    #[cfg(unix)]
    #[test]
    fn the_name_is_what_the_system_says_and_not_the_environment() {
        let said = std::process::Command::new("id").arg("-un").output().unwrap();
        if said.status.success() {
            assert_eq!(name().unwrap(), String::from_utf8(said.stdout).unwrap().trim());
        }
        assert!(!name().unwrap().is_empty());
    }
}
