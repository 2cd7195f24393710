//! The journeys in Chromium, run by `cargo test --test browser -- --ignored`: each is a Node module
//! beside this file that starts the real binary and uses it as a person would.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
#[ignore = "needs Node.js with npm and Chromium; `bash .ci/run` installs and runs it"]
fn analysts_do_their_work_in_a_real_browser() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    std::fs::create_dir_all(&folder).expect("a folder for the packages");
    let mut journeys = copy_modules(&here, &folder);
    copy_modules(&here.join("support"), &folder.join("support"));
    journeys.retain(|name| Path::new(name).extension().is_some_and(|ending| ending == "mjs"));
    journeys.sort();
    // The packages are put beside the build, so that the checkout stays clean.
    run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder));
    // One at a time: each has servers and a browser of its own, and two cores are soon full.
    run(Command::new("node")
        // This reporter tells what failed once more at the end, where it is found.
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(&journeys)
        .env("WATCHDESK_BIN", env!("CARGO_BIN_EXE_watchdesk"))
        .current_dir(&folder));
}

/// The bundle that pages load would also take what no browser takes as a module of its own.
#[test]
#[ignore = "needs Node.js; `bash .ci/run` installs it"]
fn every_script_is_a_valid_module() {
    let mut folders: Vec<PathBuf> = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("static/js")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of scripts") {
            let path = entry.expect("a script").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let script = File::open(&path).expect("a script");
            let status = Command::new("node").args(["--input-type=module", "--check"]).stdin(script).status();
            assert!(status.expect("node starts").success(), "{} is no valid module", path.display());
        }
    }
}

/// Copies modules and package files, and names them.
fn copy_modules(from: &Path, to: &Path) -> Vec<String> {
    std::fs::create_dir_all(to).expect("a folder");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(from).expect("the journeys") {
        let path = entry.expect("a module").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.extension().is_some_and(|ending| ending == "mjs" || ending == "json") {
            std::fs::copy(&path, to.join(&name)).expect("a copy");
            names.push(name);
        }
    }
    names
}

fn run(command: &mut Command) {
    let status = command.status().expect("the command starts");
    assert!(status.success(), "{command:?} ended with {status}");
}
