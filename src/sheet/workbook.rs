//! The first sheet of an XLSX workbook, within bounds.
//!
//! A workbook is a packed archive, and a sheet is its corner cells: a small file can name the cell `XFD1048576` and unpack
//! to gigabytes. Both are asked for before anything is made of them.

use calamine::{Data, DataRef, Range, Reader as _, Xlsx};
use std::io::Cursor;

/// Cells between the first and the last corner. A quarter of a million rows of twenty columns.
const MOST_CELLS: u64 = 5_000_000;
/// Bytes of the unpacked archive, as its own directory says.
const MOST_UNPACKED: u64 = 256 * 1024 * 1024;

/// The first sheet.
///
/// # Errors
/// Why it cannot be read, in words that follow the file's name.
pub fn first_sheet(bytes: &[u8]) -> Result<Range<Data>, String> {
    if unpacked(bytes).is_some_and(|size| size > MOST_UNPACKED) {
        return Err(format!("it unpacks to more than {} MiB", MOST_UNPACKED / 1024 / 1024));
    }
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error| format!("it is no XLSX workbook: {error}"))?;
    let Some(name) = book.sheet_names().first().cloned() else { return Err("it has no sheet".to_owned()) };
    let unreadable = |error: calamine::XlsxError| format!("its first sheet cannot be read: {error}");
    let mut corners: Option<[u32; 4]> = None;
    let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        let (row, column) = cell.get_position();
        let [top, left, bottom, right] = corners.unwrap_or([row, column, row, column]);
        corners = Some([top.min(row), left.min(column), bottom.max(row), right.max(column)]);
    }
    drop(cells);
    let [top, left, bottom, right] = corners.unwrap_or_default();
    if (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1) > MOST_CELLS {
        return Err(format!(
            "its first sheet spans more than {MOST_CELLS} cells: clear what is far below or beside the rows"
        ));
    }
    book.worksheet_range(&name).map_err(unreadable)
}

/// What the archive's directory says that its files unpack to; `None` where there is no directory.
fn unpacked(bytes: &[u8]) -> Option<u64> {
    let number = |at: usize, length: usize| -> Option<u64> {
        let part = bytes.get(at..at.checked_add(length)?)?;
        Some(part.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    };
    // The record at the end: at most a comment of 64 KiB comes after its 22 bytes.
    let first = bytes.len().saturating_sub(22 + 0xffff);
    let end = (first..=bytes.len().checked_sub(22)?).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))?;
    let (entries, mut at) = (number(end + 10, 2)?, usize::try_from(number(end + 16, 4)?).ok()?);
    let mut sum: u64 = 0;
    for _ in 0..entries {
        if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
            break;
        }
        sum = sum.saturating_add(number(at + 24, 4)?);
        let names = number(at + 28, 2)? + number(at + 30, 2)? + number(at + 32, 2)?;
        at += 46 + usize::try_from(names).ok()?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workbook(cells: &[(u32, u16, &str)]) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (row, column, text) in cells {
            sheet.write_string(*row, *column, *text).unwrap();
        }
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn a_sheet_of_two_cells_in_far_corners_is_not_made() {
        let sound = workbook(&[(0, 0, "code"), (1, 0, "0410")]);
        assert_eq!(first_sheet(&sound).unwrap().get_size(), (2, 1));
        let refused = first_sheet(&workbook(&[(0, 0, "code"), (1_048_575, 16_383, "x")])).unwrap_err();
        assert!(refused.contains("spans more than"), "{refused}");
        assert_eq!(first_sheet(&workbook(&[])).unwrap().get_size(), (0, 0));
    }

    #[test]
    fn what_it_unpacks_to_is_known_before() {
        let mut sound = workbook(&[(0, 0, "code")]);
        let size = unpacked(&sound).unwrap();
        assert!((1_000..1_000_000).contains(&size), "{size}");
        let directory = sound.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
        sound[directory + 24..directory + 28].copy_from_slice(&0xf000_0000_u32.to_le_bytes());
        assert!(first_sheet(&sound).unwrap_err().contains("unpacks to more"));
        assert_eq!(unpacked(b"PK\x05\x06"), None);
    }
}
