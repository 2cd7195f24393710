//! The rows of the tables, ready for the template.

use crate::lessons::Report;
use crate::lessons::report::{AnalystRow, DetectionRow, Row, ToTune};
use crate::lessons::share::Share;
use crate::lessons::times::Times;
use crate::model::lesson::{Handled, Measure};
use crate::model::naming;
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::text::{capitalised, counted, humanise, source_label, thousands};
use crate::web::lessons::links::{Number, counts, number};
use crate::web::shared::query;

/// Most detections that the page lists; the files have all.
pub const DETECTIONS: usize = 50;

/// A name with its counts: the total and each classification.
pub struct CountRow {
    pub name: String,
    /// What it is, in small letters: a source, a kind of asset.
    pub hint: String,
    pub numbers: Vec<Number>,
}

pub struct DetectionView {
    pub row: CountRow,
    /// "95 % (84 to 99 %)", or that nothing can be said.
    pub share: String,
    pub says: bool,
    pub before: Number,
    pub trend: String,
    pub minutes: String,
    pub repeats: String,
    /// The note for whoever owns the detection.
    pub note: String,
}

pub struct TuneView {
    pub title: String,
    pub source: String,
    /// "38 of 40 classified alerts were harmless (84 to 99 %)"
    pub why: String,
    pub harmless: Number,
    pub minutes: String,
    /// The rule filled in; empty where no alert is left.
    pub tune: String,
    pub note: String,
}

pub struct TimesView {
    pub label: &'static str,
    pub incidents: Number,
    pub median: String,
    pub ninetieth: String,
}

pub struct AnalystView {
    pub row: CountRow,
    pub median: String,
    pub ninetieth: String,
}

pub fn detections(report: &Report) -> Vec<DetectionView> {
    let view = |row: &DetectionRow| {
        let narrow = |filter: &mut Filter| of_detection(filter, row);
        let mut before = report.filter_before(List::Alerts);
        narrow(&mut before);
        DetectionView {
            row: CountRow {
                name: row.title.clone(),
                hint: source_label(&row.source),
                numbers: counts(report, List::Alerts, row.counts, narrow),
            },
            share: row.false_positives.map_or_else(|| "cannot say yet".to_owned(), in_words),
            says: row.false_positives.is_some(),
            before: number(row.before, &before),
            trend: trend(report, row.counts.total(), row.before),
            minutes: duration(row.minutes),
            repeats: thousands(row.repeats),
            note: note_href(report, row),
        }
    };
    report.detections.iter().take(DETECTIONS).map(view).collect()
}

fn of_detection(filter: &mut Filter, row: &DetectionRow) {
    filter.title.clone_from(&row.title);
    filter.source.clone_from(&row.source);
}

fn note_href(report: &Report, row: &DetectionRow) -> String {
    let mut pairs = report.asked.to_pairs();
    pairs.push(("detectionTitle".to_owned(), row.title.clone()));
    pairs.push(("detectionFrom".to_owned(), row.source.clone()));
    query::link("/lessons/note", pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

pub(super) fn in_words(share: Share) -> String {
    let (percent, low, high) = share.percents();
    format!("{percent} % ({low} to {high} %)")
}

/// Whether anything was created in the days before, so that numbers can be compared with them.
pub fn has_before(report: &Report) -> bool {
    report.alerts_before + report.incidents_before > 0
}

/// How a number compares with that of as many days before; nothing where nothing was created then.
pub fn trend(report: &Report, now: i64, before: i64) -> String {
    if has_before(report) { change(now, before) } else { String::new() }
}

fn change(now: i64, before: i64) -> String {
    match before {
        0 if now == 0 => String::new(),
        0 => "new".to_owned(),
        _ => {
            let percent = ((now - before).abs() * 100 + before / 2) / before;
            match percent {
                0 => "same".to_owned(),
                percent if now > before => format!("+{} %", thousands(percent)),
                percent => format!("\u{2212}{} %", thousands(percent)),
            }
        }
    }
}

pub fn to_tune(report: &Report, here: &str) -> Vec<TuneView> {
    let view = |tune: &ToTune| {
        let row = &tune.row;
        let mut filter = report.filter(List::Alerts);
        of_detection(&mut filter, row);
        filter.classification = harmless_classifications();
        let (_, low, high) = tune.harmless.percents();
        let tune = tune.alert.map(|alert| {
            let alert = alert.to_string();
            query::link("/settings/rules/new", [("alert", alert.as_str()), ("return_to", here)])
        });
        TuneView {
            title: row.title.clone(),
            source: source_label(&row.source),
            why: format!(
                "of {} were harmless ({low} to {high} %)",
                counted(thousands(row.counts.decided()), "classified alert")
            ),
            harmless: number(row.counts.harmless(), &filter),
            minutes: duration(row.minutes),
            note: note_href(report, row),
            tune: tune.unwrap_or_default(),
        }
    };
    report.to_tune.iter().map(view).collect()
}

fn harmless_classifications() -> Vec<crate::model::outcome::Classification> {
    use crate::model::outcome::Classification as C;
    vec![C::InformationalExpectedActivity, C::FalsePositive]
}

pub fn sources(report: &Report) -> Vec<CountRow> {
    let view = |row: &Row| CountRow {
        name: source_label(&row.name),
        hint: String::new(),
        numbers: counts(report, List::Alerts, row.counts, |filter| filter.source.clone_from(&row.value)),
    };
    report.sources.iter().map(view).collect()
}

pub fn tactics(report: &Report) -> Vec<CountRow> {
    let view = |row: &Row| CountRow {
        name: category(&row.name),
        hint: String::new(),
        numbers: counts(report, List::Alerts, row.counts, |filter| filter.category = vec![row.value.clone()]),
    };
    report.tactics.iter().map(view).collect()
}

/// A category as people read it, from its lower case.
fn category(key: &str) -> String {
    const OTHERS: [&str; 4] = ["Malware", "Ransomware", "SuspiciousActivity", "UnwantedSoftware"];
    let known = naming::stages().iter().chain(&OTHERS).find(|known| known.eq_ignore_ascii_case(key));
    known.map_or_else(|| capitalised(key), |known| humanise(known))
}

pub fn assets(report: &Report) -> Vec<CountRow> {
    let view = |row: &Row| CountRow {
        name: row.name.clone(),
        hint: row.kind.clone(),
        numbers: counts(report, List::Alerts, row.counts, |filter| {
            filter.asset = row.value.parse().ok();
            // The name is for people; a long one is cut to what an address takes.
            filter.asset_text = format!("{} {}", row.value, row.name).chars().take(150).collect();
        }),
    };
    report.assets.iter().map(view).collect()
}

pub fn analysts(report: &Report) -> Vec<AnalystView> {
    let view = |row: &AnalystRow| {
        let owner = row.person.as_ref().map_or_else(|| "none".to_owned(), |person| person.name.clone());
        AnalystView {
            row: CountRow {
                name: row.person.as_ref().map_or_else(|| "Unassigned".to_owned(), crate::model::user::User::shown_name),
                hint: String::new(),
                numbers: counts(report, List::Incidents, row.counts, |filter| filter.assigned_to = vec![owner.clone()]),
            },
            median: taken(row.resolve, row.resolve.median),
            ninetieth: taken(row.resolve, row.resolve.ninetieth),
        }
    };
    report.analysts.iter().map(view).collect()
}

pub fn times(report: &Report) -> Vec<TimesView> {
    let view = |(measure, times): &(Measure, Times)| TimesView {
        label: measure.label(),
        incidents: handled(report, times.incidents, handled_by(*measure)),
        median: taken(*times, times.median),
        ninetieth: taken(*times, times.ninetieth),
    };
    report.times.iter().map(view).collect()
}

/// How many incidents people did something about.
pub fn handled(report: &Report, incidents: i64, handled: Handled) -> Number {
    number(incidents, &Filter { handled: vec![handled], ..report.filter(List::Incidents) })
}

fn handled_by(measure: Measure) -> Handled {
    match measure {
        Measure::Assign => Handled::Assigned,
        Measure::Comment => Handled::Commented,
        Measure::Resolve | Measure::Work => Handled::Resolved,
        Measure::Reopen => Handled::Reopened,
    }
}

fn taken(times: Times, minutes: i64) -> String {
    if times.incidents == 0 { String::new() } else { duration(minutes) }
}

/// Minutes as people say them: "45 min", "3 h 10 min", "2 d 4 h".
pub fn duration(minutes: i64) -> String {
    let (days, hours, rest) = (minutes / 1_440, minutes / 60, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{rest} min"),
        (0, _) if rest == 0 => format!("{hours} h"),
        (0, _) => format!("{hours} h {rest} min"),
        _ if hours % 24 == 0 => format!("{} d", thousands(days)),
        _ => format!("{} d {} h", thousands(days), hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_told_by_their_two_largest_units() {
        let told: Vec<String> = [0, 45, 60, 190, 1_440, 3_120].into_iter().map(duration).collect();
        assert_eq!(told, ["0 min", "45 min", "1 h", "3 h 10 min", "1 d", "2 d 4 h"]);
    }

    #[test]
    fn a_trend_compares_with_the_days_before() {
        assert_eq!(
            [change(0, 0), change(3, 0), change(5, 5), change(15, 10), change(5, 10)],
            ["", "new", "same", "+50 %", "\u{2212}50 %"]
        );
    }
}
