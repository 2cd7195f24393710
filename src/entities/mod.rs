//! Devices, users and other things that evidence names: what people say of them. May import history and
//! below.

pub mod importance;
