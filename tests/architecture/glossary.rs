//! What people read keeps to the glossary (`src/guide/glossary.md`): no template, string of the code or script
//! contains a phrase that its table of the words on screen replaces by another.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{files, production_files, root};

/// A phrase that is not used, and the term that is used instead.
struct Phrase {
    words: Vec<String>,
    term: String,
}

/// The rows of the table, whose header names its columns.
fn phrases() -> Vec<Phrase> {
    let guide = std::fs::read_to_string(root().join("src/guide/glossary.md")).unwrap();
    let rows = guide.lines().skip_while(|line| *line != "| term | meaning | instead of |").skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let mut found = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [term, meaning, instead_of] = cells.as_slice() else { panic!("{row} has not three columns") };
        assert!(!term.is_empty() && !meaning.is_empty() && !instead_of.is_empty(), "{row} has an empty column");
        let phrases = instead_of.split(';').map(|phrase| Phrase { words: words(phrase), term: (*term).to_owned() });
        found.extend(phrases);
    }
    assert!(found.len() > 80 && found.iter().all(|phrase| !phrase.words.is_empty()), "the table is incomplete");
    found
}

/// The words of a text in small letters. An apostrophe belongs to its word, and an identifier is one word.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !['\'', '_'].contains(&c));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// A text that people may see: where it begins, and what it says.
struct Seen {
    file: String,
    line: usize,
    text: String,
}

impl Seen {
    /// Every phrase of the text that the glossary replaces, with its line.
    fn problems(&self, phrases: &[Phrase]) -> Vec<String> {
        let mut placed = Vec::new();
        for (number, line) in (self.line..).zip(self.text.lines()) {
            placed.extend(words(line).into_iter().map(|word| (number, word)));
        }
        let mut problems = Vec::new();
        for phrase in phrases {
            for window in placed.windows(phrase.words.len()) {
                if window.iter().map(|(_, word)| word).eq(phrase.words.iter()) {
                    let line = window.first().map_or(self.line, |(line, _)| *line);
                    let unwanted = phrase.words.join(" ");
                    problems.push(format!("{}:{line} says \"{unwanted}\" for \"{}\"", self.file, phrase.term));
                }
            }
        }
        problems
    }
}

/// The text with each part between two marks left out but for its line ends.
fn without(text: &str, begin: &str, end: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(begin) {
        let (comment, next) = after.split_once(end).unwrap_or((after, ""));
        kept.push_str(before);
        kept.extend(std::iter::repeat_n('\n', comment.matches('\n').count()));
        rest = next;
    }
    kept + rest
}

/// The strings of code, without documentation and what is built for tests alone.
fn strings(tokens: TokenStream, file: &str, found: &mut Vec<Seen>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                let _ = tokens.next_if(|next| matches!(next, TokenTree::Punct(mark) if mark.as_char() == '!'));
                let Some(TokenTree::Group(attribute)) = tokens.next_if(|next| matches!(next, TokenTree::Group(_)))
                else {
                    continue;
                };
                let attribute = attribute.stream().to_string().replace(' ', "");
                if attribute == "cfg(test)" {
                    let ends = |token: &TokenTree| match token {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        TokenTree::Punct(mark) => mark.as_char() == ';',
                        _ => false,
                    };
                    let _ = tokens.by_ref().find(ends);
                }
            }
            TokenTree::Group(group) => strings(group.stream(), file, found),
            TokenTree::Literal(literal) => {
                let line = literal.span().start().line;
                if let syn::Lit::Str(text) = syn::Lit::new(literal) {
                    found.push(Seen { file: file.to_owned(), line, text: text.value() });
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// Everything that people may see.
fn seen() -> Vec<Seen> {
    let mut found = Vec::new();
    for (file, text) in files("templates", ".html") {
        found.push(Seen { file, line: 1, text: without(&text, "{#", "#}") });
    }
    for (file, text) in files("static/js", ".js") {
        let code = without(&text, "/*", "*/");
        let lines = code.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
        found.push(Seen { file, line: 1, text: lines.collect::<Vec<_>>().join("\n") });
    }
    for (file, text) in production_files() {
        strings(text.parse().unwrap(), &file, &mut found);
    }
    found
}

#[test]
fn what_people_read_keeps_to_the_glossary() {
    let phrases = phrases();
    let problems: Vec<String> = seen().iter().flat_map(|seen| seen.problems(&phrases)).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_terms_of_the_glossary_keep_to_it() {
    let phrases = phrases();
    for term in phrases.iter().map(|phrase| phrase.term.clone()) {
        let seen = Seen { file: "glossary.md".to_owned(), line: 1, text: term };
        assert_eq!(seen.problems(&phrases), Vec::<String>::new());
    }
}

#[test]
fn phrases_are_found_in_whole_words_across_lines_and_not_in_tests_or_comments() {
    let phrases = [Phrase { words: words("Last day"), term: "expires".to_owned() }];
    let found = |text: &str| Seen { file: "a".to_owned(), line: 4, text: text.to_owned() }.problems(&phrases);
    assert_eq!(found("x\nThe LAST\nday."), ["a:5 says \"last day\" for \"expires\""]);
    assert_eq!(found("the last days, lastday, at last. Every day"), Vec::<String>::new());
    assert_eq!(without("a{# b\nc #}d{# e #}f", "{#", "#}"), "a\ndf");
    let code =
        "//! doc\n/// doc\n#[cfg(test)]\nmod tests { const A: &str = \"one\"; }\nfn f() { print!(\"two\", \"three\") }";
    let mut texts = Vec::new();
    strings(code.parse().unwrap(), "a", &mut texts);
    assert_eq!(
        texts.iter().map(|seen| (seen.line, seen.text.as_str())).collect::<Vec<_>>(),
        [(5, "two"), (5, "three")]
    );
}
