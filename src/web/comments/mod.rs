//! What serves everybody who writes and reads comments: `/mentions`, `/people.json` for the names, the preview of a
//! comment, and who is writing one.

pub mod editing;
pub mod mentions;
pub mod people;
pub mod preview;
