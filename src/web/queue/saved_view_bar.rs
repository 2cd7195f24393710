//! The bar of views above a list: built-in views, the person's own, and those that others share.

use crate::accounts::preferences::{Preference, Preferences};
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::queue::saved_views::View;
use crate::queue::saved_views::built_in::BuiltInView;
use crate::web::shared::queue_links::explicit_href;

/// Most views in the bar; the page of views lists all.
const MAX_VIEWS: usize = 24;

/// The link to a view.
#[derive(Debug, Clone)]
pub struct ViewLink {
    /// Its key in preferences and counts.
    pub key: String,
    pub name: String,
    pub href: String,
    /// The list shows it.
    pub current: bool,
}

/// The key of the view without a filter.
pub const PLAIN_KEY: &str = "plain";

/// Which preference names the view that a list begins with.
pub fn default_of(list: List) -> Option<Preference> {
    match list {
        List::Incidents => Some(Preference::View),
        List::Alerts => Some(Preference::AlertView),
        List::AlertsOf(_) => None,
    }
}

/// The default, then people's views, then the built-in ones. The view that the person begins with is
/// moved to the front. A list without a default view has no views.
pub fn links(views: &[View], preferences: &Preferences, shown: &Filter) -> Vec<ViewLink> {
    let link = |key: String, name: &str, filter: &Filter| ViewLink {
        current: is_shown(filter, shown),
        href: explicit_href(filter),
        name: name.to_owned(),
        key,
    };
    let list = shown.list;
    let Some(default) = default_of(list) else { return Vec::new() };
    let plain = link(PLAIN_KEY.to_owned(), "Default", &Filter::of(list));
    let built_in = BuiltInView::ALL
        .iter()
        .filter_map(|view| Some(link(view.as_str().to_owned(), view.label(), &view.filter(list)?)));
    let stored = views.iter().map(|view| link(view.id.to_string(), &view.name, &view.filter()));
    let mut all: Vec<ViewLink> = std::iter::once(plain).chain(stored).chain(built_in).collect();
    if let Some(place) = preferences.get(default).and_then(|key| all.iter().position(|view| view.key == key)) {
        let first = all.remove(place);
        all.insert(0, first);
    }
    // Of several views with the same filter one is shown.
    let mut is_marked = false;
    for view in &mut all {
        view.current &= !is_marked;
        is_marked |= view.current;
    }
    all.truncate(MAX_VIEWS);
    all
}

/// Whether two filters find the same rows, whatever their order, columns and page size.
fn is_shown(view: &Filter, shown: &Filter) -> bool {
    let comparable =
        Filter { sort: view.sort.clone(), limit: view.limit, columns: view.columns.clone(), ..shown.clone() };
    comparable == *view
}
