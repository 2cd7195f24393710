//! Settings: where alerts come from and how they are read, grouped and hidden. Everybody who is
//! signed in may look; only administrators change.

pub mod mappings;
pub mod rejected;
pub mod rules;
pub mod sources;
