//! Bytes protected with the Windows user's own key (DPAPI): two functions of the system, safe to call.
//!
//! Only this crate has `unsafe` for it. The crates that wrap these calls leave the opened bytes in freed memory, or let
//! the system show a window, which a service has no screen for. On other systems there is nothing in here.

#[cfg(windows)]
mod blob;

#[cfg(windows)]
pub use windows::{open, protect};

#[cfg(windows)]
mod windows {
    use crate::blob::{Given, Taken};
    use std::io;
    use std::ptr::{null, null_mut};
    use windows_sys::Win32::Security::Cryptography::{CRYPTPROTECT_UI_FORBIDDEN, CryptProtectData, CryptUnprotectData};
    use zeroize::Zeroizing;

    /// Protects `plain` for the user who runs this, on this machine (or where the user's profile roams to). Only
    /// [`open`] with the same `purpose` gives it back. A purpose is no secret: it keeps another program of the same user from
    /// opening this by mistake.
    ///
    /// # Errors
    /// What the system says, for example for a user without a profile.
    pub fn protect(plain: &[u8], purpose: &[u8]) -> io::Result<Vec<u8>> {
        let (plain, purpose, mut out) = (Given::new(plain)?, Given::new(purpose)?, Taken::nothing());
        // SAFETY: both blobs point to slices that live until the end of this function and are only read; the reserved and
        // optional arguments may be null; `out` takes what the system allocates.
        let done = unsafe {
            CryptProtectData(
                plain.blob(),
                null(),
                purpose.blob(),
                null(),
                null(),
                CRYPTPROTECT_UI_FORBIDDEN,
                out.blob(),
            )
        };
        if done == 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(out.bytes().to_vec())
    }

    /// Opens what [`protect`] gave. The bytes are wiped when they are dropped, and so is the system's copy.
    ///
    /// # Errors
    /// What the system says: another user, another purpose, altered bytes.
    pub fn open(protected: &[u8], purpose: &[u8]) -> io::Result<Zeroizing<Vec<u8>>> {
        let (protected, purpose, mut out) = (Given::new(protected)?, Given::new(purpose)?, Taken::nothing());
        // SAFETY: as in `protect`; nobody asks for the description, so its place may be null.
        let done = unsafe {
            CryptUnprotectData(
                protected.blob(),
                null_mut(),
                purpose.blob(),
                null(),
                null(),
                CRYPTPROTECT_UI_FORBIDDEN,
                out.blob(),
            )
        };
        if done == 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Zeroizing::new(out.bytes().to_vec()))
    }
}
