//! How a body is to be read.

use std::sync::Arc;

use crate::formats::adapter::Adapter;
use crate::formats::mapping::compile::Mapping;
use crate::formats::registry::{self, ADAPTERS};

/// How a body is to be read.
#[derive(Debug, Clone, Default)]
pub enum Format {
    /// Look at each record and decide.
    #[default]
    Auto,
    Named(&'static Adapter),
    /// By a mapping of the settings.
    Mapped(Arc<Mapping>),
}

impl Format {
    /// Every name that [`Format::parse`] takes, for help texts and error messages.
    pub fn names() -> Vec<&'static str> {
        registry::names()
    }

    /// As `?format=` names it: an adapter's name, a mapping's, or "auto".
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
