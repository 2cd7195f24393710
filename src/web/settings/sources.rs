//! GET /settings/sources: what sends alerts, and whether it still does.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::web::error::Failure;
use crate::web::layout::Layout;

#[derive(Template)]
#[template(path = "settings/sources.html")]
struct SourcesPage<'a> {
    layout: &'a Layout,
}

impl SourcesPage<'_> {
    fn active(&self) -> &'static str {
        "settings"
    }

    /// Which entry of the settings' own navigation this page is.
    fn section(&self) -> &'static str {
        "sources"
    }
}

pub async fn show(layout: Layout) -> Result<HttpResponse, Failure> {
    layout.page(StatusCode::OK, &SourcesPage { layout: &layout })
}
