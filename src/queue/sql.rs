//! Statements of the queue: text with `{}` where a value goes, and the values. They are written out
//! because each must be read by the index that it was written for, on both databases; `plan` says which.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::AnyConnection;
use crate::each;
use crate::error::Result;
use crate::queue::sort::Value;

/// A piece of a statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sql {
    pub text: String,
    pub values: Vec<Value>,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

impl Sql {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    /// With the values of its `{}`.
    pub(crate) fn of(text: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Self {
        Self { text: text.into(), values: values.into_iter().collect() }
    }

    /// Goes on with another piece.
    #[must_use]
    pub(crate) fn and_then(mut self, other: Self) -> Self {
        self.text.push_str(&other.text);
        self.values.extend(other.values);
        self
    }

    #[must_use]
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// `column IN (...)` for texts. One text is an equality, so that an index gives its rows in order.
    pub(crate) fn is_any(column: &str, values: impl IntoIterator<Item = String>) -> Self {
        let values: Vec<Value> = values.into_iter().map(Value::Text).collect();
        match values.len() {
            1 => Self::of(format!("{column} = {{}}"), values),
            count => Self::of(format!("{column} IN ({})", vec!["{}"; count].join(", ")), values),
        }
    }

    /// A condition that a table has a row; `what` is the text after FROM. [`Self::walking`] or
    /// [`Self::counting`] decides how it is written.
    pub(super) fn has(what: Self) -> Self {
        Self::new("{has}SELECT 1 FROM ").and_then(what).text("{end}")
    }

    /// For a walk that ends early: each row that it passes is looked up by itself. With EXISTS,
    /// PostgreSQL would read the whole table instead of looking up the hundred rows of a page.
    pub(super) fn walking(self) -> Self {
        Self { text: self.text.replace("{has}", "(").replace("{end}", " LIMIT 1) IS NOT NULL"), values: self.values }
    }

    /// For going over thousands of rows, where the database chooses better by itself.
    pub(super) fn counting(self) -> Self {
        Self { text: self.text.replace("{has}", "EXISTS (").replace("{end}", ")"), values: self.values }
    }

    /// Conditions joined by AND after a WHERE; nothing without any.
    pub(super) fn wherever(conditions: &[&Self]) -> Self {
        let mut all = Self::default();
        for (at, condition) in conditions.iter().enumerate() {
            all = all.text(if at == 0 { " WHERE " } else { " AND " }).and_then((*condition).clone());
        }
        all
    }

    /// Further conditions after a WHERE.
    pub(super) fn and(conditions: &[&Self]) -> Self {
        conditions.iter().fold(Self::default(), |all, one| all.text(" AND ").and_then((*one).clone()))
    }

    /// With the placeholders of the database.
    pub fn written(&self, conn: &AnyConnection) -> String {
        let mut parts = self.text.split("{}");
        let mut written = parts.next().unwrap_or_default().to_owned();
        for (at, part) in parts.enumerate() {
            written.push_str(&conn.placeholder(at + 1));
            written.push_str(part);
        }
        written
    }

    /// The `id` column of what it finds.
    pub fn ids(&self, conn: &mut AnyConnection) -> Result<Vec<i64>> {
        let rows: Vec<Number> = self.load(conn)?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// The `word` column of what it finds.
    pub fn words(&self, conn: &mut AnyConnection) -> Result<Vec<String>> {
        let rows: Vec<Word> = self.load(conn)?;
        Ok(rows.into_iter().map(|row| row.word).collect())
    }

    /// Rows of any shape.
    pub fn load<R>(&self, conn: &mut AnyConnection) -> Result<Vec<R>>
    where
        R: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
    {
        let text = self.written(conn);
        Ok(each!(conn, inner => {
            let mut query = diesel::sql_query(text).into_boxed();
            for value in &self.values {
                query = match value {
                    Value::Number(number) => query.bind::<BigInt, _>(*number),
                    Value::Text(text) => query.bind::<Text, _>(text.clone()),
                };
            }
            query.load(inner)
        })?)
    }
}
