//! What alerts are linked by: an entity, or something that several have in common without sharing one.

use crate::clock::DAY;
use crate::correlation::reach;
use crate::hash::sha256;
use crate::model::entity::EvidenceKind;

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    Entity(EvidenceKind),
    /// One detection from one address, whatever it hits.
    SameSource,
    /// One detection that is not seen at other times, whatever it hits.
    Outbreak,
    /// What is routine on one asset on one day, UTC.
    Routine,
    /// The weaknesses of one asset that were found on one day, UTC.
    Weakness,
}

/// Something that an alert can be linked by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkKey {
    /// The entity's id; negative where it is none.
    pub id: i64,
    pub kind: LinkKind,
    /// The name of the entity, or of the asset or address that it is about.
    pub name: String,
}

impl LinkKey {
    pub fn outbreak(detection: &str) -> Self {
        Self::without_entity(LinkKind::Outbreak, &format!("detection\n{detection}"), "")
    }

    pub fn same_source(detection: &str, address: i64, name: &str) -> Self {
        Self::without_entity(LinkKind::SameSource, &format!("source\n{detection}\n{address}"), name)
    }

    /// Where what is routine on a key is gathered.
    pub fn routine(of: &Self, at: i64) -> Self {
        Self::of_day("routine", LinkKind::Routine, of, at)
    }

    /// Where the weaknesses of an asset are gathered.
    pub fn weakness(of: &Self, at: i64) -> Self {
        Self::of_day("weakness", LinkKind::Weakness, of, at)
    }

    fn of_day(what: &str, kind: LinkKind, of: &Self, at: i64) -> Self {
        Self::without_entity(kind, &format!("{what}\n{}\n{}", of.id, at.div_euclid(DAY)), &of.name)
    }

    fn without_entity(kind: LinkKind, text: &str, name: &str) -> Self {
        Self { id: id_of(kind, text), kind, name: name.to_owned() }
    }

    pub fn is_asset(&self) -> bool {
        matches!(self.kind, LinkKind::Entity(kind) if reach::is_asset(kind))
    }

    /// Whether a detection may be routine on it.
    pub fn has_routine(&self) -> bool {
        self.is_asset() || self.kind == LinkKind::SameSource
    }
}

impl LinkKind {
    /// See [`reach::reach`].
    pub fn reach(self, usual: i64) -> Option<i64> {
        match self {
            Self::Entity(kind) => reach::reach(kind, usual),
            Self::SameSource => Some(reach::SAME_SOURCE),
            Self::Outbreak => Some(reach::OUTBREAK),
            Self::Routine | Self::Weakness => Some(DAY),
        }
    }

    /// Whether what was seen on the same day counts as usual: for what is no asset, since that which many share in
    /// one day links nothing.
    pub fn counts_near(self) -> bool {
        !matches!(self, Self::Entity(kind) if reach::is_asset(kind))
    }
}

/// The kinds of keys that are no entities, in the order of the last two bits of their ids.
const WITHOUT_ENTITY: [LinkKind; 4] = [LinkKind::SameSource, LinkKind::Outbreak, LinkKind::Routine, LinkKind::Weakness];

/// A negative number that stands for a text, and tells its kind.
fn id_of(kind: LinkKind, text: &str) -> i64 {
    let hash = sha256(text.as_bytes());
    let number = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let bits = WITHOUT_ENTITY.iter().position(|known| *known == kind).unwrap_or(0) as u64;
    -i64::try_from((number >> 1) & !3 | bits).unwrap_or(i64::MAX).max(4)
}

/// The kind of a key that is no entity, by its id.
pub fn kind_without_entity(id: i64) -> Option<LinkKind> {
    let bits = usize::try_from(id.checked_neg()? & 3).ok()?;
    WITHOUT_ENTITY.get(bits).copied().filter(|_| id < 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_key_that_is_no_entity_tells_its_kind() {
        let device = LinkKey { id: 7, kind: LinkKind::Entity(EvidenceKind::Device), name: "web-01".into() };
        let keys = [
            LinkKey::outbreak("00ff"),
            LinkKey::same_source("00ff", 9, "203.0.113.7"),
            LinkKey::routine(&device, 0),
            LinkKey::weakness(&device, 0),
        ];
        for key in keys {
            assert_eq!(kind_without_entity(key.id), Some(key.kind), "{key:?}");
        }
        assert_eq!(kind_without_entity(device.id), None);
    }
}
