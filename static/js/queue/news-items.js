// What others did to this list since it was read: which incidents are new, and which changed.

import { rowById, rows } from './rows.js';

const MOST_COUNTED = 100;
let added = new Set();
let changed = new Set();
// Whether more changed than the server names.
let moreChanged = false;

function count(ids, word, isMore) {
  if (isMore || ids.size > MOST_COUNTED) return `${MOST_COUNTED}+ ${word}`;
  return ids.size ? `${ids.size} ${word}` : '';
}

export const newsText = () => [count(added, 'new'), count(changed, 'changed', moreChanged)].filter(Boolean).join(', ');

export function noteAdded(id) { if (!rowById(id)) added.add(id); }

export function noteChanged(id) { if (!added.has(id)) changed.add(id); }

export function noteMoreChanged() { moreChanged = true; }

// The rows of the list that may be out of date.
export const outdatedIds = () => new Set(moreChanged ? rows().map((row) => row.dataset.row) : changed);

// Gives what is new and changed, and begins anew.
export function takeNews() {
  const news = { added, changed };
  [added, changed, moreChanged] = [new Set(), new Set(), false];
  return news;
}

// Forgets what the list now has: another page of it is up to date, single rows only where they were
// updated. Gives whether anything was forgotten.
export function forgetShown({ page, updated = [] }) {
  const before = added.size + changed.size;
  for (const ids of page ? [added, changed] : [added]) ids.forEach((id) => { if (rowById(id)) ids.delete(id); });
  updated.forEach((id) => changed.delete(id));
  return added.size + changed.size !== before;
}
