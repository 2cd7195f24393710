//! A report as Markdown. Texts of alerts and people are escaped, so that they are read as they are.

use std::fmt::Write as _;

use crate::web::incident::report::document::{Block, Document, EntryBlock};

pub(super) fn write(document: &Document) -> String {
    let mut text = format!(
        "# {}\n\nIncident {}, as of {} ({}).\n",
        escaped(&document.title),
        document.incident,
        document.as_of,
        document.zone
    );
    for section in &document.sections {
        let _ = write!(text, "\n## {}\n", section.section.label());
        for block in &section.blocks {
            match block {
                Block::Text(sentence) => {
                    let _ = write!(text, "\n{}\n", escaped(sentence));
                }
                Block::Table { head, rows, .. } => table(&mut text, head, rows),
                Block::Entries(entries) => entries.iter().for_each(|one| entry(&mut text, one)),
            }
        }
    }
    text
}

fn table(text: &mut String, head: &[&str], rows: &[Vec<String>]) {
    let _ = write!(text, "\n| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
}

fn entry(text: &mut String, entry: &EntryBlock) {
    let _ = write!(text, "\n- {}, **{}**: {}\n", entry.when, escaped(&entry.who), escaped(&entry.what));
    if let Some((body, _)) = &entry.body {
        // A comment is Markdown already; as a quotation it cannot become part of the report, and nothing of it loads.
        for line in body.replace('\r', "\n").lines() {
            let _ = writeln!(text, "  > {}", line.replace('<', "&lt;").replace("![", "!\\["));
        }
    }
}

/// A text in one line, with nothing in it that Markdown would read otherwise.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '!' | '~' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_that_an_alert_says_is_read_as_markdown() {
        assert_eq!(escaped("![x](http://a) <img> | *b*\n# c"), "\\!\\[x\\](http://a) &lt;img&gt; \\| \\*b\\* \\# c");
        assert_eq!(escaped("C:\\Temp"), "C:\\\\Temp");
    }
}
