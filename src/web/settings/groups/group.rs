//! GET and POST /settings/groups/new and /settings/groups/{id}: one group. POST /settings/groups/{id}/delete.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::accounts::groups::{self, GroupForm};
use crate::accounts::users;
use crate::error::{Error, FieldErrors};
use crate::permissions::{Action, require};
use crate::web::settings::groups::list::PATH;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "settings/group.html")]
struct GroupPage {
    layout: Layout,
    /// None for a new group.
    id: Option<i64>,
    form: GroupForm,
    /// Everybody: id, name, whether they are a member.
    people: Vec<(i64, String, bool)>,
    errors: FieldErrors,
}

impl GroupPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "groups"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn title(&self) -> &'static str {
        if self.id.is_some() { "Group" } else { "New group" }
    }

    fn path(&self) -> String {
        self.id.map_or_else(|| format!("{PATH}/new"), |id| format!("{PATH}/{id}"))
    }
}

pub async fn new(state: Data<AppState>, layout: Layout, person: SignedIn) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    respond(&state, layout, None, GroupForm::default(), StatusCode::OK, FieldErrors::default()).await
}

pub async fn show(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    let id = id.into_inner();
    let (group, mut members) = state.db.read(move |conn| Ok((groups::find(conn, id)?, groups::members(conn)?))).await?;
    let members = members.remove(&id).unwrap_or_default().into_iter().map(|user| user.id).collect();
    let form = GroupForm { name: group.name, description: group.description, members };
    respond(&state, layout, Some(id), form, StatusCode::OK, FieldErrors::default()).await
}

async fn respond(
    state: &AppState,
    layout: Layout,
    id: Option<i64>,
    form: GroupForm,
    status: StatusCode,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    let people = state.db.read(users::list).await?;
    let is_member = |id: i64| form.members.contains(&id);
    // A disabled person can stay a member and cannot become one.
    let listed = people.into_iter().filter(|user| !user.disabled || is_member(user.id));
    let people = listed.map(|user| (user.id, user.shown_name(), is_member(user.id))).collect();
    let page = GroupPage { layout, id, form, people, errors };
    page.layout.page(status, &page)
}

fn typed(form: &Submitted) -> GroupForm {
    let mut members = form.ids("members");
    members.sort_unstable();
    members.dedup();
    GroupForm { name: form.text("name").to_owned(), description: form.text("description").to_owned(), members }
}

pub async fn create(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Typed,
) -> Result<HttpResponse, Failure> {
    save(&state, layout, person, None, form).await
}

pub async fn change(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
    form: Typed,
) -> Result<HttpResponse, Failure> {
    save(&state, layout, person, Some(id.into_inner()), form).await
}

async fn save(
    state: &AppState,
    layout: Layout,
    person: SignedIn,
    id: Option<i64>,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let (actor, form) = (person.actor(), typed(&form));
    require(&actor, Action::Administer)?;
    let written = form.clone();
    let saved = match (checked, id) {
        (Err(error), _) => Err(error),
        (Ok(()), Some(id)) => state.db.write(move |tx| groups::change(tx, &actor, id, &written)).await,
        (Ok(()), None) => state.db.write(move |tx| groups::add(tx, &actor, &written).map(|_| ())).await,
    };
    match saved {
        Ok(()) => Ok(see_other(PATH, Some(&format!("The group {} was saved.", form.name.trim())))),
        Err(Error::Invalid(errors)) => respond(state, layout, id, form, StatusCode::UNPROCESSABLE_ENTITY, errors).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn delete(state: Data<AppState>, person: SignedIn, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), person.actor());
    let group = state.db.write(move |tx| groups::delete(tx, &actor, id)).await?;
    Ok(see_other(PATH, Some(&format!("The group {} was deleted.", group.name))))
}
