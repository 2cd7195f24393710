//! The result of trying a rule, as text.

use crate::ingest::rule_trial::DAYS;
use crate::ingest::rule_trial::report::{Act, Regrouped, Report, StoredIncident};
use crate::ingest::rule_trial::trial::LIMIT;
use crate::rules::trial_figures::TrialFigures;
use crate::text::{counted, thousands};
use crate::web::settings::rules::form;

/// The result, ready for its template.
pub struct OutcomeView {
    /// How many alerts were tried.
    pub intro: String,
    /// Why not all alerts were tried; empty if they were.
    pub cut: String,
    pub matched: String,
    /// Matching alerts that the test did not reach; empty for none.
    pub untested: String,
    /// What the rule would do other than hiding or grouping.
    pub acts: Vec<ActFact>,
    /// Whether incidents could split or merge.
    pub regroups: bool,
    pub before: String,
    pub after: String,
    pub hidden: String,
    /// Alerts that are hidden with and without the change, and those that would be shown again.
    pub otherwise_hidden: String,
    pub regrouped: String,
    pub changes: Vec<RegroupedView>,
    /// How many more changes, and below titles, there are than are listed.
    pub more_changes: usize,
    pub titles: Vec<(String, String)>,
    pub more_titles: usize,
    /// The rule would change nothing.
    pub same: bool,
    /// Nothing matched, and there are longer periods to choose.
    pub try_more_days: bool,
}

/// A figure of what the rule would do.
pub struct ActFact {
    pub label: String,
    /// What tests and scripts find it by.
    pub key: &'static str,
    pub figure: String,
    /// Empty where the label says it all.
    pub hint: &'static str,
}

/// Incidents whose alerts would be grouped differently.
pub struct RegroupedView {
    pub what: String,
    pub stored: Vec<StoredIncident>,
    pub more: usize,
}

impl OutcomeView {
    pub fn new(report: Report) -> Self {
        let days = form::length(report.days);
        let looked_at = count(report.looked_at, "alert");
        let is_part = report.looked_at < report.alerts;
        let intro = if report.alerts == 0 {
            format!("No alerts were received in the last {days}.")
        } else if is_part && !report.cut {
            format!("Tested on the newest {looked_at} received in the last {days}.")
        } else {
            format!("Tested on {looked_at} received in the last {days}.")
        };
        let cut = if report.cut {
            format!(
                "Stopped after {} seconds: tested on the first {looked_at} of the newest {}, in order of arrival. \
                 Try fewer days.",
                LIMIT.as_secs(),
                thousands(report.newest)
            )
        } else if is_part {
            format!("There are {} in total, more than a test covers.", thousands(report.alerts))
        } else {
            String::new()
        };
        Self {
            intro,
            cut,
            matched: thousands(report.matched),
            untested: untested(report.matched_untested),
            acts: report.act.as_ref().map(act_facts).unwrap_or_default(),
            regroups: report.regroups,
            before: thousands(report.before),
            after: thousands(report.after),
            hidden: thousands(report.hidden),
            otherwise_hidden: otherwise_hidden(&report),
            regrouped: thousands(report.regrouped),
            more_changes: report.regrouped.saturating_sub(report.changes.len()),
            more_titles: report.hidden_titles.saturating_sub(report.titles.len()),
            try_more_days: report.matched == 0 && DAYS.iter().any(|days| *days > report.days),
            same: report.hidden + report.shown_again + report.regrouped + report.matched_untested == 0
                && report.act.as_ref().is_none_or(Act::is_idle),
            changes: report
                .changes
                .into_iter()
                .map(|change| RegroupedView { what: regrouped(&change), stored: change.stored, more: change.more })
                .collect(),
            titles: report.titles.into_iter().map(|hidden| (hidden.title, thousands(hidden.alerts))).collect(),
        }
    }
}

/// The figures of a trial in one sentence.
pub fn in_short(figures: &TrialFigures) -> String {
    let days = form::length(figures.days);
    let hidden = if figures.hidden > 0 { format!(", {} hidden", thousands(figures.hidden)) } else { String::new() };
    format!(
        "Received in the last {days}: {}{hidden}; {} in the queue, {} with the rule.",
        count(figures.matched, "matching alert"),
        count(figures.before, "incident"),
        thousands(figures.after)
    )
}

fn act_facts(act: &Act) -> Vec<ActFact> {
    let fact = |label: &str, key, figure| ActFact { label: label.to_owned(), key, figure: thousands(figure), hint: "" };
    match act {
        Act::Resolve { alerts, incidents } => vec![
            fact("Alerts that would be resolved", "resolved", *alerts),
            ActFact {
                hint: "those of which every alert matches",
                ..fact("Incidents that would be resolved", "resolved-incidents", *incidents)
            },
        ],
        Act::SetSeverity { to, alerts } => {
            vec![fact(&format!("Alerts that would get severity {to}"), "severity", *alerts)]
        }
        Act::AddTag { tag, incidents } => {
            vec![fact(&format!("Incidents that would get the tag {tag}"), "tagged", *incidents)]
        }
    }
}

fn regrouped(change: &Regrouped) -> String {
    let (before, alerts) = (count(change.before, "incident"), count(change.alerts, "alert"));
    let after = thousands(change.after);
    match (change.before, change.after) {
        (1, _) => format!("{before} would split into {after} ({alerts})"),
        (_, 1) => format!("{before} would merge into 1 ({alerts})"),
        (one, other) if one == other => format!("{before} would exchange some of their {alerts}"),
        _ => format!("{before} would be regrouped into {after} ({alerts})"),
    }
}

fn untested(alerts: usize) -> String {
    if alerts == 0 { String::new() } else { format!("{} of them not tested", thousands(alerts)) }
}

fn otherwise_hidden(report: &Report) -> String {
    let mut parts = Vec::new();
    if report.shown_again > 0 {
        parts.push(format!("{} shown again", thousands(report.shown_again)));
    }
    if report.hidden_anyway > 0 {
        parts.push(format!("{} hidden either way", thousands(report.hidden_anyway)));
    }
    parts.join(", ")
}

fn count(items: usize, noun: &str) -> String {
    counted(thousands(items), noun)
}
