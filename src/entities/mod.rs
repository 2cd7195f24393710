//! Devices, users and other entities of evidence, and their importance. May import history and
//! below.

pub mod importance;
