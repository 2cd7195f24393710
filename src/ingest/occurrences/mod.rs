//! The same detection on the same assets again and again is one alert with a count.
//!
//! Reading order: `settings` (for how long, by source, and what pages list), `series` (which alert
//! counts what), `counting` (one more occurrence).

mod counting;
pub mod series;
pub mod settings;
