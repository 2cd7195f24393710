//! Where the form of a rule leads back to: the page on which somebody pressed "Tune", or the list of rules.

use actix_web::HttpRequest;

use crate::web::shared::form::{Submitted, local_path};
use crate::web::shared::own_address::page_before;
use crate::web::shared::query;
use crate::web::shared::state::AppState;

const RULES: &str = "/settings/rules";

/// The page to go back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayBack {
    pub href: String,
    /// What the page is called.
    pub label: String,
}

impl Default for WayBack {
    fn default() -> Self {
        Self::to(RULES)
    }
}

impl WayBack {
    /// Named by the address; else the page that the browser came from.
    pub fn of_request(request: &HttpRequest, state: &AppState) -> Self {
        let named = query::value(request, "return_to");
        let before = page_before(request, state).filter(|before| !before.starts_with(RULES));
        named.as_deref().and_then(local_path).or(before.as_deref()).map_or_else(Self::default, Self::to)
    }

    pub fn of_form(form: &Submitted) -> Self {
        Self::to(&form.return_to(RULES))
    }

    fn to(href: &str) -> Self {
        Self { href: href.to_owned(), label: label(href) }
    }

    /// Whether it is the list of rules.
    pub fn is_rules(&self) -> bool {
        self.href == RULES
    }
}

fn label(href: &str) -> String {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    // Without what the public URL may have before it.
    let parts: Vec<&str> =
        path.split('/').skip_while(|part| !matches!(*part, "incidents" | "alerts" | "settings")).collect();
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    match parts.as_slice() {
        ["incidents"] => "Incidents".to_owned(),
        ["alerts"] => "Alerts".to_owned(),
        ["settings", "rules"] => "Rules".to_owned(),
        ["incidents", id, ..] if is_number(id) => format!("Incident {id}"),
        ["alerts", id, ..] if is_number(id) => format!("Alert {id}"),
        _ => "Back".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn the_page_to_go_back_to_is_named_after_what_it_shows() {
        for (href, named) in [
            ("/incidents?status=active&pane=7", "Incidents"),
            ("/incidents/7", "Incident 7"),
            ("/incidents/7/alerts?sort=title", "Incident 7"),
            ("/watchdesk/alerts", "Alerts"),
            ("/alerts/12#a-raw", "Alert 12"),
            ("/settings/rules", "Rules"),
            ("/search?q=a", "Back"),
        ] {
            assert_eq!(label(href), named, "{href}");
        }
    }
}
