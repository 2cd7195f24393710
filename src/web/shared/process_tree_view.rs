//! Trees of processes as pages show them: nested lists, which a template writes from a flat one.

use crate::model::process_tree::{Node, Process, Tree, trees};
use crate::model::verdict;
use crate::web::shared::paths;
use crate::web::shared::shown_value::ShownValue;

/// Most processes that a page draws.
const MOST: usize = 300;
/// Alerts that a process names.
const ALERTS: usize = 3;

/// The processes of a device.
#[derive(Debug, Clone)]
pub struct TreeView {
    pub device: ShownValue,
    pub rows: Vec<TreeRow>,
    /// How many processes are left out.
    pub more: usize,
}

/// A process, with how its list is nested.
#[derive(Debug, Clone)]
pub struct TreeRow {
    /// It is the first one of a list.
    pub opens: bool,
    /// No list of processes that it started follows.
    pub ends: bool,
    /// How many lists end after it.
    pub closes: usize,
    pub name: String,
    pub pid: String,
    pub command: Option<ShownValue>,
    pub account: String,
    pub verdict: String,
    /// Its verdict as stored, for the style.
    pub verdict_value: String,
    /// Its first alerts, by number and address, and how many more there are.
    pub alerts: Vec<(i64, String)>,
    pub more_alerts: usize,
    /// Known only because another process names it as its parent.
    pub only_parent: bool,
}

/// The trees of the devices on which one process is known to have started another.
pub fn tree_views(processes: &[Process]) -> Vec<TreeView> {
    trees(processes).into_iter().filter(Tree::has_parents).map(tree_view).collect()
}

fn tree_view(tree: Tree) -> TreeView {
    let more = tree.nodes.len().saturating_sub(MOST);
    let nodes: Vec<Node> = tree.nodes.into_iter().take(MOST).collect();
    let depths: Vec<usize> = nodes.iter().map(|node| node.depth).chain([0]).collect();
    let mut last = None;
    let rows = nodes.into_iter().zip(depths.iter().skip(1)).map(|(node, next)| {
        let opens = last.is_none_or(|depth| node.depth > depth);
        last = Some(node.depth);
        let (ends, closes) = (*next <= node.depth, node.depth.saturating_sub(*next));
        TreeRow { opens, ends, closes, ..tree_row(node) }
    });
    TreeView { device: ShownValue::name("device", "Device", &tree.device), rows: rows.collect(), more }
}

fn tree_row(node: Node) -> TreeRow {
    let command = (!node.command.is_empty()).then(|| ShownValue::fact("Command line", &node.command));
    TreeRow {
        opens: false,
        ends: true,
        closes: 0,
        pid: node.pid,
        command,
        account: node.account,
        verdict: verdict::label(&node.verdict),
        verdict_value: node.verdict,
        only_parent: node.alerts.is_empty(),
        more_alerts: node.alerts.len().saturating_sub(ALERTS),
        alerts: node.alerts.into_iter().take(ALERTS).map(|alert| (alert, paths::alert(alert))).collect(),
        name: node.name,
    }
}

#[cfg(test)]
mod tests {
    use super::tree_views;
    use crate::model::process_tree::{Parent, Process};

    #[test]
    fn every_list_that_begins_also_ends() {
        let process = |pid: &str, parent: &str| Process {
            name: format!("{pid}.exe"),
            pid: pid.to_owned(),
            parent: Parent { pid: parent.to_owned(), ..Parent::default() },
            alert: 1,
            ..Process::default()
        };
        let views =
            tree_views(&[process("1", ""), process("2", "1"), process("3", "2"), process("4", ""), process("5", "4")]);
        let nesting: Vec<(bool, usize)> = views[0].rows.iter().map(|row| (row.opens, row.closes)).collect();
        assert_eq!(nesting, [(true, 0), (true, 0), (true, 2), (false, 0), (true, 1)]);
        let ends: Vec<bool> = views[0].rows.iter().map(|row| row.ends).collect();
        assert_eq!(ends, [false, false, true, false, true]);
    }

    #[test]
    fn processes_without_a_parent_are_no_tree() {
        assert!(tree_views(&[Process { name: "a.exe".to_owned(), ..Process::default() }]).is_empty());
    }
}
