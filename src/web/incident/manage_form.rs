//! The manage form, the same in pane, page, conflict answer and bulk bar: its fields with what
//! they hold, what was typed, and what is wrong with it.

use std::collections::BTreeMap;

use crate::error::FieldErrors;
use crate::incidents::overview::Overview;
use crate::model::conflict::Conflict;
use crate::model::field::Field;
use crate::model::incident::{NameSource, Status};
use crate::model::severity::{Severity, SeveritySource};
use crate::model::tag::Tag;
use crate::web::shared::choices::{Choice, ChoiceGroup, choice, classifications, owners};
use crate::web::shared::field_conflict::FieldConflict;
use crate::web::shared::form::Submitted;
use crate::web::shared::paths;

/// A tag as a tick box: unticking takes it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagChoice {
    pub name: String,
    pub checked: bool,
}

/// The form.
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
    pub tags: Vec<TagChoice>,
    pub system_tags: Vec<String>,
    /// Text typed into the tag field that is not a tag yet.
    pub typed_tags: String,
    pub known_tags: Vec<String>,
    pub errors: FieldErrors,
    pub clashes: Vec<FieldConflict>,
}

impl ManageForm {
    /// The form as the incident stands.
    pub fn new(overview: &Overview, known_tags: &[Tag], return_to: String, csrf: String) -> Self {
        let incident = &overview.incident;
        let severity = match incident.severity_source {
            SeveritySource::Automatic => "automatic",
            _ => incident.severity.as_str(),
        };
        let owner = overview.owner.as_ref().map(|user| user.name.clone()).unwrap_or_default();
        Self {
            action: paths::incident(incident.id),
            return_to,
            csrf,
            revision: incident.revision,
            name: incident.name.clone(),
            name_source: incident.name_source,
            severities: severities(severity, incident.severity),
            statuses: statuses(incident.status.as_str()),
            note: incident.resolving_note.clone().unwrap_or_default(),
            classifications: classifications(&incident.outcome().form_value()),
            owners: owners(overview.people.values(), &owner),
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
            clashes: Vec::new(),
        }
    }

    /// Puts what was typed over what stands, for a form that comes back with errors.
    #[must_use]
    pub fn with_typed(mut self, form: &Submitted, errors: FieldErrors) -> Self {
        self.put(form, |_| true);
        self.revision = form.revision().unwrap_or(self.revision);
        self.errors = errors;
        self
    }

    /// The answer to a stale save: what the others changed stands, unless this person had changed
    /// the same field, then what they typed does; both are shown. Saving it again applies it.
    #[must_use]
    pub fn with_conflict(mut self, form: &Submitted, conflict: &Conflict) -> Self {
        let edit = form.edit();
        let now = self.values();
        let touched = |field: Field| match (edit.value(field), conflict.before(field)) {
            (Some(typed), Some(before)) => typed != before,
            (Some(_), None) => true,
            (None, _) => false,
        };
        self.put(form, |field| field != Field::Tags && touched(field));
        let mine = self.put_tags_on_others(form, conflict);
        self.clashes = conflict
            .changes
            .iter()
            .map(|change| FieldConflict {
                who: change.who.clone(),
                sentence: change.sentence.clone(),
                field: change.field.label(),
                yours: edit
                    .value(change.field)
                    .filter(|typed| change.field != Field::Tags && *typed != change.before)
                    .filter(|typed| now.get(&change.field) != Some(typed))
                    .map(|typed| self.shown(change.field, &typed))
                    .or_else(|| (change.field == Field::Tags).then(|| mine.clone()).filter(|mine| !mine.is_empty())),
            })
            .collect();
        self
    }

    /// What the form's fields hold.
    fn values(&self) -> BTreeMap<Field, String> {
        let chosen = |choices: Vec<&Choice>| {
            choices.into_iter().find(|choice| choice.selected).map(|choice| choice.value.clone()).unwrap_or_default()
        };
        BTreeMap::from([
            (Field::Name, self.name.clone()),
            (Field::ResolvingNote, self.note.clone()),
            (Field::Severity, chosen(self.severities.iter().collect())),
            (Field::Status, chosen(self.statuses.iter().collect())),
            (Field::AssignedTo, chosen(self.owners.iter().collect())),
            (Field::Classification, chosen(self.classifications.iter().flat_map(|group| &group.choices).collect())),
        ])
    }

    /// A value as its control shows it.
    fn shown(&self, field: Field, value: &str) -> String {
        let choices: Vec<&Choice> = match field {
            Field::Severity => self.severities.iter().collect(),
            Field::Status => self.statuses.iter().collect(),
            Field::AssignedTo => self.owners.iter().collect(),
            Field::Classification => self.classifications.iter().flat_map(|group| &group.choices).collect(),
            Field::Name | Field::ResolvingNote | Field::Tags => Vec::new(),
        };
        let known = choices.into_iter().find(|choice| choice.value == value);
        known.map_or_else(|| value.to_owned(), |choice| choice.label.clone())
    }

    /// Applies this person's ticks and words to the tags as they stand now; returns them in words.
    fn put_tags_on_others(&mut self, form: &Submitted, conflict: &Conflict) -> String {
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        let typed: Vec<&str> = form
            .all("tags")
            .into_iter()
            .flat_map(|text| text.split(','))
            .map(str::trim)
            .filter(|tag| !tag.is_empty())
            .collect();
        if form.get("tags").is_none() {
            return String::new();
        }
        let mut base: Vec<String> = self.tags.iter().map(|tag| tag.name.clone()).collect();
        for (name, added) in conflict.changes.iter().rev().filter_map(|change| change.tag.as_ref()) {
            if *added {
                base.retain(|known| !same(known, name));
            } else {
                base.push(name.clone());
            }
        }
        let taken: Vec<String> =
            base.iter().filter(|known| !typed.iter().any(|tag| same(tag, known))).cloned().collect();
        let given: Vec<&str> = typed.into_iter().filter(|tag| !base.iter().any(|known| same(tag, known))).collect();
        for tag in &mut self.tags {
            tag.checked = !taken.iter().any(|name| same(name, &tag.name));
        }
        self.typed_tags = given.iter().filter(|tag| self.is_new_tag(tag)).copied().collect::<Vec<_>>().join(", ");
        let words = |verb: &str, names: String| if names.is_empty() { None } else { Some(format!("{verb} {names}")) };
        [words("add", given.join(", ")), words("remove", taken.join(", "))]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn is_new_tag(&self, typed: &str) -> bool {
        !typed.trim().is_empty() && !self.tags.iter().any(|tag| tag.name.eq_ignore_ascii_case(typed.trim()))
    }

    fn put(&mut self, form: &Submitted, take: impl Fn(Field) -> bool) {
        if let Some(name) = form.owned(Field::Name.as_str()).filter(|_| take(Field::Name)) {
            self.name = name;
        }
        if let Some(note) = form.owned(Field::ResolvingNote.as_str()).filter(|_| take(Field::ResolvingNote)) {
            self.note = note;
        }
        for (field, choices) in [
            (Field::Severity, &mut self.severities),
            (Field::Status, &mut self.statuses),
            (Field::AssignedTo, &mut self.owners),
        ] {
            if let Some(value) = form.get(field.as_str()).filter(|_| take(field)) {
                select(choices, value);
            }
        }
        if let Some(value) = form.get(Field::Classification.as_str()).filter(|_| take(Field::Classification)) {
            for group in &mut self.classifications {
                select(&mut group.choices, value);
            }
        }
        if take(Field::Tags) {
            self.put_tags(form);
        }
    }

    fn put_tags(&mut self, form: &Submitted) {
        let typed = form.all("tags");
        if typed.is_empty() {
            return;
        }
        for tag in &mut self.tags {
            tag.checked = typed.contains(&tag.name.as_str());
        }
        let fresh: Vec<&str> = typed.into_iter().filter(|tag| self.is_new_tag(tag)).collect();
        self.typed_tags = fresh.join(", ");
    }

    /// Whether "Use the automatic name" has anything to do.
    pub fn can_use_automatic_name(&self) -> bool {
        self.name_source != NameSource::Automatic
    }

    /// A message at a field, or nothing.
    pub fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    /// The message for classification: its determination travels in the same control.
    pub fn classification_error(&self) -> &str {
        self.errors.at("classification").or_else(|| self.errors.at("determination")).unwrap_or_default()
    }
}

fn select(choices: &mut [Choice], value: &str) {
    if choices.iter().any(|choice| choice.value == value) {
        for choice in choices {
            choice.selected = choice.value == value;
        }
    } else {
        for choice in choices {
            choice.selected = false;
        }
    }
}

fn severities(selected: &str, now: Severity) -> Vec<Choice> {
    let automatic = if selected == "automatic" { format!("Automatic ({now})") } else { "Automatic".to_owned() };
    let steps = Severity::HIGHEST_FIRST.into_iter().map(|step| choice(step.as_str(), step.label(), selected));
    std::iter::once(choice("automatic", automatic, selected)).chain(steps).collect()
}

fn statuses(selected: &str) -> Vec<Choice> {
    [Status::Active, Status::InProgress, Status::Resolved]
        .into_iter()
        .map(|status| choice(status.as_str(), status.label(), selected))
        .collect()
}
