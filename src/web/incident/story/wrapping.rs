//! Texts that fit into a box of the graph.

/// A text in lines of so many characters, broken between words where there are any; the last one is shortened.
pub fn wrapped(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let fits = line.chars().count() + word.chars().count() < width;
        if line.is_empty() || fits || lines.len() + 1 == most {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        } else {
            lines.push(shortened(&line, width));
            word.clone_into(&mut line);
        }
    }
    lines.push(shortened(&line, width));
    lines
}

/// At most so many characters of a text.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn a_title_is_broken_between_words_and_cut_at_the_end() {
        assert_eq!(wrapped("Password spray", 29, 2), ["Password spray"]);
        let long = wrapped("Email messages containing malicious URL removed after delivery", 29, 2);
        assert_eq!(long, ["Email messages containing", "malicious URL removed after …"]);
        assert_eq!(wrapped(&"x".repeat(40), 10, 2), ["xxxxxxxxx…"]);
        assert_eq!(wrapped("", 10, 2), [""]);
    }
}
