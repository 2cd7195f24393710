//! The tables, kept by hand; `tests/app/storage/schema.rs` compares them with both databases.
//! What each column means is said at the row structs that read it.

diesel::table! { counters (name) { name -> Text, value -> BigInt, } }
diesel::table! { users (id) {
    id -> BigInt, name -> Text, name_key -> Text, display_name -> Text,
    password_hash -> Nullable<Text>, disabled -> Bool, created_at -> BigInt, role -> Text,
    last_signed_in -> Nullable<BigInt>, time_zone -> Text, key_shortcuts -> Bool,
} }
diesel::table! { sessions (key_hash) {
    key_hash -> Text, user_id -> Nullable<BigInt>, state -> Text, created_at -> BigInt, expires_at -> BigInt,
    address -> Text, browser -> Text, method -> Text, used_at -> BigInt, provider_id -> Nullable<BigInt>,
    provider_session -> Nullable<Text>,
} }
diesel::table! { one_time_links (id) {
    id -> BigInt, purpose -> Text, secret_hash -> Text, user_id -> Nullable<BigInt>, name -> Text,
    name_key -> Text, display_name -> Text, role -> Text, made_at -> BigInt, made_by -> Text,
    expires_at -> BigInt,
} }
diesel::table! {
    authenticator_apps (user_id) { user_id -> BigInt, secret -> Text, last_step -> BigInt, added_at -> BigInt, }
}
diesel::table! { recovery_codes (user_id, code_hash) { user_id -> BigInt, code_hash -> Text, } }
diesel::table! { passkey_handles (user_id) { user_id -> BigInt, handle -> Text, } }
diesel::table! { passkeys (credential_id) {
    credential_id -> Text, user_id -> BigInt, name -> Text, static_state -> Text, dynamic_state -> Text,
    added_at -> BigInt, last_used_at -> Nullable<BigInt>,
} }
diesel::table! { sign_in_settings (name) { name -> Text, value -> Text, } }
diesel::table! { identity_providers (id) {
    id -> BigInt, slug -> Text, name -> Text, issuer -> Text, client_id -> Text, client_secret -> Text,
    scopes -> Text, groups_claim -> Text, default_role -> Text, role_rules -> Text, group_rules -> Text,
    enabled -> Bool,
} }
diesel::table! { identities (issuer, subject) {
    issuer -> Text, subject -> Text, user_id -> BigInt, added_at -> BigInt, last_used_at -> BigInt,
} }
diesel::table! {
    user_groups (id) { id -> BigInt, name -> Text, name_key -> Text, description -> Text, created_at -> BigInt, }
}
diesel::table! { group_members (group_id, user_id) { group_id -> BigInt, user_id -> BigInt, } }
diesel::table! { api_tokens (id) {
    id -> BigInt, name -> Text, token_hash -> Text, scope -> Text, created_at -> BigInt,
    last_used_at -> Nullable<BigInt>, revoked_at -> Nullable<BigInt>, mapping_id -> Nullable<BigInt>,
    sent_in -> Text, signing_secret -> Nullable<Text>, any_source -> Bool, purpose -> Text,
    expires_at -> Nullable<BigInt>, last_used_from -> Text, owner_id -> Nullable<BigInt>,
    earlier_hash -> Nullable<Text>, earlier_until -> Nullable<BigInt>,
} }
diesel::table! { token_sources (token_id, source) { token_id -> BigInt, source -> Text, } }
diesel::table! { signed_deliveries (token_id, webhook_id) { token_id -> BigInt, webhook_id -> Text, at -> BigInt, } }
diesel::table! { mappings (id) {
    id -> BigInt, revision -> BigInt, name -> Text, name_key -> Text, body -> Text, sample -> Text,
    created_at -> BigInt, updated_at -> BigInt, updated_by -> Text,
} }
diesel::table! { setting_changes (id) {
    id -> BigInt, kind -> Text, setting_id -> BigInt, name -> Text, actor_kind -> Text,
    actor_id -> Nullable<BigInt>, actor_name -> Text, at -> BigInt, old_body -> Nullable<Text>,
    new_body -> Nullable<Text>,
} }
diesel::table! { audit_log (id) {
    id -> BigInt, at -> BigInt, activity -> Text, actor_kind -> Text, actor_id -> Nullable<BigInt>,
    actor_name -> Text, address -> Nullable<Text>, target_kind -> Text, target_id -> Nullable<BigInt>,
    target_name -> Text, detail -> Text, hash -> Text,
} }
diesel::table! { backup_runs (id) {
    id -> BigInt, began_at -> BigInt, ended_at -> BigInt, occasion -> Text, begun_by -> Text, file -> Text,
    bytes -> Nullable<BigInt>, row_count -> Nullable<BigInt>, failure -> Nullable<Text>,
} }
diesel::table! { checkpoints (id) {
    id -> BigInt, at -> BigInt, last_entry -> BigInt, entries_hash -> Text, last_entity_entry -> BigInt,
    entity_entries_hash -> Text, last_audit_entry -> BigInt, audit_hash -> Text, previous -> Text, hash -> Text,
    public_key -> Text, signature -> Text,
} }
diesel::table! { incidents (id) {
    id -> BigInt, revision -> BigInt, name -> Text, name_key -> Text, name_source -> Text, status -> Text,
    status_before -> Nullable<Text>, severity -> Text, severity_rank -> BigInt, severity_source -> Text,
    classification -> Text, determination -> Text, assigned_to -> Nullable<BigInt>,
    resolving_note -> Nullable<Text>, redirect_to -> Nullable<BigInt>, related_to -> Nullable<BigInt>,
    created_at -> BigInt, updated_at -> BigInt, first_activity -> BigInt, last_activity -> BigInt,
    resolved_at -> Nullable<BigInt>, alert_count -> BigInt, open_alert_count -> BigInt, device_count -> BigInt,
    user_count -> BigInt, mailbox_count -> BigInt, scope -> Text, provider_key -> Nullable<Text>,
    provider_updated_at -> Nullable<BigInt>, is_open -> Bool, owner_key -> Text, priority -> BigInt,
    follow_up_at -> Nullable<BigInt>, all_alerts_resolved -> Bool,
    #[sql_name = "told_by"] reported_by -> Nullable<BigInt>, chain_head -> Text,
} }
diesel::table! { incident_names (name_key) { name_key -> Text, } }
diesel::table! { alert_titles (title_key) { title_key -> Text, } }
diesel::table! { tags (id) { id -> BigInt, name -> Text, name_key -> Text, system -> Bool, } }
diesel::table! { incident_tags (incident_id, tag_id) { incident_id -> BigInt, tag_id -> BigInt, is_open -> Bool, } }
diesel::table! { alerts (id) {
    id -> BigInt, incident_id -> BigInt, revision -> BigInt, source -> Text, identity_key -> Text,
    title -> Text, title_key -> Text, severity -> Text, status -> Text, status_before -> Nullable<Text>,
    closed_with -> Nullable<BigInt>, status_by_person -> Bool, classified_by_person -> Bool,
    classification -> Text, determination -> Text, assigned_to -> Nullable<BigInt>, category -> Text,
    techniques -> Text, service_source -> Text, detection_source -> Text, product -> Text,
    first_activity -> BigInt, last_activity -> BigInt, created_at -> BigInt, received_at -> BigInt,
    updated_at -> BigInt, resolved_at -> Nullable<BigInt>, occurrences -> BigInt, linked_by -> Text,
    assets -> Text, provider_updated_at -> Nullable<BigInt>, payload_hash -> Text,
    provider_alert_id -> Text, episode -> BigInt, counted_by_source -> Nullable<BigInt>,
    severity_given -> Bool, #[sql_name = "told_by"] reported_by -> Nullable<BigInt>, subject -> Text,
} }
diesel::table! {
    alert_details (alert_id) { alert_id -> BigInt, description -> Text, recommended_actions -> Text, facts -> Text, }
}
diesel::table! {
    alert_payloads (alert_id) { alert_id -> BigInt, received_at -> BigInt, payload -> Text, sender -> Text, }
}
diesel::table! { earlier_payloads (alert_id, number) {
    alert_id -> BigInt, number -> BigInt, received_at -> BigInt, sender -> Text, payload -> Text, cut -> Bool,
} }
diesel::table! {
    entities (id) { id -> BigInt, kind -> Text, name -> Text, name_key -> Text, links -> Bool, importance -> Text, }
}
diesel::table! { entity_keys (kind, key) { kind -> Text, key -> Text, entity_id -> BigInt, } }
diesel::table! {
    entity_names (id) { id -> BigInt, entity_id -> BigInt, kind -> Text, name -> Text, name_key -> Text, }
}
diesel::table! { evidence (id) {
    id -> BigInt, alert_id -> BigInt, entity_id -> BigInt, roles -> Text, verdict -> Text,
    remediation -> Text, facts -> Text, first_seen -> BigInt, linking -> Bool, name -> Text,
} }
diesel::table! { incident_entities (incident_id, entity_id) {
    incident_id -> BigInt, entity_id -> BigInt, kind -> Text, alert_count -> BigInt,
    first_seen -> BigInt, last_seen -> BigInt, is_open -> Bool,
} }
diesel::table! { entity_texts (id) { id -> BigInt, entity_id -> BigInt, text_key -> Text, } }
diesel::table! { entity_redirects (entity_id) { entity_id -> BigInt, to_entity -> BigInt, } }
diesel::table! { lookups (id) { id -> BigInt, name -> Text, name_key -> Text, kinds -> Text, template -> Text, } }
diesel::table! { entity_notes (entity_id) { entity_id -> BigInt, note -> Text, } }
diesel::table! { entity_tags (entity_id, tag_id) { entity_id -> BigInt, tag_id -> BigInt, } }
diesel::table! { entity_entries (id) {
    id -> BigInt, entity_id -> BigInt, kind -> Text, old_text -> Nullable<Text>, new_text -> Nullable<Text>,
    comment_id -> Nullable<BigInt>, actor_kind -> Text, actor_id -> Nullable<BigInt>, actor_name -> Text,
    at -> BigInt, hash -> Text, chained_at -> Nullable<BigInt>, written_entity -> Nullable<BigInt>,
} }
diesel::table! { entity_comment_texts (entry_id) { entry_id -> BigInt, text_key -> Text, } }
diesel::table! { entity_days (entity_id, day) { entity_id -> BigInt, day -> BigInt, detections -> Text, } }
diesel::table! { detection_months (detection, month) { detection -> Text, month -> BigInt, alerts -> BigInt, } }
diesel::table! { link_points (key, at, alert_id) { key -> BigInt, at -> BigInt, alert_id -> BigInt, } }
diesel::table! { repeats (alert_id) { alert_id -> BigInt, key -> Text, day -> BigInt, } }
diesel::table! { alert_redirects (alert_id) { alert_id -> BigInt, to_alert -> BigInt, at -> BigInt, } }
diesel::table! { alert_occurrences (source, provider_alert_id) {
    source -> Text, provider_alert_id -> Text, alert_id -> BigInt, at -> BigInt, payload -> Text,
} }
diesel::table! { repeat_rules (source) { source -> Text, minutes -> BigInt, } }
diesel::table! { alert_aliases (alias) { alias -> Text, alert_id -> BigInt, } }
diesel::table! { expected_alerts (alias) { alias -> Text, incident_id -> BigInt, } }
diesel::table! { incidents_apart (one, other) { one -> BigInt, other -> BigInt, at -> BigInt, } }
diesel::table! { operations (id) {
    id -> BigInt, kind -> Text, detail -> Text, at -> BigInt, undone_at -> Nullable<BigInt>,
    actor_id -> Nullable<BigInt>, actor_name -> Text, state -> Text, undo_of -> Nullable<BigInt>,
    undone_by -> Nullable<BigInt>, total -> BigInt, ended_at -> Nullable<BigInt>, resumed_at -> Nullable<BigInt>,
    form -> Nullable<Text>,
} }
diesel::table! { operation_items (operation_id, incident_id) {
    operation_id -> BigInt, incident_id -> BigInt, state -> Text, reason -> Text,
} }
diesel::table! { incident_facets (incident_id, facet, value) {
    incident_id -> BigInt, facet -> Text, value -> Text, is_open -> Bool,
} }
diesel::table! { history (id) {
    id -> BigInt, incident_id -> BigInt, revision -> BigInt, parent -> Nullable<BigInt>,
    alert_id -> Nullable<BigInt>, alert_revision -> Nullable<BigInt>, actor_kind -> Text,
    actor_id -> Nullable<BigInt>, actor_label -> Text, kind -> Text, version -> Integer, detail -> Text,
    at -> BigInt, operation_id -> Nullable<BigInt>, hash -> Text, chained_at -> Nullable<BigInt>,
    written_alert -> Nullable<BigInt>, written_alert_revision -> Nullable<BigInt>,
} }
diesel::table! { comment_edits (edit_id) { edit_id -> BigInt, comment_id -> BigInt, } }
diesel::table! { mentions (user_id, comment_id) { user_id -> BigInt, comment_id -> BigInt, is_read -> Bool, } }
diesel::table! { written_texts (entry_id) { entry_id -> BigInt, text_key -> Text, } }
diesel::table! { refused_items (id) {
    id -> BigInt, at -> BigInt, feed -> Text, token_id -> Nullable<BigInt>, format -> Text,
    line -> Nullable<BigInt>, reason -> Text, reason_key -> Text, raw -> Text, truncated -> Bool,
    replayed_at -> Nullable<BigInt>, bytes -> BigInt,
} }
diesel::table! { sources (name) {
    name -> Text, live -> Bool, first_seen -> BigInt, last_seen -> BigInt, last_alert -> Nullable<BigInt>,
    first_token -> Nullable<BigInt>, busy_hours -> BigInt,
} }
diesel::table! { source_tokens (source, token_id) { source -> Text, token_id -> BigInt, last_alert -> BigInt, } }
diesel::table! { source_hours (source, hour) {
    source -> Text, hour -> BigInt, created -> BigInt, updated -> BigInt, skipped -> BigInt, refused -> BigInt,
    severity_missing -> BigInt,
} }
diesel::table! { house_rules (id) {
    id -> BigInt, revision -> BigInt, position -> BigInt, name -> Text, name_key -> Text, enabled -> Bool,
    body -> Text, owner_id -> BigInt, reason -> Text, expires_at -> Nullable<BigInt>, hits -> BigInt,
    last_hit -> Nullable<BigInt>, created_at -> BigInt, updated_at -> BigInt, updated_by -> Text,
    pending -> Bool, proposed_by -> Nullable<BigInt>, proposed_at -> Nullable<BigInt>, trial -> Nullable<Text>,
} }
diesel::table! { hidden_alerts (id) {
    id -> BigInt, rule_id -> BigInt, key -> Text, at -> BigInt, times -> BigInt, title -> Text, source -> Text,
    asset -> Text, record -> Text, payload -> Text, bytes -> BigInt,
} }
diesel::table! { hidden_counts (rule_id) {
    rule_id -> BigInt, name -> Text, hidden -> BigInt, kept -> BigInt, bytes -> BigInt, pushed_out -> BigInt,
    brought_back -> BigInt, forgotten -> BigInt,
} }
diesel::table! { house_rule_days (rule_id, day) { rule_id -> BigInt, day -> BigInt, hits -> BigInt, } }
diesel::table! { rule_groups (rule_id, value_hash) {
    rule_id -> BigInt, value_hash -> Text, incident_id -> BigInt, first -> BigInt, last -> BigInt,
} }
diesel::table! { views (id) {
    id -> BigInt, owner_id -> BigInt, name -> Text, name_key -> Text, query -> Text, shared -> Bool,
    position -> BigInt, created_at -> BigInt, updated_at -> BigInt, list -> Text,
} }
diesel::table! { resolving_sources (source) { source -> Text, resolves -> Bool, } }
diesel::table! { preferences (user_id, name) { user_id -> BigInt, name -> Text, value -> Text, } }
diesel::table! { form_keys (key) { key -> Text, at -> BigInt, result -> BigInt, } }
diesel::table! { regroup_queue (incident_id) { incident_id -> BigInt, } }
diesel::table! { lesson_detections (day, key) {
    day -> BigInt, key -> Text, source -> Text, category -> Text, title_key -> Text, title -> Text,
    not_set -> BigInt, true_positive -> BigInt, informational -> BigInt, false_positive -> BigInt,
} }
diesel::table! { lesson_assets (day, entity_id) {
    day -> BigInt, entity_id -> BigInt, not_set -> BigInt, true_positive -> BigInt, informational -> BigInt,
    false_positive -> BigInt,
} }
diesel::table! { lesson_incidents (day, owner_id) {
    day -> BigInt, owner_id -> BigInt, not_set -> BigInt, true_positive -> BigInt, informational -> BigInt,
    false_positive -> BigInt,
} }
diesel::table! { lesson_times (day, measure, owner_id, minutes) {
    day -> BigInt, measure -> Text, owner_id -> BigInt, minutes -> BigInt, incidents -> BigInt,
} }
diesel::table! { incident_work (incident_id) {
    incident_id -> BigInt, assigned_at -> Nullable<BigInt>, commented_at -> Nullable<BigInt>,
    resolved_at -> Nullable<BigInt>, reopened -> BigInt,
} }
diesel::table! { lone_incidents (incident_id) { incident_id -> BigInt, } }
diesel::table! { attachment_contents (sha256) {
    sha256 -> Text, size -> BigInt, media_type -> Text, has_macros -> Bool, has_preview -> Bool,
} }
diesel::table! { attachment_pieces (sha256, number) { sha256 -> Text, number -> BigInt, bytes -> Binary, } }
diesel::table! { attachment_previews (sha256) { sha256 -> Text, png -> Binary, } }
diesel::table! { attachments (id) {
    id -> BigInt, incident_id -> BigInt, sha256 -> Nullable<Text>, name -> Text, name_key -> Text,
    attached_at -> BigInt, attached_by -> Nullable<BigInt>, attached_label -> Text,
    removed_at -> Nullable<BigInt>, removed_label -> Nullable<Text>,
} }

diesel::joinable!(attachments -> attachment_contents (sha256));
diesel::joinable!(attachments -> incidents (incident_id));
diesel::joinable!(alerts -> incidents (incident_id));
diesel::joinable!(evidence -> alerts (alert_id));
diesel::joinable!(alert_aliases -> alerts (alert_id));
diesel::joinable!(alert_occurrences -> alerts (alert_id));
diesel::joinable!(repeats -> alerts (alert_id));
diesel::joinable!(rule_groups -> incidents (incident_id));
diesel::joinable!(evidence -> entities (entity_id));
diesel::joinable!(incident_entities -> incidents (incident_id));
diesel::joinable!(incident_entities -> entities (entity_id));
diesel::joinable!(link_points -> alerts (alert_id));
diesel::joinable!(alert_redirects -> alerts (to_alert));
diesel::joinable!(entity_tags -> tags (tag_id));
diesel::joinable!(entity_entries -> entities (entity_id));
diesel::joinable!(incident_tags -> tags (tag_id));
diesel::joinable!(incident_tags -> incidents (incident_id));
diesel::joinable!(history -> incidents (incident_id));
diesel::joinable!(operation_items -> incidents (incident_id));
diesel::joinable!(incident_work -> incidents (incident_id));

diesel::allow_tables_to_appear_in_same_query! {
    alert_aliases, alert_details, alert_occurrences, alert_payloads, alert_redirects, alert_titles, alerts,
    api_tokens, attachment_contents, attachments, comment_edits, counters, group_members, user_groups, entities, entity_days, entity_entries,
    entity_keys, entity_names, entity_notes, entity_tags, entity_texts, evidence, expected_alerts, history,
    incident_entities, incident_facets, incident_names, incident_tags, incident_work, incidents, incidents_apart,
    link_points, mentions, operation_items, operations, passkey_handles, passkeys, repeat_rules, repeats, rule_groups,
    sessions, tags, users,
}
