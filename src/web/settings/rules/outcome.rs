//! The outcome of a trial in words.

use crate::ingest::rule_trial::report::{Regrouped, Report, StoredIncident};
use crate::text::counted;
use crate::web::settings::rules::form;

/// What is shown of a trial.
pub struct OutcomeView {
    /// What was looked at.
    pub intro: String,
    /// Why not all of it was.
    pub cut: String,
    pub matched: String,
    pub before: String,
    pub after: String,
    pub hidden: String,
    /// What else there is to say of hiding.
    pub otherwise_hidden: String,
    pub regrouped: String,
    pub changes: Vec<RegroupedView>,
    /// Changes, and titles, that are not listed.
    pub more_changes: usize,
    pub titles: Vec<(String, String)>,
    pub more_titles: usize,
    /// Nothing would be other than it is.
    pub same: bool,
}

/// Alerts that are divided otherwise.
pub struct RegroupedView {
    pub what: String,
    pub stored: Vec<StoredIncident>,
    pub more: usize,
}

impl OutcomeView {
    pub fn new(report: Report) -> Self {
        let days = form::length(report.days);
        let looked_at = count(report.looked_at, "alert");
        let intro = if report.alerts == 0 {
            format!("There is no alert of the last {days} to try the rule on: it goes by their last activity.")
        } else {
            format!("{looked_at} of the last {days} went through.")
        };
        let cut = if report.cut {
            format!(
                "Cut off after 30 seconds: the first {looked_at} of {}, in the order in which they came. Try fewer days.",
                number(report.alerts)
            )
        } else if report.looked_at < report.alerts {
            format!("These are the newest of {}.", number(report.alerts))
        } else {
            String::new()
        };
        Self {
            intro,
            cut,
            matched: number(report.matched),
            before: number(report.before),
            after: number(report.after),
            hidden: number(report.hidden),
            otherwise_hidden: otherwise_hidden(&report),
            regrouped: number(report.regrouped),
            more_changes: report.regrouped.saturating_sub(report.changes.len()),
            more_titles: report.hidden_titles.saturating_sub(report.titles.len()),
            same: report.hidden + report.shown_again + report.regrouped == 0,
            changes: report
                .changes
                .into_iter()
                .map(|change| RegroupedView { what: regrouped(&change), stored: change.stored, more: change.more })
                .collect(),
            titles: report.titles.into_iter().map(|hidden| (hidden.title, number(hidden.alerts))).collect(),
        }
    }
}

fn regrouped(change: &Regrouped) -> String {
    let (before, alerts) = (count(change.before, "incident"), count(change.alerts, "alert"));
    let after = number(change.after);
    match (change.before, change.after) {
        (1, _) => format!("{before} would split into {after} ({alerts})"),
        (_, 1) => format!("{before} would join into 1 ({alerts})"),
        (one, other) if one == other => format!("{before} would exchange some of their {alerts}"),
        _ => format!("{before} would be regrouped into {after} ({alerts})"),
    }
}

fn otherwise_hidden(report: &Report) -> String {
    let mut parts = Vec::new();
    if report.shown_again > 0 {
        parts.push(format!("{} would no longer be", number(report.shown_again)));
    }
    if report.hidden_anyway > 0 {
        parts.push(format!("{} are with and without the change", number(report.hidden_anyway)));
    }
    parts.join(", ")
}

fn count(number_of: usize, noun: &str) -> String {
    counted(number(number_of), noun)
}

/// "12,345".
pub fn number(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(0).to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([number(0_usize), number(999_i64), number(20_000_usize)], ["0", "999", "20,000"]);
    }
}
