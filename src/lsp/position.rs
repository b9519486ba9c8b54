//! Columns as editors count them. Ours are characters from 1; theirs are units of an encoding from 0, UTF-16 unless both agree
//! on another.

use crate::project::Place;
use lsp_types::{ClientCapabilities, Position, PositionEncodingKind, Range};

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl Encoding {
    /// The first encoding of the editor's list that there is; UTF-16 where it has none.
    pub fn agreed(client: &ClientCapabilities) -> Encoding {
        let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_deref());
        let known = |kind: &PositionEncodingKind| match kind.as_str() {
            "utf-8" => Some(Encoding::Utf8),
            "utf-16" => Some(Encoding::Utf16),
            "utf-32" => Some(Encoding::Utf32),
            _ => None,
        };
        offered.into_iter().flatten().find_map(known).unwrap_or(Encoding::Utf16)
    }

    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, letter: char) -> usize {
        match self {
            Encoding::Utf8 => letter.len_utf8(),
            Encoding::Utf16 => letter.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }

    /// Units before the character at this position of a line.
    pub fn units(self, line: &str, characters: usize) -> u32 {
        number(line.chars().take(characters).map(|letter| self.width(letter)).sum())
    }

    /// Characters before a position of a line; one inside a character is before it.
    pub fn characters(self, line: &str, units: u32) -> usize {
        let mut left = units as usize;
        let fits = |letter: &char| {
            let width = self.width(*letter);
            let fits = width <= left;
            left = left.saturating_sub(width);
            fits
        };
        line.chars().take_while(fits).count()
    }

    /// The byte of a text at a position; the end of the line or text where the position is behind it.
    pub fn byte(self, text: &str, position: Position) -> usize {
        let Some(start) = start_of_line(text, position.line as usize) else { return text.len() };
        let line = text[start..].split('\n').next().unwrap_or_default().trim_end_matches('\r');
        let characters = self.characters(line, position.character);
        start + line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at)
    }

    /// Characters of a line as a range.
    pub fn range(self, text: &str, line: usize, columns: std::ops::Range<usize>) -> Range {
        let own = line_of(text, line);
        let at = |column: usize| Position { line: number(line), character: self.units(own, column) };
        Range { start: at(columns.start), end: at(columns.end) }
    }

    /// A place. One without length means what stands from there to the end of its line.
    pub fn range_of(self, text: &str, place: &Place) -> Range {
        let line = place.line.saturating_sub(1) as usize;
        let first = place.column.saturating_sub(1) as usize;
        let written = line_of(text, line).trim_end().chars().count();
        let length = if place.length == 0 { written.saturating_sub(first) } else { place.length as usize };
        self.range(text, line, first..first + length)
    }
}

/// A line of a text, without its end.
pub fn line_of(text: &str, line: usize) -> &str {
    let start = start_of_line(text, line).unwrap_or(text.len());
    text[start..].split('\n').next().unwrap_or_default().trim_end_matches('\r')
}

fn start_of_line(text: &str, line: usize) -> Option<usize> {
    match line.checked_sub(1) {
        None => Some(0),
        Some(before) => text.match_indices('\n').nth(before).map(|(at, _)| at + 1),
    }
}

pub fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_as_the_editor_counts_them() {
        // `é` has 2 bytes and 1 unit of UTF-16, `😀` has 4 and 2.
        let line = "é😀x";
        for (encoding, units) in
            [(Encoding::Utf8, [0, 2, 6, 7]), (Encoding::Utf16, [0, 1, 3, 4]), (Encoding::Utf32, [0, 1, 2, 3])]
        {
            for (characters, units) in units.into_iter().enumerate() {
                assert_eq!(encoding.units(line, characters), units);
                assert_eq!(encoding.characters(line, units), characters);
            }
        }
        assert_eq!(Encoding::Utf16.characters(line, 2), 1, "inside a character is before it");
        assert_eq!(Encoding::Utf16.characters(line, 99), 3);
        let text = "a\r\né😀x\n";
        assert_eq!(&text[Encoding::Utf16.byte(text, Position::new(1, 3))..], "x\n");
        assert_eq!(Encoding::Utf16.byte(text, Position::new(0, 9)), 1, "a line ends before its carriage return");
        assert_eq!(Encoding::Utf16.byte(text, Position::new(9, 0)), text.len());
    }
}
