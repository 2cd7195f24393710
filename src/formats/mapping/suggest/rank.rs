//! How well a pointer's name matches a field.

use crate::formats::building::terms::normalized;

/// How many names and indices a pointer has.
pub(super) fn depth(pointer: &str) -> usize {
    pointer.split('/').filter(|segment| !segment.is_empty() && *segment != "*").count()
}

/// The position among the names of the last segment, or of the last two together.
pub(super) fn rank(pointer: &str, names: &[&str]) -> Option<usize> {
    let segments: Vec<&str> = pointer.split('/').filter(|segment| *segment != "*" && !segment.is_empty()).collect();
    let last = normalized(segments.last()?);
    let dotted = segments.last()?.rsplit('.').next().map(normalized)?;
    let two =
        segments.len().checked_sub(2).and_then(|start| segments.get(start..)).map(|pair| normalized(&pair.concat()));
    names.iter().position(|name| last == *name || dotted == *name || two.as_deref() == Some(name))
}
