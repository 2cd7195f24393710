//! The modules of the crate and what they import, read by syntax. A path leads to the file that defines
//! what it names, through re-exports; `mod`, `pub use` and visibilities are no imports, and what only
//! tests use does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// The names that lead to a module from the crate's root; empty for the root itself.
pub type ModulePath = Vec<String>;

/// A file of the crate.
#[derive(Debug, Default)]
struct Module {
    items: BTreeSet<String>,
    /// Names that it gives to what other modules define.
    reexports: BTreeMap<String, Vec<String>>,
    /// The same for all that a module has.
    glob_reexports: Vec<Vec<String>>,
    /// Names that it uses for what other modules define.
    imports: BTreeMap<String, Vec<String>>,
    /// Every path that it names.
    paths: Vec<Vec<String>>,
}

/// All files, and the macros that the crate exports at its root.
#[derive(Debug, Default)]
pub struct Modules {
    files: BTreeMap<ModulePath, Module>,
    macros: BTreeMap<String, ModulePath>,
}

/// Reads every file under `src`.
pub fn read(files: &[(String, String)]) -> Modules {
    let mut modules = Modules::default();
    for (name, text) in files {
        let path = module_path(name);
        // Test modules in files of their own.
        if path.last().is_some_and(|last| last == "tests") {
            continue;
        }
        let ast = syn::parse_file(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut module = Module::default();
        for item in &ast.items {
            module.items.extend(defined_name(item));
            if let syn::Item::Macro(syn::ItemMacro { ident: Some(ident), .. }) = item {
                modules.macros.insert(ident.to_string(), path.clone());
            }
        }
        Reader { module: &mut module }.visit_file(&ast);
        modules.files.insert(path, module);
    }
    modules
}

impl Modules {
    /// Which files each file imports, with an example of a path that does it.
    pub fn imports(&self) -> BTreeMap<ModulePath, BTreeMap<ModulePath, String>> {
        let mut found: BTreeMap<ModulePath, BTreeMap<ModulePath, String>> = BTreeMap::new();
        for (from, module) in &self.files {
            let imported = found.entry(from.clone()).or_default();
            for path in &module.paths {
                if let Some(to) = self.resolve(from, path, 0).filter(|to| to != from) {
                    imported.entry(to).or_insert_with(|| path.join("::"));
                }
            }
        }
        found
    }

    /// The file that defines what `path` names in `from`; nothing for other crates and local names.
    fn resolve(&self, from: &[String], path: &[String], depth: usize) -> Option<ModulePath> {
        let (first, rest) = path.split_first()?;
        if depth > 16 {
            return None;
        }
        let module = self.files.get(from)?;
        match first.as_str() {
            "crate" | "watchdesk" => self.walk(Vec::new(), rest, depth),
            "self" => self.walk(from.to_vec(), rest, depth),
            "super" => self.walk(from.split_last()?.1.to_vec(), rest, depth),
            name => {
                if let Some(full) = module.imports.get(name).or_else(|| module.reexports.get(name)) {
                    if full.len() == 1 && full.first() == Some(first) {
                        return None;
                    }
                    let full: Vec<String> = full.iter().chain(rest).cloned().collect();
                    return self.resolve(from, &full, depth + 1);
                }
                let child: ModulePath = from.iter().chain([first]).cloned().collect();
                if self.files.contains_key(&child) { self.walk(child, rest, depth) } else { None }
            }
        }
    }

    /// Follows names from a module on.
    fn walk(&self, mut at: ModulePath, names: &[String], depth: usize) -> Option<ModulePath> {
        for (index, name) in names.iter().enumerate() {
            let module = self.files.get(&at)?;
            if name == "super" {
                at.pop();
                continue;
            }
            let child: ModulePath = at.iter().chain([name]).cloned().collect();
            if self.files.contains_key(&child) {
                at = child;
            } else if module.items.contains(name) {
                return Some(at);
            } else if let Some(target) = module.reexports.get(name) {
                let full: Vec<String> = target.iter().chain(names.iter().skip(index + 1)).cloned().collect();
                return self.resolve(&at, &full, depth + 1);
            } else {
                return self
                    .found_by_glob(&at, name, depth)
                    .or_else(|| if at.is_empty() { self.macros.get(name).cloned() } else { Some(at.clone()) });
            }
        }
        Some(at)
    }

    fn found_by_glob(&self, at: &[String], name: &str, depth: usize) -> Option<ModulePath> {
        let module = self.files.get(at)?;
        module.glob_reexports.iter().find_map(|glob| {
            let target = self.resolve(at, glob, depth + 1)?;
            self.files.get(&target)?.items.contains(name).then_some(target)
        })
    }
}

/// `src/web/queue/mod.rs` is `web::queue`.
fn module_path(file: &str) -> ModulePath {
    let relative = Path::new(file).strip_prefix("src").unwrap().with_extension("");
    let mut path: ModulePath = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if matches!(path.last().map(String::as_str), Some("mod" | "lib")) {
        path.pop();
    }
    path
}

fn defined_name(item: &syn::Item) -> Option<String> {
    Some(match item {
        syn::Item::Fn(item) => item.sig.ident.to_string(),
        syn::Item::Struct(item) => item.ident.to_string(),
        syn::Item::Enum(item) => item.ident.to_string(),
        syn::Item::Const(item) => item.ident.to_string(),
        syn::Item::Static(item) => item.ident.to_string(),
        syn::Item::Type(item) => item.ident.to_string(),
        syn::Item::Trait(item) => item.ident.to_string(),
        syn::Item::Macro(syn::ItemMacro { ident: Some(ident), .. }) => ident.to_string(),
        // A macro that defines an enum: text_enum! { pub enum Name { ... } }.
        syn::Item::Macro(item) => {
            let tokens = item.mac.tokens.to_string();
            tokens.split_whitespace().skip_while(|word| *word != "enum").nth(1)?.to_owned()
        }
        _ => return None,
    })
}

struct Reader<'m> {
    module: &'m mut Module,
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut found = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut found);
        let public = !matches!(item.vis, syn::Visibility::Inherited);
        for (name, full) in found {
            match (public, name.as_str()) {
                (true, "*") => self.module.glob_reexports.push(full),
                (true, _) => drop(self.module.reexports.insert(name, full)),
                (false, "*") => self.module.paths.push(full),
                (false, _) => {
                    self.module.imports.insert(name, full.clone());
                    self.module.paths.push(full);
                }
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.module.paths.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.visit_path(&mac.path);
        paths_in(mac.tokens.clone(), &mut self.module.paths);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

/// Whether an item is built for tests alone.
pub fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string().contains("test"))
    })
}

fn flatten(tree: &syn::UseTree, before: &mut Vec<String>, found: &mut Vec<(String, Vec<String>)>) {
    match tree {
        syn::UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, found);
            before.pop();
        }
        syn::UseTree::Name(name) if name.ident == "self" => {
            found.push((before.last().cloned().unwrap_or_default(), before.clone()));
        }
        syn::UseTree::Name(name) => {
            let full = before.iter().cloned().chain([name.ident.to_string()]).collect();
            found.push((name.ident.to_string(), full));
        }
        syn::UseTree::Rename(rename) => {
            let own = (rename.ident != "self").then(|| rename.ident.to_string());
            found.push((rename.rename.to_string(), before.iter().cloned().chain(own).collect()));
        }
        syn::UseTree::Glob(_) => found.push(("*".to_owned(), before.clone())),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, found)),
    }
}

/// Paths of at least two names among the tokens of a macro.
fn paths_in(stream: TokenStream, found: &mut Vec<Vec<String>>) {
    let mut path: Vec<String> = Vec::new();
    let mut colons = 0;
    for token in stream {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Ident(ident) => {
                if colons != 2 {
                    found.extend((path.len() > 1).then(|| path.clone()));
                    path.clear();
                }
                path.push(ident.to_string());
                colons = 0;
            }
            other => {
                if path.len() > 1 {
                    found.push(path.clone());
                }
                path.clear();
                colons = 0;
                if let TokenTree::Group(group) = other {
                    paths_in(group.stream(), found);
                }
            }
        }
    }
    if path.len() > 1 {
        found.push(path);
    }
}
