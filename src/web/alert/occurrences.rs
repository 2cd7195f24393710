//! "Seen 1,204 times": an alert's repeats as its page shows them.

use crate::ingest::occurrences::settings::Occurrence;
use crate::model::alert::Alert;
use crate::text::thousands;
use crate::web::shared::payload::indented;
use crate::web::shared::time_format::{ShownTime, Zone};
use crate::web::shared::{paths, query};

/// How often an alert was seen.
#[derive(Debug, Clone)]
pub struct RepeatsView {
    /// With its first time.
    pub times: String,
    /// By what rule they count as one; none where the source itself told of one alert again.
    pub rule: Option<String>,
    pub latest: Vec<OccurrenceView>,
}

/// A later occurrence.
#[derive(Debug, Clone)]
pub struct OccurrenceView {
    pub id: String,
    pub anchor: String,
    pub when: ShownTime,
    /// Its payload, when that was asked for.
    pub payload: Option<String>,
    /// Where to ask for it; none when it was let go of.
    pub href: Option<String>,
}

impl RepeatsView {
    /// Nothing for an alert that was seen once. `asked` is the occurrence whose payload to show.
    pub fn new(
        alert: &Alert,
        occurrences: Vec<Occurrence>,
        minutes: i64,
        asked: Option<&str>,
        zone: &Zone,
    ) -> Option<Self> {
        (alert.occurrences > 1).then(|| Self {
            times: thousands(alert.occurrences),
            rule: (!occurrences.is_empty()).then(|| rule(minutes)),
            latest: (1..).zip(occurrences).map(|(number, one)| view(alert.id, number, &one, asked, zone)).collect(),
        })
    }
}

fn rule(minutes: i64) -> String {
    match minutes {
        0 => "Repeats of this source no longer count as one".to_owned(),
        1 => "Counted as one while repeats on the same assets come within a minute".to_owned(),
        _ => format!("Counted as one while repeats on the same assets come within {} minutes", thousands(minutes)),
    }
}

fn view(alert: i64, number: usize, one: &Occurrence, asked: Option<&str>, zone: &Zone) -> OccurrenceView {
    let id = one.provider_alert_id.as_str();
    let anchor = format!("a-occurrence-{number}");
    let address = query::link(&paths::alert(alert), [("occurrence", id)]);
    OccurrenceView {
        id: id.to_owned(),
        when: zone.show(one.at),
        payload: one.payload().filter(|_| asked == Some(id)).map(indented),
        href: one.payload().map(|_| format!("{address}#{anchor}")),
        anchor,
    }
}
