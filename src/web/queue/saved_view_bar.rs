//! The views above the queue: ready-made ones, one's own, those that others share.

use crate::accounts::preferences::{Preference, Preferences};
use crate::queue::filter::Filter;
use crate::queue::saved_views::View;
use crate::queue::saved_views::built_in::BuiltInView;
use crate::web::shared::queue_links::explicit_href;

/// Views that stand in the bar; the page of views has all.
const IN_BAR: usize = 24;

/// A view's link.
#[derive(Debug, Clone)]
pub struct ViewLink {
    /// What a preference and a count call it.
    pub key: String,
    pub name: String,
    pub href: String,
    /// It is what the queue shows.
    pub current: bool,
}

/// What a preference and a count call the view that asks nothing.
pub const PLAIN_KEY: &str = "plain";

/// The plain default first, then the ready-made ones, then people's.
pub fn links(views: &[View], preferences: &Preferences, shown: &Filter) -> Vec<ViewLink> {
    let link = |key: String, name: &str, filter: &Filter| ViewLink {
        current: is_shown(filter, shown),
        href: explicit_href(filter),
        name: name.to_owned(),
        key,
    };
    let plain = link(PLAIN_KEY.to_owned(), "Default", &Filter::default());
    let ready = BuiltInView::ALL.iter().map(|view| link(view.as_str().to_owned(), view.label(), &view.filter()));
    let made = views.iter().map(|view| link(view.id.to_string(), &view.name, &view.filter()));
    let mut all: Vec<ViewLink> = std::iter::once(plain).chain(made).chain(ready).collect();
    // What somebody begins with stands where they look first.
    if let Some(place) = preferences.get(Preference::View).and_then(|key| all.iter().position(|view| view.key == key)) {
        let first = all.remove(place);
        all.insert(0, first);
    }
    all.truncate(IN_BAR);
    all
}

/// Whether two filters find the same incidents: order, columns and page size aside.
fn is_shown(view: &Filter, shown: &Filter) -> bool {
    let bare = Filter { sort: view.sort.clone(), limit: view.limit, columns: view.columns.clone(), ..shown.clone() };
    bare == *view
}
