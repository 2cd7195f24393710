//! The fields of an incident or an alert that people edit.

crate::text_enum! {
    /// A field, by its name in forms and its label on screen. An alert has a status, a
    /// classification and an owner only.
    pub enum Field {
        Name = "name" / "Incident name",
        Severity = "severity" / "Severity",
        Status = "status" / "Status",
        ResolvingNote = "resolving_note" / "Resolution note",
        Classification = "classification" / "Classification",
        AssignedTo = "assigned_to" / "Assigned to",
        Tags = "tags" / "Tags",
        FollowUp = "follow_up_at" / "Follow up",
    }
}
