//! GET /mentions: the comments that mention the reader. POST /mentions: they are read, one of them or all.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::users;
use crate::history::mentions;
use crate::web::shared::entry_view::{EntryView, UndoForms, Viewer};
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, local_path};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::query;
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "comments/mentions.html")]
struct MentionsPage {
    layout: Layout,
    mentions: Vec<MentionView>,
    older_href: Option<String>,
}

/// A comment that mentions the reader.
struct MentionView {
    entry: EntryView,
    is_read: bool,
    incident: i64,
    incident_name: String,
}

impl MentionsPage {
    fn active(&self) -> &'static str {
        "mentions"
    }

    fn any_unread(&self) -> bool {
        self.layout.unread_mentions > 0
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let (user, before) = (layout.user.id, query::value(&request, "before").and_then(|text| text.parse().ok()));
    let load = move |conn: &mut _| Ok((mentions::of_person(conn, user, before)?, users::names(conn)?));
    let (page, people) = state.db.read(load).await?;
    let view = |mention: mentions::Mention| {
        let incident = mention.entry.incident_id;
        let viewer = Viewer {
            zone: &layout.zone,
            people: &people,
            incident: Some(incident),
            reader: None,
            undo_forms: UndoForms::None,
        };
        let entry = EntryView::new(&mention.entry, viewer);
        MentionView { entry, is_read: mention.is_read, incident, incident_name: mention.incident_name }
    };
    let shown = page.mentions.into_iter().map(view).collect();
    let older_href = page.next.map(|next| query::link("/mentions", [("before", next.to_string().as_str())]));
    let page = MentionsPage { layout, mentions: shown, older_href };
    page.layout.page(StatusCode::OK, &page)
}

/// Marks one comment as read and goes to it, or marks all.
pub async fn read(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let (user, comment) = (person.user.id, form.get("comment").and_then(|id| id.parse().ok()));
    state.db.write(move |tx| mentions::mark_read(tx, user, comment)).await?;
    match form.get("open").and_then(local_path) {
        Some(page) => Ok(see_other(page, None)),
        None => Ok(see_other("/mentions", Some("All mentions are marked as read."))),
    }
}
