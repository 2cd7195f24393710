//! Comments and history of an entity, ready for the template.

use std::collections::HashMap;

use crate::entities::entries::EntityChange;
use crate::entities::entry::EntityEntry;
use crate::model::user::User;
use crate::text::initials;
use crate::web::entity::data::Said;
use crate::web::entity::refused::{Act, Refused};
use crate::web::shared::entry_links::EntryLinks;
use crate::web::shared::entry_view::EntryView;
use crate::web::shared::incident_links::LinkedText;
use crate::web::shared::layout::Layout;
use crate::web::shared::markup::Markup;
use crate::web::shared::{paths, query};

/// The entries, and the form that edits a comment.
pub(super) struct HistoryView {
    pub entries: Vec<EntryView>,
    pub newest_href: Option<String>,
    pub older_href: Option<String>,
    pub edit: Option<EditForm>,
}

/// The form with which its author edits a comment.
pub(super) struct EditForm {
    pub entry: i64,
    pub typed: String,
    /// Empty for none.
    pub problem: String,
}

impl HistoryView {
    /// `href` is the address of the entity.
    pub fn new(said: &Said, href: &str, layout: &Layout, refused: Option<&Refused>) -> Self {
        let before = |entry: i64| query::link(href, [("before", entry.to_string().as_str())]);
        Self {
            entries: said.history.entries.iter().map(|entry| entry_view(entry, &said.people, href, layout)).collect(),
            newest_href: said.is_later_page.then(|| format!("{href}#e-history")),
            older_href: said.history.older.map(|entry| format!("{}#e-history", before(entry))),
            edit: said
                .edited
                .as_ref()
                .filter(|entry| entry.is_by(&layout.actor()))
                .map(|entry| edit_form(entry, refused)),
        }
    }
}

fn edit_form(entry: &EntityEntry, refused: Option<&Refused>) -> EditForm {
    let refused = refused.filter(|refused| refused.act == Act::Edit(entry.id));
    let (typed, problem) = match refused {
        Some(refused) => (refused.form.text("body").to_owned(), refused.error.clone()),
        None => (entry.change.comment().unwrap_or_default().to_owned(), String::new()),
    };
    EditForm { entry: entry.id, typed, problem }
}

fn entry_view(entry: &EntityEntry, people: &HashMap<i64, User>, href: &str, layout: &Layout) -> EntryView {
    let who = entry.actor(people);
    let is_comment = entry.change.comment().is_some();
    let can_edit =
        matches!(entry.change, EntityChange::Commented(_)) && layout.can_edit() && entry.is_by(&layout.actor());
    let id = entry.id.to_string();
    EntryView {
        event_id: entry.id,
        dom_id: entry.id,
        initials: initials(&who),
        machine: entry.actor_kind != "person",
        who,
        when: layout.zone.show(entry.at),
        sentence: vec![LinkedText::plain(entry.change.sentence())],
        from: None,
        undo: None,
        body: entry.change.comment().map(markup),
        is_edit: matches!(entry.change, EntityChange::CommentEdited { .. }),
        earlier: entry.earlier.iter().map(|one| (layout.zone.show(one.at), markup(&one.body))).collect(),
        edited: entry.edited.map(|at| layout.zone.show(at)),
        links: EntryLinks {
            entry: paths::entity_entry(href, entry.id),
            quote: None,
            edit: can_edit.then(|| format!("{}#edit-comment", query::link(href, [("edit", id.as_str())]))),
        },
        alert: None,
        parts: None,
        kinds: if is_comment { "comment" } else { "change" },
        folds: false,
    }
}

/// A comment on an entity mentions nobody: only incidents tell people of it.
fn markup(body: &str) -> Markup {
    Markup::of_comment(body, &HashMap::new())
}
