//! Who else looks at an incident or alert, in words.

use actix_web::web::Bytes;

use crate::web::shared::event_stream::channels::Viewers;

/// People who are named; more are counted.
const NAMED: usize = 3;

/// "Omar Haddad and Mei Lindqvist are also viewing this."; empty where nobody else is.
pub fn others(viewers: &Viewers, reader: i64) -> String {
    let names: Vec<&str> = viewers.iter().filter(|(user, _)| **user != reader).map(|(_, name)| name.as_str()).collect();
    let more = names.len().saturating_sub(NAMED);
    let named = names.get(..NAMED).unwrap_or(&names);
    match (named, more) {
        ([], _) => String::new(),
        ([one], _) => format!("{one} is also viewing this."),
        ([first @ .., last], 0) => format!("{} and {last} are also viewing this.", first.join(", ")),
        (named, more) => format!("{} and {more} more are also viewing this.", named.join(", ")),
    }
}

/// The event without an id: it is no part of the history, and is not sent again.
pub(super) fn viewers_event(viewers: &Viewers, reader: i64) -> Bytes {
    let told = others(viewers, reader).replace(['\n', '\r'], " ");
    Bytes::from(format!("event: viewers\ndata: {told}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_are_named_and_the_reader_is_not() {
        let names = ["Dana", "Omar", "Mei", "Vic", "Ada"];
        let of =
            |count: usize| -> Viewers { (1..).zip(names.iter().take(count).map(|name| (*name).to_owned())).collect() };
        assert_eq!(others(&of(1), 1), "");
        assert_eq!(others(&of(2), 1), "Omar is also viewing this.");
        assert_eq!(others(&of(4), 1), "Omar, Mei and Vic are also viewing this.");
        assert_eq!(others(&of(5), 1), "Omar, Mei, Vic and 1 more are also viewing this.");
    }

    #[test]
    fn a_name_cannot_begin_another_event() {
        let viewers = Viewers::from([(2, "Omar\n\nevent: entry".to_owned())]);
        assert_eq!(viewers_event(&viewers, 1), "event: viewers\ndata: Omar  event: entry is also viewing this.\n\n");
    }
}
