//! The filter of the audit log, as its form and its addresses have it.

use actix_web::HttpRequest;

use crate::audit::{Activity, By, Filter};
use crate::error::FieldErrors;
use crate::web::shared::query;
use crate::web::shared::time_format::Zone;

/// The fields, in the order of the form.
const FIELDS: [&str; 5] = ["activity", "by", "target", "from", "to"];

/// What was typed, what it means, and what of it cannot be understood.
#[derive(Debug, Default)]
pub struct Asked {
    typed: Vec<(&'static str, String)>,
    pub filter: Filter,
    pub errors: FieldErrors,
}

impl Asked {
    pub fn of(request: &HttpRequest, zone: &Zone) -> Self {
        let mut asked = Self::default();
        for field in FIELDS {
            let typed = query::value(request, field).unwrap_or_default().trim().to_owned();
            if !typed.is_empty() {
                asked.read(field, &typed, zone);
                asked.typed.push((field, typed));
            }
        }
        asked
    }

    fn read(&mut self, field: &'static str, typed: &str, zone: &Zone) {
        let filter = &mut self.filter;
        let understood = match field {
            "activity" => set(&mut filter.activity, Activity::parse(typed)),
            "by" => set(&mut filter.by, By::parse(typed)),
            "from" => set(&mut filter.since, zone.read(typed, false)),
            "to" => set(&mut filter.until, zone.read(typed, true)),
            _ => set(&mut filter.target, Some(typed.to_owned())),
        };
        if !understood {
            let example = if matches!(field, "from" | "to") {
                "Enter a date such as 2026-07-31."
            } else {
                "Choose from the list."
            };
            self.errors.add(field, example);
        }
    }

    /// What was typed into a field.
    pub fn typed(&self, field: &str) -> &str {
        self.typed.iter().find(|(known, _)| *known == field).map(|(_, typed)| typed.as_str()).unwrap_or_default()
    }

    /// The pairs of an address with this filter.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.typed.iter().map(|(field, typed)| (*field, typed.as_str()))
    }

    pub fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }
}

/// Sets a part of the filter; false where it could not be read.
fn set<T>(part: &mut Option<T>, read: Option<T>) -> bool {
    *part = read;
    part.is_some()
}
