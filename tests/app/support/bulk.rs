//! Many incidents, and the forms that edit them together.

use std::time::{Duration, Instant};

use super::page::{select, text};
use super::{Answer, Browser, World, alert};

/// `count` incidents of `alerts` alerts each, every one on a device of its own.
pub fn incidents_on_hosts(world: &World, count: usize, alerts: usize) {
    let many: Vec<_> = (0..count * alerts)
        .map(|n| {
            let host = format!("host-{}.contoso.test", n / alerts);
            alert(&format!("Seen {}", n % alerts)).device(&host).json()
        })
        .collect();
    let mut incidents: Vec<i64> = many.chunks(1000).flat_map(|part| world.ingest(part)).collect();
    incidents.sort_unstable();
    incidents.dedup();
    assert_eq!(incidents.len(), count);
}

/// The hidden fields of a form, as a browser would send them with one of its buttons.
pub fn hidden_fields(answer: &Answer, form: &str) -> Vec<(String, String)> {
    let page = answer.html();
    let fields = select(&page, &format!("{form} input[type=hidden]"));
    fields
        .into_iter()
        .map(|field| {
            let of = |name| field.attr(name).unwrap_or_default().to_owned();
            (of("name"), of("value"))
        })
        .collect()
}

pub fn edit_many(browser: &Browser, fields: &[(String, String)], more: &[(&str, &str)]) -> Answer {
    let mut all: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| *name != "csrf")
        .collect();
    all.extend(more);
    browser.post("/incidents/bulk", &all)
}

/// Looks at an operation until it is done; gives its page.
pub fn when_done(browser: &Browser, path: &str) -> scraper::Html {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let page = browser.page(path);
        if select(&page, "[data-job=running]").is_empty() {
            return page;
        }
        assert!(Instant::now() < end, "{}", text(&page, "main"));
    }
}

/// How many incidents are not resolved.
pub fn unresolved(browser: &Browser) -> usize {
    browser.incidents().iter().filter(|incident| incident["status"] != "resolved").count()
}
