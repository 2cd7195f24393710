//! Events that are read once for all who follow a subject: their sessions by one query, each entry as
//! HTML once for every time zone and right among them.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use actix_web::web::Bytes;

use crate::accounts::{sessions, users};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::entry::Entry;
use crate::history::timeline::{self, Page};
use crate::model::change::Change;
use crate::permissions::{Action, allows};
use crate::web::shared::base_path::BasePath;
use crate::web::shared::entry_view::{EntryFragment, EntryView, UndoForms, Viewer};
use crate::web::shared::event_stream::subject::Subject;
use crate::web::shared::session::CSRF;
use crate::web::shared::time_format::Zone;

/// Who follows a stream, and what the HTML for them depends on besides their rights.
#[derive(Debug, Clone)]
pub struct Follower {
    pub user: i64,
    /// What the others who follow the same are told.
    pub name: String,
    /// The CSRF token of the session, by which the session is found again.
    pub session: String,
    pub zone: Zone,
}

/// What HTML depends on: the name of the time zone, and whether its reader may change anything.
type Look = (String, bool);

/// Events that were read at once.
pub struct Batch {
    /// The incident whose wake-ups to wait for. That of an alert may change.
    pub incident: i64,
    /// It has every event after this one ...
    pub after: i64,
    /// ... up to this one.
    pub newest: i64,
    /// There are more entries than one batch has.
    pub more: bool,
    /// Nothing woke the reader for a while: connections without news are to be kept open.
    pub heartbeat: bool,
    /// The sessions that were looked for, with whether the person may change anything; none if the session
    /// has ended.
    sessions: HashMap<(i64, String), Option<bool>>,
    events: HashMap<Look, Events>,
}

/// What a batch has for one follower.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// The bytes to send, which may be none.
    Events(Bytes),
    /// The session has ended.
    SignedOut,
    /// The follower was not known yet when the batch was read, or misses events before it.
    Behind,
}

impl Batch {
    /// Reads the events after one for these followers.
    pub fn read(
        conn: &mut AnyConnection,
        subject: Subject,
        base_path: &BasePath,
        after: i64,
        followers: &[Arc<Follower>],
    ) -> Result<Self> {
        let sessions = rights(conn, followers)?;
        let (incident, Page { entries, more }) = (subject.entries)(conn, subject.id, after)?;
        let mut batch =
            Self { incident, after, newest: after, more, heartbeat: false, sessions, events: HashMap::new() };
        if entries.is_empty() {
            return Ok(batch);
        }
        let state = if more { None } else { Some(state_text(conn, subject, base_path)?) };
        let (people, edited) = (users::names(conn)?, edited(conn, &entries)?);
        for follower in followers {
            let Some(look) = batch.look(follower) else { continue };
            if batch.events.contains_key(&look) {
                continue;
            }
            let undo_forms = if look.1 { UndoForms::WithoutToken } else { UndoForms::None };
            let viewer =
                Viewer { zone: &follower.zone, people: &people, incident: subject.shown_in, reader: None, undo_forms };
            let events = Events::render(&entries, &edited, viewer, state.as_deref(), base_path)?;
            batch.newest = events.newest().unwrap_or(after);
            batch.events.insert(look, events);
        }
        // Nobody was left to read for, so nothing was passed over.
        batch.more = batch.more && !batch.events.is_empty();
        Ok(batch)
    }

    /// What to send to somebody who has everything up to `newest`.
    pub fn answer(&self, follower: &Follower, newest: i64) -> Answer {
        match self.sessions.get(&(follower.user, follower.session.clone())) {
            None => return Answer::Behind,
            Some(None) => return Answer::SignedOut,
            Some(Some(_)) => {}
        }
        if newest < self.after {
            return Answer::Behind;
        }
        if newest >= self.newest {
            return Answer::Events(Bytes::new());
        }
        let events = self.look(follower).and_then(|look| self.events.get(&look));
        events.map_or(Answer::Behind, |events| Answer::Events(events.after(newest)))
    }

    fn look(&self, follower: &Follower) -> Option<Look> {
        let may_change = self.sessions.get(&(follower.user, follower.session.clone())).copied().flatten()?;
        Some((follower.zone.name().to_owned(), may_change))
    }
}

/// For each of the sessions, whether its person may change anything; none for those that have ended.
fn rights(conn: &mut AnyConnection, followers: &[Arc<Follower>]) -> Result<HashMap<(i64, String), Option<bool>>> {
    let mut rights: HashMap<(i64, String), Option<bool>> =
        followers.iter().map(|follower| ((follower.user, follower.session.clone()), None)).collect();
    let people: BTreeSet<i64> = followers.iter().map(|follower| follower.user).collect();
    for (person, state) in sessions::of_people(conn, people)? {
        let right = token(&state).and_then(|token| rights.get_mut(&(person.id, token)));
        if let Some(right) = right {
            *right = Some(allows(person.role, Action::Work));
        }
    }
    Ok(rights)
}

/// The CSRF token of a stored session, whose values are JSON within JSON.
fn token(state: &str) -> Option<String> {
    let values: HashMap<String, String> = serde_json::from_str(state).ok()?;
    serde_json::from_str(values.get(CSRF)?).ok()
}

/// The comment that an entry edits.
fn edited_comment(entry: &Entry) -> Option<i64> {
    match entry.change {
        Change::CommentEdited { comment, .. } => Some(comment),
        _ => None,
    }
}

/// The comments that entries edit, with their newest texts.
fn edited(conn: &mut AnyConnection, entries: &[Entry]) -> Result<HashMap<i64, Entry>> {
    let ids: Vec<i64> = entries.iter().filter_map(edited_comment).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(timeline::comments(conn, &ids)?.into_iter().map(|entry| (entry.id, entry)).collect())
}

fn state_text(conn: &mut AnyConnection, subject: Subject, base_path: &BasePath) -> Result<String> {
    let mut state = (subject.state)(conn, subject.id)?;
    state.priority = base_path.add_in_html(state.priority)?;
    Ok(serde_json::to_string(&state)?)
}

/// Events in the order of their ids, as one run of bytes, so that those after any id are one write.
struct Events {
    bytes: Bytes,
    /// The id of each entry, and where its event begins.
    begin: Vec<(i64, usize)>,
}

impl Events {
    /// With the state of the subject as the last event, unless more entries follow.
    fn render(
        entries: &[Entry],
        edited: &HashMap<i64, Entry>,
        viewer: Viewer<'_>,
        state: Option<&str>,
        base_path: &BasePath,
    ) -> Result<Self> {
        let html = |entry: &Entry| {
            let view = EntryView::new(entry, viewer);
            base_path.add_in_html(EntryFragment { entry: view }.render_text()?)
        };
        let mut text = String::new();
        let mut begin = Vec::with_capacity(entries.len());
        for entry in entries {
            let id = EntryView::event_id(entry, viewer);
            begin.push((id, text.len()));
            add_event(&mut text, "entry", id, &html(entry)?);
            if let Some(comment) = edited_comment(entry).and_then(|comment| edited.get(&comment)) {
                add_event(&mut text, "edited", id, &html(comment)?);
            }
        }
        if let (Some(state), Some((newest, _))) = (state, begin.last()) {
            add_event(&mut text, "state", *newest, state);
        }
        Ok(Self { bytes: Bytes::from(text), begin })
    }

    fn newest(&self) -> Option<i64> {
        self.begin.last().map(|(id, _)| *id)
    }

    fn after(&self, newest: i64) -> Bytes {
        let first = self.begin.iter().find(|(id, _)| *id > newest);
        first.map_or_else(Bytes::new, |(_, begin)| self.bytes.slice(*begin..))
    }
}

/// Adds one event. Each line of data is a field of its own, so that a line break in a comment cannot begin
/// another event.
fn add_event(text: &mut String, name: &str, id: i64, data: &str) {
    // Writing to a text cannot fail.
    let _ = writeln!(text, "id: {id}\nevent: {name}");
    for line in data.split(['\n', '\r']) {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_in_data_cannot_begin_another_event() {
        let mut text = String::new();
        add_event(&mut text, "entry", 7, "one\ntwo\r\nevent: forged\n\nid: 9");
        assert!(text.starts_with("id: 7\nevent: entry\n"));
        assert!(text.lines().skip(2).all(|line| line.is_empty() || line.starts_with("data: ")));
        assert_eq!(text.matches("\n\n").count(), 1);
    }

    fn omar(session: &str) -> Follower {
        Follower { user: 2, name: "Omar".to_owned(), session: session.to_owned(), zone: Zone::utc() }
    }

    /// Entries 5 and 7, for Omar, whose session "ended" has ended.
    fn batch() -> Batch {
        let events = Events { bytes: Bytes::from_static(b"fiveseven"), begin: vec![(5, 0), (7, 4)] };
        let sessions = [((2, "open".to_owned()), Some(true)), ((2, "ended".to_owned()), None)];
        Batch {
            incident: 1,
            after: 3,
            newest: 7,
            more: false,
            heartbeat: false,
            sessions: HashMap::from(sessions),
            events: HashMap::from([(("UTC".to_owned(), true), events)]),
        }
    }

    #[test]
    fn everybody_gets_what_comes_after_what_they_have() {
        let sent = |newest| batch().answer(&omar("open"), newest);
        assert_eq!(sent(3), Answer::Events(Bytes::from_static(b"fiveseven")));
        assert_eq!(sent(5), Answer::Events(Bytes::from_static(b"seven")));
        assert_eq!(sent(6), Answer::Events(Bytes::from_static(b"seven")));
        assert_eq!(sent(7), Answer::Events(Bytes::new()));
        assert_eq!(sent(2), Answer::Behind, "an entry between 2 and 3 would be lost");
    }

    #[test]
    fn nothing_is_sent_to_a_session_that_ended_or_that_was_not_looked_for() {
        assert_eq!(batch().answer(&omar("ended"), 3), Answer::SignedOut);
        assert_eq!(batch().answer(&omar("opened later"), 3), Answer::Behind);
    }

    #[test]
    fn the_token_of_a_session_is_found_in_its_state() {
        assert_eq!(token(r#"{"user":"2","csrf":"\"abc\""}"#).as_deref(), Some("abc"));
        assert_eq!(token(r#"{"user":"2"}"#), None);
    }
}
