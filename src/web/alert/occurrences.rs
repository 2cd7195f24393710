//! "Seen 1,204 times": the occurrences of an alert, for its page.

use crate::ingest::occurrences::settings::Occurrence;
use crate::model::alert::Alert;
use crate::text::thousands;
use crate::web::shared::payload::{PayloadView, shown};
use crate::web::shared::time_format::{ShownTime, Zone};
use crate::web::shared::{paths, query};

/// How often an alert was seen.
#[derive(Debug, Clone)]
pub struct RepeatsView {
    /// How often, the first time included.
    pub times: String,
    /// The source itself counted all of them.
    pub by_source: bool,
    /// The rule by which they count as one alert. None if the source itself repeated one alert.
    pub rule: Option<String>,
    pub latest: Vec<OccurrenceView>,
}

/// A later occurrence.
#[derive(Debug, Clone)]
pub struct OccurrenceView {
    pub id: String,
    pub anchor: String,
    pub when: ShownTime,
    /// Its payload, if the request asks for it.
    pub payload: Option<PayloadView>,
    /// The address that downloads the payload.
    pub file_href: String,
    /// The address that shows the payload. None if the payload was deleted.
    pub href: Option<String>,
}

impl RepeatsView {
    /// None for an alert that was seen once. `expanded` is the occurrence whose payload is shown.
    pub fn new(
        alert: &Alert,
        occurrences: Vec<Occurrence>,
        minutes: i64,
        expanded: Option<&str>,
        zone: &Zone,
    ) -> Option<Self> {
        (alert.occurrences > 1).then(|| Self {
            times: thousands(alert.occurrences),
            by_source: alert.counted_by_source == Some(alert.occurrences),
            rule: (!occurrences.is_empty()).then(|| rule(minutes)),
            latest: (1..)
                .zip(occurrences)
                .map(|(number, occurrence)| view(alert.id, number, &occurrence, expanded, zone))
                .collect(),
        })
    }
}

fn rule(minutes: i64) -> String {
    match minutes {
        0 => "Repeated detections from this source are no longer counted as one alert".to_owned(),
        1 => "Repeated detections on the same assets within 1 minute are counted as one alert".to_owned(),
        _ => format!(
            "Repeated detections on the same assets within {} minutes are counted as one alert",
            thousands(minutes)
        ),
    }
}

fn view(alert: i64, number: usize, occurrence: &Occurrence, expanded: Option<&str>, zone: &Zone) -> OccurrenceView {
    let id = occurrence.provider_alert_id.as_str();
    let anchor = format!("a-occurrence-{number}");
    let address = query::link(&paths::alert(alert), [("occurrence", id)]);
    OccurrenceView {
        id: id.to_owned(),
        when: zone.show(occurrence.at),
        payload: occurrence.payload().filter(|_| expanded == Some(id)).map(shown),
        file_href: query::link(&paths::alert_payload(alert), [("occurrence", id)]),
        href: occurrence.payload().map(|_| format!("{address}#{anchor}")),
        anchor,
    }
}
