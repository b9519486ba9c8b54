//! Bytes as the system takes them and gives them: a length and a pointer.

use std::io;
use std::marker::PhantomData;
use std::ptr::null_mut;
use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Cryptography::CRYPT_INTEGER_BLOB;
use zeroize::Zeroize;

/// Bytes for the system to read.
pub(crate) struct Given<'a> {
    blob: CRYPT_INTEGER_BLOB,
    bytes: PhantomData<&'a [u8]>,
}

impl<'a> Given<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> io::Result<Given<'a>> {
        let too_long = |_| io::Error::new(io::ErrorKind::InvalidInput, "more than 4 GiB");
        let length = u32::try_from(bytes.len()).map_err(too_long)?;
        // The structure is the same for what is written; the calls it is given to only read.
        Ok(Given { blob: CRYPT_INTEGER_BLOB { cbData: length, pbData: bytes.as_ptr().cast_mut() }, bytes: PhantomData })
    }

    pub(crate) fn blob(&self) -> *const CRYPT_INTEGER_BLOB {
        &self.blob
    }
}

/// Bytes that the system allocated; wiped and given back when dropped.
pub(crate) struct Taken(CRYPT_INTEGER_BLOB);

impl Taken {
    pub(crate) fn nothing() -> Taken {
        Taken(CRYPT_INTEGER_BLOB { cbData: 0, pbData: null_mut() })
    }

    pub(crate) fn blob(&mut self) -> *mut CRYPT_INTEGER_BLOB {
        &mut self.0
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        if self.0.pbData.is_null() {
            return &[];
        }
        // SAFETY: the system wrote `cbData` bytes at `pbData`, and nobody else knows of them until `drop` frees them.
        unsafe { std::slice::from_raw_parts(self.0.pbData, self.0.cbData as usize) }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if self.0.pbData.is_null() {
            return;
        }
        // SAFETY: as in `bytes`; `&mut self` says that no slice of them is left.
        unsafe { std::slice::from_raw_parts_mut(self.0.pbData, self.0.cbData as usize) }.zeroize();
        // SAFETY: DPAPI allocates with LocalAlloc and asks its callers to free so; this runs once.
        unsafe { LocalFree(self.0.pbData.cast()) };
    }
}
