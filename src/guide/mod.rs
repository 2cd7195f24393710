//! The guide for people who change Watchdesk: what the product promises, what its words mean, and how a
//! request runs through the code. Documentation only; the text is in the Markdown files of this folder.

#[doc = include_str!("names.md")]
pub mod names {}

#[doc = include_str!("rules.md")]
pub mod rules {}

#[doc = include_str!("glossary.md")]
pub mod glossary {}

#[doc = include_str!("journeys.md")]
pub mod journeys {}

#[doc = include_str!("formats.md")]
pub mod formats {}
