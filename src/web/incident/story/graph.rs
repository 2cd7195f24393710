//! The graph of the story as the page shows it: boxes with links, lines between them, and the steps through time.

use std::collections::BTreeMap;

use crate::incidents::story::graph::{AlertNode, EntityNode, Graph, graph};
use crate::incidents::story::read::Story;
use crate::incidents::story::rows::Row;
use crate::model::verdict;
use crate::text::{capitalised, thousands};
use crate::web::incident::story::drawing::{ALERT, Corner, Drawing, ENTITY, draw, is_source};
use crate::web::incident::story::facts::ChipView;
use crate::web::incident::story::names::{
    KINDS, alerts_counted, entity_address, kind_address, kind_counted, kind_name, shown_name, whole_name,
};
use crate::web::incident::story::query::{StoryQuery, toggle};
use crate::web::incident::story::rows::PAGE;
use crate::web::incident::story::wrapping::{shortened, wrapped};
use crate::web::shared::time_format::Zone;

/// Entities that the tooltip of a box of several names.
const NAMED: usize = 5;
/// Characters on a line of a box.
const IN_ENTITY: usize = 18;
const IN_ALERT: usize = 26;
/// Where the first line of text of a box stands, and how far below it each further one.
const INSET: (f64, f64) = (12.0, 17.0);
const LINE: f64 = 16.0;

/// A line of text in a box.
#[derive(Debug, Clone)]
pub struct TextView {
    /// Within the box.
    pub x: f64,
    pub y: f64,
    pub text: String,
    pub is_small: bool,
}

/// A box of the graph.
#[derive(Debug, Clone)]
pub struct NodeView {
    pub href: String,
    pub class: String,
    pub x: String,
    pub y: String,
    pub width: f64,
    pub height: f64,
    /// The whole of what it is, for the tooltip and screen readers.
    pub title: String,
    pub lines: Vec<TextView>,
}

/// The steps through time.
#[derive(Debug, Clone)]
pub struct StepsView {
    /// "Step 3 of 9: Jul 17, 12:56, Password spray", or that all is shown.
    pub text: String,
    pub first: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub all: Option<String>,
}

#[derive(Debug, Clone)]
pub struct GraphView {
    pub width: String,
    pub height: String,
    pub nodes: Vec<NodeView>,
    /// The path of each line, and whether it belongs to the last step.
    pub edges: Vec<(String, bool)>,
    pub label: String,
    pub kinds: Vec<ChipView>,
    /// The graph with every kind, where some are chosen.
    pub all_kinds: Option<String>,
    pub steps: StepsView,
}

/// What is drawn from: the lines up to the step, and how many there are.
struct Scene<'a> {
    asked: &'a StoryQuery,
    story: &'a Story,
    rows: &'a [Row],
    zone: &'a Zone,
    /// The place of the line of the step.
    step: Option<usize>,
}

impl GraphView {
    pub fn new(asked: &StoryQuery, story: &Story, rows: &[Row], zone: &Zone) -> Self {
        let step = asked.step.map(|step| step - 1).filter(|step| *step < rows.len());
        let told = step.and_then(|step| rows.get(..=step)).unwrap_or(rows);
        let graph = graph(story, told, &asked.kinds);
        let drawing = draw(&graph);
        let scene = Scene { asked, story, rows, zone, step };
        let alerts = graph.alerts.iter().zip(&drawing.alerts).map(|(node, corner)| scene.alert(node, *corner));
        let entities = graph.entities.iter().zip(&drawing.entities).map(|(node, corner)| scene.entity(node, *corner));
        let nodes: Vec<NodeView> = alerts.chain(entities).collect();
        let (alerts, entities) = (alerts_counted(told.iter().map(|row| row.alerts.len()).sum()), names_in(&graph));
        Self {
            width: pixels(drawing.width),
            height: pixels(drawing.height),
            nodes,
            edges: edges(&graph, &drawing, &scene),
            label: format!("Graph of {alerts} and {entities}. The story in text tells the same."),
            kinds: kinds(asked, story, told),
            all_kinds: (!asked.kinds.is_empty()).then(|| at_graph(asked.at(|other| other.kinds.clear()))),
            steps: scene.steps(),
        }
    }
}

fn names_in(graph: &Graph) -> String {
    match graph.entities.iter().map(|node| node.entities.len()).sum::<usize>() {
        1 => "1 entity".to_owned(),
        count => format!("{} entities", thousands(count)),
    }
}

fn at_graph(href: String) -> String {
    format!("{href}#story-graph")
}

fn pixels(length: f64) -> String {
    format!("{length:.0}")
}

/// The kinds of entities that the lines name, each with how many of them there are.
fn kinds(asked: &StoryQuery, story: &Story, rows: &[Row]) -> Vec<ChipView> {
    let mut found: BTreeMap<&str, std::collections::BTreeSet<i64>> = BTreeMap::new();
    for entity in rows.iter().flat_map(|row| row.of(story)).flat_map(|alert| story.entities_of(alert)) {
        found.entry(entity.kind.as_str()).or_default().insert(entity.id);
    }
    let chip = |(kind, _, all): &(&'static str, &str, &str)| {
        let count = found.get(kind).map_or(0, std::collections::BTreeSet::len);
        let current = asked.kinds.iter().any(|chosen| chosen == kind);
        (count > 0 || current).then(|| ChipView {
            label: capitalised(all),
            count: thousands(count),
            href: at_graph(asked.at(|other| toggle(&mut other.kinds, (*kind).to_owned()))),
            current,
        })
    };
    KINDS.iter().filter_map(chip).collect()
}

fn edges(graph: &Graph, drawing: &Drawing, scene: &Scene<'_>) -> Vec<(String, bool)> {
    let mut edges = Vec::new();
    for (entity, from) in graph.entities.iter().zip(&drawing.entities) {
        for number in &entity.alerts {
            let (Some(alert), Some(to)) = (graph.alerts.get(*number), drawing.alerts.get(*number)) else { continue };
            let (left, width, right, heights) = if is_source(&entity.kind) {
                (from, ENTITY.0, to, (ENTITY.1, ALERT.1))
            } else {
                (to, ALERT.0, from, (ALERT.1, ENTITY.1))
            };
            let (x, y) = (left.0 + width, left.1 + heights.0 / 2.0);
            let (end_x, end_y) = (right.0, right.1 + heights.1 / 2.0);
            let middle = f64::midpoint(x, end_x);
            let path = format!("M{x:.0} {y:.0}C{middle:.0} {y:.0} {middle:.0} {end_y:.0} {end_x:.0} {end_y:.0}");
            edges.push((path, scene.is_new(alert)));
        }
    }
    edges
}

impl Scene<'_> {
    /// Whether an alert of the last step is in the node.
    fn is_new(&self, node: &AlertNode) -> bool {
        let row = self.step.and_then(|step| self.rows.get(step));
        row.and_then(|row| row.alerts.first()).is_some_and(|place| node.alerts.contains(place))
    }

    fn alert(&self, node: &AlertNode, corner: Corner) -> NodeView {
        let opening = node.alerts.first().and_then(|place| self.story.alerts.get(*place));
        let count = node.alerts.len();
        let title = match (opening, node.is_rest) {
            (_, true) => format!("{} with other titles", alerts_counted(count)),
            (Some(alert), false) => alert.title.clone(),
            (None, false) => String::new(),
        };
        let severity = node.worst(self.story);
        let at = opening.map(|alert| self.zone.show(alert.first)).map(|shown| shown.text).unwrap_or_default();
        let time = opening.map(|alert| self.zone.time_of_day(alert.first)).unwrap_or_default();
        let now = if self.is_new(node) { "Now: " } else { "" };
        let times = if count > 1 { format!(", {} times", thousands(count)) } else { String::new() };
        let mut lines = wrapped(&title, IN_ALERT, 2);
        lines.push(format!("{now}{} {}, {time}{times}", node.row + 1, severity.label()));
        NodeView {
            href: self.row_href(node.row),
            class: format!("node node-alert node-{}{}", severity.as_str(), if now.is_empty() { "" } else { " is-new" }),
            title: format!("{title}: {} severity, {at}{times}", severity.label()),
            ..boxed(corner, ALERT, lines)
        }
    }

    fn entity(&self, node: &EntityNode, corner: Corner) -> NodeView {
        let entities = || node.entities.iter().filter_map(|id| self.story.entities.get(id));
        let is_new = self.step == Some(node.row);
        let worst = entities().map(|entity| entity.verdict.as_str()).min_by_key(|said| verdict::rank(said));
        let worst = verdict::label(worst.filter(|said| verdict::rank(said) < 2).unwrap_or_default());
        let said = (!worst.is_empty()).then(|| worst.to_lowercase());
        let facts = said.into_iter().chain(is_new.then(|| "new".to_owned()));
        let (name, about, href, whole) = match (entities().next(), node.entities.len()) {
            (Some(one), 1) => {
                let about: Vec<String> = std::iter::once(kind_name(&node.kind).to_owned()).chain(facts).collect();
                (shown_name(one), about.join(", "), entity_address(one), whole_name(one))
            }
            (_, count) => {
                let facts: Vec<String> = facts.collect();
                let about = if facts.is_empty() { "show all".to_owned() } else { facts.join(", ") };
                let names: Vec<String> = entities().take(NAMED).map(shown_name).collect();
                let more = if count > names.len() { ", ..." } else { "" };
                let href = kind_address(self.asked.incident, &node.kind);
                (kind_counted(&node.kind, count), about, href, format!("{}{more}", names.join(", ")))
            }
        };
        let about = capitalised(&about);
        NodeView {
            href,
            class: format!("node node-entity{}", if is_new { " is-new" } else { "" }),
            title: format!("{about}: {whole}"),
            ..boxed(corner, ENTITY, vec![shortened(&name, IN_ENTITY), about])
        }
    }

    /// Where a line of the timeline stands.
    fn row_href(&self, row: usize) -> String {
        let href = self.asked.at(|other| other.skip = row / PAGE * PAGE);
        format!("{href}#row-{}", row + 1)
    }

    fn steps(&self) -> StepsView {
        let to = |step: usize| at_graph(self.asked.at(|other| other.step = Some(step)));
        let count = self.rows.len();
        let Some(step) = self.step else {
            return StepsView {
                text: "The whole story.".to_owned(),
                first: (count > 1).then(|| to(1)),
                previous: (count > 1).then(|| to(count - 1)),
                next: None,
                all: None,
            };
        };
        let row = self.rows.get(step);
        let title = row.and_then(|row| row.opening(self.story)).map(|alert| alert.title.clone()).unwrap_or_default();
        let at = row.map(|row| self.zone.show(row.first).text).unwrap_or_default();
        StepsView {
            text: format!("Step {} of {}: {at}, {title}", thousands(step + 1), thousands(count)),
            first: (step > 0).then(|| to(1)),
            previous: (step > 0).then(|| to(step)),
            next: (step + 1 < count).then(|| to(step + 2)),
            all: Some(at_graph(self.asked.at(|other| other.step = None))),
        }
    }
}

/// A box at a place with lines of text in it; the last is small.
fn boxed(corner: Corner, (width, height): (f64, f64), lines: Vec<String>) -> NodeView {
    let last = lines.len();
    let mut y = INSET.1;
    let mut views = Vec::with_capacity(last);
    for (text, number) in lines.into_iter().zip(1..) {
        views.push(TextView { x: INSET.0, y, text, is_small: number == last });
        y += LINE;
    }
    NodeView {
        href: String::new(),
        class: String::new(),
        x: pixels(corner.0),
        y: pixels(corner.1),
        width,
        height,
        title: String::new(),
        lines: views,
    }
}
