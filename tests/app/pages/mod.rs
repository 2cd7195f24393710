//! What holds for every page: addresses, times in the viewer's zone, and hostile text shown as text.

mod below_a_path;
mod errors;
mod head;
mod hostile_text;
mod time_zones;
