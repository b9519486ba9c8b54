//! A file in the place of stdout and stderr, for a process that has neither: a service of Windows.

use crate::clock::{Clock, SystemClock};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Where everything goes from the moment when it is opened; nothing does before.
static FILE: OnceLock<LogFile> = OnceLock::new();

/// One file before this one is kept when it has grown so long, in bytes.
const LONGEST: u64 = 10 << 20;

/// Lets all that is printed go into a file, at its end.
///
/// # Errors
/// When it cannot be opened.
pub fn open(path: &Path) -> io::Result<()> {
    let file = LogFile::open(path)?;
    // Opened twice in a process, the first goes on.
    let _ = FILE.set(file);
    Ok(())
}

/// Whether everything goes there.
pub fn is_open() -> bool {
    FILE.get().is_some()
}

/// Writes a text there, if there is a file; else it is still to be printed.
pub fn took(text: &str) -> bool {
    FILE.get().is_some_and(|file| {
        // Full disks end no run.
        let _ = file.write(text, &SystemClock);
        true
    })
}

/// Where the log behind `-v` goes.
pub fn writer() -> Box<dyn Write> {
    match FILE.get() {
        Some(file) => Box::new(Lines(file)),
        None => Box::new(io::stderr()),
    }
}

struct Lines(&'static LogFile);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(String::from_utf8_lossy(bytes).trim_end(), &SystemClock)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct LogFile {
    file: Mutex<File>,
}

impl LogFile {
    fn open(path: &Path) -> io::Result<LogFile> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        if std::fs::metadata(path).is_ok_and(|file| file.len() > LONGEST) {
            std::fs::rename(path, before(path))?;
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(LogFile { file: Mutex::new(options.open(path)?) })
    }

    /// Each line with its time, without colours.
    fn write(&self, text: &str, clock: &dyn Clock) -> io::Result<()> {
        let at = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let plain = anstream::adapter::strip_str(text).to_string();
        let lines: String = plain.lines().map(|line| format!("{at} {line}\n")).collect();
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(lines.as_bytes())
    }
}

fn before(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".1");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::StandingClock;

    #[test]
    fn lines_have_their_time_and_no_colours_and_a_long_file_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/service.log");
        let clock = StandingClock::at("2013-12-02T12:00:00Z".parse().unwrap());
        LogFile::open(&path).unwrap().write("\u{1b}[1merror\u{1b}[0m: one\ntwo", &clock).unwrap();
        LogFile::open(&path).unwrap().write("three", &clock).unwrap();
        let at = "2013-12-02T12:00:00Z";
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, format!("{at} error: one\n{at} two\n{at} three\n"));
        std::fs::write(&path, vec![b'\n'; LONGEST as usize + 1]).unwrap();
        LogFile::open(&path).unwrap().write("anew", &clock).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{at} anew\n"));
        assert_eq!(std::fs::metadata(before(&path)).unwrap().len(), LONGEST + 1);
    }
}
