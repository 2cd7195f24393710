//! /setup, /login, /logout, /join and /account: first setup, signing in and out, one-time links, one's own account.

mod begin_session;
mod continue_sign_in;
pub mod join;
pub mod oidc;
pub mod own;
pub mod passkey;
pub mod second_factor;
pub mod set_up_second_factor;
pub mod setup;
pub mod sign_in;
mod small_form;
