// Merges a newer state of the shown page into the list without moving what the reader looks at.

import { replacePageLinks } from './list-pages.js';
import { announceRows, replaceRow } from './row-updates.js';
import { list, rowById, rows, rowsBody, rowsIn, showTotal } from './rows.js';
import { isInSight, keepPlace } from './scroll-place.js';

// The ids of rows that have the same order in the list and in `fetched`: the longest increasing
// subsequence of their positions.
function unmoved(fetched) {
  const positions = new Map(rows().map((row, index) => [row.dataset.row, index]));
  const known = fetched.map((row) => row.dataset.row).filter((id) => positions.has(id));
  const sequences = [];
  let best = [];
  for (const id of known) {
    let longest = [];
    for (const sequence of sequences) {
      if (positions.get(sequence.at(-1)) < positions.get(id) && sequence.length > longest.length) longest = sequence;
    }
    sequences.push([...longest, id]);
    if (longest.length + 1 > best.length) best = sequences.at(-1);
  }
  return new Set(best);
}

function insertAfter(last, row) {
  // The alerts of an expanded row stay directly below it.
  let previous = last;
  while (previous?.nextElementSibling?.matches('[data-expands]')) previous = previous.nextElementSibling;
  if (previous) previous.after(row); else rowsBody().prepend(row);
}

// What a row says of the other alerts with its title.
const groupOf = (row) => `${row.dataset.under} ${row.querySelector('.group-count')?.textContent}`;

// Replaces the rows in `ids` and inserts new ones in order. Returns the ids of the new ones.
function placeRows(fetched, ids) {
  const kept = unmoved(fetched);
  const added = [];
  let last = null;
  for (const row of fetched) {
    const id = row.dataset.row;
    const old = rowById(id);
    if (old && (ids.has(id) || groupOf(old) !== groupOf(row))) replaceRow(old, row, false);
    if (!old) { insertAfter(last, row); added.push(id); }
    if (!old || kept.has(id)) last = rowById(id);
  }
  return added;
}

// Merges a fetched page into the list. Returns the ids of the rows that were added.
export function mergeRows(page, ids) {
  const fetched = rowsIn(page);
  const lastId = fetched.at(-1)?.dataset.row;
  let added = [];
  const work = () => { added = placeRows(fetched, ids); };
  // A reader at the top sees what is added above; further down, the visible rows keep their position.
  if (isInSight(rows()[0])) work(); else keepPlace(work);
  if (fetched.length) list.querySelector('.empty')?.remove();
  if (fetched.length && rows().at(-1).dataset.row === lastId) replacePageLinks(page);
  showTotal(page);
  announceRows();
  return added;
}
