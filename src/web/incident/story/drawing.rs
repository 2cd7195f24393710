//! The graph as a drawing: users and IP addresses on the left, alerts in order of time in the middle, other entities
//! on the right.

use std::collections::HashSet;

use layout::core::base::Orientation;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::{Point, Position};
use layout::core::style::StyleAttr;
use layout::std_shapes::shapes::{Arrow, Element, ShapeKind};
use layout::topo::layout::VisualGraph;

use crate::incidents::story::graph::Graph;

/// The size of a node of entities, and of one of alerts.
pub const ENTITY: (f64, f64) = (146.0, 42.0);
pub const ALERT: (f64, f64) = (204.0, 64.0);
/// Between two columns, and between two nodes of a column.
const GAP: (f64, f64) = (28.0, 10.0);
const MARGIN: f64 = 6.0;

/// The upper left corner of a node.
pub type Corner = (f64, f64);

/// Where everything is drawn.
#[derive(Debug, Clone, Default)]
pub struct Drawing {
    pub width: f64,
    pub height: f64,
    pub alerts: Vec<Corner>,
    pub entities: Vec<Corner>,
}

/// Whether entities of the kind stand on the left.
pub fn is_source(kind: &str) -> bool {
    matches!(kind, "user" | "ip")
}

/// Lays out a graph. The order within a column is the graph's own.
pub fn draw(graph: &Graph) -> Drawing {
    if graph.alerts.is_empty() {
        return Drawing::default();
    }
    let mut plan = VisualGraph::new(Orientation::LeftToRight);
    let entities: Vec<_> = graph.entities.iter().map(|_| plan.add_node(node(ENTITY))).collect();
    let alerts: Vec<_> = graph.alerts.iter().map(|_| plan.add_node(node(ALERT))).collect();
    let mut placed_by_source = HashSet::new();
    for (entity, from) in graph.entities.iter().zip(&entities) {
        for (number, to) in entity.alerts.iter().filter_map(|number| Some((number, alerts.get(*number)?))) {
            let (from, to) = if is_source(&entity.kind) { (from, to) } else { (to, from) };
            if is_source(&entity.kind) {
                placed_by_source.insert(*number);
            }
            plan.add_edge(Arrow::invisible(), *from, *to);
        }
    }
    // Without anything on its left an alert would stand in the first column.
    let unplaced = alerts.iter().zip(0_usize..).filter(|(_, number)| !placed_by_source.contains(number));
    let unplaced: Vec<_> = unplaced.map(|(alert, _)| *alert).collect();
    if unplaced.len() < alerts.len() && !unplaced.is_empty() {
        let unseen = plan.add_node(node((1.0, 1.0)));
        for alert in unplaced {
            plan.add_edge(Arrow::invisible(), unseen, alert);
        }
    }
    // What else it would do changes the order within the columns, which tells the time.
    plan.do_it(false, true, false, &mut Nothing);
    let corner = |(width, height): (f64, f64), center: Point| (center.x - width / 2.0, center.y - height / 2.0);
    fitted(
        alerts.iter().map(|alert| corner(ALERT, plan.pos(*alert).center())).collect(),
        entities.iter().map(|entity| corner(ENTITY, plan.pos(*entity).center())).collect(),
    )
}

fn node(size: (f64, f64)) -> Element {
    let size = Point::new(size.0, size.1);
    Element {
        shape: ShapeKind::None,
        look: StyleAttr::simple(),
        orientation: Orientation::LeftToRight,
        pos: Position::new(Point::zero(), size, Point::zero(), Point::new(GAP.0, GAP.1)),
        properties: None,
    }
}

/// Moved so that the drawing begins at its margin.
fn fitted(mut alerts: Vec<Corner>, mut entities: Vec<Corner>) -> Drawing {
    let all = || alerts.iter().map(|corner| (corner, ALERT)).chain(entities.iter().map(|corner| (corner, ENTITY)));
    let left = all().map(|(corner, _)| corner.0).fold(f64::INFINITY, f64::min) - MARGIN;
    let top = all().map(|(corner, _)| corner.1).fold(f64::INFINITY, f64::min) - MARGIN;
    let right = all().map(|(corner, size)| corner.0 + size.0).fold(0.0, f64::max) + MARGIN;
    let bottom = all().map(|(corner, size)| corner.1 + size.1).fold(0.0, f64::max) + MARGIN;
    for corner in alerts.iter_mut().chain(&mut entities) {
        *corner = (corner.0 - left, corner.1 - top);
    }
    Drawing { width: right - left, height: bottom - top, alerts, entities }
}

/// The library draws after placing; the page draws by itself.
struct Nothing;

impl RenderBackend for Nothing {
    fn draw_rect(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>, _: Option<ClipHandle>) {}

    fn draw_line(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_circle(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, _: Point, _: &str, _: &StyleAttr) {}

    fn draw_arrow(
        &mut self,
        _: &[(Point, Point)],
        _: bool,
        _: (bool, bool),
        _: &StyleAttr,
        _: Option<String>,
        _: &str,
    ) {
    }

    fn create_clip(&mut self, _: Point, _: Point, _: usize) -> ClipHandle {
        0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ALERT, Drawing, ENTITY, draw};
    use crate::incidents::story::graph::{AlertNode, EntityNode, Graph};

    fn random(seed: u64) -> Graph {
        let mut random = fastrand::Rng::with_seed(seed);
        let alerts = random.usize(1..=16);
        let alert = |row| AlertNode { alerts: vec![row], row, is_rest: false };
        let entity = |id: usize| EntityNode {
            kind: random.choice(["user", "ip", "file", "device"]).unwrap_or("file").to_owned(),
            entities: vec![i64::try_from(id).unwrap_or(0)],
            alerts: (0..random.usize(1..=alerts)).map(|_| random.usize(..alerts)).collect::<BTreeSet<_>>(),
            row: 0,
        };
        let entities = (0..36).map(entity).collect();
        Graph { alerts: (0..alerts).map(alert).collect(), entities }
    }

    fn overlap(drawing: &Drawing) -> bool {
        let alerts = drawing.alerts.iter().map(|corner| (corner, ALERT));
        let all: Vec<_> = alerts.chain(drawing.entities.iter().map(|corner| (corner, ENTITY))).collect();
        let apart = |a: f64, a_size: f64, b: f64, b_size: f64| a + a_size <= b || b + b_size <= a;
        all.iter().enumerate().any(|(place, (one, size))| {
            all.iter().skip(place + 1).any(|(other, other_size)| {
                !apart(one.0, size.0, other.0, other_size.0) && !apart(one.1, size.1, other.1, other_size.1)
            })
        })
    }

    #[test]
    fn no_node_hides_another_and_alerts_stand_in_order_of_time() {
        for seed in 0..200 {
            let drawing = draw(&random(seed));
            assert!(!overlap(&drawing), "seed {seed}");
            let in_order = |pair: &[(f64, f64)]| pair[0].1 < pair[1].1 && (pair[0].0 - pair[1].0).abs() < 1.0;
            assert!(drawing.alerts.windows(2).all(in_order), "seed {seed}: {:?}", drawing.alerts);
        }
        assert!(draw(&Graph::default()).alerts.is_empty());
    }
}
