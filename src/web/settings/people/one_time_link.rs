//! The page that shows a one-time link, once: it stands in no address, no cookie and no log.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;

/// A link that was just made.
#[derive(Template)]
#[template(path = "settings/people/link_made.html")]
pub struct LinkPage {
    pub layout: Layout,
    pub title: String,
    /// For whom, and what happens when it is used.
    pub explanation: String,
    pub address: String,
    /// "3 days".
    pub lasts: &'static str,
    /// Where "Done" leads.
    pub back: String,
}

impl LinkPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "people"
    }

    pub fn respond(&self) -> Result<HttpResponse, Failure> {
        self.layout.page(StatusCode::OK, self)
    }
}

/// The address of a one-time link below the server's own.
pub fn address(base: &str, secret: &str) -> String {
    format!("{base}/join/{secret}")
}
