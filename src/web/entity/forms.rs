//! The forms of the page of an entity: note, importance, tags and comment.

use crate::entities::known_to_us::KnownToUs;
use crate::model::importance::{Importance, is_asset};
use crate::web::entity::refused::{Act, Refused};
use crate::web::shared::choices::TagChoice;

/// The forms for what people say of it, with what was typed into one that was refused.
pub(super) struct FormsView {
    /// The levels of importance that it can have; none where it can have none.
    pub levels: &'static [Importance],
    pub note_typed: String,
    pub note_error: String,
    pub known_tags: Vec<String>,
    pub tags: Vec<TagChoice>,
    pub tags_typed: String,
    pub tags_error: String,
    pub comment_typed: String,
    pub comment_error: String,
}

impl FormsView {
    pub fn new(kind: &str, known: &KnownToUs, known_tags: Vec<String>, refused: Option<&Refused>) -> Self {
        let of = |act: Act| refused.filter(|refused| refused.act == act);
        let error = |act: Act| of(act).map(|refused| refused.error.clone()).unwrap_or_default();
        let wanted = of(Act::Tags).map(|refused| refused.form.all("tags"));
        let tags = &known.tags;
        let is_new = |text: &&str| !text.trim().is_empty() && !tags.iter().any(|tag| tag == text);
        Self {
            levels: if is_asset(kind) { Importance::ALL } else { &[] },
            note_typed: of(Act::Note).map_or(&*known.note, |refused| refused.form.text("note")).to_owned(),
            note_error: error(Act::Note),
            known_tags,
            tags: tags
                .iter()
                .map(|tag| TagChoice {
                    checked: wanted.as_ref().is_none_or(|wanted| wanted.contains(&tag.as_str())),
                    name: tag.clone(),
                })
                .collect(),
            tags_typed: wanted.unwrap_or_default().into_iter().filter(is_new).collect::<Vec<_>>().join(", "),
            tags_error: error(Act::Tags),
            comment_typed: of(Act::Comment).map(|refused| refused.form.text("body").to_owned()).unwrap_or_default(),
            comment_error: error(Act::Comment),
        }
    }
}
