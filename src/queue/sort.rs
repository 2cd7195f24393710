//! What the queue is ordered by, and the position in that order where a page begins.

use crate::model::incident::Incident;
use crate::text::folded;

/// Most keys of one order.
const MOST_KEYS: usize = 5;

crate::text_enum! {
    /// What the queue can be ordered by.
    pub enum SortKey {
        LastUpdate = "lastUpdate" / "Last update",
        Created = "created" / "Created",
        FirstActivity = "firstActivity" / "First activity",
        LastActivity = "lastActivity" / "Last activity",
        Severity = "severity" / "Severity",
        Priority = "priority" / "Priority",
        Alerts = "alerts" / "Alerts",
        Name = "name" / "Incident name",
        Status = "status" / "Status",
        AssignedTo = "assignedTo" / "Assigned to",
        Id = "id" / "ID",
    }
}

impl SortKey {
    /// The column of `incidents` that holds it. Each has an index that begins with `is_open` and it.
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::LastUpdate => "updated_at",
            Self::Created => "created_at",
            Self::FirstActivity => "first_activity",
            Self::LastActivity => "last_activity",
            Self::Severity => "severity_rank",
            Self::Priority => "priority",
            Self::Alerts => "alert_count",
            Self::Name => "name_key",
            Self::Status => "status",
            Self::AssignedTo => "owner_key",
            Self::Id => "id",
        }
    }

    /// Whether many incidents share a value, so that the last update orders these.
    fn is_coarse(self) -> bool {
        matches!(self, Self::Severity | Self::Priority | Self::Alerts | Self::Status | Self::AssignedTo)
    }

    /// The value of an incident; `owner` is its owner's name as the queue sorts it.
    pub(super) fn value(self, incident: &Incident, owner: &str) -> Value {
        match self {
            Self::LastUpdate => Value::Number(incident.updated_at),
            Self::Created => Value::Number(incident.created_at),
            Self::FirstActivity => Value::Number(incident.first_activity),
            Self::LastActivity => Value::Number(incident.last_activity),
            Self::Severity => Value::Number(incident.severity.rank()),
            Self::Priority => Value::Number(incident.priority),
            Self::Alerts => Value::Number(incident.alert_count),
            Self::Name => Value::Text(folded(&incident.name)),
            Self::Status => Value::Text(incident.status.as_str().to_owned()),
            Self::AssignedTo => Value::Text(owner.to_owned()),
            Self::Id => Value::Number(incident.id),
        }
    }

    fn is_text(self) -> bool {
        matches!(self, Self::Name | Self::Status | Self::AssignedTo)
    }
}

/// One key and its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub key: SortKey,
    pub descending: bool,
}

impl Sort {
    pub fn as_text(self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.key.as_str())
    }

    fn parse(text: &str) -> Option<Self> {
        let name = text.trim().trim_start_matches('-');
        SortKey::parse(name).map(|key| Self { key, descending: text.trim().starts_with('-') })
    }
}

/// The order asked for, most important key first; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order(Vec<Sort>);

impl Default for Order {
    fn default() -> Self {
        Self(vec![Sort { key: SortKey::LastUpdate, descending: true }])
    }
}

impl Order {
    /// An order by one key.
    pub fn by(key: SortKey, descending: bool) -> Self {
        Self(vec![Sort { key, descending }])
    }

    /// Reads "-severity,lastUpdate": the order of the known parts, none without any, and whether all
    /// parts are known. A key that comes twice counts as unknown.
    pub fn parse(text: &str) -> (Option<Self>, bool) {
        let mut keys: Vec<Sort> = Vec::new();
        let mut all = true;
        for part in text.split(',') {
            match Sort::parse(part) {
                Some(sort) if keys.len() < MOST_KEYS && keys.iter().all(|one| one.key != sort.key) => keys.push(sort),
                _ => all = false,
            }
        }
        ((!keys.is_empty()).then_some(Self(keys)), all)
    }

    pub fn as_text(&self) -> String {
        self.0.iter().map(|sort| sort.as_text()).collect::<Vec<_>>().join(",")
    }

    pub fn keys(&self) -> &[Sort] {
        &self.0
    }

    /// The most important key.
    pub fn first(&self) -> Sort {
        self.0.first().copied().unwrap_or(Sort { key: SortKey::LastUpdate, descending: true })
    }

    /// The position of a key in the order, from 0, and its direction.
    pub fn position(&self, key: SortKey) -> Option<(usize, bool)> {
        self.0.iter().enumerate().find(|(_, sort)| sort.key == key).map(|(at, sort)| (at, sort.descending))
    }

    /// The keys, and after them what orders incidents that are equal in all of them: the last update
    /// where many are, then the ID. No two incidents are equal, so that no page skips or repeats one.
    pub(super) fn total(&self) -> Vec<Sort> {
        let mut keys = self.0.clone();
        if let Some(at) = keys.iter().position(|sort| sort.key == SortKey::Id) {
            keys.truncate(at + 1);
            return keys;
        }
        let descending = keys.last().is_some_and(|sort| sort.descending);
        if keys.last().is_some_and(|sort| sort.key.is_coarse())
            && !keys.iter().any(|sort| sort.key == SortKey::LastUpdate)
        {
            keys.push(Sort { key: SortKey::LastUpdate, descending });
        }
        keys.push(Sort { key: SortKey::Id, descending });
        keys
    }
}

/// A value that a statement takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Number(i64),
    Text(String),
}

/// A position in an order: the values of its keys, the ID last. Opaque in URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub(super) Vec<Value>);

impl Cursor {
    /// The position of an incident; `owner` is its owner's name as the queue sorts it.
    pub(super) fn of(order: &Order, incident: &Incident, owner: &str) -> Self {
        Self(order.total().iter().map(|sort| sort.key.value(incident, owner)).collect())
    }

    /// Numbers as they are, texts in hexadecimal after a "t", points between.
    pub fn as_text(&self) -> String {
        let parts = self.0.iter().map(|value| match value {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.bytes().fold("t".to_owned(), |hex, byte| format!("{hex}{byte:02x}")),
        });
        parts.collect::<Vec<_>>().join(".")
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        text.split('.').map(value).collect::<Option<Vec<_>>>().map(Self)
    }

    /// Whether it is a position in that order: as many values, of the right kinds.
    pub(super) fn fits(&self, order: &Order) -> bool {
        let keys = order.total();
        keys.len() == self.0.len()
            && keys.iter().zip(&self.0).all(|(sort, value)| sort.key.is_text() == matches!(value, Value::Text(_)))
    }
}

fn value(part: &str) -> Option<Value> {
    let Some(hex) = part.strip_prefix('t') else {
        return part.parse().ok().map(Value::Number);
    };
    if !hex.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Vec<u8> = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect::<Option<_>>()?;
    // PostgreSQL takes no text with a NUL, so no incident's name has one either.
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')).map(Value::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_always_ends_with_what_no_two_incidents_share() {
        let keys = |text: &str| -> Vec<String> {
            Order::parse(text).0.unwrap().total().into_iter().map(Sort::as_text).collect()
        };
        assert_eq!(keys("-severity"), ["-severity", "-lastUpdate", "-id"]);
        assert_eq!(keys("-severity,lastUpdate"), ["-severity", "lastUpdate", "id"]);
        assert_eq!(keys("id,name"), ["id"]);
        assert_eq!(keys("status,-name"), ["status", "-name", "-id"]);
    }

    #[test]
    fn unknown_keys_are_reported_and_the_rest_is_the_order() {
        for (text, known) in [("", ""), ("colour", ""), ("-severity,severity", "-severity"), ("name,,id", "name,id")] {
            let (order, all) = Order::parse(text);
            assert_eq!((order.map(|order| order.as_text()).unwrap_or_default().as_str(), all), (known, false));
        }
    }

    #[test]
    fn a_position_survives_the_way_through_the_url() {
        let position = Cursor(vec![Value::Text("böse 100 %. name".to_owned()), Value::Number(-3), Value::Number(42)]);
        assert_eq!(Cursor::parse(&position.as_text()), Some(position));
        for text in ["", "t0", "tzz.1", "1..2", "tff", "t00.1", "t610062.1"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
