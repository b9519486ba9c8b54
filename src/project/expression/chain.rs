//! Chains of operators. `a + b + c` is a tree as deep as it has operators, however flat the text looks, and every walk over
//! it (Rhai's own, too, when it lets go of the tree) takes the stack for each level.

use super::Problem;

/// Operators that may follow each other in one statement.
const LONGEST: usize = 300;

/// What the letters before belong to.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Code,
    Text(char),
    LineComment,
    BlockComment,
}

/// A chain that is too long to be walked. `&&` and `||` are no chain: Rhai keeps their parts side by side.
pub fn too_long(text: &str) -> Option<Problem> {
    let (mut chain, mut line, mut inside) = (0, 1, Inside::Code);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        line += u32::from(letter == '\n');
        let next = letters.peek().copied();
        match (inside, letter) {
            (Inside::Code, '"' | '`' | '\'') => inside = Inside::Text(letter),
            (Inside::Text('"' | '\''), '\\') => drop(letters.next()),
            (Inside::Text(open), _) if open == letter => inside = Inside::Code,
            (Inside::Code, '/') if next == Some('/') => inside = Inside::LineComment,
            (Inside::Code, '/') if next == Some('*') => inside = Inside::BlockComment,
            (Inside::LineComment, '\n') => inside = Inside::Code,
            (Inside::BlockComment, '*') if next == Some('/') => {
                letters.next();
                inside = Inside::Code;
            }
            (Inside::Code, ';' | '{' | '}') => chain = 0,
            (Inside::Code, '&' | '|') if next == Some(letter) => {
                // The conditions beside each other are chains of their own.
                letters.next();
                chain = 0;
            }
            (Inside::Code, _) if letter.is_ascii_punctuation() && !matches!(letter, '(' | ')' | ',' | '_') => {
                chain += 1
            }
            _ => {}
        }
        if chain > LONGEST {
            let message = format!("this has more than {LONGEST} operators in a row");
            let help = Some("write it as several conditions, or look the values up in a table".to_owned());
            return Some(Problem { code: "expression-syntax", message, line, column: 1, length: 0, help, meant: None });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_operators_in_a_row_are_a_chain() {
        let (sum, many) = (vec!["1"; 400].join(" + "), vec!["a == \"+-*/\""; 1_000].join(" || "));
        assert!(too_long(&sum).is_some());
        assert!(too_long(&format!("`{sum}`")).is_none(), "a text");
        assert!(too_long(&format!("// it's {sum}\n/* {sum} */ 1 + \"\\\"{sum}\"")).is_none(), "comments");
        assert!(too_long(&many).is_none());
        assert!(too_long(&"let x = -1;\n".repeat(1_000)).is_none());
        assert!(too_long(&format!("\"\\\\\" + {sum}")).is_some(), "after a text that ends in a backslash");
    }
}
