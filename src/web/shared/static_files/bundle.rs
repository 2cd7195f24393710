//! One script out of the ES modules in `static/js`, so that a page fetches a single file.
//!
//! A module becomes a function, run once and after everything that it imports; what it exports is
//! the function's result. Only the forms that our scripts use are understood, each on a line of its
//! own, and any other is refused:
//!
//! ```js
//! import './theme.js';
//! import { rows, rowById } from '../queue/rows.js';
//! export const rows = () => [];
//! export async function show() {}
//! export class TagField {}
//! ```
//!
//! `export let` is refused because an imported name is a copy here, which would not follow the
//! variable.

use std::collections::HashMap;
use std::fmt::Write as _;

/// The modules that `entry` imports, directly or not, and `entry` itself as one script. `read` gives
/// the source of a path. An error names the file and what is wrong with it.
pub fn bundle(entry: &str, read: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut bundle = Bundle { read, finished: HashMap::new(), pending: Vec::new(), script: String::new() };
    bundle.add(entry)?;
    Ok(bundle.script)
}

struct Bundle<'a> {
    read: &'a dyn Fn(&str) -> Option<String>,
    /// The modules that stand in the script, by path.
    finished: HashMap<String, Finished>,
    /// The modules whose imports are being added, outermost first.
    pending: Vec<String>,
    script: String,
}

struct Finished {
    /// The constant that holds what the module exports.
    constant: String,
    exports: Vec<String>,
}

impl Bundle<'_> {
    fn add(&mut self, path: &str) -> Result<(), String> {
        if self.finished.contains_key(path) {
            return Ok(());
        }
        if let Some(start) = self.pending.iter().position(|pending| pending == path) {
            let circle = self.pending.iter().skip(start).map(String::as_str).chain([path]);
            return Err(format!("these modules import each other: {}", circle.collect::<Vec<_>>().join(" -> ")));
        }
        let source = (self.read)(path).ok_or_else(|| match self.pending.last() {
            Some(importer) => format!("{importer} imports {path}, which does not exist"),
            None => format!("{path} does not exist"),
        })?;
        self.pending.push(path.to_owned());
        let module = Module::parse(path, &source)?;
        for import in &module.imports {
            self.add(&import.path)?;
        }
        self.pending.pop();
        self.write(path, module)
    }

    /// Appends a module whose imports are in the script already.
    fn write(&mut self, path: &str, module: Module) -> Result<(), String> {
        let mut scope = String::new();
        for import in module.imports.iter().filter(|import| !import.names.is_empty()) {
            let Some(Finished { constant, exports }) = self.finished.get(&import.path) else { continue };
            if let Some(missing) = import.names.iter().find(|name| !exports.contains(name)) {
                return Err(format!("{path} imports {missing}, which {} does not export", import.path));
            }
            let _ = writeln!(scope, "const {{{}}}={constant};", import.names.join(","));
        }
        scope.push_str(&module.code);
        let constant = format!("m{}", self.finished.len());
        let script = &mut self.script;
        let _ = if module.exports.is_empty() {
            write!(script, "(()=>{{\n{scope}}})();\n")
        } else {
            let exports = module.exports.join(",");
            write!(script, "const {constant}=(()=>{{\n{scope}return {{{exports}}};\n}})();\n")
        };
        self.finished.insert(path.to_owned(), Finished { constant, exports: module.exports });
        Ok(())
    }
}

struct Import {
    path: String,
    names: Vec<String>,
}

/// A parsed module. `code` is without imports, the keyword `export`, comments, blank lines and indentation.
struct Module {
    imports: Vec<Import>,
    exports: Vec<String>,
    code: String,
}

impl Module {
    fn parse(path: &str, source: &str) -> Result<Self, String> {
        let mut module = Self { imports: Vec::new(), exports: Vec::new(), code: String::new() };
        let mut imports_may_follow = true;
        for (index, line) in source.lines().enumerate() {
            let refused = |reason: &str| format!("{path}, line {}: {reason}: {}", index + 1, line.trim());
            // Comments would be a fifth of the packed script.
            if line.trim_start().starts_with("//") {
                continue;
            }
            if starts_with_keyword(line, "import") && imports_may_follow {
                let import = parse_import(path, line).ok_or_else(|| refused("this import is not understood"))?;
                module.imports.push(import);
                continue;
            }
            if starts_with_keyword(line.trim_start(), "import")
                || line.contains("import(")
                || line.contains("import.meta")
            {
                return Err(refused("an import comes before all other code, on a line of its own"));
            }
            // Its lines could look like comments, imports and exports.
            if line.matches('`').count() % 2 == 1 {
                return Err(refused("a template may not span lines"));
            }
            imports_may_follow &= line.is_empty();
            let code = if starts_with_keyword(line.trim_start(), "export") {
                let (name, declaration) = parse_export(line).ok_or_else(|| refused("this export is not understood"))?;
                module.exports.push(name.to_owned());
                declaration
            } else {
                line
            };
            // Indentation would be a twentieth of it.
            let code = code.trim();
            if !code.is_empty() {
                module.code.push_str(code);
                module.code.push('\n');
            }
        }
        Ok(module)
    }
}

fn starts_with_keyword(line: &str, keyword: &str) -> bool {
    line.strip_prefix(keyword).is_some_and(|rest| !rest.starts_with(is_identifier_part))
}

/// Reads `import './x.js';` or `import { a, b } from './x.js';`.
fn parse_import(importer: &str, line: &str) -> Option<Import> {
    let rest = line.strip_prefix("import ")?;
    let (names, from) = match rest.strip_prefix("{ ") {
        Some(rest) => rest.split_once(" } from ")?,
        None => ("", rest),
    };
    let from = from.strip_prefix('\'')?.strip_suffix("';")?;
    let names: Vec<String> = names.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let known =
        names.iter().all(|name| name.chars().all(is_identifier_part)) && names.is_empty() != rest.starts_with('{');
    Some(Import { path: resolve(importer, from)?, names }).filter(|_| known)
}

/// Reads `export const name = ...`, `export function name(...`, `export class Name ...`: gives the
/// name and the declaration.
fn parse_export(line: &str) -> Option<(&str, &str)> {
    let declaration = line.strip_prefix("export ")?;
    let (rest, follows) = if let Some(rest) = declaration.strip_prefix("const ") {
        (rest, " = ")
    } else if let Some(rest) = declaration.strip_prefix("class ") {
        (rest, " ")
    } else {
        (declaration.strip_prefix("async ").unwrap_or(declaration).strip_prefix("function ")?, "(")
    };
    let (name, after) = rest.split_at(rest.find(|character| !is_identifier_part(character))?);
    (!name.is_empty() && after.starts_with(follows)).then_some((name, declaration))
}

fn is_identifier_part(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == '$'
}

/// The path that `./x.js` or `../folder/x.js` means in a module.
fn resolve(importer: &str, from: &str) -> Option<String> {
    let mut folders: Vec<&str> = importer.split('/').collect();
    folders.pop();
    let is_relative = from.starts_with("./") || from.starts_with("../");
    if !is_relative || !from.chars().all(|character| character.is_ascii_alphanumeric() || "-_./".contains(character)) {
        return None;
    }
    for part in from.split('/') {
        match part {
            "." => {}
            ".." => drop(folders.pop()?),
            part => folders.push(part),
        }
    }
    Some(folders.join("/"))
}

#[cfg(test)]
mod tests;
