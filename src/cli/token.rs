//! `watchdesk token`. `add` prints the secret once, alone on stdout, so that a script can keep it.

use std::process::ExitCode;

use clap::Subcommand;

use crate::accounts::setup::CONSOLE;
use crate::accounts::tokens;
use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ingest::mappings;
use crate::model::actor::Scope;

/// What can be done to tokens.
#[derive(Subcommand)]
pub enum Token {
    /// Make a token and print its secret once
    Add {
        name: String,
        /// ingest, read or write
        #[arg(long)]
        scope: String,
        /// Read what it sends by this mapping, where the request names no format
        #[arg(long)]
        mapping: Option<String>,
    },
    /// List tokens, without their secrets
    List,
    /// End a token
    Revoke { name: String },
}

impl Token {
    pub fn run(&self, options: &Options) -> Outcome {
        match self {
            Self::Add { name, scope, mapping } => {
                let scope =
                    Scope::parse(scope).ok_or_else(|| Failed::usage("a scope is one of: ingest, read, write"))?;
                if mapping.is_some() && scope != Scope::Ingest {
                    return Err(Failed::usage("only a token with the scope ingest sends by a mapping"));
                }
                println!("{}", options.database()?.write_now(|tx| add(tx, name, scope, mapping.as_deref()))?);
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

fn add(tx: &mut Tx<'_>, name: &str, scope: Scope, mapping: Option<&str>) -> Result<String> {
    let Some(mapping) = mapping else {
        return tokens::add(tx, &CONSOLE, name, scope);
    };
    let unknown = || Error::at_field("mapping", format!("There is no mapping {mapping:?}."));
    let found = mappings::by_name(tx.conn, mapping)?.ok_or_else(unknown)?;
    let secret = tokens::add(tx, &CONSOLE, name, scope)?;
    tokens::set_mapping(tx, &CONSOLE, name, found.id)?;
    Ok(secret)
}
