//! What is true of every page: times in the viewer's zone, text that is never markup.

mod hostile_text;
mod time_zones;
