//! The priority of an incident: a score of 0 to 100 and the reasons that add up to it exactly.
//!
//! The inputs are those that Defender documents for its queue assistant (severity, signal to noise,
//! MITRE techniques, asset criticality, alert types and rarity, high-profile threats) and so are the
//! bands: above 85 top, from 15 medium, below low. The weights are Watchdesk's own:
//!
//! | what | points | why |
//! |---|---|---|
//! | severity, set by a person or the highest of the alerts | 0, 8, 18, 30 | the one judgement that every source gives |
//! | high-profile threat | ransomware, hands on keyboard, tracked actor, destruction 24; mail fraud 16; credential dumping 14; web shell 12; the highest counts | somebody is at it now, and the damage is large |
//! | stages | 2 for each tactic, at most 8, and up to 7 by how far along the kill chain the latest is | an attack that moves on is one |
//! | techniques | 1, from two 2, from eight 3 | variety without a tactic's name |
//! | assets | 1, from two 3, from five 5, from twenty 6, and 2 for more than one kind | spread |
//! | signal to noise | 1 to 4 by the share of high and medium alerts, 1 to 3 by distinct detections against repeats | ten findings say more than ten repeats |
//! | rarity | never seen elsewhere lately 5, in fewer than ten alerts 3, in fewer than a hundred 1 | what happens daily is how the place works |
//! | status of its alerts | all resolved at the source: down to 0 | what has an open alert comes first (R19) |
//! | importance | very high 8, high 5; all assets low: 10 less, not below 0 | the place knows what it cannot lose |
//!
//! Together at most 100, so nothing is cut off. A higher severity, a further stage or an asset that
//! is marked as important never lowers a score. "Lately" is the alert's own span of 30 days and the
//! one before.

use crate::model::importance::Importance;
use crate::model::incident::{Incident, Scope};
use crate::model::naming;
use crate::model::severity::Severity;
use crate::model::signals::{Signals, TOLD_APART, Threat};
use crate::text::{capitalised, counted, humanise, plural, thousands};

/// Raised when scores change, so that `watchdesk migrate` works the stored ones out again.
pub const VERSION: i64 = 2;

crate::text_enum! {
    /// How a score reads.
    pub enum Band {
        Low = "low" / "Low",
        Medium = "medium" / "Medium",
        Top = "top" / "Top",
    }
}

impl Band {
    pub fn of(score: i64) -> Self {
        match score {
            ..15 => Self::Low,
            15..=85 => Self::Medium,
            _ => Self::Top,
        }
    }
}

/// What a score follows from.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub severity: Severity,
    pub alerts: i64,
    /// Devices, users, mailboxes.
    pub assets: [i64; 3],
    /// Distinct categories, in Pascal case.
    pub categories: &'a [String],
    pub signals: &'a Signals,
    /// Its sources have resolved all its alerts.
    pub all_alerts_resolved: bool,
}

/// A part of a score.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reason {
    /// What it is about, in a word or two.
    pub about: &'static str,
    pub points: i64,
    pub sentence: String,
}

/// A score and what it is made of: the points add up to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Priority {
    pub score: i64,
    pub reasons: Vec<Reason>,
}

impl Priority {
    pub fn band(&self) -> Band {
        Band::of(self.score)
    }
}

/// The priority of an incident as it stands.
pub fn of(incident: &Incident) -> Priority {
    let Scope { categories, signals, .. } = &incident.scope;
    assess(&Facts {
        severity: incident.severity,
        alerts: incident.alert_count,
        assets: [incident.device_count, incident.user_count, incident.mailbox_count],
        categories,
        signals,
        all_alerts_resolved: incident.all_alerts_resolved,
    })
}

/// Scores. An incident without alerts has nothing that could be urgent.
pub fn assess(facts: &Facts<'_>) -> Priority {
    let mut priority = Priority::default();
    if facts.alerts == 0 {
        return priority;
    }
    let parts = [severity, threats, stages, techniques, assets, signal, rarity, important];
    priority.reasons.extend(parts.into_iter().map(|part| part(facts)).filter(|reason| reason.points > 0));
    priority.score = priority.reasons.iter().map(|reason| reason.points).sum();
    if all_low(facts) && priority.score > 0 {
        let points = -priority.score.min(10);
        priority.score += points;
        let sentence = "All its assets have low importance.".to_owned();
        priority.reasons.push(Reason { about: "Importance", points, sentence });
    }
    if facts.all_alerts_resolved && priority.score > 0 {
        let points = -std::mem::take(&mut priority.score);
        let sentence = "All its alerts are resolved at the source.".to_owned();
        priority.reasons.push(Reason { about: "Alert status", points, sentence });
    }
    priority
}

fn severity(facts: &Facts<'_>) -> Reason {
    let points = match facts.severity {
        Severity::High => 30,
        Severity::Medium => 18,
        Severity::Low => 8,
        Severity::Informational => 0,
    };
    let sentence = format!("{}.", facts.severity.label());
    Reason { about: "Severity", points, sentence }
}

fn threats(facts: &Facts<'_>) -> Reason {
    let weight = |threat: &Threat| match threat {
        Threat::Ransomware | Threat::HandsOnKeyboard | Threat::TrackedActor | Threat::Destruction => 24,
        Threat::MailFraud => 16,
        Threat::CredentialTheft => 14,
        Threat::WebShell => 12,
    };
    let points = facts.signals.threats.iter().map(weight).max().unwrap_or(0);
    let names: Vec<&str> = facts.signals.threats.iter().map(|threat| threat.label()).collect();
    let sentence = capitalised(&format!("{} alerts.", names.join(", ")));
    Reason { about: "High-profile threat", points, sentence }
}

fn stages(facts: &Facts<'_>) -> Reason {
    let chain = naming::stages();
    let mut reached: Vec<usize> =
        facts.categories.iter().map(|one| naming::stage_order(one)).filter(|stage| *stage < chain.len()).collect();
    reached.sort_unstable();
    reached.dedup();
    let Some(latest) = reached.last().copied() else { return Reason::default() };
    let count = i64::try_from(reached.len()).unwrap_or(i64::MAX);
    let along = i64::try_from(latest.div_ceil(2)).unwrap_or(0);
    let last = humanise(chain.get(latest).copied().unwrap_or_default());
    let sentence = match count {
        1 => format!("1 tactic: {last}."),
        count => format!("{count} tactics, latest: {last}."),
    };
    Reason { about: "Tactics", points: (2 * count.min(4)) + along, sentence }
}

fn techniques(facts: &Facts<'_>) -> Reason {
    let count = facts.signals.techniques.len();
    let points = match count {
        0 => 0,
        1 => 1,
        2..=7 => 2,
        _ => 3,
    };
    let sentence = match count {
        1 => "1 ATT&CK technique.".to_owned(),
        count => format!("{} ATT&CK techniques.", or_more(count)),
    };
    Reason { about: "Techniques", points, sentence }
}

/// A count that stops at [`TOLD_APART`].
fn or_more(count: usize) -> String {
    if count >= TOLD_APART { format!("{count} or more") } else { count.to_string() }
}

fn assets(facts: &Facts<'_>) -> Reason {
    let spread = match facts.assets.iter().sum::<i64>() {
        ..1 => 0,
        1 => 1,
        2..=4 => 3,
        5..=19 => 5,
        _ => 6,
    };
    let kinds: Vec<String> = ["device", "user", "mailbox"]
        .into_iter()
        .zip(facts.assets)
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| counted(thousands(count), kind))
        .collect();
    let more_than_one_kind = if kinds.len() > 1 { 2 } else { 0 };
    let sentence = format!("{}.", kinds.join(", "));
    Reason { about: "Impacted assets", points: spread + more_than_one_kind, sentence }
}

fn signal(facts: &Facts<'_>) -> Reason {
    let strong = facts.signals.strong.min(facts.alerts);
    let distinct = facts.signals.detections.len();
    let share = match strong * 100 / facts.alerts.max(1) {
        75.. => 4,
        50..=74 => 3,
        25..=49 => 2,
        _ if strong > 0 => 1,
        _ => 0,
    };
    let found = i64::try_from(distinct).unwrap_or(0);
    let variety = match distinct {
        TOLD_APART.. => 3,
        _ if found * 2 >= facts.alerts => 3,
        4.. => 2,
        _ if found * 4 >= facts.alerts => 2,
        2.. => 1,
        _ => i64::from(found * 10 >= facts.alerts),
    };
    let (alerts, strong) = (thousands(facts.alerts), thousands(strong));
    let sentence = match facts.alerts {
        1 if facts.signals.strong > 0 => "1 alert, with high or medium severity.".to_owned(),
        1 => "1 alert, with low or informational severity.".to_owned(),
        _ => format!(
            "{strong} of {alerts} alerts have high or medium severity, from {} {}.",
            or_more(distinct),
            plural(distinct, "detection")
        ),
    };
    Reason { about: "Signal-to-noise", points: share + variety, sentence }
}

fn rarity(facts: &Facts<'_>) -> Reason {
    let Some(elsewhere) = facts.signals.rarest else { return Reason::default() };
    let points = match elsewhere {
        ..1 => 5,
        1..=9 => 3,
        10..=99 => 1,
        _ => 0,
    };
    let sentence = match elsewhere {
        ..1 => "One detection was seen in no other recent alert.".to_owned(),
        1 => "One detection was seen in only 1 other recent alert.".to_owned(),
        count => format!("The rarest detection was seen in {count} other recent alerts."),
    };
    Reason { about: "Rarity", points, sentence }
}

fn important(facts: &Facts<'_>) -> Reason {
    let Some(asset) = &facts.signals.important else { return Reason::default() };
    let points = match asset.level {
        Importance::VeryHigh => 8,
        Importance::High => 5,
        _ => 0,
    };
    let sentence = format!("{} has {} importance.", asset.name, asset.level.label().to_lowercase());
    Reason { about: "Importance", points, sentence }
}

fn all_low(facts: &Facts<'_>) -> bool {
    let assets: i64 = facts.assets.iter().sum();
    facts.signals.low > 0 && facts.signals.low >= assets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::signals::Important;

    /// An incident to change one fact of at a time.
    #[derive(Debug, Clone)]
    struct Case {
        severity: Severity,
        alerts: i64,
        assets: [i64; 3],
        categories: Vec<&'static str>,
        signals: Signals,
    }

    impl Case {
        fn priority(&self) -> Priority {
            let categories: Vec<String> = self.categories.iter().map(|&one| one.to_owned()).collect();
            let priority = assess(&Facts {
                severity: self.severity,
                alerts: self.alerts,
                assets: self.assets,
                categories: &categories,
                signals: &self.signals,
                all_alerts_resolved: false,
            });
            let sum: i64 = priority.reasons.iter().map(|reason| reason.points).sum();
            assert_eq!(sum, priority.score, "{self:?}");
            assert!((0..=100).contains(&priority.score), "{} of {self:?}", priority.score);
            assert!(priority.reasons.iter().all(|reason| reason.points != 0 && reason.sentence.ends_with('.')));
            priority
        }

        fn score(&self) -> i64 {
            self.priority().score
        }
    }

    fn named(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("T{number}")).collect()
    }

    fn dc(level: Importance) -> Important {
        Important { level, name: "dc01".to_owned() }
    }

    /// One medium alert of execution on one endpoint, never seen before.
    fn one() -> Case {
        let signals =
            Signals { techniques: named(1), detections: named(1), strong: 1, rarest: Some(0), ..Signals::default() };
        Case { severity: Severity::Medium, alerts: 1, assets: [1, 0, 0], categories: vec!["Execution"], signals }
    }

    /// Everything that raises a score.
    fn worst() -> Case {
        let signals = Signals {
            techniques: named(8),
            detections: named(8),
            strong: 400,
            rarest: Some(0),
            threats: vec![Threat::Ransomware, Threat::CredentialTheft],
            important: Some(dc(Importance::VeryHigh)),
            low: 0,
        };
        let categories = vec!["InitialAccess", "Execution", "LateralMovement", "Impact"];
        Case { severity: Severity::High, alerts: 400, assets: [30, 12, 3], categories, signals }
    }

    /// Many shades between the two.
    fn many() -> Vec<Case> {
        let mut cases = Vec::new();
        for severity in Severity::HIGHEST_FIRST {
            for alerts in [1, 2, 7, 60, 5_000] {
                for (distinct, strong) in [(1, 0), (1, 1), (3, alerts / 2), (8, alerts)] {
                    for categories in [vec![], vec!["Malware"], vec!["Execution"], vec!["InitialAccess", "Discovery"]] {
                        for (rarest, threats) in [(None, vec![]), (Some(5), vec![Threat::WebShell])] {
                            for low in [0, 2] {
                                let signals = Signals {
                                    techniques: named(distinct),
                                    detections: named(distinct),
                                    strong,
                                    rarest,
                                    threats: threats.clone(),
                                    important: None,
                                    low,
                                };
                                let (assets, categories) = ([1, 1, 0], categories.clone());
                                cases.push(Case { severity, alerts, assets, categories, signals });
                            }
                        }
                    }
                }
            }
        }
        cases
    }

    #[test]
    fn known_incidents_get_known_scores() {
        let noise = Case {
            severity: Severity::Informational,
            alerts: 900,
            signals: Signals { detections: named(1), rarest: Some(40_000), ..Signals::default() },
            categories: vec![],
            ..one()
        };
        let low = Case {
            severity: Severity::Low,
            signals: Signals { strong: 0, rarest: Some(4_000), ..one().signals },
            ..one()
        };
        let theft = Case {
            severity: Severity::High,
            alerts: 10,
            assets: [1, 1, 0],
            categories: vec!["InitialAccess", "Execution", "Persistence", "CredentialAccess", "Exfiltration"],
            signals: Signals {
                techniques: named(8),
                detections: named(8),
                strong: 8,
                rarest: Some(800),
                threats: vec![Threat::CredentialTheft],
                ..Signals::default()
            },
        };
        let emptied = Case { alerts: 0, signals: Signals::default(), ..one() };
        for (case, score, band) in [
            (one(), 36, Band::Medium),
            (worst(), 100, Band::Top),
            (noise, 1, Band::Low),
            (low, 17, Band::Medium),
            (theft, 73, Band::Medium),
            (emptied, 0, Band::Low),
        ] {
            let priority = case.priority();
            assert_eq!((priority.score, priority.band()), (score, band), "{case:?} {:?}", priority.reasons);
        }
    }

    #[test]
    fn the_bands_are_those_of_defender() {
        let bands = [0, 14, 15, 85, 86, 100].map(Band::of);
        assert_eq!(bands, [Band::Low, Band::Low, Band::Medium, Band::Medium, Band::Top, Band::Top]);
    }

    #[test]
    fn a_higher_severity_never_lowers_a_score() {
        for case in many() {
            let scores = Severity::HIGHEST_FIRST.map(|severity| Case { severity, ..case.clone() }.score());
            assert!(scores.is_sorted_by(|higher, lower| higher >= lower), "{case:?}: {scores:?}");
        }
    }

    #[test]
    fn a_further_stage_never_lowers_a_score() {
        for case in many() {
            for stage in naming::stages() {
                let mut further = case.clone();
                further.categories.push(stage);
                assert!(further.score() >= case.score(), "{stage} for {case:?}");
            }
        }
    }

    #[test]
    fn an_important_asset_never_lowers_a_score() {
        for case in many() {
            let mut last = case.score();
            for level in [Importance::High, Importance::VeryHigh] {
                let mut marked = case.clone();
                marked.signals.important = Some(dc(level));
                // It may be one of those that were marked low, or one more.
                let relieved = Signals { low: (marked.signals.low - 1).max(0), ..marked.signals.clone() };
                assert!(marked.score() >= last, "{case:?}");
                assert!(Case { signals: relieved, ..marked.clone() }.score() >= marked.score(), "{case:?}");
                last = marked.score();
            }
        }
    }

    #[test]
    fn only_assets_of_low_importance_lower_a_score_and_not_below_zero() {
        let mut case = one();
        case.signals.low = 1;
        assert_eq!(case.score(), 26);
        case.assets = [2, 0, 0];
        assert_eq!(case.score(), 38, "one of two is as usual");
        case = Case { severity: Severity::Informational, signals: Signals { low: 1, ..Signals::default() }, ..one() };
        case.categories.clear();
        assert_eq!(case.score(), 0);
    }
}
