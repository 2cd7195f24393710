//! The lines of a preview of an edit of many incidents or alerts.

/// Most lines of a kind; the rest is counted in one line.
const LINES: usize = 30;
/// Incidents or alerts named for each line.
const EXAMPLES: usize = 5;

/// A change, or a reason why something is left alone, with how many it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub count: usize,
    /// The first few, by id and name.
    pub examples: Vec<(i64, String)>,
}

/// Counts one more of a line, by id and name.
pub fn note(lines: &mut Vec<Line>, text: String, (id, name): (i64, &str)) {
    let text = if lines.len() >= LINES && !lines.iter().any(|line| line.text == text) {
        "Other changes".to_owned()
    } else {
        text
    };
    let at = lines.iter().position(|line| line.text == text).unwrap_or(lines.len());
    if at == lines.len() {
        lines.push(Line { text, count: 0, examples: Vec::new() });
    }
    if let Some(line) = lines.get_mut(at) {
        line.count += 1;
        if line.examples.len() < EXAMPLES {
            line.examples.push((id, name.to_owned()));
        }
    }
}

/// Puts those that concern most first.
pub fn sort(lists: [&mut Vec<Line>; 2]) {
    for lines in lists {
        lines.sort_by_key(|line| std::cmp::Reverse(line.count));
    }
}
