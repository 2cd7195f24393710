//! Who else looks at an incident or alert, in words.

use actix_web::web::Bytes;

use crate::web::shared::event_stream::channels::Viewers;

/// People who are named; more are counted.
const NAMED: usize = 3;

/// "Mei Lindqvist is editing this. Omar Haddad is also viewing this."; empty where nobody else is.
pub fn others(viewers: &Viewers, reader: i64) -> String {
    let named = |is_editing: bool| {
        let those = viewers.iter().filter(|(user, viewer)| **user != reader && viewer.is_editing == is_editing);
        those.map(|(_, viewer)| viewer.name.as_str()).collect::<Vec<_>>()
    };
    let said = [sentence(&named(true), "editing this"), sentence(&named(false), "also viewing this")];
    said.into_iter().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
}

fn sentence(names: &[&str], doing: &str) -> String {
    let more = names.len().saturating_sub(NAMED);
    let named = names.get(..NAMED).unwrap_or(names);
    match (named, more) {
        ([], _) => String::new(),
        ([one], _) => format!("{one} is {doing}."),
        ([first @ .., last], 0) => format!("{} and {last} are {doing}.", first.join(", ")),
        (named, more) => format!("{} and {more} more are {doing}.", named.join(", ")),
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
    use crate::web::shared::event_stream::channels::ViewerState;

    fn viewers(names: &[&str], editing: &[i64]) -> Viewers {
        let state = |(id, name): (i64, &&str)| {
            (id, ViewerState { name: (*name).to_owned(), is_editing: editing.contains(&id) })
        };
        (1..).zip(names).map(state).collect()
    }

    #[test]
    fn the_others_are_named_and_the_reader_is_not() {
        let names = ["Dana", "Omar", "Mei", "Vic", "Ada"];
        let of = |count: usize| viewers(&names[..count], &[]);
        assert_eq!(others(&of(1), 1), "");
        assert_eq!(others(&of(2), 1), "Omar is also viewing this.");
        assert_eq!(others(&of(4), 1), "Omar, Mei and Vic are also viewing this.");
        assert_eq!(others(&of(5), 1), "Omar, Mei, Vic and 1 more are also viewing this.");
    }

    #[test]
    fn who_is_editing_comes_first() {
        let names = ["Dana", "Omar", "Mei"];
        assert_eq!(others(&viewers(&names, &[3]), 1), "Mei is editing this. Omar is also viewing this.");
        assert_eq!(others(&viewers(&names, &[1, 2, 3]), 1), "Omar and Mei are editing this.");
        assert_eq!(others(&viewers(&names[..1], &[1]), 1), "");
    }

    #[test]
    fn a_name_cannot_begin_another_event() {
        let forged = viewers(&["Dana", "Omar\n\nevent: entry"], &[]);
        assert_eq!(viewers_event(&forged, 1), "event: viewers\ndata: Omar  event: entry is also viewing this.\n\n");
    }
}
