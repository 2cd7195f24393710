//! `watchdesk user`.

use std::io::Read as _;
use std::process::ExitCode;

use clap::Subcommand;

use crate::accounts::setup::CONSOLE;
use crate::accounts::{one_time_links, passwords, people, users};
use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::db::Tx;
use crate::incidents::lookup::count_open_of;
use crate::model::user::Role;
use crate::text::counted;

/// What can be done to people.
#[derive(Subcommand)]
pub enum User {
    /// Add a user
    Add {
        name: String,
        /// viewer, analyst, lead or administrator
        #[arg(long, default_value = "analyst")]
        role: String,
        #[arg(long, default_value = "")]
        display_name: String,
        /// Read the password from standard input instead of asking for it
        #[arg(long)]
        password_stdin: bool,
    },
    /// List users
    List,
    /// Disable a user and end their sessions; they keep what they own
    Disable { name: String },
    /// Enable a disabled user
    Enable { name: String },
    /// Change a user's role, effective immediately
    Role {
        name: String,
        /// viewer, analyst, lead or administrator
        role: String,
    },
    /// Invite a user: print a link that works once, by which they choose a password
    Invite {
        name: String,
        /// viewer, analyst, lead or administrator
        #[arg(long, default_value = "analyst")]
        role: String,
        #[arg(long, default_value = "")]
        display_name: String,
    },
    /// Print a link that signs a user in once, within 15 minutes, without password and second factor
    SignInLink { name: String },
    /// Make a user an enabled administrator, adding them if needed, and print a link that signs them in once
    BreakGlass {
        #[arg(default_value = "break-glass")]
        name: String,
    },
    /// Set a user's password and end their sessions
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
                let role = read_role(role)?;
                let new = people::NewUser {
                    name: name.clone(),
                    display_name: display_name.clone(),
                    role,
                    password: password(*password_stdin)?,
                };
                people::check(&new)?;
                let hash = passwords::hash(&new.password)?;
                let user = options.database()?.write_now(|tx| people::add(tx, &CONSOLE, &new, &hash))?;
                println!("{} ({}) was added.", user.name, user.role);
            }
            Self::List => {
                for user in options.database()?.read_now(users::list)? {
                    let disabled = if user.disabled { " (disabled)" } else { "" };
                    println!("{}\t{}\t{}{disabled}", user.name, user.role.as_str(), user.display_name);
                }
            }
            Self::Invite { name, role, display_name } => {
                let (name, display_name) = (name.clone(), display_name.clone());
                let invitation = one_time_links::Invitation { name, display_name, role: read_role(role)? };
                print_link(options, |tx| one_time_links::invite(tx, &CONSOLE, &invitation))?;
            }
            Self::SignInLink { name } => print_link(options, |tx| one_time_links::sign_in_link(tx, name))?,
            Self::BreakGlass { name } => print_link(options, |tx| break_glass(tx, name))?,
            Self::Disable { name } => disable(options, name)?,
            Self::Enable { name } => {
                let user = options.database()?.write_now(|tx| people::enable(tx, &CONSOLE, name))?;
                println!("{} was enabled.", user.name);
            }
            Self::Role { name, role } => {
                let role = read_role(role)?;
                let user = options.database()?.write_now(|tx| people::set_role(tx, &CONSOLE, name, role))?;
                println!("{} now has the role {}.", user.name, user.role);
            }
            Self::Password { name, password_stdin } => set_password(options, name, *password_stdin)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Prints the address of a one-time link that `make` makes: a path where the public URL is not given.
fn print_link(options: &Options, make: impl FnMut(&mut Tx<'_>) -> crate::error::Result<String>) -> Result<(), Failed> {
    let secret = options.database()?.write_now(make)?;
    println!("{}/join/{secret}", options.config()?.public_url.unwrap_or_default());
    Ok(())
}

/// Makes a person an administrator who can sign in, whatever the state of the account.
fn break_glass(tx: &mut Tx<'_>, name: &str) -> crate::error::Result<String> {
    match users::by_name(tx.conn, name)? {
        None => people::add_administrator(tx, name)?,
        Some(user) => {
            if user.disabled {
                people::enable(tx, &CONSOLE, name)?;
            }
            if user.role != Role::Administrator {
                people::set_role(tx, &CONSOLE, name, Role::Administrator)?;
            }
        }
    }
    one_time_links::sign_in_link(tx, name)
}

fn set_password(options: &Options, name: &str, from_stdin: bool) -> Result<(), Failed> {
    let password = password(from_stdin)?;
    let db = options.database()?;
    let user = db.read_now(|conn| users::by_name(conn, name))?;
    let display_name = user.map(|user| user.display_name).unwrap_or_default();
    passwords::check(&password, &[name, &display_name]).map_err(Failed::usage)?;
    let hash = passwords::hash(&password)?;
    db.write_now(|tx| people::set_password(tx, &CONSOLE, name, &hash))?;
    println!("The password of {name} was set.");
    Ok(())
}

fn disable(options: &Options, name: &str) -> Result<(), Failed> {
    let (user, owned) = options.database()?.write_now(|tx| {
        let user = people::disable(tx, &CONSOLE, name)?;
        let owned = count_open_of(tx.conn, user.id)?;
        Ok((user, owned))
    })?;
    println!("{} was disabled.", user.name);
    if owned > 0 {
        println!("{} assigned to them: {}", counted(owned, "open incident"), owned_address(options, &user.name)?);
    }
    Ok(())
}

fn read_role(text: &str) -> Result<Role, Failed> {
    Role::parse(text).ok_or_else(|| Failed::usage("a role is one of: viewer, analyst, lead, administrator"))
}

/// The queue with the open incidents of a person: a path where the public URL is not given.
fn owned_address(options: &Options, name: &str) -> Result<String, Failed> {
    let base = options.config()?.public_url.unwrap_or_default();
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    Ok(format!("{base}/incidents?status=active&status=inProgress&severity=all&range=all&assignedTo={name}"))
}

fn password(from_stdin: bool) -> Result<String, Failed> {
    if !from_stdin {
        return rpassword::prompt_password("Password: ")
            .map_err(|_| Failed::usage("there is no terminal to ask for the password; use --password-stdin"));
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Failed::usage(format!("cannot read the password: {error}")))?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}
