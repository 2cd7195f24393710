//! Suggests the fields of an alert from the pointers of a sample.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::formats::building::attack;
use crate::formats::mapping::document_field::{Field, Lines};
use crate::formats::mapping::pointer::{Pointer, ReadContext};
use crate::formats::mapping::suggest::alert_names::{
    AMBIGUOUS, FIRST_ACTIVITY, ID, LAST_ACTIVITY, OTHERS, SEVERITY, STATUS, TECHNIQUE_WORDS, TITLE,
};
use crate::formats::mapping::suggest::path::Path;
use crate::formats::mapping::suggest::sample::SampleValue;
use crate::formats::mapping::suggest::values::{self, is_path, time_format};

/// Most pointers of one field.
const ALTERNATIVES_MAX: usize = 3;
/// Greatest depth of a further alternative of a field.
const FALLBACK_DEPTH_MAX: usize = 1;

/// Names of times of activity also where they stand in a list.
const TIMES_IN_LISTS: [&str; 2] = ["start", "matcheddatetime"];

/// Members that hold the record in an envelope around one.
const WRAPPERS: [&str; 9] = ["data", "detail", "event", "result", "finding", "payload", "body", "record", "alert"];

/// What the suggestions are made from.
pub(super) struct Sample<'a> {
    pub entries: &'a [SampleValue],
    pub records: &'a [Value],
}

/// How well a pointer fits; the smallest is the best.
type Score = (usize, usize, usize, usize);

impl Sample<'_> {
    /// The field of an alert by its name in a mapping; `None` when nothing fits.
    pub fn field(&self, key: &str, title: &str) -> Option<Field> {
        match key {
            "title" => plain(self.title()),
            "severity" => self.severity(),
            "id" => plain(self.id(title)),
            "firstActivity" => self.time(FIRST_ACTIVITY).or_else(|| self.date_and_time()).or_else(|| self.any_time()),
            "lastActivity" => self.time(LAST_ACTIVITY),
            "status" => self.status(),
            "techniques" => plain(self.techniques()),
            _ => {
                let (_, names) = OTHERS.iter().find(|(known, _)| *known == key)?;
                plain(self.best(|entry, path| {
                    let rank = path.rank(names).filter(|_| fits_owner(path, names))?;
                    Some((usize::from(path.in_list), rank, path.depth(), 0)).filter(|_| !entry.example.is_empty())
                }))
            }
        }
    }

    /// A name for people goes before a path; an item of a list only where the record has no title itself.
    fn title(&self) -> Vec<String> {
        let score = |in_list: bool| {
            move |entry: &SampleValue, path: &Path| {
                let rank = path.rank_of_alert(TITLE)?;
                let text = entry.example.as_str();
                let is_word = matches!(path.last(), "category" | "types") && !text.contains([' ', ':', '_']);
                let fits = path.in_list == in_list
                    && !path.is_of_other_subject()
                    && (in_list || fits_owner(path, TITLE))
                    && text.parse::<f64>().is_err()
                    && time_format(text).is_none();
                let spaces = usize::from(!text.contains(' '));
                fits.then(|| {
                    (
                        usize::from(is_path(text) || values::is_unfilled(text)) + usize::from(is_word),
                        rank,
                        path.depth(),
                        spaces,
                    )
                })
            }
        };
        let of_record = self.best(score(false));
        if !of_record.is_empty() {
            return of_record;
        }
        self.best(score(true)).into_iter().map(|pointer| pointer.replace("/*/", "/0/")).collect()
    }

    /// An id is different in every record and belongs to the alert; one beside the title goes first.
    fn id(&self, title: &str) -> Vec<String> {
        let core = core_of(title);
        let usable = |pointer: &str| Pointer::parse(pointer).is_ok_and(|pointer| is_distinct(&pointer, self.records));
        self.best(|entry, path| {
            let rank = path.rank(ID)?;
            let of_rule = path.owners().iter().any(|owner| matches!(owner.as_str(), "rule" | "ruleinfo" | "model"));
            // A name is an id only where it is the path of the record itself.
            let is_name = path.last() == "name" && !(is_path(&entry.example) && entry.pointer.starts_with(core));
            let is_sid = path.last() == "sid" && entry.example.starts_with("S-1-");
            let fits = path.belongs_to_alert() && !of_rule && !is_name && !is_sid && usable(&entry.pointer);
            let outside = usize::from(!entry.pointer.starts_with(core));
            fits.then(|| {
                (
                    usize::from(is_path(&entry.example) && entry.example.contains('/')),
                    outside,
                    rank,
                    path.owners().len(),
                )
            })
        })
    }

    /// A word goes before a number; a number gets the table of its scale.
    fn severity(&self) -> Option<Field> {
        let found = self.best(|entry, path| {
            let of_score = path.last().ends_with("score").then_some(2 * SEVERITY.len());
            let rank = path.rank_of_alert(SEVERITY).or(of_score)?;
            let fits = !path.in_list
                && !path.is_of_other_subject()
                && fits_owner(path, SEVERITY)
                && values::is_severity(&entry.example);
            let number = entry.example.parse::<f64>().is_ok();
            let kind = if values::is_severity_word(&entry.example) { 0 } else { 2 - usize::from(number) };
            fits.then(|| (kind, usize::from(!path.belongs_to_alert()), rank, path.depth()))
        });
        let first = found.first()?.clone();
        let of_signature = self.entries.iter().any(|entry| {
            let path = Path::of(&entry.pointer);
            path.belongs_to_alert() && path.last().starts_with("signature")
        });
        let path = Path::of(&first);
        let seen = self.texts(&first);
        let table = values::severity_table(path.last(), &seen, of_signature);
        Some(Field { from: Lines(vec![first]), table, ..Field::default() })
    }

    fn status(&self) -> Option<Field> {
        let found = self.best(|entry, path| {
            let rank = path.rank(STATUS)?;
            let fits = path.belongs_to_alert() && values::is_status(&entry.example);
            fits.then(|| (rank, path.depth(), 0, 0))
        });
        let first = found.first()?.clone();
        let table = values::status_table(&self.texts(&first));
        Some(Field { from: Lines(vec![first]), table, ..Field::default() })
    }

    fn time(&self, names: &[&str]) -> Option<Field> {
        let found = self.best(|entry, path| {
            let rank = path.rank(names)?;
            let of_record = !path.in_list || TIMES_IN_LISTS.contains(&path.last());
            let fits = of_record && !path.is_of_other_subject() && time_format(&entry.example).is_some();
            fits.then(|| (rank, path.depth(), 0, 0))
        });
        self.time_field(found)
    }

    /// A day and a time of day in two members, with the offset of their zone if a third has it.
    fn date_and_time(&self) -> Option<Field> {
        let at = |name: &str| self.entries.iter().find(|entry| entry.pointer == name).map(|entry| &entry.example);
        let (date, time) = (at("/date")?, at("/time")?);
        let zone = at("/tz").filter(|zone| zone.starts_with(['+', '-']));
        let whole = format!("{date}T{time}{}", zone.map_or("", String::as_str));
        let from = if zone.is_some() { "{/date}T{/time}{/tz}" } else { "{/date}T{/time}" };
        (time_format(&whole) == Some("")).then(|| Field::of(&[from]))
    }

    /// A time by its look, where its name says nothing.
    fn any_time(&self) -> Option<Field> {
        let of_record = |entry: &&SampleValue| !entry.pointer.contains("/*/") && time_format(&entry.example).is_some();
        let of_item = |entry: &&SampleValue| time_format(&entry.example).is_some();
        let found = self.entries.iter().find(of_record).or_else(|| self.entries.iter().find(of_item))?;
        self.time_field(vec![found.pointer.clone()])
    }

    /// All alternatives of one field have the format of the first.
    fn time_field(&self, mut pointers: Vec<String>) -> Option<Field> {
        let format_at = |pointer: &str| {
            let entry = self.entries.iter().find(|entry| entry.pointer == pointer)?;
            time_format(&entry.example)
        };
        let first = pointers.first()?.clone();
        if let Some(format) = self.format_beside(&first) {
            return Some(Field { from: Lines(vec![first]), time: format, ..Field::default() });
        }
        let format = format_at(&first)?;
        pointers.retain(|pointer| format_at(pointer) == Some(format));
        Some(Field { from: Lines(pointers), time: format.to_owned(), ..Field::default() })
    }

    /// The pattern of a time whose format is told by a member beside it: "devTimeFormat" of "devTime".
    fn format_beside(&self, pointer: &str) -> Option<String> {
        let entry = self.entries.iter().find(|entry| entry.pointer == format!("{pointer}Format"))?;
        let pattern = values::strptime_pattern(&entry.example);
        let example = &self.entries.iter().find(|entry| entry.pointer == pointer)?.example;
        values::is_read_by(&pattern, example).then_some(pattern)
    }

    /// Members with the ids of techniques go before those that only are called so.
    fn techniques(&self) -> Vec<String> {
        self.best(|entry, path| {
            let name = format!("{}{}", path.owners().concat(), path.last());
            let named = TECHNIQUE_WORDS.iter().any(|word| name.contains(word));
            let ids = !attack::techniques_in(&entry.example).is_empty();
            (ids && named).then(|| (usize::from(path.last().contains("sub")), path.depth(), 0, 0))
        })
    }

    /// The best pointers by their scores. A further pointer is added only when it finds something in records
    /// where the others find nothing.
    fn best(&self, score: impl Fn(&SampleValue, &Path) -> Option<Score>) -> Vec<String> {
        let mut ranked: Vec<(Score, &str, usize)> = self
            .entries
            .iter()
            .filter_map(|entry| {
                let path = Path::of(&entry.pointer);
                Some((score(entry, &path)?, entry.pointer.as_str(), path.depth()))
            })
            .collect();
        ranked.sort_by_key(|(score, _, _)| *score);
        let mut without: Vec<&Value> = self.records.iter().collect();
        let mut chosen: Vec<String> = Vec::new();
        for (_, text, depth) in ranked {
            let Ok(pointer) = Pointer::parse(text) else { continue };
            if chosen.len() >= ALTERNATIVES_MAX || (!chosen.is_empty() && depth > FALLBACK_DEPTH_MAX) {
                continue;
            }
            let before = without.len();
            without.retain(|record| pointer.texts(ReadContext::new(record)).is_empty());
            if without.len() < before {
                chosen.push(text.to_owned());
            }
        }
        chosen
    }

    fn texts(&self, pointer: &str) -> Vec<String> {
        let Ok(pointer) = Pointer::parse(pointer) else { return Vec::new() };
        self.records.iter().flat_map(|record| pointer.texts(ReadContext::new(record))).collect()
    }
}

fn plain(pointers: Vec<String>) -> Option<Field> {
    (!pointers.is_empty()).then(|| Field { from: Lines(pointers), ..Field::default() })
}

/// Whether a name that many subjects have is of the alert itself.
fn fits_owner(path: &Path, names: &[&str]) -> bool {
    let vague = AMBIGUOUS.contains(&path.last());
    let two = path.owners().last().map(|owner| format!("{owner}{}", path.last())).unwrap_or_default();
    !vague || path.belongs_to_alert() || names.contains(&two.as_str())
}

/// The pointer to the member of an envelope that holds the title: "/detail" of "/detail/title".
fn core_of(title: &str) -> &str {
    let end = title.rmatch_indices('/').map(|(at, _)| at).find(|at| {
        let owner = title.get(..*at).and_then(|before| before.rsplit('/').next()).unwrap_or_default();
        WRAPPERS.contains(&owner.to_lowercase().as_str())
    });
    end.and_then(|end| title.get(..end)).unwrap_or_default()
}

/// Whether every record has a different value there, as ids have.
fn is_distinct(pointer: &Pointer, records: &[Value]) -> bool {
    let ids: Vec<String> =
        records.iter().filter_map(|record| pointer.texts(ReadContext::new(record)).into_iter().next()).collect();
    let distinct: BTreeSet<&String> = ids.iter().collect();
    // "EventID": 4625 is the type of an event.
    let kind = |id: &String| id.len() <= 5 && pointer.as_str().to_lowercase().ends_with("eventid");
    distinct.len() == ids.len() && !ids.iter().any(kind)
}
