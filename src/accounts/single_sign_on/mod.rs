//! Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce, discovery, several providers. An
//! account is made at the first sign-in and found by issuer and subject afterwards; groups of the provider become its
//! role and its groups at every sign-in.

pub mod back_channel;
mod client;
pub mod flow;
pub mod group_rules;
pub mod matching;
pub mod providers;

pub use client::Metadata;
