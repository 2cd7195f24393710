//! Repeats of the same detection on the same assets are one alert with a count.
//!
//! Reading order: `settings` (for how long, by source, and what pages list), `series` (which alert
//! counts which repeats), `load`, `counting` (one more occurrence), `folding` (two alerts that turn out to be one).

mod counting;
mod folding;
mod load;
pub mod series;
pub mod settings;
