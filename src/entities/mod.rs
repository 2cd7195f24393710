//! entities

pub mod importance;
