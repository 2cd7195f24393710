// Brings a newer state of the shown page in while the reader stays where they are.

import { replacePageLinks } from './list-pages.js';
import { announceRows, replaceRow } from './row-updates.js';
import { list, rowById, rows, rowsBody, rowsIn, showTotal } from './rows.js';
import { isInSight, keepPlace } from './scroll-place.js';

// The ids of the rows that have the same order in the list and in `fetched`: the longest increasing
// run of places.
function unmoved(fetched) {
  const places = new Map(rows().map((row, index) => [row.dataset.row, index]));
  const known = fetched.map((row) => row.dataset.row).filter((id) => places.has(id));
  const runs = [];
  let best = [];
  for (const id of known) {
    let longest = [];
    for (const run of runs) if (places.get(run.at(-1)) < places.get(id) && run.length > longest.length) longest = run;
    runs.push([...longest, id]);
    if (longest.length + 1 > best.length) best = runs.at(-1);
  }
  return new Set(best);
}

function insertAfter(last, row) {
  // The expanded alerts of a row stay with it.
  let previous = last;
  while (previous?.nextElementSibling?.matches('[data-expands]')) previous = previous.nextElementSibling;
  if (previous) previous.after(row); else rowsBody().prepend(row);
}

// Replaces rows in `ids` in their place and puts new ones where they belong; gives the ids of those.
function place(fetched, ids) {
  const stays = unmoved(fetched);
  const added = [];
  let last = null;
  for (const row of fetched) {
    const id = row.dataset.row;
    const old = rowById(id);
    if (old && ids.has(id)) replaceRow(old, row, false);
    if (!old) { insertAfter(last, row); added.push(id); }
    if (!old || stays.has(id)) last = rowById(id);
  }
  return added;
}

// Merges a fetched page into the list; gives the ids of the rows that were added.
export function mergeRows(page, ids) {
  const fetched = rowsIn(page);
  const lastId = fetched.at(-1)?.dataset.row;
  let added = [];
  const work = () => { added = place(fetched, ids); };
  // Who sees the first row sees what comes in above it; who is further down keeps their place.
  if (isInSight(rows()[0])) work(); else keepPlace(work);
  if (fetched.length) list.querySelector('.empty')?.remove();
  if (fetched.length && rows().at(-1).dataset.row === lastId) replacePageLinks(page);
  showTotal(page);
  announceRows();
  return added;
}
