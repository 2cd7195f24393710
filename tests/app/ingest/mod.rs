//! POST /api/v1/alerts and `watchdesk import`: from a body to stored alerts.

mod api;
mod bodies;
mod episodes;
mod episodes_in_batches;
mod failed_inputs;
mod fair_share;
mod identity;
mod killed_import;
mod ownership;
mod provider_incidents;
mod real_records;
mod records;
mod signatures;
mod source_status;
mod source_updates;
mod ways_in;

use crate::support::product::random_hex;
use crate::support::{Answer, Browser, World};

/// Sends bytes with headers of their own.
fn send_bytes(world: &World, body: &[u8], headers: &[(&str, &str)], query: &str) -> Answer {
    let token = world.any_token(&random_hex(4).unwrap());
    Browser::new(&world.base).post_bytes(&format!("/api/v1/alerts{query}"), body, &token, headers)
}
