//! Tests of the bundle of scripts, and of the scripts as modules.

use super::*;
use crate::web::shared::static_files::{Files, SCRIPTS};

fn bundled(modules: &[(&str, &str)]) -> Result<String, String> {
    let source = |path: &str| modules.iter().find(|(name, _)| *name == path).map(|(_, source)| (*source).to_owned());
    bundle("main.js", &source)
}

fn refused(source: &str) -> String {
    bundled(&[("main.js", source), ("other.js", "export const one = 1;\n")]).unwrap_err()
}

#[test]
fn a_module_runs_once_and_after_what_it_imports() {
    let script = bundled(&[
        ("main.js", "// All.\nimport './queue/list.js';\nimport { say } from './say.js';\n\nsay(1);\n"),
        ("queue/list.js", "import { say, Line } from '../say.js';\nsay(new Line());\n"),
        ("say.js", "export const say = (text) => text;\nexport class Line {}\nlet hidden = 0;\n"),
    ]);
    let expected = "const m0=(()=>{\n\
        const say = (text) => text;\nclass Line {}\nlet hidden = 0;\n\
        return {say,Line};\n})();\n\
        (()=>{\nconst {say,Line}=m0;\nsay(new Line());\n})();\n\
        (()=>{\nconst {say}=m0;\nsay(1);\n})();\n";
    assert_eq!(script.unwrap(), expected);
}

#[test]
fn functions_constants_and_classes_are_exported() {
    let source =
        "export function a() {\n}\nexport async function b(one) {}\nexport const c = 1;\nexport class D {\n}\n";
    let module = Module::parse("x.js", source).unwrap();
    assert_eq!(module.exports, ["a", "b", "c", "D"]);
    assert_eq!(module.code, source.replace("export ", ""));
}

#[test]
fn modules_that_import_each_other_are_refused() {
    let modules =
        [("main.js", "import './a.js';\n"), ("a.js", "import './b.js';\n"), ("b.js", "import { x } from './a.js';\n")];
    assert_eq!(bundled(&modules).unwrap_err(), "these modules import each other: a.js -> b.js -> a.js");
    assert_eq!(refused("import './main.js';\n"), "these modules import each other: main.js -> main.js");
}

#[test]
fn what_is_not_there_cannot_be_imported() {
    assert_eq!(refused("import './gone.js';\n"), "main.js imports gone.js, which does not exist");
    assert_eq!(refused("import { two } from './other.js';\n"), "main.js imports two, which other.js does not export");
}

#[test]
fn forms_that_are_not_understood_are_refused() {
    for source in [
        "import other from './other.js';",
        "import * as other from './other.js';",
        "import { one as two } from './other.js';",
        "import { one, } from './other.js';",
        "import {} from './other.js';",
        "import { one } from \"./other.js\";",
        "import { one } from './other.js'",
        "import {",
        "import './../../other.js';",
        "import 'other.js';",
        "import './other.js'; import './other.js';",
        "  import './other.js';",
        "const other = await import('./other.js');",
        "const here = import.meta.url;",
        "const two = 2;\nimport './other.js';",
        "export let two = 2;",
        "export var two = 2;",
        "export default 2;",
        "export const { two } = {};",
        "export const two=2;",
        "export function* two() {}",
        "export { one };",
        "export * from './other.js';",
        "export { one } from './other.js';",
        "  export const two = 2;",
        "const two = `\n// two\n`;",
    ] {
        assert!(refused(source).starts_with("main.js, line "), "{source}");
    }
    assert_eq!(refused("\nexport let two = 2;"), "main.js, line 2: this export is not understood: export let two = 2;");
}

#[test]
fn comments_blank_lines_and_indentation_are_left_out() {
    let source = "// export { a }\nconst a = 1;\n\n  // import './b.js'\n  a();\n";
    assert_eq!(Module::parse("x.js", source).unwrap().code, "const a = 1;\na();\n");
}

#[test]
fn words_that_begin_like_a_keyword_are_code() {
    let source = "importRows();\nexported = 1;\nconst imports = exportedRows; // export them\n";
    assert_eq!(Module::parse("x.js", source).unwrap().code, source);
}

/// Every module under `static/js`: its path and source.
fn modules() -> Vec<(String, String)> {
    let paths = Files::iter().filter(|path| path.starts_with("js/"));
    paths.map(|path| (path.to_string(), source(&path).unwrap())).collect()
}

fn source(path: &str) -> Option<String> {
    Files::get(path).map(|file| String::from_utf8(file.data.into_owned()).unwrap())
}

#[test]
fn every_module_is_in_a_script_once() {
    let scripts = SCRIPTS.map(|(_, entry)| bundle(entry, &source).unwrap());
    for (path, source) in modules() {
        let code = Module::parse(&path, &source).unwrap().code;
        let times: Vec<usize> = scripts.iter().map(|script| script.matches(&code).count()).collect();
        assert!(code.is_empty() || times.contains(&1) && times.iter().all(|times| *times < 2), "{path}");
    }
}

#[test]
fn scripts_use_what_they_import_and_export_what_others_use() {
    let all = modules();
    let parsed: Vec<_> = all.iter().map(|(path, source)| (path, Module::parse(path, source).unwrap())).collect();
    for (path, module) in &parsed {
        for name in module.imports.iter().flat_map(|import| &import.names) {
            assert!(
                identifiers(&module.code).any(|identifier| identifier == name),
                "{path} imports {name} and does not use it"
            );
        }
        for name in &module.exports {
            let imported = parsed.iter().flat_map(|(_, other)| &other.imports);
            let mut imported = imported.filter(|import| import.path == **path);
            assert!(imported.any(|import| import.names.contains(name)), "{path} exports {name}, which nobody imports");
        }
    }
}

fn identifiers(code: &str) -> impl Iterator<Item = &str> {
    code.split(|character| !is_identifier_part(character))
}

#[test]
fn scripts_share_nothing_through_the_window() {
    for (path, source) in modules() {
        for shared in ["window", "globalThis.watchdesk", "self."] {
            let code = Module::parse(&path, &source).unwrap().code;
            assert!(!code.contains(shared), "{path} names {shared}");
        }
    }
}
