//! The manage form after others changed the incident meanwhile: their changes beside this person's (R13).

use std::collections::BTreeMap;

use crate::incidents::tags;
use crate::model::conflict::Conflict;
use crate::model::field::Field;
use crate::operations::edit_incident::Edit;
use crate::web::incident::manage_form::ManageForm;
use crate::web::shared::field_conflict::FieldConflict;
use crate::web::shared::form::Submitted;

/// Most typed tags that are compared with those that others changed: twice what an incident has.
const MOST_TAGS: usize = 2 * tags::COUNT_LIMIT;

impl ManageForm {
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
        let theirs = conflict.changes.iter().map(|change| FieldConflict {
            who: change.who.clone(),
            sentence: change.sentence.clone(),
            field: change.field.label(),
            yours: edit
                .value(change.field)
                .filter(|typed| change.field != Field::Tags && *typed != change.before)
                .filter(|typed| current.get(&change.field) != Some(typed))
                .map(|typed| self.label_of(change.field, &typed))
                .or_else(|| (change.field == Field::Tags).then(|| tag_edits.clone()).filter(|edits| !edits.is_empty())),
        });
        let alone = self.changed_alone(&edit, conflict, &current, &tag_edits);
        self.conflicts = theirs.chain(alone).collect();
        self
    }

    /// The fields that this person changed and nobody else did. Saving again saves them too.
    fn changed_alone(
        &self,
        edit: &Edit,
        conflict: &Conflict,
        current: &BTreeMap<Field, String>,
        tag_edits: &str,
    ) -> Vec<FieldConflict> {
        let yours = |field: Field| match field {
            Field::Tags => Some(tag_edits.to_owned()).filter(|edits| !edits.is_empty()),
            // Browsers send texts with line ends of their own.
            _ => edit
                .value(field)
                .filter(|typed| current.get(&field).is_some_and(|now| !is_same_text(typed, now)))
                .map(|typed| self.label_of(field, &typed)),
        };
        let is_theirs = |field: Field| conflict.changes.iter().any(|change| change.field == field);
        let changed = Field::ALL.iter().filter(|field| !is_theirs(**field));
        let changed = changed.filter_map(|field| Some((field.label(), yours(*field)?)));
        changed.map(|(field, yours)| FieldConflict { field, yours: Some(yours), ..FieldConflict::default() }).collect()
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
}

fn is_same_text(one: &str, other: &str) -> bool {
    one.trim().lines().eq(other.trim().lines())
}
