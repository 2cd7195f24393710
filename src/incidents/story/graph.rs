//! The graph of a story: alerts, and the entities that they name. Grouped until it can be drawn and read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::incidents::story::read::{Story, StoryEntity};
use crate::incidents::story::rows::{Row, asset_ids};
use crate::model::severity::Severity;
use crate::model::verdict;

/// Most nodes of alerts, and of entities.
const ALERT_NODES: usize = 16;
const ENTITY_NODES: usize = 36;
/// So many entities of one kind on the same alerts are one node in every graph, ...
const ALIKE: usize = 4;
/// ... and two already in a graph with more nodes of entities than this.
const ROOMY: usize = 20;

/// A node of alerts with one title.
#[derive(Debug, Clone)]
pub struct AlertNode {
    /// Places in the story, in order; at least one.
    pub alerts: Vec<usize>,
    /// The place of its first line in the timeline.
    pub row: usize,
    /// It stands for the alerts of several titles, which have no node of their own.
    pub is_rest: bool,
}

impl AlertNode {
    pub fn worst(&self, story: &Story) -> Severity {
        let alerts = self.alerts.iter().filter_map(|place| story.alerts.get(*place));
        Severity::of_alerts(alerts.map(|alert| alert.severity)).unwrap_or_default()
    }
}

/// A node of entities of one kind.
#[derive(Debug, Clone)]
pub struct EntityNode {
    pub kind: String,
    pub entities: Vec<i64>,
    /// The nodes of alerts that name them, by their places.
    pub alerts: BTreeSet<usize>,
    /// The first line of the timeline that names one of them.
    pub row: usize,
}

#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// In the order of their first lines.
    pub alerts: Vec<AlertNode>,
    pub entities: Vec<EntityNode>,
}

/// The graph of the first lines of a timeline, with the entities of some kinds; none: of all.
pub fn graph(story: &Story, rows: &[Row], kinds: &[String]) -> Graph {
    let alerts = alert_nodes(story, rows);
    let mut of_alert: HashMap<usize, usize> = HashMap::new();
    for (node, number) in alerts.iter().zip(0..) {
        of_alert.extend(node.alerts.iter().map(|place| (*place, number)));
    }
    let mut found: BTreeMap<i64, EntityNode> = BTreeMap::new();
    for (row, number) in rows.iter().zip(0..) {
        for place in &row.alerts {
            let (Some(alert), Some(node)) = (story.alerts.get(*place), of_alert.get(place)) else { continue };
            let chosen = |entity: &&StoryEntity| kinds.is_empty() || kinds.contains(&entity.kind);
            for entity in story.entities_of(alert).filter(chosen) {
                let node_of = || EntityNode {
                    kind: entity.kind.clone(),
                    entities: vec![entity.id],
                    alerts: BTreeSet::new(),
                    row: number,
                };
                found.entry(entity.id).or_insert_with(node_of).alerts.insert(*node);
            }
        }
    }
    let entities = fold(story, found.into_values().collect());
    Graph { alerts, entities }
}

/// The nodes of the alerts: by title and assets; where these are too many by title; then only the gravest titles.
fn alert_nodes(story: &Story, rows: &[Row]) -> Vec<AlertNode> {
    let fine = group(story, rows, true);
    let nodes = if fine.len() <= ALERT_NODES { fine } else { group(story, rows, false) };
    if nodes.len() <= ALERT_NODES {
        return nodes;
    }
    let mut by_weight: Vec<usize> = (0..nodes.len()).collect();
    by_weight.sort_by_key(|number| {
        let severity = nodes.get(*number).map(|node| node.worst(story));
        (std::cmp::Reverse(severity), *number)
    });
    let kept: BTreeSet<usize> = by_weight.into_iter().take(ALERT_NODES - 1).collect();
    let (mut own, mut rest): (Vec<AlertNode>, Option<AlertNode>) = (Vec::new(), None);
    for (node, number) in nodes.into_iter().zip(0..) {
        match &mut rest {
            _ if kept.contains(&number) => own.push(node),
            Some(rest) => rest.alerts.extend(node.alerts),
            None => rest = Some(AlertNode { is_rest: true, ..node }),
        }
    }
    own.extend(rest);
    own.sort_by_key(|node| node.row);
    own
}

fn group(story: &Story, rows: &[Row], by_assets: bool) -> Vec<AlertNode> {
    let mut nodes: Vec<AlertNode> = Vec::new();
    let mut known: HashMap<(&str, Vec<i64>), usize> = HashMap::new();
    for (row, number) in rows.iter().zip(0..) {
        let Some(opening) = row.opening(story) else { continue };
        let assets = if by_assets { asset_ids(story, opening) } else { Vec::new() };
        let place = *known.entry((opening.title.as_str(), assets)).or_insert_with(|| {
            nodes.push(AlertNode { alerts: Vec::new(), row: number, is_rest: false });
            nodes.len() - 1
        });
        if let Some(node) = nodes.get_mut(place) {
            node.alerts.extend(&row.alerts);
        }
    }
    nodes
}

/// Makes one node of entities of one kind that hang on the same alerts, and of those that there is no room for.
fn fold(story: &Story, nodes: Vec<EntityNode>) -> Vec<EntityNode> {
    let nodes = merge_alike(nodes, ALIKE);
    let nodes = if nodes.len() > ROOMY { merge_alike(nodes, 2) } else { nodes };
    if nodes.len() <= ENTITY_NODES {
        return in_order(nodes);
    }
    let kinds: BTreeSet<String> = nodes.iter().map(|node| node.kind.clone()).collect();
    let mut nodes = nodes;
    nodes.sort_by_cached_key(|node| weight(story, node));
    let rest = nodes.split_off(ENTITY_NODES.saturating_sub(kinds.len()).min(nodes.len()));
    let mut by_kind: BTreeMap<String, EntityNode> = BTreeMap::new();
    for node in rest {
        match by_kind.get_mut(&node.kind) {
            Some(merged) => merge(merged, node),
            None => {
                by_kind.insert(node.kind.clone(), node);
            }
        }
    }
    nodes.extend(by_kind.into_values());
    in_order(nodes)
}

/// Assets first, then what is known to be bad, then what the most alerts name, then what came first.
fn weight(story: &Story, node: &EntityNode) -> (bool, u8, std::cmp::Reverse<usize>, usize) {
    let entities = || node.entities.iter().filter_map(|id| story.entities.get(id));
    let worst = entities().map(|entity| verdict::rank(&entity.verdict)).min().unwrap_or(u8::MAX);
    (!entities().any(StoryEntity::is_asset), worst, std::cmp::Reverse(node.alerts.len()), node.row)
}

fn merge_alike(nodes: Vec<EntityNode>, least: usize) -> Vec<EntityNode> {
    let mut groups: BTreeMap<(String, Vec<usize>), Vec<EntityNode>> = BTreeMap::new();
    for node in nodes {
        groups.entry((node.kind.clone(), node.alerts.iter().copied().collect())).or_default().push(node);
    }
    let mut merged = Vec::new();
    for group in groups.into_values() {
        let entities: usize = group.iter().map(|node| node.entities.len()).sum();
        let mut group = group.into_iter();
        match group.next() {
            Some(mut first) if entities >= least => {
                group.for_each(|node| merge(&mut first, node));
                merged.push(first);
            }
            first => merged.extend(first.into_iter().chain(group)),
        }
    }
    merged
}

fn merge(into: &mut EntityNode, other: EntityNode) {
    into.entities.extend(other.entities);
    into.alerts.extend(other.alerts);
    into.row = into.row.min(other.row);
}

/// By the middle of the alerts that name them, so that few lines cross.
fn in_order(mut nodes: Vec<EntityNode>) -> Vec<EntityNode> {
    let middle = |node: &EntityNode| node.alerts.iter().sum::<usize>() * 1_000 / node.alerts.len().max(1);
    nodes.sort_by_key(|node| (middle(node), node.row));
    nodes
}

#[cfg(test)]
mod tests {
    use super::{ALERT_NODES, ENTITY_NODES, Graph, graph};
    use crate::incidents::story::read::{Story, StoryAlert, StoryEntity};
    use crate::incidents::story::rows::rows;
    use crate::model::alert::AlertStatus;
    use crate::model::importance::Importance;
    use crate::model::severity::Severity;

    fn entity(id: i64, kind: &str) -> (i64, StoryEntity) {
        let (kind, name) = (kind.to_owned(), id.to_string());
        (id, StoryEntity { id, kind, name, importance: Importance::Normal, verdict: String::new(), links: true })
    }

    fn alert(place: usize, title: &str, entities: Vec<i64>) -> StoryAlert {
        let at = i64::try_from(place).unwrap_or(0);
        StoryAlert {
            id: at,
            title: title.to_owned(),
            severity: Severity::Medium,
            status: AlertStatus::New,
            category: String::new(),
            first: at,
            last: at,
            occurrences: 1,
            entities,
        }
    }

    fn drawn(story: &Story, kinds: &[String]) -> Graph {
        let all: Vec<usize> = (0..story.alerts.len()).collect();
        graph(story, &rows(story, &all), kinds)
    }

    fn entities_in(graph: &Graph) -> usize {
        graph.entities.iter().map(|node| node.entities.len()).sum()
    }

    #[test]
    fn many_files_of_one_alert_are_one_node() {
        let story = Story {
            alerts: vec![alert(0, "a", (1..=13).collect())],
            entities: (2..=13).map(|id| entity(id, "file")).chain([entity(1, "device")]).collect(),
            is_cut: false,
        };
        let graph = drawn(&story, &[]);
        let sizes: Vec<usize> = graph.entities.iter().map(|node| node.entities.len()).collect();
        assert_eq!(sizes, [1, 12]);
        assert_eq!(drawn(&story, &["device".to_owned()]).entities.len(), 1);
    }

    #[test]
    fn the_largest_story_is_drawn_with_few_nodes_and_loses_nothing() {
        let kinds = ["device", "user", "file", "ip", "process", "url"];
        let kind = |id: i64| kinds[usize::try_from(id).unwrap_or(0) % kinds.len()];
        let entities = |place: i64| vec![place % 400, 400 + place % 1_600, 2_000 + place % 7];
        let story = Story {
            alerts: (0..5_000)
                .map(|at| alert(at, &format!("t{}", at % 90), entities(i64::try_from(at).unwrap_or(0))))
                .collect(),
            entities: (0..2_007).map(|id| entity(id, kind(id))).collect(),
            is_cut: false,
        };
        let graph = drawn(&story, &[]);
        assert!(graph.alerts.len() <= ALERT_NODES && graph.entities.len() <= ENTITY_NODES);
        assert_eq!(graph.alerts.iter().map(|node| node.alerts.len()).sum::<usize>(), 5_000);
        assert_eq!(entities_in(&graph), 2_007);
        assert_eq!(graph.alerts.iter().filter(|node| node.is_rest).count(), 1);
    }
}
