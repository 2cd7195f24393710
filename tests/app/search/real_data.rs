//! Real exports are found by what their analysts would look for, where the data is there (always in CI).

use super::{found, names, search};
use crate::support::page::{attribute, texts};
use crate::support::real_data::real_data;
use crate::support::world;

#[test]
fn real_sentinel_alerts_are_found_by_account_address_hash_file_url_and_comment() {
    let Some(body) = real_data("sentinel/alerts.jsonl") else { return };
    let world = world();
    let report = world.post_alerts(&String::from_utf8(body).unwrap()).json();
    assert_eq!(report["created"], 33);
    let dana = world.browser("dana");
    let hash =
        world.texts("SELECT key AS text FROM entity_keys WHERE kind = 'file' AND key LIKE 'sha1:%' LIMIT 1").remove(0);
    let hash = hash.trim_start_matches("sha1:").to_uppercase();
    for (typed, kind) in [
        ("raphaelt", "Users"),
        ("nina park", "Users"),
        ("samuelf", "Users"),
        ("vnevado-win", "Devices"),
        ("170.54.121.63", "Addresses"),
        ("170[.]54[.]121[.]63", "Addresses"),
        ("intro-backdoor", "Files"),
        (&hash, "Files"),
        (&hash[5..25], "Files"),
        ("hxxps://ms175052280[.]orangecliff", "URLs"),
        ("antoinetest.ovh", "URLs"),
        ("password spray", "Alerts"),
    ] {
        assert!(!names(&dana, typed, kind).is_empty(), "{typed} finds no {kind}: {:?}", found(&search(&dana, typed)));
    }
    let account = attribute(&search(&dana, "raphaelt"), "[aria-labelledby=s-user] li a", "href");
    let page = dana.page(&account);
    let incident = attribute(&page, "table[aria-label='Incidents with it'] td.cell-title a", "href");
    assert_eq!(texts(&page, "table[aria-label='Incidents with it'] tbody tr").len(), 1);
    dana.post(&format!("{incident}/comments"), &[("body", "Raphael says that he never saw the rule")]);
    assert_eq!(names(&dana, "never saw the", "Comments").len(), 1);
}
