//! Suggests the fields of an alert from the pointers of a sample.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::formats::building::attack;
use crate::formats::building::terms::normalized;
use crate::formats::mapping::document_field::{Field, Lines, Pairs};
use crate::formats::mapping::pointer::{Pointer, ReadContext};
use crate::formats::mapping::suggest::alert_names::{
    ATTACK_WORDS, ID, NO_TITLES, OTHERS, STATUS, TECHNIQUE_WORDS, TITLE, TITLE_ENDINGS,
};
use crate::formats::mapping::suggest::evidence_rules::names_device_or_user;
use crate::formats::mapping::suggest::member_names::{AMBIGUOUS, WHAT_FOUND_IT};
use crate::formats::mapping::suggest::path::Path;
use crate::formats::mapping::suggest::sample::SampleValue;
use crate::formats::mapping::suggest::values::{self, is_path, time_format};

/// Most pointers of one field.
const ALTERNATIVES_MAX: usize = 3;
/// Greatest depth of a further alternative of a field.
const FALLBACK_DEPTH_MAX: usize = 1;

/// Members whose single words are kinds instead of titles.
const WORDS: [&str; 6] = ["category", "type", "types", "alerttype", "attacktype", "detectiontype"];

/// Members with a sentence about the alert.
const SENTENCES: [&str; 5] = ["title", "headline", "summary", "description", "message"];

/// Members that hold the record in an envelope around one.
const WRAPPERS: [&str; 10] =
    ["data", "detail", "event", "result", "finding", "payload", "body", "record", "alert", "message"];

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
            "firstActivity" => self.first_activity(core_of(title)),
            "lastActivity" => self.last_activity(core_of(title)),
            "status" => self.status(),
            "category" => self.category(),
            "techniques" => plain(self.techniques()),
            _ => plain(self.other(key)),
        }
    }

    fn other(&self, key: &str) -> Vec<String> {
        let names = OTHERS.iter().find(|(known, _)| *known == key).map_or(&[][..], |(_, names)| names);
        self.best(|entry, path| {
            let rank = path.rank(names).filter(|_| fits_owner(path, names))?;
            Some((usize::from(path.in_list), rank, path.depth(), 0)).filter(|_| !entry.example.is_empty())
        })
    }

    /// The types of a finding are paths, such as "TTPs/Command and Control/Backdoor": the tactic in it, or its first part.
    fn category(&self) -> Option<Field> {
        let mut field = plain(self.other("category"))?;
        let seen: BTreeSet<String> = field.from.0.iter().flat_map(|pointer| self.texts(pointer)).collect();
        let row = |text: String| {
            let parts: Vec<&str> = text.split('/').collect();
            let tactic = parts.iter().find_map(|part| attack::tactic(part));
            let ours = tactic.or(parts.first().copied()).unwrap_or_default().to_owned();
            (text, ours)
        };
        field.table =
            Pairs(seen.into_iter().filter(|text| text.contains('/') && !text.contains("://")).map(row).collect());
        Some(field)
    }

    /// A name for people goes before a path; an item of a list only where the record has no title itself. Where
    /// no name is known it is the nearest text whose name ends as those of titles do.
    fn title(&self) -> Vec<String> {
        let score = |in_list: bool| {
            move |entry: &SampleValue, path: &Path| {
                let rank =
                    if path.owners().is_empty() && path.last() == "title" { 0 } else { path.rank_of_alert(TITLE)? };
                let fits = path.in_list == in_list && fits_owner_or_list(path) && is_title(entry, path);
                let text = entry.example.as_str();
                let is_word = WORDS.contains(&path.last()) && is_one_word(text);
                let unclear = usize::from(is_path(text) || values::is_unfilled(text)) + usize::from(is_word);
                let lists = entry.pointer.matches("/*/").count();
                fits.then(|| (unclear, 1_000 * lists + rank, path.depth(), usize::from(!text.contains(' '))))
            }
        };
        let by_ending = |entry: &SampleValue, path: &Path| {
            let rank = TITLE_ENDINGS.iter().position(|ending| path.last().ends_with(ending))?;
            let of_entity = names_device_or_user(path, &entry.example);
            (!path.in_list && !of_entity && is_title(entry, path)).then(|| (path.depth(), rank, 0, 0))
        };
        let own = self.best(score(false));
        let listed = self.best(score(true));
        let is_kind = |pointer: &String| {
            WORDS.contains(&Path::of(pointer).last()) && self.texts(pointer).iter().all(|text| is_one_word(text))
        };
        // A sentence in a list says more than the kind of the record.
        let is_sentence = |pointer: &String| SENTENCES.contains(&Path::of(pointer).last());
        let better = own.first().is_some_and(is_kind) && listed.first().is_some_and(is_sentence);
        let found = if better { [listed, own, Vec::new()] } else { [own, listed, self.best(by_ending)] };
        let found = found.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        found.into_iter().map(|pointer| pointer.replace("/*/", "/0/")).collect()
    }

    /// An id is different in every record and belongs to the alert; one beside the title goes first.
    fn id(&self, title: &str) -> Vec<String> {
        let core = core_of(title);
        let usable = |pointer: &str| Pointer::parse(pointer).is_ok_and(|pointer| is_distinct(&pointer, self.records));
        self.best(|entry, path| {
            let rank = path.rank(ID)?;
            let of_rule = path.owners().iter().any(|owner| WHAT_FOUND_IT.contains(&owner.as_str()));
            // A name is an id only where it is the path or the GUID of the record itself.
            let is_name =
                path.last().ends_with("name") && !(is_path(&entry.example) && entry.pointer.starts_with(core));
            // The "sid" of a person and that of a signature.
            let is_sid = path.last() == "sid" && (entry.example.starts_with("S-1-") || is_number(&entry.example));
            let own = !of_rule && !is_name && !is_sid && !self.is_further_id(&entry.pointer);
            let fits = path.belongs_to_alert() && own && entry.pointer != title;
            let outside = usize::from(!entry.pointer.starts_with(core));
            let long = usize::from(is_path(&entry.example) && entry.example.contains('/'));
            (fits && usable(&entry.pointer)).then(|| (outside, long, rank, path.owners().len()))
        })
    }

    /// Whether an id of the same name stands nearer, in a member around it that is no envelope: "/match/uuid" before
    /// "/match/event/uuid".
    fn is_further_id(&self, pointer: &str) -> bool {
        let Some((owner, name)) = pointer.rsplit_once('/') else { return false };
        let around = owner.match_indices('/').skip(1).filter_map(|(at, _)| owner.get(..at));
        let own = around.filter(|around| {
            let member = around.rsplit('/').next().unwrap_or_default().to_lowercase();
            !WRAPPERS.contains(&member.as_str())
        });
        own.map(|around| format!("{around}/{name}")).any(|near| self.entries.iter().any(|entry| entry.pointer == near))
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
    pub(super) fn best(&self, score: impl Fn(&SampleValue, &Path) -> Option<Score>) -> Vec<String> {
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

    pub(super) fn texts(&self, pointer: &str) -> Vec<String> {
        let Ok(pointer) = Pointer::parse(pointer) else { return Vec::new() };
        self.records.iter().flat_map(|record| pointer.texts(ReadContext::new(record))).collect()
    }
}

fn plain(pointers: Vec<String>) -> Option<Field> {
    (!pointers.is_empty()).then(|| Field { from: Lines(pointers), ..Field::default() })
}

/// Whether a name that many subjects have is of the alert itself.
pub(super) fn fits_owner(path: &Path, names: &[&str]) -> bool {
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

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a title is of the alert or of an item of a list, where a label is that of a tag or a person.
fn fits_owner_or_list(path: &Path) -> bool {
    if path.in_list { path.last() != "label" } else { fits_owner(path, TITLE) }
}

fn is_one_word(text: &str) -> bool {
    !text.contains([' ', ':', '_'])
}

/// Whether a text may be a title: words of the alert itself, not the name of a technique.
fn is_title(entry: &SampleValue, path: &Path) -> bool {
    let text = entry.example.as_str();
    let says = text.chars().any(char::is_alphabetic) && !NO_TITLES.contains(&normalized(text).as_str());
    !path.is_of_other_subject() && !is_of_technique(path) && says && time_format(text).is_none()
}

/// Whether a member is of a tactic or a technique, or of a list of them or of tags.
fn is_of_technique(path: &Path) -> bool {
    let has = |name: &str, words: &[&str]| words.iter().any(|word| name.contains(word));
    has(path.last(), &ATTACK_WORDS)
        || path.owners().iter().any(|owner| has(owner, &ATTACK_WORDS) || path.in_list && has(owner, &TECHNIQUE_WORDS))
}

/// Whether every record has a different value there, as ids have.
fn is_distinct(pointer: &Pointer, records: &[Value]) -> bool {
    let ids: Vec<String> =
        records.iter().filter_map(|record| pointer.texts(ReadContext::new(record)).into_iter().next()).collect();
    let distinct: BTreeSet<&String> = ids.iter().collect();
    // "EventID": 4625 is the type of an event, and "logid": "0419016384" that of a line of a log.
    let name = normalized(pointer.as_str().rsplit('/').next().unwrap_or_default());
    let kind =
        |id: &String| (id.len() <= 5 && name == "eventid") || (id.len() <= 16 && is_number(id) && name == "logid");
    distinct.len() == ids.len() && !ids.iter().any(kind)
}
