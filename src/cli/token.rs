//! `watchdesk token`. `add` prints the secret once, alone on stdout, so that a script can keep it.

use std::process::ExitCode;

use clap::Subcommand;

use crate::accounts::setup::CONSOLE;
use crate::accounts::tokens;
use crate::accounts::tokens::SentIn;
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
        /// For senders that cannot set a header: prints the path to send to, which contains the token
        #[arg(long)]
        in_address: bool,
    },
    /// List tokens, without their secrets
    List,
    /// End a token
    Revoke { name: String },
}

impl Token {
    pub fn run(&self, options: &Options) -> Outcome {
        match self {
            Self::Add { name, scope, mapping, in_address } => {
                let scope =
                    Scope::parse(scope).ok_or_else(|| Failed::usage("a scope is one of: ingest, read, write"))?;
                if mapping.is_some() && scope != Scope::Ingest {
                    return Err(Failed::usage("only a token with the scope ingest sends by a mapping"));
                }
                let sent_in = if *in_address { SentIn::Address } else { SentIn::Header };
                let secret = options.database()?.write_now(|tx| add(tx, name, scope, sent_in, mapping.as_deref()))?;
                let before = if *in_address { "/api/v1/alerts/in/" } else { "" };
                println!("{before}{secret}");
            }
            Self::List => {
                for token in options.database()?.read_now(tokens::list)? {
                    let state = if token.revoked_at.is_some() { "revoked" } else { "active" };
                    println!("{}\t{}\t{state}\t{}", token.name, token.scope.as_str(), token.sent_in.as_str());
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

fn add(tx: &mut Tx<'_>, name: &str, scope: Scope, sent_in: SentIn, mapping: Option<&str>) -> Result<String> {
    let Some(mapping) = mapping else {
        return tokens::add(tx, &CONSOLE, name, scope, sent_in);
    };
    let unknown = || Error::at_field("mapping", format!("There is no mapping {mapping:?}."));
    let found = mappings::by_name(tx.conn, mapping)?.ok_or_else(unknown)?;
    let secret = tokens::add(tx, &CONSOLE, name, scope, sent_in)?;
    tokens::set_mapping(tx, &CONSOLE, name, found.id)?;
    Ok(secret)
}
