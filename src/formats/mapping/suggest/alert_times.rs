//! Suggests the times of an alert.

use crate::formats::mapping::document_field::{Field, Lines};
use crate::formats::mapping::suggest::alert_fields::Sample;
use crate::formats::mapping::suggest::path::Path;
use crate::formats::mapping::suggest::sample::SampleValue;
use crate::formats::mapping::suggest::time_names::{
    FIRST_ACTIVITY, LAST_ACTIVITY, LAST_ENDINGS, LATER, NEVER, OF_SUBJECTS, TIME_ENDINGS,
};
use crate::formats::mapping::suggest::values::{self, time_format};

/// Names of times of activity also where they stand in a list.
const TIMES_IN_LISTS: [&str; 2] = ["start", "matcheddatetime"];

impl Sample<'_> {
    /// The first activity: by its name, in two members, or by its look.
    pub(super) fn first_activity(&self, core: &str) -> Option<Field> {
        self.time(FIRST_ACTIVITY, core).or_else(|| self.date_and_time()).or_else(|| self.any_time())
    }

    /// One in the member `core` that holds the record of an envelope goes first.
    fn time(&self, names: &[&str], core: &str) -> Option<Field> {
        let found = self.best(|entry, path| {
            let rank = rank_of_time(path, names)?;
            let of_record = !path.in_list || TIMES_IN_LISTS.contains(&path.last());
            let of_other = path.is_of_other_subject() || path.subject().is_some();
            let format = time_format(&entry.example).filter(|_| of_record && !of_other)?;
            // A day without its year goes last.
            let without_year = format.contains("%d") && !format.contains("%Y");
            let outside = usize::from(!entry.pointer.starts_with(core));
            Some((usize::from(without_year), outside, rank, path.depth()))
        });
        self.time_field(found)
    }

    /// The last activity, beside the first or in a member of the alert itself: an indicator is last seen elsewhere.
    pub(super) fn last_activity(&self, core: &str) -> Option<Field> {
        let owner_of = |field: Field| {
            let first = field.from.0.into_iter().next()?;
            Some(first.rsplit_once('/')?.0.to_owned())
        };
        let owner = self.first_activity(core).and_then(owner_of).unwrap_or_default();
        self.time(LAST_ACTIVITY, core).filter(|field| {
            field.from.0.first().is_some_and(|last| {
                Path::of(last).depth() == 0 || last.rsplit_once('/').is_some_and(|(of, _)| of == owner)
            })
        })
    }

    /// A day and a time of day in two members, such as "date" and "time" or "event_date" and "event_time", with
    /// the offset of their zone if a third has it.
    fn date_and_time(&self) -> Option<Field> {
        let mut dates = self.entries.iter().filter(|entry| entry.pointer.to_ascii_lowercase().ends_with("date"));
        dates.find_map(|date| self.time_beside(date))
    }

    fn time_beside(&self, date: &SampleValue) -> Option<Field> {
        let start = date.pointer.get(..date.pointer.len() - "date".len())?;
        let owner = date.pointer.rsplit_once('/').map_or("", |(owner, _)| owner);
        let time = self
            .entries
            .iter()
            .find(|entry| entry.pointer.strip_prefix(start).is_some_and(|rest| rest.eq_ignore_ascii_case("time")))?;
        let zone = self.entries.iter().find(|entry| entry.pointer == format!("{owner}/tz"));
        let zone = zone.filter(|zone| zone.example.starts_with(['+', '-']));
        let whole = format!("{}T{}{}", date.example, time.example, zone.map_or("", |zone| &zone.example));
        let zone = zone.map(|zone| format!("{{{}}}", zone.pointer)).unwrap_or_default();
        let from = format!("{{{}}}T{{{}}}{zone}", date.pointer, time.pointer);
        let time = time_format(&whole)?.to_owned();
        Some(Field { from: Lines(vec![from]), time, ..Field::default() })
    }

    /// A time by its look, where its name says nothing: of the record before one of an item, and one that is no end
    /// or change before others. One of a device, or of when something expires, is none.
    fn any_time(&self) -> Option<Field> {
        let times = self.entries.iter().filter(|entry| {
            let path = Path::of(&entry.pointer);
            let other = path.is_of_other_subject() || path.subject().is_some() || is_of_subject(path.last());
            let never = NEVER.iter().any(|word| path.last().starts_with(word));
            !other && !never && time_format(&entry.example).is_some()
        });
        let found = times.min_by_key(|entry| {
            let path = Path::of(&entry.pointer);
            let later = LATER.iter().any(|word| path.last().starts_with(word));
            (path.in_list, later)
        })?;
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
}

/// Whether the name of a time begins with that of a device, a user or a file.
fn is_of_subject(name: &str) -> bool {
    OF_SUBJECTS.iter().any(|subject| name.starts_with(subject))
}

/// The rank of a name of a time; what is called "first" is a first activity whatever follows, and what ends with
/// "last seen" a last activity.
pub(super) fn rank_of_time(path: &Path, names: &[&str]) -> Option<usize> {
    let last = path.last();
    let bare = TIME_ENDINGS.iter().find_map(|ending| last.strip_suffix(ending));
    let listed = |name: &str| names.iter().position(|known| *known == name);
    let first = listed("firstseen").filter(|_| last.contains("first"));
    let latest = listed("lastseen").filter(|_| LAST_ENDINGS.iter().any(|ending| last.ends_with(ending)));
    path.rank(names).or_else(|| listed(bare?)).or(first.or(latest).filter(|_| !is_of_subject(last)))
}
