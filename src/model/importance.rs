//! How much an asset matters to the organisation.

/// What can be marked.
pub(crate) const ASSETS: [&str; 3] = ["device", "user", "mailbox"];

/// Whether entities of a kind are assets.
pub(crate) fn is_asset(kind: &str) -> bool {
    ASSETS.contains(&kind)
}

crate::text_enum! {
    /// How much an asset matters; what nobody marked is normal.
    #[derive(Default)]
    pub enum Importance {
        Low = "low" / "Low",
        #[default]
        Normal = "normal" / "Normal",
        High = "high" / "High",
        VeryHigh = "veryHigh" / "Very high",
    }
}
