//! alerts

pub mod lookup;
pub mod overview;
