//! Classification and determination: which pairs go together, and what
//! classifying an incident does to its alerts (R3).

use serde::{Deserialize, Serialize};

crate::text_enum! {
    /// Whether it was real.
    #[derive(Default)]
    pub enum Classification {
        #[default]
        Unknown = "unknown" / "Not set",
        TruePositive = "truePositive" / "True positive",
        InformationalExpectedActivity = "informationalExpectedActivity" / "Informational, expected activity",
        FalsePositive = "falsePositive" / "False positive",
    }
}

crate::text_enum! {
    /// What it was.
    #[derive(Default)]
    pub enum Determination {
        #[default]
        Unknown = "unknown" / "Not set",
        MultiStagedAttack = "multiStagedAttack" / "Multistage attack",
        MaliciousUserActivity = "maliciousUserActivity" / "Malicious user activity",
        CompromisedAccount = "compromisedAccount" / "Compromised account",
        Malware = "malware" / "Malware",
        Phishing = "phishing" / "Phishing",
        UnwantedSoftware = "unwantedSoftware" / "Unwanted software",
        SecurityTesting = "securityTesting" / "Security test",
        LineOfBusinessApplication = "lineOfBusinessApplication" / "Line-of-business application",
        ConfirmedActivity = "confirmedActivity" / "Confirmed activity",
        NotMalicious = "notMalicious" / "Not malicious",
        NotEnoughDataToValidate = "notEnoughDataToValidate" / "Not enough data to validate",
        Other = "other" / "Other",
    }
}

impl Classification {
    /// The determinations that go with it, as Defender lists them.
    pub fn determinations(self) -> &'static [Determination] {
        use Determination as D;
        match self {
            Self::Unknown => &[],
            Self::TruePositive => &[
                D::MultiStagedAttack,
                D::MaliciousUserActivity,
                D::CompromisedAccount,
                D::Malware,
                D::Phishing,
                D::UnwantedSoftware,
                D::Other,
            ],
            Self::InformationalExpectedActivity => {
                &[D::SecurityTesting, D::LineOfBusinessApplication, D::ConfirmedActivity, D::Other]
            }
            Self::FalsePositive => &[D::NotMalicious, D::NotEnoughDataToValidate, D::Other],
        }
    }
}

/// A classification with its determination.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub classification: Classification,
    pub determination: Determination,
}

impl Outcome {
    /// [`Self::label`], or nothing where there is no classification.
    pub fn label_if_set(self) -> String {
        if self.is_set() { self.label() } else { String::new() }
    }

    pub fn is_set(self) -> bool {
        self.classification != Classification::Unknown
    }

    /// Reads what is stored, or what a source reports; unknown words are unset.
    pub fn stored(classification: &str, determination: &str) -> Self {
        Self {
            classification: Classification::parse(classification).unwrap_or_default(),
            determination: Determination::parse(determination).unwrap_or_default(),
        }
    }

    /// The form value: "truePositive:phishing", "truePositive" without determination, "unknown".
    pub fn form_value(self) -> String {
        if self.determination == Determination::Unknown {
            return self.classification.as_str().to_owned();
        }
        format!("{}:{}", self.classification.as_str(), self.determination.as_str())
    }

    /// "True positive - Phishing", as the portal shows it.
    pub fn label(self) -> String {
        if self.determination == Determination::Unknown {
            return self.classification.label().to_owned();
        }
        format!("{} - {}", self.classification.label(), self.determination.label())
    }

    /// Reads what a form or a client sent. `classification` may carry both, joined by a colon; an
    /// empty text clears. The error is the message for the field.
    ///
    /// A determination sent alone belongs to `current`'s classification.
    pub fn parse(
        current: Self,
        classification: Option<&str>,
        determination: Option<&str>,
    ) -> Result<Self, (&'static str, String)> {
        let (first, joined) = match classification {
            Some(text) => match text.split_once(':') {
                Some((first, second)) => (Some(first), Some(second)),
                None => (Some(text), None),
            },
            None => (None, None),
        };
        let chosen = match first.map(str::trim) {
            None => current.classification,
            Some("") => Classification::Unknown,
            Some(text) => Classification::parse(text)
                .ok_or_else(|| ("classification", "This is not a classification.".to_owned()))?,
        };
        let kind = match joined.or(determination).map(str::trim) {
            None if chosen == current.classification => current.determination,
            None | Some("") => Determination::Unknown,
            Some(text) => Determination::parse(text)
                .ok_or_else(|| ("determination", "This is not a determination.".to_owned()))?,
        };
        if kind != Determination::Unknown && !chosen.determinations().contains(&kind) {
            return Err((
                "determination",
                format!("The determination \"{}\" does not match \"{}\".", kind.label(), chosen.label()),
            ));
        }
        Ok(Self { classification: chosen, determination: kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_determination_only_goes_with_its_classification() {
        let none = Outcome::default();
        let good = Outcome::parse(none, Some("truePositive"), Some("phishing"));
        assert_eq!(good.map(Outcome::label).as_deref(), Ok("True positive - Phishing"));
        let bad = Outcome::parse(none, Some("falsePositive:phishing"), None);
        assert_eq!(bad.map_err(|(field, _)| field), Err("determination"));
        let alone = Outcome::parse(none, None, Some("phishing"));
        assert_eq!(alone.map_err(|(field, _)| field), Err("determination"));
    }

    #[test]
    fn a_new_classification_drops_the_old_determination_and_the_same_one_keeps_it() {
        let phishing = Outcome { classification: Classification::TruePositive, determination: Determination::Phishing };
        let kept = Outcome::parse(phishing, Some("truePositive"), None);
        assert_eq!(kept, Ok(phishing));
        let cleared = Outcome::parse(phishing, Some("unknown"), None);
        assert_eq!(cleared, Ok(Outcome::default()));
    }
}
