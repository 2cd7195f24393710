//! The Attack story tab as its template shows it.

use crate::incidents::story::lanes::lanes;
use crate::incidents::story::read::{ALERTS, Story};
use crate::incidents::story::rows::{length, rows};
use crate::text::{range, thousands};
use crate::web::incident::story::facts::{BeginningView, ChipView, chosen, severities};
use crate::web::incident::story::graph::GraphView;
use crate::web::incident::story::lanes::LanesView;
use crate::web::incident::story::query::StoryQuery;
use crate::web::incident::story::rows::{PAGE, RowView, row_views};
use crate::web::incident::story::told::{ToldView, left_out, told};
use crate::web::shared::time_format::{ShownTime, Zone};

/// The tab.
#[derive(Debug, Clone)]
pub struct StoryView {
    pub ignored: Vec<String>,
    /// That only the first alerts were read, and the address of those after them.
    pub cut: Option<(String, String)>,
    /// "17 minutes", of what is shown.
    pub lasted: Option<(ShownTime, ShownTime, String)>,
    /// Present where the whole story is shown.
    pub beginning: Option<BeginningView>,
    pub severities: Vec<ChipView>,
    pub chosen: Vec<ChipView>,
    /// The story without filters, where there are some.
    pub everything: Option<String>,
    pub lanes: LanesView,
    pub rows: Vec<RowView>,
    /// "1 to 100 of 412" of a story of several pages.
    pub range: Option<String>,
    pub first_href: Option<String>,
    pub next_href: Option<String>,
    pub graph: GraphView,
    pub told: Vec<ToldView>,
    pub left_out: Option<String>,
    /// The address of the story as it is shown.
    pub here: String,
}

impl StoryView {
    pub fn new(mut asked: StoryQuery, story: &Story, zone: &Zone) -> Self {
        asked.ignore_unknown(story);
        let shown = asked.chosen.of(story);
        let all = rows(story, &shown);
        asked.ignore_beyond(all.len());
        let views = row_views(&asked, story, &all, zone);
        let end = asked.skip + views.len();
        let page = |skip: usize| asked.at(|other| other.skip = skip);
        let ends = all.first().zip(all.iter().map(|row| row.last).max());
        Self {
            cut: story.alerts.last().filter(|_| story.is_cut).map(|last| {
                let later = asked.with(|other| other.within.from = Some(last.first));
                (format!("Only the first {} alerts are shown.", thousands(ALERTS)), later)
            }),
            lasted: ends.map(|(row, last)| (zone.show(row.first), zone.show(last), length(last - row.first))),
            beginning: if asked.is_narrowed() { None } else { BeginningView::new(story, zone) },
            severities: severities(&asked, story),
            chosen: chosen(&asked, story, zone),
            everything: asked.is_narrowed().then(|| StoryQuery::of(asked.incident).href()),
            lanes: LanesView::new(&asked, story, lanes(story, &shown, asked.lanes), zone),
            range: (views.len() < all.len()).then(|| range(asked.skip, end, all.len())),
            first_href: (asked.skip > 0).then(|| page(0)),
            next_href: (end < all.len()).then(|| page(asked.skip + PAGE)),
            graph: GraphView::new(&asked, story, &all, zone),
            told: told(&asked, story, &all, zone),
            left_out: left_out(&asked, story, &all, zone),
            here: asked.href(),
            rows: views,
            ignored: asked.ignored,
        }
    }
}
