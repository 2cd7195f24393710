//! GET /lessons/note: what the owner of a detection should know of it, as a text to send.

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::error::Error;
use crate::lessons::note::{Note, note};
use crate::lessons::{Asked, Days};
use crate::text::{counted, plural, source_label, thousands};
use crate::web::lessons::figures::{duration, in_words};
use crate::web::lessons::page::asked;
use crate::web::queue::strict_filter;
use crate::web::shared::defang::defanged;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::query;
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "lessons/note.html")]
struct NotePage {
    layout: Layout,
    title: String,
    source: String,
    text: String,
    /// Lessons of the same days.
    back: String,
}

impl NotePage {
    fn active(&self) -> &'static str {
        "lessons"
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let named = ["detectionTitle", "detectionFrom"];
    let (own, pairs): (Vec<_>, Vec<_>) =
        query::pairs(&request).into_iter().partition(|(name, _)| named.contains(&name.as_str()));
    let value = |name: &str| own.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let (title, source) = (value(named[0]).unwrap_or_default(), value(named[1]).unwrap_or_default());
    if title.is_empty() {
        return Ok(see_other("/lessons", None));
    }
    let (viewer, detection) = (layout.user.id, (source.clone(), title.clone()));
    let read = state.db.read(move |conn| {
        let (asked, ignored) = asked(conn, &pairs)?;
        strict_filter::refuse(&ignored, "")?;
        let note = note(conn, &asked, (&detection.0, &detection.1), viewer)?;
        Ok((note.ok_or(Error::NotFound)?, asked))
    });
    let (note, asked) = read.await?;
    let pairs = asked.to_pairs();
    let page = NotePage {
        text: text(&note, &asked),
        title,
        source: source_label(&source),
        back: query::link("/lessons", pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
        layout,
    };
    page.layout.page(StatusCode::OK, &page)
}

/// The note, defanged: it is sent by mail or chat.
fn text(note: &Note, asked: &Asked) -> String {
    let row = &note.row;
    let counts = row.counts;
    let mut text = format!(
        "Detection: {} ({})\nFrom {} to {}: {}",
        row.title,
        source_label(&row.source),
        Days::text(asked.days.first),
        Days::text(asked.days.last),
        counted(thousands(counts.total()), "alert"),
    );
    // Writing to a text cannot fail.
    if row.repeats > 0 {
        let _ = write!(text, " and {}", counted(thousands(row.repeats), "repeated detection"));
    }
    let _ = writeln!(text, " ({} in as many days before).", thousands(row.before));
    let classified = [
        (counts.true_positive, "true positive"),
        (counts.informational, "informational"),
        (counts.false_positive, "false positive"),
        (counts.not_set, "not classified"),
    ];
    let classified: Vec<String> =
        classified.iter().map(|(count, label)| format!("{} {label}", thousands(*count))).collect();
    let _ = writeln!(text, "Classified as: {}.", classified.join(", "));
    let share = row.false_positives.map_or_else(|| "too few are classified to say".to_owned(), in_words);
    let _ = writeln!(text, "Share of false positives: {share}.");
    if row.minutes > 0 {
        let _ = writeln!(text, "Harmless alerts took about {}.", duration(row.minutes));
    }
    if !asked.pairs.is_empty() {
        let pairs: Vec<String> = asked.pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let _ = writeln!(text, "Only of: {}.", pairs.join(", "));
    }
    if !note.assets.is_empty() {
        let _ = writeln!(text, "\nMost of them name:");
        for (name, alerts) in &note.assets {
            let _ = writeln!(text, "- {name}: {} {}", thousands(*alerts), plural(*alerts, "alert"));
        }
    }
    if !note.resolved.is_empty() {
        let _ = writeln!(text, "\nWhat analysts noted when they resolved incidents with it:");
        for one in &note.resolved {
            let day = Days::text(crate::model::lesson::day(one.at));
            let note = one.note.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(text, "- {day}, incident {}, {}: {note}", one.incident, one.outcome.label());
        }
    }
    defanged(&text)
}
