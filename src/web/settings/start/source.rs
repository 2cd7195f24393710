//! GET and POST /settings/start/{source}: how a product is connected, with this server's address filled in. The form
//! makes a token for it; the answer has it in every step, once.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::tokens::SentIn;
use crate::clock;
use crate::error::Error;
use crate::formats::adapter::Adapter;
use crate::permissions::{Action, require};
use crate::queue;
use crate::text::humanise;
use crate::web::settings::start::guide::{Filled, Guide, parts};
use crate::web::settings::start::guides;
use crate::web::settings::start::made_token::MadeToken;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::Layout;
use crate::web::shared::own_address::own_address;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::rfc3339;

/// A step with the address and the token filled in.
struct StepView {
    /// Every second part is a name as the product shows it.
    parts: Vec<(bool, String)>,
    code: String,
}

/// A format that the product sends, and which members Watchdesk reads.
struct FormatView {
    label: &'static str,
    /// The name in `?format=`.
    name: &'static str,
    fields: Vec<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "settings/start_source.html")]
struct SourcePage {
    layout: Layout,
    guide: &'static Guide,
    made: MadeToken,
    steps: Vec<StepView>,
    command: String,
    formats: Vec<FormatView>,
    has_public_address: bool,
    base: String,
    /// The newest entry: the page asks for what comes after it.
    since: i64,
}

impl SourcePage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "start"
    }

    fn in_address(&self) -> bool {
        self.guide.sent_in == SentIn::Address
    }
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    source: Path<String>,
) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    let guide = guides::find(&source).ok_or(Error::NotFound)?;
    render(&request, &state, layout, guide, MadeToken::proposed(guide.slug)).await
}

pub async fn make_token(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    source: Path<String>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let guide = guides::find(&source).ok_or(Error::NotFound)?;
    let made = MadeToken::make(&state.db, person.actor(), form.text("name"), guide.sent_in).await?;
    render(&request, &state, layout, guide, made).await
}

async fn render(
    request: &HttpRequest,
    state: &AppState,
    layout: Layout,
    guide: &'static Guide,
    made: MadeToken,
) -> Result<HttpResponse, Failure> {
    let since = state.db.read_without_snapshot(queue::newest_entry).await?;
    let (base, now) = (own_address(request, state), rfc3339(clock::now()));
    let with = Filled { base: &base, token: made.token.as_deref(), now: &now };
    let steps = guide.steps.iter().map(|step| StepView { parts: parts(step.text), code: guide.fill(step.code, &with) });
    let formats = guide.adapters().map(|adapter| FormatView {
        label: adapter.label,
        name: adapter.name,
        fields: fields_of(adapter),
    });
    let page = SourcePage {
        steps: steps.collect(),
        command: guide.test_command(&with),
        formats: formats.collect(),
        has_public_address: state.public_origin.is_some(),
        since,
        guide,
        made,
        base,
        layout,
    };
    page.layout.page(page.made.status(), &page)
}

/// What is read, by the names that pages show.
fn fields_of(adapter: &Adapter) -> Vec<(String, &'static str)> {
    let label = |name: &str| match name {
        "id" | "url" => name.to_uppercase(),
        name => humanise(name),
    };
    let cells = adapter.fields.cells().into_iter().filter(|(_, members)| !members.is_empty());
    cells.map(|(name, members)| (label(name), members)).collect()
}
