//! The lists of the Evidence, Devices, Users and Mailboxes tabs: their parameters, and the links of their pages.

use actix_web::HttpRequest;

use crate::incidents::entity_list::{EntityList, Wanted};
use crate::text::range;
use crate::web::incident::entity_view::EntityView;
use crate::web::incident::page_parts::{Tab, href};
use crate::web::shared::process_tree_view::TreeView;
use crate::web::shared::query;

/// Longest text that is looked for.
const TEXT: usize = 200;
/// A list of assets with more than these can be searched.
const SEARCHED: usize = 10;

/// The kinds of evidence with the names of their lists, in the order of the links.
const KINDS: [(&str, &str); 12] = [
    ("file", "Files"),
    ("process", "Processes"),
    ("ip", "IP addresses"),
    ("url", "URLs"),
    ("mailMessage", "Emails"),
    ("registryKey", "Registry keys"),
    ("device", "Devices"),
    ("user", "Users"),
    ("mailbox", "Mailboxes"),
    ("cloudApplication", "Cloud applications"),
    ("cloudResource", "Cloud resources"),
    ("other", "Other"),
];

/// What the address of a tab asks for.
#[derive(Debug, Clone, Default)]
pub struct EntityQuery {
    pub wanted: Wanted,
    /// Parameters that are not followed, such as "kind=bogus".
    pub ignored: Vec<String>,
}

impl EntityQuery {
    pub fn read(request: &HttpRequest, tab: Tab) -> Self {
        let mut query = Self { wanted: Wanted { kinds: kinds_of(tab), ..Wanted::default() }, ..Self::default() };
        let typed = query::value(request, "q").unwrap_or_default();
        query.wanted.text = typed.trim().chars().take(TEXT).collect();
        if let Some(from) = query::value(request, "from") {
            query.wanted.skip = from.parse().unwrap_or(0);
        }
        for kind in query::value(request, "kind").into_iter().filter(|kind| tab == Tab::Evidence && !kind.is_empty()) {
            query.wanted.kind = KINDS.iter().map(|(known, _)| *known).find(|known| *known == kind);
            if query.wanted.kind.is_none() {
                query.ignored.push(format!("kind={}", kind.chars().take(TEXT).collect::<String>()));
            }
        }
        query
    }

    fn link(&self, tab: &str, kind: Option<&str>, text: &str, from: Option<usize>) -> String {
        let from = from.filter(|from| *from > 0).map(|from| from.to_string());
        let text = Some(text).filter(|text| !text.is_empty());
        let given = [("kind", kind), ("q", text), ("from", from.as_deref())];
        query::link(tab, given.into_iter().filter_map(|(name, value)| Some((name, value?))))
    }
}

/// The kinds of the assets of a tab; none for all kinds.
fn kinds_of(tab: Tab) -> &'static [&'static str] {
    match tab {
        Tab::Devices => &["device"],
        Tab::Users => &["user"],
        Tab::Mailboxes => &["mailbox"],
        _ => &[],
    }
}

/// A link to the evidence of one kind.
#[derive(Debug, Clone)]
pub struct KindLink {
    pub label: &'static str,
    pub count: usize,
    pub href: String,
    pub current: bool,
}

/// A list as the page shows it.
#[derive(Debug, Clone, Default)]
pub struct EntityListView {
    pub entities: Vec<EntityView>,
    pub kinds: Vec<KindLink>,
    pub ignored: Vec<String>,
    pub kind: Option<&'static str>,
    pub text: String,
    /// Whether it has a search field.
    pub is_searched: bool,
    /// The address of the tab without parameters, and of the list as it is shown.
    pub tab_href: String,
    pub here: String,
    /// Without the text.
    pub all_href: String,
    /// "101 to 200 of 412" of a list of several pages.
    pub range: Option<String>,
    pub first_href: Option<String>,
    pub next_href: Option<String>,
    /// What started what, where processes are listed.
    pub trees: Vec<TreeView>,
}

impl EntityListView {
    pub fn new(query: EntityQuery, list: &EntityList, tab: Tab, incident: i64, entities: Vec<EntityView>) -> Self {
        let tab_href = href(incident, tab);
        let link = |kind, text: &str, from| query.link(&tab_href, kind, text, from);
        let wanted = &query.wanted;
        let end = list.skipped + list.entities.len();
        let page = |from: Option<usize>| from.map(|from| link(wanted.kind, &wanted.text, Some(from)));
        Self {
            kinds: if tab == Tab::Evidence { kind_links(&query, list, &tab_href) } else { Vec::new() },
            kind: wanted.kind,
            is_searched: tab == Tab::Evidence && list.total > 0 || list.total > SEARCHED,
            here: link(wanted.kind, &wanted.text, Some(list.skipped)),
            all_href: link(wanted.kind, "", None),
            range: (list.entities.len() < list.found).then(|| range(list.skipped, end, list.found)),
            first_href: page(Some(0).filter(|_| list.skipped > 0)),
            next_href: page(Some(end).filter(|end| *end < list.found)),
            text: wanted.text.clone(),
            trees: Vec::new(),
            ignored: query.ignored,
            tab_href,
            entities,
        }
    }

    /// What an empty list says.
    pub fn nothing(&self) -> &'static str {
        if self.text.is_empty() && self.kind.is_none() { "None in this incident." } else { "Nothing matches." }
    }
}

/// All, then each kind that there is; the chosen kind also where a text leaves none of it.
fn kind_links(query: &EntityQuery, list: &EntityList, tab_href: &str) -> Vec<KindLink> {
    let wanted = &query.wanted;
    let link = |label, count, kind: Option<&'static str>| KindLink {
        label,
        count,
        href: query.link(tab_href, kind, &wanted.text, None),
        current: wanted.kind == kind,
    };
    let count = |kind: &str| list.kinds.iter().find(|(known, _)| known == kind).map_or(0, |(_, count)| *count);
    let all = link("All", list.kinds.iter().map(|(_, count)| count).sum(), None);
    let kinds = KINDS.iter().map(|(kind, label)| link(*label, count(kind), Some(*kind)));
    std::iter::once(all).chain(kinds.filter(|link| link.count > 0 || link.current)).collect()
}
