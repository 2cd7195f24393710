//! The story in sentences: what the timeline shows, for reading and for whoever does not see the graph.

use crate::clock;
use crate::incidents::story::read::Story;
use crate::incidents::story::rows::{Row, length};
use crate::text::{capitalised, thousands};
use crate::web::incident::story::names::where_and_who;
use crate::web::incident::story::query::StoryQuery;
use crate::web::incident::story::rows::PAGE;
use crate::web::shared::paths;
use crate::web::shared::time_format::{ShownTime, Zone};

/// A sentence: "3 minutes later", a time, a title with its link, and the rest.
#[derive(Debug, Clone)]
pub struct ToldView {
    /// Empty for the first.
    pub after: String,
    pub at: ShownTime,
    /// With its day where the line before is of another.
    pub time: String,
    pub title: String,
    pub href: String,
    /// " on mb-adfs by gsmith, 12 times until 10:50".
    pub rest: String,
}

/// The sentences of a page of the timeline.
pub fn told(asked: &StoryQuery, story: &Story, rows: &[Row], zone: &Zone) -> Vec<ToldView> {
    let before = asked.skip.checked_sub(1).and_then(|place| rows.get(place));
    let mut previous = before.map(|row| row.first);
    let mut told = Vec::new();
    for row in rows.iter().skip(asked.skip).take(PAGE) {
        told.extend(sentence(story, row, previous, zone));
        previous = Some(row.first);
    }
    told
}

fn sentence(story: &Story, row: &Row, previous: Option<i64>, zone: &Zone) -> Option<ToldView> {
    let opening = row.opening(story)?;
    let later = |before: i64| match row.first - before {
        since if since < clock::SECOND => "At the same time".to_owned(),
        since => format!("{} later", capitalised(&length(since))),
    };
    let repeats = match row.alerts.len() {
        1 if opening.occurrences > 1 => format!(", seen {} times", thousands(opening.occurrences)),
        1 => String::new(),
        times if row.last - row.first < clock::MINUTE => format!(", {} times", thousands(times)),
        times => format!(", {} times in {}", thousands(times), length(row.last - row.first)),
    };
    let at = zone.show(row.first);
    let same_day = previous.is_some_and(|before| zone.show(before).day == at.day);
    Some(ToldView {
        after: previous.map(later).unwrap_or_default(),
        time: if same_day { zone.time_of_day(row.first) } else { at.text.clone() },
        at,
        title: opening.title.clone(),
        href: paths::alert(opening.id),
        rest: format!("{}{repeats}.", where_and_who(story, opening)),
    })
}

/// What the sentences of a page leave out, in one: "130 more are on the next pages. ...".
pub fn left_out(asked: &StoryQuery, story: &Story, rows: &[Row], zone: &Zone) -> Option<String> {
    let last = rows.last().filter(|_| rows.len() > PAGE)?;
    let ending = last.opening(story)?;
    let after = rows.len().saturating_sub(asked.skip + PAGE);
    Some(match after {
        0 => format!("{} are on the pages before this one.", thousands(asked.skip)),
        after => format!(
            "{} more are on the next pages. The last is of {}: {}{}.",
            thousands(after),
            zone.show(last.first).text,
            ending.title,
            where_and_who(story, ending)
        ),
    })
}
