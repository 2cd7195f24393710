//! What a list is ordered by, and the position in that order where a page begins.

crate::text_enum! {
    /// What a list can be ordered by.
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
    /// The expression over a row `i` that it orders by. An index begins with `is_open`, of alerts with `status`, and
    /// it; the alerts of one incident are sorted without one.
    pub(super) fn expression(self, of_alerts: bool) -> &'static str {
        match (self, of_alerts) {
            (Self::LastUpdate, _) => "i.updated_at",
            (Self::Created, _) => "i.created_at",
            (Self::FirstActivity, _) => "i.first_activity",
            (Self::LastActivity, _) => "i.last_activity",
            (Self::Severity, false) => "i.severity_rank",
            (Self::Severity, true) => SEVERITY_OF_ALERT,
            (Self::Priority, _) => "i.priority",
            (Self::Alerts, _) => "i.alert_count",
            (Self::Name, false) => "i.name_key",
            (Self::Name, true) => "i.title_key",
            (Self::Status, _) => "i.status",
            (Self::AssignedTo, false) => "i.owner_key",
            (Self::AssignedTo, true) => {
                "COALESCE((SELECT lower(u.display_name) FROM users u WHERE u.id = i.assigned_to), '')"
            }
            (Self::Id, _) => "i.id",
        }
    }

    /// Whether many rows share a value, so that the last update orders these.
    fn is_coarse(self) -> bool {
        matches!(self, Self::Severity | Self::Priority | Self::Alerts | Self::Status | Self::AssignedTo)
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self, Self::Name | Self::Status | Self::AssignedTo)
    }
}

/// [`Severity::rank`](crate::model::severity::Severity::rank) of an alert, as the index `alerts_severity` has it.
pub(super) const SEVERITY_OF_ALERT: &str =
    "CASE i.severity WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END";

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

impl Order {
    /// An order by one key.
    pub fn by(key: SortKey, descending: bool) -> Self {
        Self(vec![Sort { key, descending }])
    }

    /// Reads "-severity,lastUpdate": the order of the keys that a list knows, at most so many and none without any, and
    /// whether it knows all parts. A key that comes twice counts as unknown.
    pub fn parse((known, most): (&[SortKey], usize), text: &str) -> (Option<Self>, bool) {
        let is_known = |key: SortKey| known.contains(&key);
        let mut keys: Vec<Sort> = Vec::new();
        let mut all = true;
        for part in text.split(',') {
            match Sort::parse(part) {
                Some(sort) if is_known(sort.key) && keys.len() < most && keys.iter().all(|one| one.key != sort.key) => {
                    keys.push(sort);
                }
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

    /// The keys, and after them what orders rows that are equal in all of them: the last update
    /// where many are, then the ID. No two rows are equal, so that no page skips or repeats one.
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
            Order::parse((SortKey::ALL, 5), text).0.unwrap().total().into_iter().map(Sort::as_text).collect()
        };
        assert_eq!(keys("-severity"), ["-severity", "-lastUpdate", "-id"]);
        assert_eq!(keys("-severity,lastUpdate"), ["-severity", "lastUpdate", "id"]);
        assert_eq!(keys("id,name"), ["id"]);
        assert_eq!(keys("status,-name"), ["status", "-name", "-id"]);
    }

    #[test]
    fn unknown_keys_are_reported_and_the_rest_is_the_order() {
        for (text, known) in [("", ""), ("colour", ""), ("-severity,severity", "-severity"), ("name,,id", "name,id")] {
            let (order, all) = Order::parse((SortKey::ALL, 5), text);
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
