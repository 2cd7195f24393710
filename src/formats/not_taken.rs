//! Why an item did not become an alert.

/// Why one item of a body did not become an alert, as a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// It is not meant to be an alert, such as a flow record among a sensor's alerts. Counted, not reported
    /// as an error.
    Skipped(String),
    /// It should have been an alert; the sender can correct it.
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
