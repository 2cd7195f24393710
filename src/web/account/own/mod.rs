//! /account: what people change of their own account.

pub mod authenticator;
mod confirm;
pub mod page;
pub mod passkeys;
pub mod password;
pub mod profile;
pub mod sessions;
pub mod tokens;
