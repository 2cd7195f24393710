//! A source, a token and a change as the page of sources shows them.

use std::collections::BTreeSet;

use crate::accounts::setting_changes::SettingChange;
use crate::clock::{self, DAY, HOUR, MINUTE};
use crate::ingest::senders::Sending;
use crate::ingest::source_state::State;
use crate::ingest::sources::Source;
use crate::text::{counted, source_label};
use crate::web::settings::trend::bars;
use crate::web::shared::layout::Layout;
use crate::web::shared::time_format::ShownTime;

/// A source in the list.
pub struct SourceRow {
    pub source: Source,
    pub last: Option<(String, ShownTime)>,
    pub state: String,
    /// The state is a reason to check the source.
    pub warns: bool,
    /// The bars of the trend as an SVG path, and a description of them.
    pub bars: String,
    pub bars_label: String,
    /// For how many minutes its repeats count as one, as typed, and what is wrong with it.
    pub minutes: String,
    pub problem: String,
    /// Incidents resolve by themselves when it has resolved all their alerts.
    pub resolves: bool,
}

impl SourceRow {
    /// The repeat rule as text, for people who may not change it.
    pub fn repeats(&self) -> String {
        match self.minutes.as_str() {
            "0" => "never".to_owned(),
            "1" => "1 minute".to_owned(),
            minutes => format!("{minutes} minutes"),
        }
    }
}

/// A change of a repeat rule or of a switch.
pub struct ChangeView {
    pub who: String,
    pub sentence: String,
    pub at: i64,
    pub when: ShownTime,
}

/// A token that sends alerts.
pub struct SenderRow {
    pub name: String,
    /// What it has sent, as people read it: "Wazuh, Suricata".
    pub products: String,
    pub last: Option<(String, ShownTime)>,
    pub state: &'static str,
    pub warns: bool,
    /// Items of the last day that belong to no source.
    pub skipped: i64,
    pub rejected: i64,
    /// Whether it is listed with such items, so that it can be taken off.
    pub is_counted: bool,
}

/// The tokens that send alerts, each with the counts of what belongs to no source; and the sources without these.
pub fn sender_rows(sending: Vec<Sending>, sources: Vec<Source>, layout: &Layout) -> (Vec<SenderRow>, Vec<Source>) {
    let names: BTreeSet<String> = sending.iter().map(|one| one.token.name.clone()).collect();
    let (own, sources): (Vec<Source>, Vec<Source>) = sources.into_iter().partition(|source| source.is_sender(&names));
    let now = clock::now();
    let row = |one: Sending| {
        let counts = own.iter().find(|source| source.name == one.token.name);
        let last = one.last_alert.max(counts.and_then(|source| source.last_alert));
        // It sends, and nothing of it is accepted.
        let warns = counts.is_some_and(|source| match source.state {
            State::Silent(_) => true,
            State::NothingTaken => one.last_alert.is_none(),
            _ => false,
        });
        SenderRow {
            products: one.sources.iter().map(|source| source_label(source)).collect::<Vec<_>>().join(", "),
            last: last.map(|at| (ago(now - at), layout.zone.show(at))),
            state: match (last, warns) {
                (Some(_), true) => "No alerts accepted",
                (Some(_), false) => "In use",
                (None, false) if one.token.last_used_at.is_none() => "Not used yet",
                (None, _) => "No alerts yet",
            },
            warns,
            skipped: counts.map_or(0, |source| source.day.skipped),
            rejected: counts.map_or(0, |source| source.day.refused),
            is_counted: counts.is_some(),
            name: one.token.name,
        }
    };
    (sending.into_iter().map(row).collect(), sources)
}

/// Changes of repeat rules and of switches, the newest first.
pub fn change_views(repeats: Vec<SettingChange>, switches: Vec<SettingChange>, layout: &Layout) -> Vec<ChangeView> {
    let repeats = repeats.into_iter().map(|change| repeats_change(change, layout));
    let mut changes: Vec<ChangeView> =
        repeats.chain(switches.into_iter().map(|change| switch_change(change, layout))).collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.at));
    changes
}

/// A change of for how long repeats count as one.
fn repeats_change(change: SettingChange, layout: &Layout) -> ChangeView {
    let (from, to) = (change.old_body.as_deref().unwrap_or_default(), change.new_body.as_deref().unwrap_or_default());
    let source = source_label(&change.name);
    let sentence =
        format!("changed how long repeated detections from {source} are counted as one: {from} → {to} minutes");
    change_view(sentence, change, layout)
}

/// A change of whether incidents resolve by themselves.
fn switch_change(change: SettingChange, layout: &Layout) -> ChangeView {
    let source = source_label(&change.name);
    let sentence = match change.new_body.as_deref() {
        Some("true") => format!("let incidents resolve by themselves when {source} has resolved all their alerts"),
        _ => format!("let incidents stay open when {source} has resolved all their alerts"),
    };
    change_view(sentence, change, layout)
}

fn change_view(sentence: String, change: SettingChange, layout: &Layout) -> ChangeView {
    ChangeView { who: change.actor_name, sentence, at: change.at, when: layout.zone.show(change.at) }
}

/// The row of a source.
pub fn source_row(source: Source, minutes: i64, resolves: bool, layout: &Layout) -> SourceRow {
    let now = clock::now();
    let state = match source.state {
        State::Silent(silence) => format!("Silent for {}", span(silence)),
        State::NothingTaken => "No alerts yet".to_owned(),
        State::Receiving => "Receiving".to_owned(),
        State::Quiet => "No recent alerts".to_owned(),
        State::Imported => "Imported".to_owned(),
    };
    let (bars, bars_label) = bars(&source.trend);
    SourceRow {
        last: source.last_alert.map(|at| (ago(now - at), layout.zone.show(at))),
        warns: matches!(source.state, State::Silent(_) | State::NothingTaken),
        state,
        bars,
        bars_label,
        minutes: minutes.to_string(),
        problem: String::new(),
        resolves,
        source,
    }
}

/// A length of time in its largest unit.
fn span(micros: i64) -> String {
    let (count, unit) = match micros {
        _ if micros >= 2 * DAY => (micros / DAY, "day"),
        _ if micros >= HOUR => (micros / HOUR, "hour"),
        _ => (micros / MINUTE, "minute"),
    };
    counted(count, unit)
}

fn ago(micros: i64) -> String {
    if micros < MINUTE { "just now".to_owned() } else { format!("{} ago", span(micros)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_their_largest_unit() {
        assert_eq!(ago(10), "just now");
        assert_eq!(ago(HOUR), "1 hour ago");
        assert_eq!(span(30 * HOUR), "30 hours");
        assert_eq!(span(3 * DAY + HOUR), "3 days");
    }
}
