//! Sentences in which an incident that is spoken of is a link.

use crate::web::shared::paths;

/// A part of a sentence: plain text, or a link when `href` is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub href: String,
}

impl Piece {
    fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), href: String::new() }
    }
}

/// The sentence with the first mention of incident `id` leading to `href`; without a mention, as it is.
pub fn mention(sentence: &str, id: i64, href: &str) -> Vec<Piece> {
    let words = format!("ncident {id}");
    let Some(found) = sentence.match_indices(&words).map(|(at, _)| at).find(|at| stands_alone(sentence, *at, &words))
    else {
        return vec![Piece::plain(sentence)];
    };
    let (start, end) = (found - 1, found + words.len());
    let part = |from: usize, to: usize| sentence.get(from..to).unwrap_or_default();
    [
        Piece::plain(part(0, start)),
        Piece { text: part(start, end).to_owned(), href: href.to_owned() },
        Piece::plain(part(end, sentence.len())),
    ]
    .into_iter()
    .filter(|piece| !piece.text.is_empty())
    .collect()
}

/// Whether the words at a place are "incident" or "Incident" and the whole number.
fn stands_alone(sentence: &str, at: usize, words: &str) -> bool {
    let before = sentence.get(..at).is_some_and(|text| text.ends_with(['i', 'I']));
    let digit = sentence.get(at + words.len()..).is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()));
    before && !digit
}

/// A sentence that begins with "Incident 12", in which that is a link; any other as it is.
pub fn leading(sentence: &str) -> Vec<Piece> {
    let digits: String = sentence
        .strip_prefix("Incident ")
        .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect())
        .unwrap_or_default();
    match digits.parse::<i64>() {
        Ok(id) => mention(sentence, id, &paths::incident(id)),
        Err(_) => vec![Piece::plain(sentence)],
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, leading, mention};

    fn shown(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| if piece.href.is_empty() { piece.text.clone() } else { format!("[{}]", piece.text) })
            .collect()
    }

    #[test]
    fn the_whole_number_is_the_link() {
        assert_eq!(
            shown(&mention("Merged into incident 12 with incident 1.", 1, "/x")),
            "Merged into incident 12 with [incident 1]."
        );
        assert_eq!(shown(&mention("Incident 7", 7, "/x")), "[Incident 7]");
        assert_eq!(shown(&mention("ncident 7 coïncident 7", 8, "/x")), "ncident 7 coïncident 7");
    }

    #[test]
    fn only_what_the_sentence_begins_with_is_taken_for_an_id() {
        assert_eq!(
            shown(&leading("Incident 3: same device as in incident 4.")),
            "[Incident 3]: same device as in incident 4."
        );
        assert_eq!(shown(&leading("A title that says Incident 3")), "A title that says Incident 3");
        assert_eq!(leading("Incident three"), vec![Piece::plain("Incident three")]);
    }
}
