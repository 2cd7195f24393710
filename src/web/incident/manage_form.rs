//! The form that manages an incident, on its page and in the pane: the values of its fields, or what was
//! typed into a form that was refused, with the errors and conflicts.

use crate::error::FieldErrors;
use crate::incidents::overview::Overview;
use crate::model::field::Field;
use crate::model::follow_up::date;
use crate::model::incident::{Incident, NameSource, Status};
use crate::model::severity::{Severity, SeveritySource};
use crate::model::tag::Tag;
use crate::model::user::User;
use crate::web::shared::choices::{Choice, ChoiceGroup, TagChoice, choice, classifications, owners};
use crate::web::shared::field_conflict::FieldConflict;
use crate::web::shared::form::{Submitted, classification_error};
use crate::web::shared::paths;

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

    /// The options of a field; none for text fields.
    pub(super) fn choices(&self, field: Field) -> Vec<&Choice> {
        match field {
            Field::Severity => self.severities.iter().collect(),
            Field::Status => self.statuses.iter().collect(),
            Field::AssignedTo => self.owners.iter().collect(),
            Field::Classification => self.classifications.iter().flat_map(|group| &group.choices).collect(),
            Field::Name | Field::ResolvingNote | Field::Tags | Field::FollowUp => Vec::new(),
        }
    }

    /// A value as its control shows it: of a select, the label. An empty name asks for the automatic one.
    pub(super) fn label_of(&self, field: Field, value: &str) -> String {
        if field == Field::Name && value.is_empty() {
            return "the automatic name".to_owned();
        }
        let known = self.choices(field).into_iter().find(|choice| choice.value == value);
        known.map_or_else(|| value.to_owned(), |choice| choice.label.clone())
    }

    pub(super) fn is_new_tag(&self, typed: &str) -> bool {
        !typed.trim().is_empty() && !self.tags.iter().any(|tag| tag.name.eq_ignore_ascii_case(typed.trim()))
    }

    /// Takes the typed values of the fields for which `take` is true.
    pub(super) fn fill_in(&mut self, form: &Submitted, take: impl Fn(Field) -> bool) {
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
