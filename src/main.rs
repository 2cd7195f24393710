//! Parses arguments and runs what they ask; nothing else.

fn main() -> std::process::ExitCode {
    watchdesk::cli::run()
}
