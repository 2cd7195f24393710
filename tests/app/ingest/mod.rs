//! POST /api/v1/alerts and `watchdesk import`: from a body to stored alerts.

mod api;
mod bodies;
mod provider_incidents;
