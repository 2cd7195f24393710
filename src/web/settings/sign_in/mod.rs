//! /settings/sign-in: how people sign in, and identity providers. Only for administrators.

pub mod page;
pub mod provider;
