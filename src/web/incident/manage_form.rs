//! The form that manages an incident, on its page and in the pane: the values of its fields, or what was
//! typed into a form that was refused, with the errors and conflicts.

use std::collections::BTreeMap;

use crate::error::FieldErrors;
use crate::incidents::overview::Overview;
use crate::incidents::tags;
use crate::model::conflict::Conflict;
use crate::model::field::Field;
use crate::model::follow_up::date;
use crate::model::incident::{Incident, NameSource, Status};
use crate::model::severity::{Severity, SeveritySource};
use crate::model::tag::Tag;
use crate::model::user::User;
use crate::web::shared::choices::{Choice, ChoiceGroup, choice, classifications, owners};
use crate::web::shared::field_conflict::FieldConflict;
use crate::web::shared::form::{Submitted, classification_error};
use crate::web::shared::paths;

/// Most typed tags that are compared with those that others changed: twice what an incident has.
const MOST_TAGS: usize = 2 * tags::COUNT_LIMIT;

/// A tag as a checkbox: unchecking removes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagChoice {
    pub name: String,
    pub checked: bool,
}

/// The form, ready for its template.
#[derive(Debug, Clone)]
pub struct ManageForm {
    pub action: String,
    pub return_to: String,
    pub csrf: String,
    pub revision: i64,
    pub name: String,
    pub name_source: NameSource,
    pub severities: Vec<Choice>,
    pub statuses: Vec<Choice>,
    pub note: String,
    pub classifications: Vec<ChoiceGroup>,
    pub owners: Vec<Choice>,
    /// A date: "2026-11-28".
    pub follow_up: String,
    pub tags: Vec<TagChoice>,
    pub system_tags: Vec<String>,
    /// Text typed into the tag field that is not a tag yet.
    pub typed_tags: String,
    pub known_tags: Vec<String>,
    pub errors: FieldErrors,
    pub conflicts: Vec<FieldConflict>,
}

impl ManageForm {
    /// The form with the values of the incident.
    pub fn new(overview: &Overview, known_tags: &[Tag], return_to: String, csrf: String) -> Self {
        let incident = &overview.incident;
        let value = |field| field_value(incident, overview.owner.as_ref(), field).unwrap_or_default();
        Self {
            action: paths::incident(incident.id),
            return_to,
            csrf,
            revision: incident.revision,
            name: value(Field::Name),
            name_source: incident.name_source,
            severities: severities(&value(Field::Severity), incident.severity),
            statuses: statuses(&value(Field::Status)),
            note: value(Field::ResolvingNote),
            classifications: classifications(&value(Field::Classification)),
            owners: owners(overview.people.values(), &value(Field::AssignedTo)),
            follow_up: value(Field::FollowUp),
            tags: overview
                .tags
                .iter()
                .filter(|tag| !tag.system)
                .map(|tag| TagChoice { name: tag.name.clone(), checked: true })
                .collect(),
            system_tags: overview.tags.iter().filter(|tag| tag.system).map(|tag| tag.name.clone()).collect(),
            typed_tags: String::new(),
            known_tags: known_tags.iter().filter(|tag| !tag.system).map(|tag| tag.name.clone()).collect(),
            errors: FieldErrors::default(),
            conflicts: Vec::new(),
        }
    }

    /// Replaces the values by what was typed, for a form that was refused with errors.
    #[must_use]
    pub fn with_typed(mut self, form: &Submitted, errors: FieldErrors) -> Self {
        self.fill_in(form, |_| true);
        self.revision = form.revision().unwrap_or(self.revision);
        self.errors = errors;
        self
    }

    /// For a form that was refused because others changed the incident meanwhile. Fields that this person
    /// did not change get the new values; the others keep what was typed. Saving again applies it.
    #[must_use]
    pub fn with_conflict(mut self, form: &Submitted, conflict: &Conflict) -> Self {
        let edit = form.edit();
        let current = self.values();
        let is_edited = |field: Field| match (edit.value(field), conflict.before(field)) {
            (Some(typed), Some(before)) => typed != before,
            (Some(_), None) => true,
            (None, _) => false,
        };
        self.fill_in(form, |field| field != Field::Tags && is_edited(field));
        let tag_edits = self.merge_tags(form, conflict);
        self.conflicts = conflict
            .changes
            .iter()
            .map(|change| FieldConflict {
                who: change.who.clone(),
                sentence: change.sentence.clone(),
                field: change.field.label(),
                yours: edit
                    .value(change.field)
                    .filter(|typed| change.field != Field::Tags && *typed != change.before)
                    .filter(|typed| current.get(&change.field) != Some(typed))
                    .map(|typed| self.label_of(change.field, &typed))
                    .or_else(|| {
                        (change.field == Field::Tags).then(|| tag_edits.clone()).filter(|edits| !edits.is_empty())
                    }),
            })
            .collect();
        self
    }

    /// The values of the fields; tags have no single value.
    fn values(&self) -> BTreeMap<Field, String> {
        let value = |field| match field {
            Field::Name => Some(self.name.clone()),
            Field::ResolvingNote => Some(self.note.clone()),
            Field::FollowUp => Some(self.follow_up.clone()),
            Field::Severity | Field::Status | Field::AssignedTo | Field::Classification => {
                let chosen = self.choices(field).into_iter().find(|choice| choice.selected);
                Some(chosen.map(|choice| choice.value.clone()).unwrap_or_default())
            }
            Field::Tags => None,
        };
        Field::ALL.iter().filter_map(|field| Some((*field, value(*field)?))).collect()
    }

    /// The options of a field; none for text fields.
    fn choices(&self, field: Field) -> Vec<&Choice> {
        match field {
            Field::Severity => self.severities.iter().collect(),
            Field::Status => self.statuses.iter().collect(),
            Field::AssignedTo => self.owners.iter().collect(),
            Field::Classification => self.classifications.iter().flat_map(|group| &group.choices).collect(),
            Field::Name | Field::ResolvingNote | Field::Tags | Field::FollowUp => Vec::new(),
        }
    }

    /// A value as its control shows it: of a select, the label.
    fn label_of(&self, field: Field, value: &str) -> String {
        let known = self.choices(field).into_iter().find(|choice| choice.value == value);
        known.map_or_else(|| value.to_owned(), |choice| choice.label.clone())
    }

    /// Applies this person's changes of tags to the present tags. Returns them as text: "add a; remove b".
    fn merge_tags(&mut self, form: &Submitted, conflict: &Conflict) -> String {
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        let typed: Vec<&str> = form
            .all("tags")
            .into_iter()
            .flat_map(|text| text.split(','))
            .map(str::trim)
            .filter(|tag| !tag.is_empty())
            .take(MOST_TAGS)
            .collect();
        if form.get("tags").is_none() {
            return String::new();
        }
        // The tags that the form was rendered with: the present ones without the changes since.
        let mut base: Vec<String> = self.tags.iter().map(|tag| tag.name.clone()).collect();
        for (name, was_added) in conflict.changes.iter().rev().filter_map(|change| change.tag.as_ref()) {
            if *was_added {
                base.retain(|known| !same(known, name));
            } else {
                base.push(name.clone());
            }
        }
        let removed: Vec<String> =
            base.iter().filter(|known| !typed.iter().any(|tag| same(tag, known))).cloned().collect();
        let added: Vec<&str> = typed.into_iter().filter(|tag| !base.iter().any(|known| same(tag, known))).collect();
        for tag in &mut self.tags {
            tag.checked = !removed.iter().any(|name| same(name, &tag.name));
        }
        self.typed_tags = added.iter().filter(|tag| self.is_new_tag(tag)).copied().collect::<Vec<_>>().join(", ");
        let edits = |verb: &str, names: String| if names.is_empty() { None } else { Some(format!("{verb} {names}")) };
        [edits("add", added.join(", ")), edits("remove", removed.join(", "))]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn is_new_tag(&self, typed: &str) -> bool {
        !typed.trim().is_empty() && !self.tags.iter().any(|tag| tag.name.eq_ignore_ascii_case(typed.trim()))
    }

    /// Takes the typed values of the fields for which `take` is true.
    fn fill_in(&mut self, form: &Submitted, take: impl Fn(Field) -> bool) {
        for field in Field::ALL.iter().copied().filter(|field| take(*field)) {
            let Some(typed) = form.get(field.as_str()) else { continue };
            match field {
                Field::Name => typed.clone_into(&mut self.name),
                Field::ResolvingNote => typed.clone_into(&mut self.note),
                Field::FollowUp => typed.clone_into(&mut self.follow_up),
                Field::Severity => select(&mut self.severities, typed),
                Field::Status => select(&mut self.statuses, typed),
                Field::AssignedTo => select(&mut self.owners, typed),
                Field::Classification => {
                    for group in &mut self.classifications {
                        select(&mut group.choices, typed);
                    }
                }
                Field::Tags => self.fill_in_tags(form),
            }
        }
    }

    fn fill_in_tags(&mut self, form: &Submitted) {
        let typed = form.all("tags");
        if typed.is_empty() {
            return;
        }
        for tag in &mut self.tags {
            tag.checked = typed.contains(&tag.name.as_str());
        }
        let new: Vec<&str> = typed.into_iter().filter(|tag| self.is_new_tag(tag)).collect();
        self.typed_tags = new.join(", ");
    }

    /// Whether to offer "Use the automatic name".
    pub fn can_use_automatic_name(&self) -> bool {
        self.name_source != NameSource::Automatic
    }

    /// The error of a field; empty if there is none.
    pub fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    pub fn classification_error(&self) -> &str {
        classification_error(&self.errors)
    }
}

/// The value of a field of an incident, as its control has it; none for tags, which have a checkbox each.
pub fn field_value(incident: &Incident, owner: Option<&User>, field: Field) -> Option<String> {
    Some(match field {
        Field::Name => incident.name.clone(),
        Field::Severity if incident.severity_source == SeveritySource::Automatic => "automatic".to_owned(),
        Field::Severity => incident.severity.as_str().to_owned(),
        Field::Status => incident.status.as_str().to_owned(),
        Field::ResolvingNote => incident.resolving_note.clone().unwrap_or_default(),
        Field::Classification => incident.outcome().form_value(),
        Field::AssignedTo => owner.map(|user| user.name.clone()).unwrap_or_default(),
        Field::FollowUp => incident.follow_up_at.map(date).unwrap_or_default(),
        Field::Tags => return None,
    })
}

fn select(choices: &mut [Choice], value: &str) {
    for choice in choices {
        choice.selected = choice.value == value;
    }
}

fn severities(selected: &str, current: Severity) -> Vec<Choice> {
    let automatic = if selected == "automatic" { format!("{current} (auto)") } else { "Automatic".to_owned() };
    let fixed =
        Severity::HIGHEST_FIRST.into_iter().map(|severity| choice(severity.as_str(), severity.label(), selected));
    std::iter::once(choice("automatic", automatic, selected)).chain(fixed).collect()
}

fn statuses(selected: &str) -> Vec<Choice> {
    [Status::Active, Status::InProgress, Status::Resolved]
        .into_iter()
        .map(|status| choice(status.as_str(), status.label(), selected))
        .collect()
}
