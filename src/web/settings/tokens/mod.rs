//! /settings/tokens: the tokens of programs. Only for administrators.

pub mod list;
pub mod new;
pub mod rotate;
