//! Severity, shared by alerts and incidents: four steps, as the field and Graph name them.

crate::text_enum! {
    /// How bad it would be; ordered, so that the highest of several is `max`.
    #[derive(Default)]
    pub enum Severity {
        #[default]
        Informational = "informational" / "Informational",
        Low = "low" / "Low",
        Medium = "medium" / "Medium",
        High = "high" / "High",
    }
}

impl Severity {
    /// The automatic severity of an incident (R6): the highest of its alerts, `None` without alerts. New alerts
    /// can only raise it; adding them up (`history::add_up`) relies on that.
    pub fn of_alerts(alerts: impl IntoIterator<Item = Self>) -> Option<Self> {
        alerts.into_iter().max()
    }

    /// Highest first, as pickers list them.
    pub const HIGHEST_FIRST: [Self; 4] = [Self::High, Self::Medium, Self::Low, Self::Informational];

    /// 0 (informational) to 3 (high): what lists sort by.
    pub fn rank(self) -> i64 {
        self as i64
    }
}

crate::text_enum! {
    /// Where an incident's severity comes from; only an automatic one follows its alerts (R6).
    pub enum SeveritySource {
        Automatic = "automatic" / "Automatic",
        Custom = "custom" / "Set manually",
        Imported = "imported" / "Imported",
    }
}
