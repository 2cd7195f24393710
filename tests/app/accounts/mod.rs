//! Who may come in, and what each role may do.

mod disabling;
mod guessing;
mod permissions;
mod signing_in;
