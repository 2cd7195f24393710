//! `watchdesk user`.

use std::io::Read as _;
use std::process::ExitCode;

use clap::Subcommand;

use crate::accounts::setup::CONSOLE;
use crate::accounts::{passwords, users};
use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::model::user::Role;

/// What can be done to people.
#[derive(Subcommand)]
pub enum User {
    /// Add somebody
    Add {
        name: String,
        /// viewer, analyst or administrator
        #[arg(long, default_value = "analyst")]
        role: String,
        #[arg(long, default_value = "")]
        display_name: String,
        /// Read the password from standard input instead of asking for it
        #[arg(long)]
        password_stdin: bool,
    },
    /// List everybody
    List,
    /// Disable somebody and end their sessions
    Disable { name: String },
    /// Set a password and end that person's sessions
    Password {
        name: String,
        #[arg(long)]
        password_stdin: bool,
    },
}

impl User {
    pub fn run(&self, options: &Options) -> Outcome {
        match self {
            Self::Add { name, role, display_name, password_stdin } => {
                let role = Role::parse(role)
                    .ok_or_else(|| Failed::usage("a role is one of: viewer, analyst, administrator"))?;
                let new = users::NewUser {
                    name: name.clone(),
                    display_name: display_name.clone(),
                    role,
                    password: password(*password_stdin)?,
                };
                users::check(&new)?;
                let hash = passwords::hash(&new.password)?;
                let user = options.database()?.write_now(|tx| users::add(tx, &CONSOLE, &new, &hash))?;
                println!("{} ({}) was added.", user.name, user.role);
            }
            Self::List => {
                for user in options.database()?.read_now(users::list)? {
                    let disabled = if user.disabled { " (disabled)" } else { "" };
                    println!("{}\t{}\t{}{disabled}", user.name, user.role.as_str(), user.display_name);
                }
            }
            Self::Disable { name } => {
                options.database()?.write_now(|tx| users::disable(tx, &CONSOLE, name))?;
                println!("{name} was disabled.");
            }
            Self::Password { name, password_stdin } => {
                let password = password(*password_stdin)?;
                passwords::check(&password).map_err(Failed::usage)?;
                let hash = passwords::hash(&password)?;
                options.database()?.write_now(|tx| users::set_password(tx, &CONSOLE, name, &hash))?;
                println!("The password of {name} was set.");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn password(from_stdin: bool) -> Result<String, Failed> {
    if !from_stdin {
        return rpassword::prompt_password("Password: ")
            .map_err(|_| Failed::usage("no terminal to ask for the password; use --password-stdin"));
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Failed::usage(format!("cannot read the password: {error}")))?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}
