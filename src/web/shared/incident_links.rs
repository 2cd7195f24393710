//! Links to incidents within sentences.

use crate::history::wording::Part;
use crate::web::shared::paths;

/// A part of a sentence: plain text, or a link when `href` is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedText {
    pub text: String,
    pub href: String,
}

impl LinkedText {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: String::new() }
    }
}

/// Makes links of the parts that name incidents, alerts or attachments. `page` is the part of the address after the incident: ""
/// for its page, "/history" for its history.
pub fn linked(parts: Vec<Part>, page: &str) -> Vec<LinkedText> {
    let linked = |part: Part| LinkedText {
        text: part.text.clone(),
        href: match part {
            Part { incident: Some(id), .. } => format!("{}{page}", paths::incident(id)),
            Part { alert: Some(id), .. } => paths::alert(id),
            Part { attachment: Some((id, true)), .. } => paths::attachment_zip(id),
            Part { attachment: Some((id, false)), .. } => paths::attachment(id),
            _ => String::new(),
        },
    };
    parts.into_iter().filter(|part| !part.text.is_empty()).map(linked).collect()
}

/// Makes links of "incident 12" and "Incident 12" wherever a sentence names one.
pub fn named_in(sentence: &str) -> Vec<LinkedText> {
    const WORDS: [&str; 2] = ["incident ", "Incident "];
    let mut parts: Vec<LinkedText> = Vec::new();
    let (mut rest, mut plain) = (sentence, String::new());
    while let Some((at, word)) = WORDS.iter().filter_map(|word| Some((rest.find(word)?, *word))).min() {
        let (before, named) = rest.split_at(at);
        plain.push_str(before);
        let after = named.get(word.len()..).unwrap_or_default();
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, following) = after.split_at(digits);
        rest = after;
        if let Ok(id) = number.parse::<i64>() {
            parts.push(LinkedText::plain(std::mem::take(&mut plain)));
            parts.push(LinkedText { text: format!("{word}{number}"), href: paths::incident(id) });
            rest = following;
        } else {
            plain.push_str(word);
        }
    }
    plain.push_str(rest);
    parts.push(LinkedText::plain(plain));
    parts.retain(|part| !part.text.is_empty());
    parts
}

/// Makes a link of "Incident 12" at the beginning of a stored sentence.
pub fn leading(sentence: &str) -> Vec<LinkedText> {
    let after = sentence.strip_prefix("Incident ").unwrap_or_default();
    let rest = after.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let number = after.strip_suffix(rest).unwrap_or_default();
    let Ok(id) = number.parse::<i64>() else { return vec![LinkedText::plain(sentence)] };
    let link = LinkedText { text: format!("Incident {number}"), href: paths::incident(id) };
    if rest.is_empty() { vec![link] } else { vec![link, LinkedText::plain(rest)] }
}

#[cfg(test)]
mod tests {
    use super::{LinkedText, leading, linked, named_in};
    use crate::history::wording::Part;

    fn shown(parts: &[LinkedText]) -> String {
        parts
            .iter()
            .map(|part| if part.href.is_empty() { part.text.clone() } else { format!("[{}]", part.text) })
            .collect()
    }

    #[test]
    fn the_incident_that_a_part_names_is_the_link() {
        let text = |text: &str| Part { text: text.to_owned(), incident: None, alert: None, attachment: None };
        let named = Part { incident: Some(1), ..text("incident 1") };
        let parts = linked(vec![text("Merged into incident 12 with "), named, text("."), text("")], "/history");
        assert_eq!(shown(&parts), "Merged into incident 12 with [incident 1].");
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[1].href, "/incidents/1/history");
    }

    #[test]
    fn every_incident_that_a_message_names_is_a_link() {
        assert_eq!(shown(&named_in("2 alerts moved to incident 7.")), "2 alerts moved to [incident 7].");
        assert_eq!(
            shown(&named_in("incident 3 and incident x, incident 4")),
            "[incident 3] and incident x, [incident 4]"
        );
        assert_eq!(shown(&named_in("Incident 5 resolved.")), "[Incident 5] resolved.");
        assert_eq!(shown(&named_in("Saved.")), "Saved.");
        assert!(named_in("").is_empty());
    }

    #[test]
    fn only_what_the_sentence_begins_with_is_taken_for_an_id() {
        assert_eq!(
            shown(&leading("Incident 3: same device as in incident 4.")),
            "[Incident 3]: same device as in incident 4."
        );
        assert_eq!(shown(&leading("Incident 7")), "[Incident 7]");
        assert_eq!(shown(&leading("A title that says Incident 3")), "A title that says Incident 3");
        assert_eq!(leading("Incident three"), vec![LinkedText::plain("Incident three")]);
    }
}
