//! The sections of the management pane, in the order and state in which a person keeps them.

use crate::accounts::ordering;

crate::text_enum! {
    /// A section of the management pane. The order here is the one that everybody begins with.
    pub enum Section {
        Manage = "manage" / "Manage incident",
        Alerts = "alerts" / "Alerts",
        Assets = "assets" / "Impacted assets",
        Comments = "comments" / "Comments and history",
        Priority = "priority" / "Priority",
        Details = "details" / "Incident details",
    }
}

impl Section {
    /// Whether it is open for somebody who has not chosen. Why an incident has its priority is asked now and then.
    fn is_open_at_first(self) -> bool {
        self != Self::Priority
    }
}

/// A section, and whether it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    pub section: Section,
    pub open: bool,
}

/// All sections in a person's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaneLayout(Vec<Placed>);

/// Marks a closed section in the stored text.
const CLOSED: char = '-';

impl PaneLayout {
    /// Reads a stored choice such as `alerts,-priority`. Sections that it lacks come after the one that they
    /// follow at first, so that a section of a later version has a place; unknown ones are left out.
    pub fn parse(text: &str) -> Self {
        let mut placed: Vec<Placed> = Vec::new();
        for part in text.split(',') {
            let Some(section) = Section::parse(part.trim_start_matches(CLOSED)) else { continue };
            if placed.iter().all(|known| known.section != section) {
                placed.push(Placed { section, open: !part.starts_with(CLOSED) });
            }
        }
        let mut before: Option<Section> = None;
        for section in Section::ALL.iter().copied() {
            if placed.iter().all(|known| known.section != section) {
                let after = before.and_then(|before| placed.iter().position(|known| known.section == before));
                let place = after.map_or(0, |index| index + 1);
                placed.insert(place, Placed { section, open: section.is_open_at_first() });
            }
            before = Some(section);
        }
        Self(placed)
    }

    /// What is stored; empty if it is the layout that everybody begins with.
    pub fn as_text(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        let part = |placed: &Placed| {
            let mark = if placed.open { String::new() } else { CLOSED.to_string() };
            mark + placed.section.as_str()
        };
        self.0.iter().map(part).collect::<Vec<_>>().join(",")
    }

    pub fn sections(&self) -> &[Placed] {
        &self.0
    }

    pub fn is_open(&self, section: Section) -> bool {
        self.0.iter().any(|placed| placed.section == section && placed.open)
    }

    /// Opens or closes a section.
    pub fn set_open(&mut self, section: Section, open: bool) {
        for placed in self.0.iter_mut().filter(|placed| placed.section == section) {
            placed.open = open;
        }
    }

    /// Opens these sections and closes all others.
    pub fn open_only(&mut self, open: &[Section]) {
        for placed in &mut self.0 {
            placed.open = open.contains(&placed.section);
        }
    }

    /// Moves a section by one place, not beyond the ends.
    pub fn shift(&mut self, section: Section, up: bool) {
        ordering::shift(&mut self.0, |placed| placed.section == section, up);
    }
}

impl Default for PaneLayout {
    fn default() -> Self {
        Self::parse("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(layout: &PaneLayout) -> Vec<&'static str> {
        layout.sections().iter().map(|placed| placed.section.as_str()).collect()
    }

    #[test]
    fn a_layout_is_read_as_it_was_stored() {
        let mut layout = PaneLayout::default();
        assert_eq!(layout.as_text(), "", "what everybody has is not stored");
        layout.shift(Section::Details, true);
        layout.set_open(Section::Alerts, false);
        assert_eq!(layout.as_text(), "manage,-alerts,assets,comments,details,-priority");
        assert_eq!(PaneLayout::parse(&layout.as_text()), layout);
    }

    #[test]
    fn a_section_moves_by_one_place_and_not_beyond_the_ends() {
        let mut layout = PaneLayout::default();
        layout.shift(Section::Manage, true);
        layout.shift(Section::Details, false);
        assert_eq!(layout, PaneLayout::default());
    }

    #[test]
    fn a_section_that_was_unknown_when_the_choice_was_stored_has_its_place() {
        let layout = PaneLayout::parse("details,comments,nonsense,manage,-manage");
        assert_eq!(names(&layout), ["details", "comments", "priority", "manage", "alerts", "assets"]);
    }
}
