//! A piece of evidence as pages show it.

use crate::alerts::overview::Evidence;
use crate::entities::known_to_us::KnownToUs;
use crate::model::verdict;
use crate::text::{humanise, range};
use crate::web::shared::paths;
use crate::web::shared::shown_value::ShownValue;

/// A piece of evidence, ready for templates.
#[derive(Debug, Clone)]
pub struct EvidenceView {
    pub kind: String,
    /// The kind as stored, for its icon.
    pub kind_value: String,
    pub name: ShownValue,
    /// The page of its entity; none of what is not stored.
    pub href: Option<String>,
    /// What people say of it.
    pub known: KnownToUs,
    pub roles: String,
    pub verdict: String,
    /// The verdict as stored, for its style.
    pub verdict_value: String,
    pub remediation: String,
    pub facts: Vec<ShownValue>,
    /// Those after the first few.
    pub more_facts: Vec<ShownValue>,
}

impl EvidenceView {
    /// What tells most of it beside its name: a process's command line, a file's path or hash.
    pub fn main_fact(&self) -> Option<&ShownValue> {
        let telling = ["Command line", "Path", "Folder", "SHA256", "SHA1", "MD5"];
        let all = || self.facts.iter().chain(&self.more_facts);
        telling.iter().find_map(|label| all().find(|fact| fact.label == *label))
    }
}

/// Facts that are shown at once.
const FACTS: usize = 4;

/// Most pieces of evidence on one page, and most bytes of their texts together.
const ITEMS: usize = 200;
const BYTES: usize = 400_000;

/// A part of an alert's evidence that fits on a page.
#[derive(Debug, Clone)]
pub struct EvidencePage {
    pub items: Vec<EvidenceView>,
    pub total: usize,
    /// How many come before.
    pub skipped: usize,
    /// How many the next page leaves out.
    pub next: Option<usize>,
}

impl EvidencePage {
    pub fn is_part(&self) -> bool {
        self.items.len() < self.total
    }

    /// "201 to 400 of 1,000".
    pub fn range(&self) -> String {
        range(self.skipped, self.skipped + self.items.len(), self.total)
    }
}

/// The evidence after the first `skip` pieces, as much as fits on a page.
pub fn evidence_page(all: Vec<Evidence>, skip: usize) -> EvidencePage {
    let total = all.len();
    let skipped = if skip < total { skip } else { 0 };
    let mut bytes = 0;
    let fits = |item: &Evidence| {
        let is_first = bytes == 0;
        bytes += size(item);
        is_first || bytes <= BYTES
    };
    let items: Vec<EvidenceView> =
        all.into_iter().skip(skipped).take(ITEMS).take_while(fits).map(evidence_view).collect();
    let end = skipped + items.len();
    EvidencePage { items, total, skipped, next: (end < total).then_some(end) }
}

fn size(item: &Evidence) -> usize {
    let facts: usize = item.facts.iter().map(|(label, value)| label.len() + value.len()).sum();
    let roles: usize = item.roles.iter().map(String::len).sum();
    item.name.len() + roles + facts + 1
}

/// A piece of evidence for templates.
pub fn evidence_view(item: Evidence) -> EvidenceView {
    let kind = humanise(&item.kind);
    let mut facts: Vec<ShownValue> = item.facts.iter().map(|(label, value)| ShownValue::fact(label, value)).collect();
    let more_facts = facts.split_off(facts.len().min(FACTS));
    EvidenceView {
        href: (item.entity > 0).then(|| paths::entity(&item.kind, &item.known_as, item.entity)),
        known: item.known,
        name: ShownValue::name(&item.kind, &kind, &item.name),
        kind,
        kind_value: item.kind,
        roles: item.roles.iter().map(|role| humanise(role)).collect::<Vec<_>>().join(", "),
        verdict: verdict::label(&item.verdict),
        verdict_value: item.verdict,
        remediation: verdict::label(&item.remediation),
        facts,
        more_facts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(count: usize, text: usize) -> Vec<Evidence> {
        let item = Evidence { kind: "process".to_owned(), name: "x".repeat(text), ..Evidence::default() };
        vec![item; count]
    }

    #[test]
    fn long_evidence_is_on_several_pages_which_show_each_piece_once() {
        for (count, text, pages) in [(1_000, 10, 5), (50, 100_000, 17), (3, 1_000_000, 3), (0, 0, 1)] {
            let (mut shown, mut skip, mut read) = (0, Some(0), 0);
            while let Some(from) = skip {
                let page = evidence_page(evidence(count, text), from);
                (shown, skip, read) = (shown + page.items.len(), page.next, read + 1);
            }
            assert_eq!((shown, read), (count, pages), "{count} of {text}");
        }
        assert_eq!(evidence_page(evidence(1_000, 10), 200).range(), "201 to 400 of 1,000");
    }
}
