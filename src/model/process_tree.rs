//! Which process started which, from what each piece of evidence says of its process and of its parent.

use std::collections::HashMap;

/// A process as one alert reported it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Process {
    /// The device it ran on; empty when that is not known.
    pub device: String,
    pub alert: i64,
    pub name: String,
    pub pid: String,
    pub command: String,
    pub account: String,
    pub verdict: String,
    pub parent: Parent,
}

/// What a process's evidence says of its parent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parent {
    pub name: String,
    pub pid: String,
    pub command: String,
    pub account: String,
}

/// A process in a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    pub name: String,
    pub pid: String,
    pub command: String,
    pub account: String,
    pub verdict: String,
    /// The alerts whose evidence it is; none where it is known only as a parent.
    pub alerts: Vec<i64>,
    /// How many processes are above it.
    pub depth: usize,
}

/// The processes of a device, each followed by those that it started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    pub device: String,
    pub nodes: Vec<Node>,
}

impl Tree {
    /// Whether it shows that any process started another one.
    pub fn has_parents(&self) -> bool {
        self.nodes.iter().any(|node| node.depth > 0)
    }
}

impl Process {
    /// A process from the facts of its evidence.
    pub fn of_facts(name: &str, facts: &[(String, String)]) -> Self {
        let fact = |label: &str| {
            let found = facts.iter().find(|(known, _)| known == label);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let account = fact("User");
        Self {
            name: name.to_owned(),
            pid: fact("Process ID"),
            command: fact("Command line"),
            account: if account.is_empty() { fact("Account") } else { account },
            parent: Parent {
                name: file_name(&fact("Parent")).to_owned(),
                pid: fact("Parent process ID"),
                command: fact("Parent command line"),
                account: fact("Parent user"),
            },
            ..Self::default()
        }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['\\', '/']).next().unwrap_or_default()
}

/// The trees of some processes, one for each device, in the order in which the devices come.
pub fn trees(processes: &[Process]) -> Vec<Tree> {
    let mut devices: Vec<&str> = Vec::new();
    for process in processes {
        if !devices.contains(&process.device.as_str()) {
            devices.push(&process.device);
        }
    }
    let of_device = |device: &str| processes.iter().filter(|process| process.device == device).collect::<Vec<_>>();
    devices
        .into_iter()
        .map(|device| Tree { device: device.to_owned(), nodes: Growing::of(&of_device(device)).in_order() })
        .collect()
}

/// A tree that is being put together.
#[derive(Default)]
struct Growing {
    nodes: Vec<Node>,
    parents: Vec<Option<usize>>,
}

impl Growing {
    fn of(processes: &[&Process]) -> Self {
        let mut tree = Self::default();
        let places: Vec<usize> = processes.iter().map(|process| tree.add(process)).collect();
        let mut named = HashMap::new();
        for (process, child) in processes.iter().zip(&places) {
            if tree.parents.get(*child).is_some_and(Option::is_none)
                && let Some(parent) = tree.parent_of(process, *child, &mut named)
                && !tree.is_above(*child, parent)
                && let Some(place) = tree.parents.get_mut(*child)
            {
                *place = Some(parent);
            }
        }
        tree
    }

    /// The place of a process: several alerts may report the same one.
    fn add(&mut self, process: &Process) -> usize {
        let is_it = |node: &Node| {
            node.pid == process.pid
                && node.command == process.command
                && node.name.eq_ignore_ascii_case(&process.name)
                && (!node.pid.is_empty() || node.alerts.contains(&process.alert))
        };
        if let Some(place) = self.nodes.iter().position(is_it) {
            if let Some(node) = self.nodes.get_mut(place) {
                if !node.alerts.contains(&process.alert) {
                    node.alerts.push(process.alert);
                }
                node.verdict = super::verdict::worse(&node.verdict, &process.verdict).to_owned();
            }
            return place;
        }
        self.push(Node {
            name: process.name.clone(),
            pid: process.pid.clone(),
            command: process.command.clone(),
            account: process.account.clone(),
            verdict: process.verdict.clone(),
            alerts: vec![process.alert],
            depth: 0,
        })
    }

    fn push(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.parents.push(None);
        self.nodes.len() - 1
    }

    /// The place of a process's parent: a reported process, or one that is known only as a parent. Numbers are
    /// used again for later processes, so names must agree where both are known.
    fn parent_of(
        &mut self,
        process: &Process,
        child: usize,
        named: &mut HashMap<(String, String, i64), usize>,
    ) -> Option<usize> {
        let parent = &process.parent;
        if parent.name.is_empty() && parent.pid.is_empty() {
            return None;
        }
        let fits = |node: &Node| {
            let same_name = parent.name.is_empty() || node.name.eq_ignore_ascii_case(&parent.name);
            let same_pid = node.pid == parent.pid && !parent.pid.is_empty();
            let only_name = parent.pid.is_empty() && node.alerts.contains(&process.alert);
            same_name && (same_pid || only_name)
        };
        let found: Vec<usize> = (0..self.nodes.len())
            .filter(|place| {
                *place != child && self.nodes.get(*place).is_some_and(|node| !node.alerts.is_empty() && fits(node))
            })
            .collect();
        let certain = if parent.pid.is_empty() { found.len() == 1 } else { !found.is_empty() };
        if let Some(place) = found.last().filter(|_| certain) {
            return Some(*place);
        }
        // Without a number, two alerts that name explorer.exe may mean two processes.
        let alert = if parent.pid.is_empty() { process.alert } else { 0 };
        let key = (parent.pid.clone(), parent.name.to_ascii_lowercase(), alert);
        if let Some(place) = named.get(&key) {
            return Some(*place);
        }
        let place = self.push(Node {
            name: if parent.name.is_empty() { format!("Process {}", parent.pid) } else { parent.name.clone() },
            pid: parent.pid.clone(),
            command: parent.command.clone(),
            account: parent.account.clone(),
            ..Node::default()
        });
        named.insert(key, place);
        Some(place)
    }

    /// Whether a process is another one or above it, so that it cannot also be below.
    fn is_above(&self, one: usize, other: usize) -> bool {
        let mut place = Some(other);
        while let Some(at) = place {
            if at == one {
                return true;
            }
            place = self.parents.get(at).copied().flatten();
        }
        false
    }

    fn in_order(mut self) -> Vec<Node> {
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        let mut waiting: Vec<(usize, usize)> = Vec::new();
        for (place, parent) in self.parents.iter().enumerate().rev() {
            match parent.and_then(|parent| children.get_mut(parent)) {
                Some(of_parent) => of_parent.push(place),
                None => waiting.push((place, 0)),
            }
        }
        let mut ordered = Vec::with_capacity(self.nodes.len());
        while let Some((place, depth)) = waiting.pop() {
            if let Some(node) = self.nodes.get_mut(place) {
                ordered.push(Node { depth, ..std::mem::take(node) });
            }
            waiting.extend(children.get(place).into_iter().flatten().map(|child| (*child, depth + 1)));
        }
        ordered
    }
}

#[cfg(test)]
mod tests {
    use super::{Parent, Process, trees};

    fn process(alert: i64, name: &str, pid: &str, parent: (&str, &str)) -> Process {
        Process {
            device: "web-01".to_owned(),
            alert,
            name: name.to_owned(),
            pid: pid.to_owned(),
            parent: Parent { name: parent.0.to_owned(), pid: parent.1.to_owned(), ..Parent::default() },
            ..Process::default()
        }
    }

    fn drawn(processes: &[Process]) -> Vec<String> {
        let trees = trees(processes);
        let nodes = trees.iter().flat_map(|tree| &tree.nodes);
        nodes.map(|node| format!("{}{} {}", "> ".repeat(node.depth), node.name, node.pid)).collect()
    }

    #[test]
    fn a_process_stands_below_the_one_that_started_it() {
        let found = drawn(&[
            process(1, "whoami.exe", "30", ("powershell.exe", "20")),
            process(1, "powershell.exe", "20", ("WINWORD.EXE", "10")),
            process(2, "net.exe", "31", ("powershell.exe", "20")),
        ]);
        assert_eq!(found, ["WINWORD.EXE 10", "> powershell.exe 20", "> > whoami.exe 30", "> > net.exe 31"]);
    }

    #[test]
    fn a_process_that_several_alerts_report_is_there_once() {
        let found = trees(&[process(1, "a.exe", "7", ("b.exe", "2")), process(2, "a.exe", "7", ("b.exe", "2"))]);
        let alerts: Vec<&[i64]> = found[0].nodes.iter().map(|node| node.alerts.as_slice()).collect();
        assert_eq!(alerts, [&[][..], &[1, 2]]);
    }

    #[test]
    fn a_number_that_another_program_has_is_not_the_parent() {
        let found = drawn(&[process(1, "old.exe", "20", ("", "")), process(2, "a.exe", "30", ("new.exe", "20"))]);
        assert_eq!(found, ["old.exe 20", "new.exe 20", "> a.exe 30"]);
    }

    #[test]
    fn parents_without_a_number_are_one_only_within_an_alert() {
        let one = |alert, name| process(alert, name, "", ("explorer.exe", ""));
        let found = drawn(&[one(1, "a.exe"), one(1, "b.exe"), one(2, "c.exe")]);
        assert_eq!(found, ["explorer.exe ", "> a.exe ", "> b.exe ", "explorer.exe ", "> c.exe "]);
    }

    #[test]
    fn a_process_is_never_above_itself() {
        assert_eq!(drawn(&[process(1, "a.exe", "4", ("a.exe", "4"))]), ["a.exe 4", "> a.exe 4"]);
        let circle = [process(1, "a.exe", "1", ("b.exe", "2")), process(1, "b.exe", "2", ("a.exe", "1"))];
        assert_eq!(drawn(&circle), ["b.exe 2", "> a.exe 1"]);
    }

    #[test]
    fn devices_have_trees_of_their_own() {
        let elsewhere = Process { device: "db-01".to_owned(), ..process(1, "b.exe", "30", ("a.exe", "20")) };
        let found = trees(&[process(1, "a.exe", "20", ("", "")), elsewhere]);
        let devices: Vec<&str> = found.iter().map(|tree| tree.device.as_str()).collect();
        assert_eq!(devices, ["web-01", "db-01"]);
        assert!(!found[0].has_parents() && found[1].has_parents());
    }

    #[test]
    fn what_the_facts_of_a_process_say_of_its_parent_is_read() {
        let facts =
            [("Process ID", "7"), ("Parent", "C:\\Windows\\explorer.exe"), ("Parent process ID", "2"), ("User", "ana")];
        let facts = facts.map(|(label, value)| (label.to_owned(), value.to_owned()));
        let read = Process::of_facts("a.exe", &facts);
        assert_eq!(
            (read.parent.name.as_str(), read.parent.pid.as_str(), read.account.as_str()),
            ("explorer.exe", "2", "ana")
        );
    }
}
