//! Repeats of the same detection on the same assets are one alert with a count.
//!
//! Reading order: `settings` (for how long, by source, and what pages list), `series` (which alert
//! counts which repeats), `counting` (one more occurrence).

mod counting;
pub mod series;
pub mod settings;
