//! Who may come in, and what each role may do.

mod disabling;
mod guessing;
mod permissions;
mod sessions;
mod signing_in;
