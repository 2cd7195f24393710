//! alerts

pub mod overview;
