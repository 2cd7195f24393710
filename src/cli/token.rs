//! `watchdesk token`. `add` prints the token once, alone on the first line of stdout, so that a script can
//! keep it; a signing secret that was made is the second line.

use std::io::Read as _;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::accounts::new_token;
use crate::accounts::setup::CONSOLE;
use crate::accounts::signing_secret::SigningSecret;
use crate::accounts::token_sources::{self, Binding};
use crate::accounts::tokens;
use crate::accounts::tokens::SentIn;
use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::ingest::mappings;
use crate::model::actor::Scope;

/// What can be done to tokens.
#[derive(Subcommand)]
pub enum Token {
    /// Create a token and print it once
    Add(NewToken),
    /// List tokens, without their secrets
    List,
    /// Give a token a new secret and print it; the one before works for a while
    Rotate {
        name: String,
        /// For how many hours the secret before works too
        #[arg(long, default_value_t = 24)]
        overlap_hours: u16,
    },
    /// Revoke a token
    Revoke { name: String },
}

/// What a token is made from.
#[derive(Args)]
pub struct NewToken {
    name: String,
    /// ingest, read or write
    #[arg(long)]
    scope: String,
    /// What the token is for
    #[arg(long, default_value = "")]
    purpose: String,
    /// After how many days the token stops working
    #[arg(long, value_name = "DAYS")]
    expires_in_days: Option<u16>,
    /// Mapping to use when the request names no format
    #[arg(long)]
    mapping: Option<String>,
    /// For senders that cannot set a header: print the path to send to, which contains the token
    #[arg(long)]
    in_address: bool,
    /// Accept only signed bodies, and print a new signing secret on the second line
    #[arg(long)]
    signing_secret: bool,
    /// Accept only signed bodies, and read the signing secret from standard input
    #[arg(long)]
    signing_secret_stdin: bool,
    /// Source whose alerts the token can create and update, such as wazuh; repeat for several, or
    /// `any`. Without it, the token can create alerts of any source and update only those that it or an import reported
    #[arg(long, value_name = "NAME|any")]
    source: Vec<String>,
}

impl Token {
    pub fn run(&self, options: &Options) -> Outcome {
        match self {
            Self::Add(new) => new.add(options)?,
            Self::List => {
                let read = |conn: &mut AnyConnection| Ok((tokens::list(conn)?, token_sources::all(conn)?));
                let (tokens, bindings) = options.database()?.read_now(read)?;
                for token in tokens {
                    let state = token.state().as_str();
                    let signed = if token.is_signed { "\tsigned" } else { "" };
                    let binding = bindings.get(&token.id).and_then(Binding::label);
                    let bound = binding.map(|label| format!("\tsends {label}")).unwrap_or_default();
                    let (name, scope, sent_in) = (&token.name, token.scope.as_str(), token.sent_in.as_str());
                    println!("{name}\t{scope}\t{state}\t{sent_in}{signed}{bound}");
                }
            }
            Self::Rotate { name, overlap_hours } => {
                let overlap = i64::from(*overlap_hours) * clock::HOUR;
                println!("{}", options.database()?.write_now(|tx| tokens::rotate(tx, &CONSOLE, name, overlap))?);
            }
            Self::Revoke { name } => {
                options.database()?.write_now(|tx| tokens::revoke(tx, &CONSOLE, name))?;
                println!("{name} was revoked.");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl NewToken {
    fn add(&self, options: &Options) -> std::result::Result<(), Failed> {
        let scope = Scope::parse(&self.scope).ok_or_else(|| Failed::usage("a scope is one of: ingest, read, write"))?;
        if self.mapping.is_some() && scope != Scope::Ingest {
            return Err(Failed::usage("only a token with the ingest scope can use a mapping"));
        }
        let binding = Binding::parse(&self.source)?;
        let signing = self.signing_secret()?;
        let token = options.database()?.write_now(|tx| self.store(tx, scope, signing.as_ref(), &binding))?;
        if self.in_address {
            let public = options.config()?.public_url.unwrap_or_default();
            println!("{public}/api/v1/alerts/in/{token}");
        } else {
            println!("{token}");
        }
        if let Some(secret) = signing.filter(|_| self.signing_secret) {
            println!("{}", secret.as_str());
        }
        Ok(())
    }

    /// The secret of its signatures: a new one, or one from standard input.
    fn signing_secret(&self) -> std::result::Result<Option<SigningSecret>, Failed> {
        match (self.signing_secret, self.signing_secret_stdin) {
            (false, false) => Ok(None),
            (true, false) => Ok(Some(SigningSecret::generate()?)),
            (false, true) => {
                let mut text = String::new();
                std::io::stdin()
                    .read_to_string(&mut text)
                    .map_err(|error| Failed::usage(format!("cannot read the signing secret: {error}")))?;
                Ok(Some(SigningSecret::parse(&text)?))
            }
            (true, true) => Err(Failed::usage("give --signing-secret or --signing-secret-stdin, not both")),
        }
    }

    fn store(
        &self,
        tx: &mut Tx<'_>,
        scope: Scope,
        signing: Option<&SigningSecret>,
        binding: &Binding,
    ) -> Result<String> {
        let sent_in = if self.in_address { SentIn::Address } else { SentIn::Header };
        let mapping = match &self.mapping {
            Some(name) => {
                let unknown = || Error::at_field("mapping", format!("There is no mapping with the name {name:?}."));
                let found = mappings::by_name(tx.conn, name)?.ok_or_else(unknown)?;
                Some((found.id, found.name))
            }
            None => None,
        };
        let new = new_token::NewToken {
            sent_in,
            purpose: self.purpose.clone(),
            expires_at: self.expires_in_days.map(|days| clock::now() + i64::from(days) * clock::DAY),
            binding: binding.clone(),
            mapping,
            signing: signing.cloned(),
            ..new_token::NewToken::new(&self.name, scope)
        };
        new_token::make(tx, &CONSOLE, &new)
    }
}
