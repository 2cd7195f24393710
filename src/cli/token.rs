//! `watchdesk token`. `add` prints the secret once, alone on stdout, so that a script can keep it.

use std::process::ExitCode;

use clap::Subcommand;

use crate::accounts::setup::CONSOLE;
use crate::accounts::tokens;
use crate::cli::{Failed, Options, Outcome};
use crate::permissions::Scope;

/// What can be done to tokens.
#[derive(Subcommand)]
pub enum Token {
    /// Make a token and print its secret once
    Add {
        name: String,
        /// ingest, read or write
        #[arg(long)]
        scope: String,
    },
    /// List tokens, without their secrets
    List,
    /// End a token
    Revoke { name: String },
}

impl Token {
    pub fn run(&self, options: &Options) -> Outcome {
        match self {
            Self::Add { name, scope } => {
                let scope =
                    Scope::parse(scope).ok_or_else(|| Failed::usage("a scope is one of: ingest, read, write"))?;
                println!("{}", options.database()?.write_now(|tx| tokens::add(tx, &CONSOLE, name, scope))?);
            }
            Self::List => {
                for token in options.database()?.read_now(tokens::list)? {
                    let state = if token.revoked_at.is_some() { "revoked" } else { "active" };
                    println!("{}\t{}\t{state}", token.name, token.scope.as_str());
                }
            }
            Self::Revoke { name } => {
                options.database()?.write_now(|tx| tokens::revoke(tx, &CONSOLE, name))?;
                println!("{name} was revoked.");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
