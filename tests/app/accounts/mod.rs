//! Who may come in, and what each role may do.

mod disabling;
mod guessing;
mod names;
mod own_account;
mod people;
mod permissions;
mod second_factor;
mod sessions;
mod signing_in;
