//! Darktrace: model breaches, and incidents of its AI Analyst.

pub mod incident;
pub mod model_breach;

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::facts::add_fact;
use crate::formats::building::path::{name_at, text_at, value_at};
use crate::formats::building::principals::Device;
use crate::formats::building::{severity_scales, severity_words, windows};
use crate::model::severity::Severity;

/// The lowest scores of high, medium and low, in percent.
const SCORES: [i64; 3] = [75, 50, 20];

/// The severity of a score, or of a word in its place; `scale` is what one is worth in percent: 100 for scores
/// from 0 to 1.
fn severity_of_score(text: &str, scale: f64) -> Option<Severity> {
    let Ok(score) = text.parse::<f64>() else { return severity_words::severity_of(text) };
    let percent = format!("{:.0}", score * scale).parse().ok()?;
    severity_scales::severity_of(percent, SCORES)
}

/// Sets the status: what somebody acknowledged is resolved. The member is a yes or no, or says who did it.
fn set_status(draft: &mut Draft, value: &Value) {
    let acknowledged = value_at(value, "acknowledged").is_some_and(|found| match found {
        Value::Bool(flag) => *flag,
        other => other.is_object(),
    });
    if acknowledged {
        "resolved".clone_into(&mut draft.alert.status);
    }
}

/// Adds a device that a model watches: a host, by its address where it has no name, or the account of a
/// cloud service, which Darktrace lists as "SaaS::Office365: ana@contoso.com".
fn add_device(draft: &mut Draft, device: &Value) {
    let name = name_at(device, &["hostname", "identifier"]);
    if let Some((service, account)) = name.strip_prefix("SaaS::").and_then(|rest| rest.split_once(": ")) {
        draft.add_fact("Cloud service", service);
        draft.add_evidence(windows::account(account, "", ""), &[]);
        return;
    }
    let ip = text_at(device, &["ip"]);
    let ip = ip.split('/').next().unwrap_or_default().to_owned();
    let names = vec![if name.is_empty() { ip.clone() } else { name }];
    let mut evidence = Device { names, ..Device::default() }.build();
    if let Some(evidence) = &mut evidence {
        add_fact(&mut evidence.facts, "IP address", &ip);
        for (label, paths) in [
            ("MAC address", ["macaddress", "mac"]),
            ("Kind", ["typelabel", "typename"]),
            ("Device ID", ["did", "did"]),
            ("Subnet", ["subnet", "subnet"]),
        ] {
            add_fact(&mut evidence.facts, label, &text_at(device, &paths));
        }
    }
    draft.add_evidence(evidence, &[]);
}
