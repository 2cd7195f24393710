// The rows that others added or changed since the list was read.

import { rowById, rows } from './rows.js';

const MOST_COUNTED = 100;
let added = new Set();
let changed = new Set();
// Whether more rows changed than the server listed.
let moreChanged = false;

function count(ids, label, isMore) {
  if (isMore || ids.size > MOST_COUNTED) return `${MOST_COUNTED}+ ${label}`;
  return ids.size ? `${ids.size} ${label}` : '';
}

export const countsText = () => [count(added, 'new'), count(changed, 'changed', moreChanged)].filter(Boolean).join(', ');

export function noteAdded(id) { if (!rowById(id)) added.add(id); }

export function noteChanged(id) { if (!added.has(id)) changed.add(id); }

export function noteMoreChanged() { moreChanged = true; }

// The rows of the list that may be out of date.
export const outdatedIds = () => new Set(moreChanged ? rows().map((row) => row.dataset.row) : changed);

// Returns what was noted, and starts over.
export function takeUpdates() {
  const updates = { added, changed };
  [added, changed, moreChanged] = [new Set(), new Set(), false];
  return updates;
}

// Forgets what the list now shows: all rows of a newly fetched page, or the rows that were updated.
// Whether anything was forgotten.
export function forgetShown({ page, updated = [] }) {
  const before = added.size + changed.size;
  for (const ids of page ? [added, changed] : [added]) ids.forEach((id) => { if (rowById(id)) ids.delete(id); });
  updated.forEach((id) => changed.delete(id));
  return added.size + changed.size !== before;
}
