//! Files and functions short enough to read at once. Lines of test modules do not count.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::modules::is_test;

/// Most lines of a file outside of its test modules.
const FILE: usize = 300;
/// Most lines of a function, from its signature to its closing brace.
const FUNCTION: usize = 50;

/// Files that may be longer because they are tables of data, with what they list.
const DATA: &[(&str, &str)] = &[("src/web/routes.rs", "addresses and their handlers")];

#[test]
fn files_and_functions_stay_small_enough_to_read() {
    let mut large = Vec::new();
    for (name, text) in crate::production_files() {
        let mut sizes = Sizes::default();
        sizes.visit_file(&syn::parse_file(&text).unwrap());
        let lines = text.lines().count() - sizes.test_lines;
        if DATA.iter().any(|(data, _)| *data == name) {
            continue;
        }
        if lines > FILE {
            large.push(format!("{name} has {lines} lines, {FILE} are allowed"));
        }
        for (function, lines) in sizes.functions.into_iter().filter(|(_, lines)| *lines > FUNCTION) {
            large.push(format!("{name}: {function} has {lines} lines, {FUNCTION} are allowed"));
        }
    }
    assert!(large.is_empty(), "{}", large.join("\n"));
    for (name, _) in DATA {
        assert!(crate::root().join(name).exists(), "{name} is gone; take it off the list");
    }
}

#[derive(Default)]
struct Sizes {
    test_lines: usize,
    functions: Vec<(String, usize)>,
}

fn lines(first: proc_macro2::Span, last: proc_macro2::Span) -> usize {
    last.end().line - first.start().line + 1
}

impl<'ast> Visit<'ast> for Sizes {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_test(&item.attrs) {
            self.test_lines += lines(item.span(), item.span());
        } else {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.functions.push((item.sig.ident.to_string(), lines(item.sig.span(), item.block.span())));
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.functions.push((item.sig.ident.to_string(), lines(item.sig.span(), item.block.span())));
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.functions.push((item.sig.ident.to_string(), lines(item.sig.span(), block.span())));
        }
        visit::visit_trait_item_fn(self, item);
    }
}
