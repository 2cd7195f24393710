//! The format by which a body is read.

use std::sync::Arc;

use crate::formats::adapter::Adapter;
use crate::formats::mapping::compile::Mapping;
use crate::formats::registry::{self, ADAPTERS};

/// The format by which a body is read.
#[derive(Debug, Clone, Default)]
pub enum Format {
    /// The adapter is chosen for each record.
    #[default]
    Auto,
    Named(&'static Adapter),
    /// Read by a mapping of the settings.
    Mapped(Arc<Mapping>),
}

impl Format {
    /// Every name that [`Format::parse`] takes, for help texts and error messages.
    pub fn names() -> Vec<&'static str> {
        registry::names()
    }

    /// Its name in `?format=`: an adapter's, a mapping's, or "auto".
    pub fn name(&self) -> &str {
        match self {
            Self::Auto => "auto",
            Self::Named(adapter) => adapter.name,
            Self::Mapped(mapping) => &mapping.name,
        }
    }

    /// Reads one of [`Format::names`].
    pub fn parse(name: &str) -> Option<Self> {
        if name == "auto" {
            return Some(Self::Auto);
        }
        ADAPTERS.iter().find(|adapter| adapter.name == name).map(Self::Named)
    }
}
