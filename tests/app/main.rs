//! The product as its users meet it: one binary, the real server, a real database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::missing_panics_doc)]

mod support;

mod alerts_page;
mod assigning;
mod classifying;
mod commands;
mod comments;
mod conflicts;
mod correlating;
mod hostile;
mod importing;
mod ingesting;
mod live;
mod moving_alerts;
mod naming;
mod permissions;
mod queue;
mod rebuilding;
mod resolving;
mod severities;
mod signing_in;
mod storage;
mod tagging;
mod times;
