//! What an adapter says it reads ([`Fields`](crate::formats::adapter::Fields)) is what its samples give.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::formats::adapter::Fields;
use crate::formats::cases::samples::{cases, incidents};
use crate::formats::format::Format;
use crate::formats::record::read_record;
use crate::formats::registry::ADAPTERS;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingAlert};

/// The fields that the alert has, by the names of `Fields::cells`.
fn given(alert: &IncomingAlert) -> BTreeSet<&'static str> {
    let has = |kind: EvidenceKind| alert.evidence.iter().any(|item| item.kind == kind);
    let hash = |key: &String| ["sha256:", "sha1:", "md5:"].iter().any(|hash| key.starts_with(hash));
    let fact = |label: &str| alert.facts.iter().any(|(name, _)| name == label);
    let id = &alert.provider_alert_id;
    [
        ("title", !alert.title.is_empty()),
        ("id", !(id.len() == 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))),
        ("severity", alert.severity.is_some()),
        ("times", !fact("Time in the source")),
        ("device", has(EvidenceKind::Device)),
        ("user", has(EvidenceKind::User) || has(EvidenceKind::Mailbox)),
        ("address", has(EvidenceKind::Ip)),
        ("file", has(EvidenceKind::File)),
        ("hash", alert.evidence.iter().any(|item| item.keys.iter().any(hash))),
        ("process", has(EvidenceKind::Process)),
        ("url", has(EvidenceKind::Url)),
        ("technique", !alert.techniques.is_empty()),
        ("category", !alert.category.is_empty()),
        ("status", !matches!(alert.status.as_str(), "" | "new")),
    ]
    .into_iter()
    .filter_map(|(field, given)| given.then_some(field))
    .collect()
}

fn alerts_of(sample: &Value) -> Vec<IncomingAlert> {
    match read_record(&Format::Auto, sample).unwrap() {
        Incoming::Alert(alert, _) => vec![*alert],
        Incoming::Incident(_, alerts, refused) => {
            assert!(refused.is_empty(), "{refused:?}");
            alerts.into_iter().map(|(alert, _)| alert).collect()
        }
    }
}

#[test]
fn every_field_that_an_adapter_names_is_read_from_a_sample_and_no_other() {
    let mut wrong = Vec::new();
    for adapter in ADAPTERS {
        let alerts = cases().into_iter().map(|case| (case.format, case.sample)).chain(incidents());
        let alerts = alerts.filter(|(format, _)| *format == adapter.name).flat_map(|(_, sample)| alerts_of(&sample));
        let found: BTreeSet<&str> = alerts.flat_map(|alert| given(&alert)).collect();
        for (field, members) in adapter.fields.cells() {
            match (members.is_empty(), found.contains(field)) {
                (true, true) => wrong.push(format!("{}: {field} is read, but not in its table", adapter.name)),
                (false, false) => wrong.push(format!("{}: no sample has {field} ({members})", adapter.name)),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The guide's page of formats: a table of formats and fields, then the members of each.
fn guide_page() -> String {
    let names = Fields::NONE.cells().map(|(name, _)| name);
    let mut page = format!(
        "# The formats that are read without a mapping\n\nWritten by the test of `formats/cases/fields.rs`, which also \
         checks every cell against samples. A dash: the format has none.\n\n| Format | {} |\n|---|{}\n",
        names.join(" | "),
        "---|".repeat(names.len())
    );
    for adapter in ADAPTERS {
        let cells = adapter.fields.cells().map(|(_, members)| if members.is_empty() { "-" } else { "yes" });
        let _ = writeln!(page, "| `{}` | {} |", adapter.name, cells.join(" | "));
    }
    for adapter in ADAPTERS {
        let _ = write!(page, "\n## {} (`{}`)\n\nSource: {}\n\n", adapter.label, adapter.name, adapter.documentation);
        for (name, members) in adapter.fields.cells().iter().filter(|(_, members)| !members.is_empty()) {
            let _ = writeln!(page, "- {name}: `{members}`");
        }
    }
    page
}

/// `WATCHDESK_WRITE_GUIDE=1 cargo test --lib guide_lists` writes the page.
#[test]
fn the_guide_lists_every_format_with_its_fields() {
    let page = guide_page();
    if std::env::var_os("WATCHDESK_WRITE_GUIDE").is_some() {
        let path = std::path::Path::new(file!()).with_file_name("../../guide/formats.md");
        std::fs::write(path, &page).unwrap();
    }
    assert_eq!(include_str!("../../guide/formats.md"), page, "run the test with WATCHDESK_WRITE_GUIDE=1");
}
