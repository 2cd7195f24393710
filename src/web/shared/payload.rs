//! Payloads of providers as pages show them. A page shows a long one in part; a download has all of it.

use std::io;

use crate::text::{beginning, thousands};

/// Most bytes of a payload that a page shows.
const SHOWN: usize = 256 * 1024;

/// A payload, ready for a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadView {
    pub text: String,
    /// "15,204 KB" if the text is only its beginning.
    pub whole_size: Option<String>,
}

/// What a page shows of a payload: indented if it is JSON.
pub fn shown(payload: &str) -> PayloadView {
    if payload.len() > SHOWN {
        let kilobytes = i64::try_from(payload.len() / 1_000).unwrap_or(i64::MAX);
        let whole_size = Some(format!("{} KB", thousands(kilobytes)));
        return PayloadView { text: beginning(payload, SHOWN).to_owned(), whole_size };
    }
    // Indenting can make a text of many levels a hundred times as long.
    PayloadView { text: pretty(payload).unwrap_or_else(|| payload.to_owned()), whole_size: None }
}

/// JSON with one value a line; none for anything else, and where it gets longer than a page shows.
fn pretty(payload: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(payload).ok()?;
    let mut text = Bounded(Vec::new());
    serde_json::to_writer_pretty(&mut text, &value).ok()?;
    String::from_utf8(text.0).ok()
}

/// Takes twice what a page shows, then fails.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        if self.0.len() + part.len() > 2 * SHOWN {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_other_text_is_shown_as_it_is() {
        assert_eq!(shown("{\"a\":1}").text, "{\n  \"a\": 1\n}");
        assert_eq!(shown("CEF:0|a").text, "CEF:0|a");
    }

    #[test]
    fn a_long_payload_is_shown_in_part_at_a_whole_character() {
        let payload = format!("x{}", "é".repeat(8_000_000));
        let view = shown(&payload);
        assert_eq!(view.whole_size.as_deref(), Some("16,000 KB"));
        assert!(view.text.len() < SHOWN && payload.starts_with(&view.text));
    }

    #[test]
    fn indenting_does_not_make_a_payload_too_long_for_a_page() {
        let payload = format!("{}{}1{}", "[".repeat(100), "1,".repeat(100_000), "]".repeat(100));
        assert_eq!(shown(&payload), PayloadView { text: payload, whole_size: None });
    }
}
