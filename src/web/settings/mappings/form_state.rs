//! What the mapping page shows in its form, and the buttons that change it without saving.

use crate::formats::mapping::compile::Mapping;
use crate::formats::mapping::document::Document;
use crate::formats::mapping::document_field::Field;
use crate::formats::mapping::problems::Problems;
use crate::formats::mapping::suggest::guess;
use crate::formats::readers::sample_json::json_of;
use crate::ingest::mappings::Draft;
use crate::web::settings::mappings::result::ResultView;
use crate::web::shared::time_format::Zone;

/// What the page shows in the form.
#[derive(Default)]
pub struct FormState {
    pub draft: Draft,
    pub problems: Problems,
    /// The heading of the problems, which says what was not done.
    pub refused: &'static str,
    /// The JSON that was to replace the form, and what is wrong with it.
    pub json: Option<(String, String)>,
    /// Show the result, or why there is none.
    pub try_it: bool,
    /// Fields were suggested: show the result even without a title.
    pub suggested: bool,
    pub revision: Option<i64>,
}

impl FormState {
    /// Replaces the form by JSON, unless the JSON has an error that the form cannot show.
    pub fn replace_by_json(&mut self, text: &str) {
        let document = Document::from_json(text).and_then(|document| {
            // The form has no field for these, so the errors could not be shown beside one.
            let has_no_field = |at: &str, message: &str| {
                message.starts_with("Unknown field") || at.split('.').next_back() == Some("kind")
            };
            let problems = Mapping::compile_to_try(&document).err().unwrap_or_default();
            let unknown =
                problems.iter().find(|(at, message)| has_no_field(at, message)).map(|(at, why)| format!("{at}: {why}"));
            unknown.map_or(Ok(document), Err)
        });
        match document {
            Ok(mut document) => {
                if document.name.is_empty() {
                    document.name.clone_from(&self.draft.document.name);
                }
                self.draft.document = document;
            }
            Err(why) => {
                self.refused = "The JSON was not applied.";
                self.json = Some((text.to_owned(), why));
            }
        }
    }

    /// Fills in the fields that the sample has a place for. Says what is wrong with the sample, and that a title is
    /// missing.
    pub fn suggest(&mut self) {
        if self.draft.sample.trim().is_empty() {
            self.problems.add("sample", "Paste a record first.");
            return;
        }
        let (json, problem) = json_of(&self.draft.sample);
        guess::fill_from_sample(&mut self.draft.document, &json);
        self.suggested = true;
        if let Some(why) = problem {
            self.problems.add("sample", why);
        } else if self.has_no_title() {
            self.problems.add("title", "No title was found. Enter its path, such as /rule/name, or a fixed text.");
        }
    }

    fn has_no_title(&self) -> bool {
        self.draft.document.fields.get("title").is_none_or(Field::is_empty)
    }

    /// What the suggested fields make of the sample, with a text in place of a title that was not found. Adds what
    /// is wrong with the other fields.
    fn try_suggestion(&mut self, problems: &Problems, zone: &Zone) -> Option<ResultView> {
        for (at, why) in problems.iter().filter(|(at, _)| at != "title") {
            self.problems.add(at.clone(), why.clone());
        }
        let mut document = self.draft.document.clone();
        if self.has_no_title() {
            document.fields.insert("title".to_owned(), Field::of(&["=No title yet"]));
        }
        let mapping = Mapping::compile_to_try(&document).ok()?;
        Some(ResultView::new(mapping, &self.draft.sample, zone))
    }

    /// What the mapping makes of the sample. If it was to be tried and cannot be, adds the reasons.
    pub fn try_on_sample(&mut self, zone: &Zone) -> Option<ResultView> {
        let has_sample = !self.draft.sample.trim().is_empty();
        if self.try_it && !has_sample {
            self.problems.add("sample", "Paste a record first.");
        }
        match Mapping::compile_to_try(&self.draft.document) {
            _ if !has_sample => None,
            Ok(mapping) => Some(ResultView::new(mapping, &self.draft.sample, zone)),
            Err(problems) if self.suggested => self.try_suggestion(&problems, zone),
            Err(problems) => {
                if self.try_it {
                    self.problems = problems;
                    self.refused = "The mapping cannot be tried yet.";
                }
                None
            }
        }
    }
}
