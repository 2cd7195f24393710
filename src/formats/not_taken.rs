//! Why an item is not taken as an alert.

/// Why one item of a body did not become an alert. Each is a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// It is no alert and was never meant to be one: a flow record among a sensor's alerts.
    /// Counted, not reported as an error.
    Skipped(String),
    /// It should have been an alert; whoever sent it can mend it.
    Refused(String),
}

impl NotTaken {
    pub fn sentence(&self) -> &str {
        match self {
            Self::Skipped(why) | Self::Refused(why) => why,
        }
    }
}

impl From<String> for NotTaken {
    fn from(why: String) -> Self {
        Self::Refused(why)
    }
}
