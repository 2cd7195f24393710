// Polls for rows that others added or changed, and counts them in the line above the list. The
// rows stay as they are until "Show" is pressed: then changed rows are replaced in place, and new ones
// are inserted where the order puts them.

import { fetchPage, isSignedOut } from '../shared/fetch-page.js';
import { fetchCurrentPage } from './current-page.js';
import { pageChanges } from './list-pages.js';
import { mergeRows } from './merge-rows.js';
import { forgetShown, noteAdded, noteChanged, noteMoreChanged, outdatedIds, takeUpdates } from './update-counts.js';
import { hasSessionEnded, line, showButton, showCounts, showNotice, showSessionEnded } from './update-line.js';
import { openPane } from './pane.js';
import { refreshRow, updateRows } from './row-updates.js';
import { listAddress, markRow, rowById, rows } from './rows.js';

const INTERVAL = 4000;
const LONGEST_INTERVAL = 60000;
const TIMEOUT = 15000;
const CHANGED = 'Changed by others';

let since = line?.dataset.since;
let interval = INTERVAL;
let timer = null;
let requests = 0;

const rowIds = () => rows().map((row) => row.dataset.row);

function noteUpdates(updates) {
  // The stream of the open pane updates the pane and its row.
  const open = openPane()?.dataset.pane;
  updates.new.map(String).forEach((id) => noteAdded(id));
  // What this person changed, here or in another tab, is not counted: its rows are updated at once.
  updates.mine.map(String).filter((id) => id !== open && rowById(id)).forEach((id) => refreshRow(id));
  for (const id of updates.changed.map(String).filter((other) => other !== open)) {
    noteChanged(id);
    const row = rowById(id);
    if (row) markRow(row, CHANGED);
  }
  if (updates.more) noteMoreChanged();
  if (updates.new.length || updates.changed.length || updates.more) showCounts();
}

// Null when a later request has been sent meanwhile, or the session has ended.
async function fetchUpdates(request) {
  const address = listAddress('/updates', { pane: null, after: null, since, visible: rowIds().join() });
  const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT) });
  if (request !== requests) return null;
  if (isSignedOut(response)) { showSessionEnded(); return null; }
  if (!response.ok) throw new Error('no updates');
  const updates = await response.json();
  return request === requests ? updates : null;
}

// Whether this request was answered. A request that a later one replaced was not.
async function update() {
  requests += 1;
  const request = requests;
  try {
    const updates = await fetchUpdates(request);
    if (!updates) return false;
    since = updates.since;
    interval = INTERVAL;
    noteUpdates(updates);
    return true;
  } catch (error) {
    if (request !== requests) return false;
    throw error;
  }
}

async function poll() {
  clearTimeout(timer);
  if (hasSessionEnded() || document.hidden) return;
  try { if (!await update()) return; } catch { interval = Math.min(interval * 2, LONGEST_INTERVAL); }
  timer = setTimeout(poll, interval);
}

// Merges the fetched page into the list, and `rest`: outdated rows that are no longer on that page.
function showPage(page, rest, ids) {
  const updates = takeUpdates();
  const all = new Set([...updates.added, ...updates.changed]);
  const replaced = [...ids].filter((id) => updates.changed.has(id) && rowById(id)).length;
  const inserted = mergeRows(page, ids);
  if (rest) updateRows(rest);
  inserted.filter((id) => all.has(id)).forEach((id) => markRow(rowById(id), updates.added.has(id) ? 'New' : CHANGED));
  const elsewhere = [...all].filter((id) => !rowById(id)).length;
  const parts = [inserted.length && `${inserted.length} added`, replaced && `${replaced} updated`, elsewhere && `${elsewhere} on other pages`];
  showNotice(parts.filter(Boolean).join(', ') || 'Up to date');
}

async function show() {
  clearTimeout(timer);
  try {
    if (!await update()) { if (!hasSessionEnded()) timer = setTimeout(poll, interval); return; }
    const before = pageChanges();
    const ids = outdatedIds();
    const page = await fetchCurrentPage();
    if (!page) { location.reload(); return; }
    if (before !== pageChanges()) { poll(); return; }
    const moved = rowIds().filter((id) => ids.has(id) && !page.getElementById(`row-${id}`));
    const rest = moved.length ? await fetchPage(listAddress('/rows', { only: moved.join() })) : null;
    showPage(page, rest, ids);
  } catch { showNotice('Watchdesk cannot be reached. Nothing was changed.'); }
  timer = setTimeout(poll, interval);
}

if (line) {
  line.hidden = false;
  showButton.addEventListener('click', show);
  document.addEventListener('watchdesk:rows', (event) => { if (forgetShown(event.detail || {})) showCounts(); });
  document.addEventListener('visibilitychange', poll);
  addEventListener('pageshow', (event) => { if (event.persisted) poll(); });
  addEventListener('online', poll);
  timer = setTimeout(poll, interval);
}
