//! Texts that are safe in a spreadsheet.
//!
//! A text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line
//! break, also after blanks and quotation marks) gets an apostrophe in front. Where the computer's
//! language separates cells by semicolons or tabs, a cell can end inside a text; so a part that begins
//! like this after a comma, a semicolon, a tab or a line break gets one, too. That also changes harmless
//! texts: "a, -b" becomes "a,' -b".

/// A text that no spreadsheet runs, whichever characters end its cells.
pub fn safe_text(value: &str) -> String {
    let ends = |c: char| matches!(c, ',' | ';' | '\t' | '\r' | '\n');
    let passed = |c: char| {
        matches!(c, '"' | '\'' | '\u{201c}' | '\u{2018}')
            || (c.is_whitespace() && !ends(c))
            || c.is_control() && !ends(c)
    };
    let begins = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let mut safe = String::with_capacity(value.len());
    for (at, part) in value.split_inclusive(ends).enumerate() {
        let inside = part.trim_start_matches(passed);
        if inside.starts_with(begins) || (at == 0 && inside.starts_with(['\t', '\r', '\n'])) {
            safe.push('\'');
        }
        safe.push_str(part);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_defused() {
        for text in
            ["=1+1", "+1", "-2", "@SUM(A1)", "\tx", "\rx", " =cmd|' /C calc'!A0", "\"=1+1", "'=1+1", "\" '-1", "＝1"]
        {
            assert_eq!(safe_text(text), format!("'{text}"));
        }
        for text in ["", "Multi-stage incident", "'Bearfoos' detected", "a=b", "10 - 3", "web01, web02; db", "a\r\nb"] {
            assert_eq!(safe_text(text), text);
        }
    }

    #[test]
    fn so_is_what_would_begin_a_cell_or_a_line_in_the_middle_of_a_text() {
        for (text, safe) in [
            ("x;=1+1", "x;'=1+1"),
            ("x\t@SUM(A1)", "x\t'@SUM(A1)"),
            ("x\n+1\r\n-2", "x\n'+1\r\n'-2"),
            ("x\r=1", "x\r'=1"),
            ("x; \"=1;=2", "x;' \"=1;'=2"),
            ("\t=1", "'\t'=1"),
            ("VIP, =1", "VIP,' =1"),
            ("a, -b", "a,' -b"),
        ] {
            assert_eq!(safe_text(text), safe);
        }
    }
}
