//! GET and POST /incidents/pane-layout: the order of the pane's sections, and which are open. Every button of the form
//! saves it, and so does opening or closing a section in the pane.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::pane_layout::{PaneLayout, Section};
use crate::accounts::preferences::{self, Preference, Preferences, SIDE_CLOSED};
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;

const HERE: &str = "/incidents/pane-layout";

#[derive(Template)]
#[template(path = "incident/pane_layout.html")]
struct PaneLayoutPage {
    layout: Layout,
    sections: PaneLayout,
    back: String,
}

impl PaneLayoutPage {
    fn active(&self) -> &'static str {
        "incidents"
    }
}

/// What a form asks for.
enum Act {
    /// Which sections are open, by the checkboxes.
    Save(Vec<Section>),
    Reset,
    /// Moves a section, and keeps which are open by the checkboxes.
    Shift(Section, bool, Vec<Section>),
    SetOpen(Section, bool),
    /// Whether the forms beside the Alerts tab are shown.
    SetSide(bool),
}

impl Act {
    fn of(form: &Submitted) -> Result<Self> {
        let unknown = || Error::at_field("act", "Choose what to do with the sections.");
        let section = |name: &str| Section::parse(name).ok_or_else(unknown);
        let open: Vec<Section> = form.all("open").into_iter().filter_map(Section::parse).collect();
        match form.text("act").split_once(':') {
            Some(("up", name)) => Ok(Self::Shift(section(name)?, true, open)),
            Some(("down", name)) => Ok(Self::Shift(section(name)?, false, open)),
            // The forms beside the Alerts tab are no section of the pane, but fold the same way.
            Some(("open", "side")) => Ok(Self::SetSide(true)),
            Some(("close", "side")) => Ok(Self::SetSide(false)),
            Some(("open", name)) => Ok(Self::SetOpen(section(name)?, true)),
            Some(("close", name)) => Ok(Self::SetOpen(section(name)?, false)),
            None if form.text("act") == "reset" => Ok(Self::Reset),
            None if matches!(form.text("act"), "save" | "") => Ok(Self::Save(open)),
            Some(_) | None => Err(unknown()),
        }
    }

    fn apply(&self, sections: &mut PaneLayout) {
        match self {
            Self::Save(open) => sections.open_only(open),
            Self::Reset => *sections = PaneLayout::default(),
            Self::Shift(section, up, open) => {
                sections.open_only(open);
                sections.shift(*section, *up);
            }
            Self::SetOpen(section, open) => sections.set_open(*section, *open),
            Self::SetSide(_) => {}
        }
    }
}

fn load(conn: &mut AnyConnection, user: i64) -> Result<PaneLayout> {
    Ok(Preferences::load(conn, user)?.pane())
}

pub async fn show(state: Data<AppState>, layout: Layout) -> std::result::Result<HttpResponse, Failure> {
    let viewer = layout.user.id;
    let sections = state.db.read(move |conn| load(conn, viewer)).await?;
    let page = PaneLayoutPage { sections, back: "/incidents".to_owned(), layout };
    page.layout.page(StatusCode::OK, &page)
}

pub async fn save(
    state: Data<AppState>,
    person: SignedIn,
    form: Submitted,
) -> std::result::Result<HttpResponse, Failure> {
    let act = Act::of(&form)?;
    let (user, message) = match act {
        Act::Save(_) => (person.user.id, Some("Pane saved.")),
        Act::Reset => (person.user.id, Some("The pane has its default sections.")),
        Act::Shift(..) | Act::SetOpen(..) | Act::SetSide(_) => (person.user.id, None),
    };
    let change = move |tx: &mut Tx<'_>| {
        if let Act::SetSide(open) = act {
            return preferences::set(tx, user, Preference::Side, if open { "" } else { SIDE_CLOSED });
        }
        let mut sections = load(tx.conn, user)?;
        act.apply(&mut sections);
        preferences::set(tx, user, Preference::Pane, &sections.as_text())
    };
    state.db.write(change).await?;
    Ok(see_other(HERE, message))
}
