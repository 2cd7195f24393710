//! Which files write the tables of incidents, alerts and history, read by syntax: Diesel's calls wherever
//! their lines break, through renamed imports, local variables and macros, and SQL in texts.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::modules::is_test;

const TABLES: [&str; 3] = ["incidents", "alerts", "history"];

/// Diesel's functions that write the table of their first argument, and its methods of the same names.
const WRITES: [&str; 6] = ["insert_into", "insert_or_ignore_into", "replace_into", "update", "delete", "copy_from"];

/// The beginnings of statements that write the table named next.
const STATEMENTS: [&str; 6] =
    ["insert into ", "insert or ignore into ", "replace into ", "update ", "delete from ", "truncate "];

/// The files that write them. All stand in `src/history`, and all but `claim` (the lock),
/// `search_index` (the key that owners are sorted by) and `chaining` (hashes of entries of an older store) are steps of
/// `commit`.
const WRITERS: [&str; 16] = [
    "src/history/alert_updates.rs",
    "src/history/apply.rs",
    "src/history/apply_to_alerts.rs",
    "src/history/apply_to_incidents.rs",
    "src/history/chaining.rs",
    "src/history/claim.rs",
    "src/history/entries.rs",
    "src/history/fold_alerts.rs",
    "src/history/incident_rows.rs",
    "src/history/new_alerts.rs",
    "src/history/occurrence_counts.rs",
    "src/history/recompute.rs",
    "src/history/resolved_alerts.rs",
    "src/history/scoring.rs",
    "src/history/search_index.rs",
    "src/history/reporters.rs",
];

#[test]
fn only_named_files_of_history_write_incidents_alerts_and_entries() {
    let mut writers = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, text) in crate::production_files() {
        let written = writes(&text);
        if WRITERS.contains(&name.as_str()) {
            writers.insert(name);
        } else {
            wrong.extend(written.into_iter().map(|table| format!("{name} writes {table}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (name, text) in crate::files("src/history", ".rs") {
        assert!(
            !WRITERS.contains(&name.as_str()) || !writes(&text).is_empty(),
            "{name} writes nothing; take it off the list"
        );
    }
    assert_eq!(writers.len(), WRITERS.len(), "a file of the list is missing");
}

#[test]
fn a_write_is_found_however_it_is_written() {
    let found = |code: &str| writes(code).into_iter().collect::<Vec<_>>().join(" ");
    for (code, tables) in [
        ("fn f() { diesel::update(incidents::table.find(1)).set(x); }", "incidents"),
        ("fn f() { diesel::\n insert_into(\n schema::alerts::table\n ).values(x); }", "alerts"),
        ("use crate::schema::history as h; fn f() { delete(h::table.filter(h::id.eq(1))); }", "history"),
        ("fn f() { let row = alerts::table.find(1); diesel::update(row.filter(x)).set(y); }", "alerts"),
        ("fn f() { let rows = || incidents::table.filter(x); diesel::delete(rows()).execute(c); }", "incidents"),
        ("fn f() { each!(c, inner => diesel::insert_into(history::table).values(rows).execute(inner))?; }", "history"),
        ("fn f() { query.insert_into(alerts::table); }", "alerts"),
        ("fn f() { users::update(tx, 1); update(tx); } fn update(tx: Tx) {}", ""),
        ("use crate::schema::alerts::table; fn f() { diesel::delete(table); }", "alerts"),
        ("fn f() { sql_query(\"UPDATE\\n  incidents SET a = 1\"); }", "incidents"),
        ("fn f() { sql_query(format!(\"DELETE FROM \\\"alerts\\\" WHERE {x}\")); }", "alerts"),
        ("fn f(row: R) { diesel::update(row).set(x); }", "unknown"),
        ("fn f() { diesel::update(users::table.find(1)).set(x); incidents::table.load(c); }", ""),
        ("/// Call update alerts.\nfn f() { map.update(key); \"SELECT * FROM incidents\"; }", ""),
        ("#[cfg(test)] mod tests { fn f() { diesel::delete(alerts::table); } }", ""),
    ] {
        assert_eq!(found(code), tables, "{code}");
    }
}

/// The tables of [`TABLES`] that a file writes; "unknown" where a call does not tell its table.
fn writes(text: &str) -> BTreeSet<String> {
    let file = syn::parse_file(text).unwrap();
    let functions = file.items.iter().filter_map(|item| match item {
        syn::Item::Fn(item) => Some(item.sig.ident.to_string()),
        _ => None,
    });
    let mut reader = Reader { functions: functions.collect(), ..Reader::default() };
    reader.visit_file(&file);
    reader.found
}

#[derive(Default)]
struct Reader<'ast> {
    /// What local names of imports stand for: the last two names of the path.
    imports: BTreeMap<String, Vec<String>>,
    /// The functions of the file itself.
    functions: BTreeSet<String>,
    /// What local variables and closures were made from.
    locals: BTreeMap<String, &'ast syn::Expr>,
    found: BTreeSet<String>,
}

impl Reader<'_> {
    fn note_write(&mut self, target: &syn::Expr) {
        match self.table(target, 0) {
            Some(table) if TABLES.contains(&table.as_str()) => drop(self.found.insert(table)),
            Some(_) => {}
            None => drop(self.found.insert("unknown".to_owned())),
        }
    }

    /// The table that an expression begins with: `t` of `t::table.filter(...)`.
    fn table(&self, expr: &syn::Expr, depth: usize) -> Option<String> {
        if depth > 16 {
            return None;
        }
        let inner = |expr| self.table(expr, depth + 1);
        match expr {
            syn::Expr::MethodCall(call) => inner(&call.receiver),
            syn::Expr::Reference(reference) => inner(&reference.expr),
            syn::Expr::Paren(paren) => inner(&paren.expr),
            syn::Expr::Closure(closure) => inner(&closure.body),
            syn::Expr::Block(block) => match block.block.stmts.last() {
                Some(syn::Stmt::Expr(expr, None)) => inner(expr),
                _ => None,
            },
            syn::Expr::Call(call) => inner(&call.func),
            syn::Expr::Path(path) => {
                let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
                if let [name] = names.as_slice()
                    && let Some(made_from) = self.locals.get(name)
                {
                    return inner(made_from);
                }
                let (first, rest) = names.split_first()?;
                let full: Vec<&String> = self.imports.get(first).map_or(vec![first], |full| full.iter().collect());
                let full: Vec<&String> = full.into_iter().chain(rest).collect();
                let (last, before) = full.split_last()?;
                before.last().filter(|_| *last == "table").map(|table| (*table).clone())
            }
            _ => None,
        }
    }

    /// Whether a call of this path is one of Diesel's.
    fn is_write(&self, path: &[String]) -> bool {
        match path {
            [name] => WRITES.contains(&name.as_str()) && !self.functions.contains(name),
            [krate, name] => krate == "diesel" && WRITES.contains(&name.as_str()),
            _ => false,
        }
    }

    fn note_imports(&mut self, tree: &syn::UseTree, before: &[String]) {
        let mut note = |name: String, last: &syn::Ident| {
            let full = before.last().cloned().into_iter().chain([last.to_string()]).collect();
            self.imports.insert(name, full);
        };
        match tree {
            syn::UseTree::Path(path) => {
                let before: Vec<String> = before.iter().cloned().chain([path.ident.to_string()]).collect();
                self.note_imports(&path.tree, &before);
            }
            syn::UseTree::Name(name) => note(name.ident.to_string(), &name.ident),
            syn::UseTree::Rename(rename) => note(rename.rename.to_string(), &rename.ident),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.note_imports(tree, before)),
            syn::UseTree::Glob(_) => {}
        }
    }

    /// The calls and texts among the tokens of a macro.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut path: Vec<String> = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(ident) => {
                    let before = index.checked_sub(1).and_then(|before| tokens.get(before));
                    let continues = matches!(before, Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
                    if !continues {
                        path.clear();
                    }
                    path.push(ident.to_string());
                    if let Some(TokenTree::Group(group)) = tokens.get(index + 1)
                        && self.is_write(&path)
                        && group.delimiter() == Delimiter::Parenthesis
                        && let Ok(target) = syn::parse2::<syn::Expr>(group.stream())
                    {
                        self.note_write(&target);
                    }
                }
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        self.read_text(&text.value());
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// Looks for SQL that writes.
    fn read_text(&mut self, text: &str) {
        let text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        for statement in STATEMENTS {
            for (at, _) in text.match_indices(statement) {
                let rest = text.get(at + statement.len()..).unwrap_or_default();
                let table: String =
                    rest.trim_start_matches('"').chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if TABLES.contains(&table.as_str()) {
                    self.found.insert(table);
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'ast> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.note_imports(&item.tree, &[]);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let outer = std::mem::take(&mut self.locals);
        visit::visit_item_fn(self, item);
        self.locals = outer;
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        let outer = std::mem::take(&mut self.locals);
        visit::visit_impl_item_fn(self, item);
        self.locals = outer;
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let (syn::Pat::Ident(name), Some(init)) = (&local.pat, &local.init) {
            self.locals.insert(name.ident.to_string(), &init.expr);
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func
            && self.is_write(&path.path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>())
            && let Some(target) = call.args.first()
        {
            self.note_write(target);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        // Of methods only `select.insert_into(table)` is Diesel's.
        if call.method == "insert_into"
            && let Some(target) = call.args.first()
        {
            self.note_write(target);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.read_tokens(mac.tokens.clone());
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.read_text(&text.value());
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}
