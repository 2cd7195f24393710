//! Looking at a page: what a selector finds, as texts, values and attributes.

use scraper::{ElementRef, Html, Selector};

/// A text with every run of blanks as one.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

/// The texts of everything that a selector finds.
pub fn texts(page: &Html, selector: &str) -> Vec<String> {
    select(page, selector).into_iter().map(|element| squeeze(&element.text().collect::<String>())).collect()
}

/// The text of the one thing that a selector finds first.
pub fn text(page: &Html, selector: &str) -> String {
    texts(page, selector).into_iter().next().unwrap_or_else(|| panic!("nothing is {selector}"))
}

/// The whole names of the entities in a list, however short it shows them.
pub fn whole_names(page: &Html, selector: &str) -> Vec<String> {
    let name = |cell: ElementRef<'_>| {
        let part = |selector: &str| cell.select(&Selector::parse(selector).unwrap()).next();
        let copied = part("button.copy").and_then(|button| button.attr("data-copy")).filter(|whole| !whole.is_empty());
        let value = part(".value").unwrap();
        let whole = copied.or(value.attr("title")).map(str::to_owned);
        whole.unwrap_or_else(|| squeeze(&value.text().collect::<String>()))
    };
    select(page, selector).into_iter().map(name).collect()
}

/// The value of a field.
pub fn value(page: &Html, selector: &str) -> String {
    attribute(page, selector, "value")
}

pub fn attribute(page: &Html, selector: &str, name: &str) -> String {
    select(page, selector)
        .first()
        .unwrap_or_else(|| panic!("nothing is {selector}"))
        .value()
        .attr(name)
        .unwrap_or_default()
        .to_owned()
}

/// A fact of a description list, by its term.
pub fn fact(page: &Html, term: &str) -> String {
    select(page, ".facts > div")
        .into_iter()
        .find_map(|row| {
            let part = |name: &str| {
                row.select(&Selector::parse(name).unwrap())
                    .next()
                    .map(|element| squeeze(&element.text().collect::<String>()))
            };
            (part("dt")? == term).then(|| part("dd"))?
        })
        .unwrap_or_else(|| panic!("no fact {term}"))
}

/// The names in the queue, in order.
pub fn queue_names(page: &Html) -> Vec<String> {
    texts(page, "table.queue tbody .col-name a")
}

/// The entries of a history without the time, the Undo button, the links of comments and the alerts listed in each.
pub fn entry_sentences(page: &Html) -> Vec<String> {
    let shown = |entry: ElementRef<'_>| {
        let of_entry = entry.descendants().filter_map(|node| {
            let left_out = node.ancestors().filter_map(ElementRef::wrap).any(|element| {
                let listed = Selector::parse(".entry-parts > ul, .entry-parts > summary:not(.own-words)").unwrap();
                (matches!(element.value().name(), "time" | "form")
                    || element.value().attr("class") == Some("entry-acts")
                    || listed.matches(&element))
                    && element.ancestors().any(|one| one.id() == entry.id())
            });
            node.value().as_text().filter(|_| !left_out).map(|text| text.to_string())
        });
        squeeze(&of_entry.collect::<String>())
    };
    select(page, ".entry .entry-text").into_iter().map(shown).collect()
}
