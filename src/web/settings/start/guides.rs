//! The products that have a page of their own.

mod endpoints;
mod microsoft;
mod network;
mod others;

use crate::web::settings::start::guide::Guide;

/// In the order of the list.
pub const GUIDES: [&Guide; 10] = [
    &microsoft::DEFENDER,
    &microsoft::SENTINEL,
    &endpoints::WAZUH,
    &network::SURICATA,
    &others::ELASTIC,
    &others::GUARD_DUTY,
    &endpoints::CROWDSTRIKE,
    &endpoints::FALCO,
    &others::SPLUNK,
    &others::WEBHOOK,
];

/// The guide of an address.
pub fn find(slug: &str) -> Option<&'static Guide> {
    GUIDES.into_iter().find(|guide| guide.slug == slug)
}

#[cfg(test)]
mod tests {
    use super::GUIDES;
    use crate::formats::registry::detect;
    use crate::web::settings::start::guide::Filled;

    #[test]
    fn every_sample_is_read_by_a_format_that_its_page_names() {
        let with = Filled { base: "https://desk.example", token: None, now: "2026-11-28T10:00:00Z" };
        for guide in GUIDES {
            let sample: serde_json::Value = serde_json::from_str(&guide.fill(guide.sample, &with)).unwrap();
            let detected = detect(&sample).map(|adapter| adapter.name);
            assert_eq!(guide.adapters().count(), guide.formats.len(), "{}", guide.slug);
            assert!(guide.formats.iter().any(|name| Some(*name) == detected), "{}: {detected:?}", guide.slug);
            assert!(!guide.sample.contains('\''), "{} is quoted for a shell", guide.slug);
        }
    }

    #[test]
    fn every_name_in_a_step_is_closed() {
        for guide in GUIDES {
            for step in guide.steps {
                assert_eq!(step.text.matches('`').count() % 2, 0, "{}: {}", guide.slug, step.text);
            }
        }
    }
}
