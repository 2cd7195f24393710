//! What holds for every page: times in the viewer's zone, and hostile text shown as text.

mod hostile_text;
mod time_zones;
