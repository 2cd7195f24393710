//! How one product is connected: what to configure there, in steps, and an alert to try it with.

use crate::accounts::tokens::SentIn;
use crate::formats::adapter::Adapter;
use crate::formats::registry::ADAPTERS;

/// Stands for the token where none was made just now.
const PLACEHOLDER: &str = "YOUR_TOKEN";

/// A product with the steps that connect it. In texts `{address}` stands for where alerts are sent, `{base}` for the
/// server, `{token}` for the token and `{now}` for the time.
#[derive(Debug)]
pub struct Guide {
    /// In the address of its page.
    pub slug: &'static str,
    pub name: &'static str,
    /// How its alerts reach Watchdesk, in a sentence.
    pub how: &'static str,
    pub sent_in: SentIn,
    pub steps: &'static [Step],
    /// The names of the adapters that read what it sends.
    pub formats: &'static [&'static str],
    /// A record as it sends one.
    pub sample: &'static str,
}

/// One thing to do, with what is pasted. Between backticks stand names as the product shows them.
#[derive(Debug)]
pub struct Step {
    pub text: &'static str,
    pub code: &'static str,
}

/// The addresses and the token that are filled in.
#[derive(Debug)]
pub struct Filled<'a> {
    pub base: &'a str,
    pub token: Option<&'a str>,
    pub now: &'a str,
}

impl Guide {
    /// Where its alerts are sent.
    pub fn address(&self, with: &Filled<'_>) -> String {
        match self.sent_in {
            SentIn::Header => format!("{}/api/v1/alerts", with.base),
            SentIn::Address => format!("{}/api/v1/alerts/in/{}", with.base, with.token.unwrap_or(PLACEHOLDER)),
        }
    }

    /// A text with what is known filled in.
    pub fn fill(&self, text: &str, with: &Filled<'_>) -> String {
        text.replace("{address}", &self.address(with))
            .replace("{base}", with.base)
            .replace("{host}", &with.base.replace('.', "\\."))
            .replace("{token}", with.token.unwrap_or(PLACEHOLDER))
            .replace("{now}", with.now)
    }

    /// The command that sends the sample.
    pub fn test_command(&self, with: &Filled<'_>) -> String {
        test_command(&self.address(with), self.sent_in, with, &self.fill(self.sample, with))
    }

    pub fn adapters(&self) -> impl Iterator<Item = &'static Adapter> {
        self.formats.iter().filter_map(|name| ADAPTERS.iter().find(|adapter| adapter.name == *name))
    }
}

/// A command that sends one record.
pub fn test_command(address: &str, sent_in: SentIn, with: &Filled<'_>, record: &str) -> String {
    let header = match sent_in {
        SentIn::Header => format!("  -H \"Authorization: Bearer {}\" \\\n", with.token.unwrap_or(PLACEHOLDER)),
        SentIn::Address => String::new(),
    };
    format!("curl -sS \"{address}\" \\\n{header}  -H \"Content-Type: application/json\" \\\n  -d '{record}'")
}

/// A text in parts; every second one is a name as the product shows it.
pub fn parts(text: &str) -> Vec<(bool, String)> {
    text.split('`').enumerate().map(|(place, part)| (place % 2 == 1, part.to_owned())).collect()
}
