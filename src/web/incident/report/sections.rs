//! The sections of a report, chosen in the address.

use actix_web::HttpRequest;

use crate::web::shared::query;

crate::text_enum! {
    /// A section, by its value in the address, in the order of the report.
    pub enum Section {
        Overview = "overview" / "Overview",
        Timeline = "timeline" / "Timeline",
        Assets = "assets" / "Impacted assets",
        Evidence = "evidence" / "Evidence",
        Alerts = "alerts" / "Alerts",
        Attachments = "attachments" / "Attachments",
        History = "history" / "Comments and history",
    }
}

/// The sections that an address asks for, all where it names none, and what of it is not known.
pub(super) fn asked(request: &HttpRequest) -> (Vec<Section>, Vec<String>) {
    let named: Vec<String> =
        query::pairs(request).into_iter().filter(|(name, _)| name == "section").map(|(_, value)| value).collect();
    let (known, unknown): (Vec<String>, Vec<String>) =
        named.into_iter().partition(|value| Section::parse(value).is_some());
    let chosen = |section: &Section| known.is_empty() || known.iter().any(|value| value == section.as_str());
    let ignored = unknown.into_iter().map(|value| format!("section={}", value.chars().take(60).collect::<String>()));
    (Section::ALL.iter().copied().filter(chosen).collect(), ignored.collect())
}
