// Asks what others did to this list since it was read, and tells it in the line above the queue.
// Nothing moves until "Show" is pressed; then rows change in their place and new ones come where they
// belong.

import { fetchPage, isSignedOut } from '../shared/fetch-page.js';
import { fetchCurrentPage } from './current-page.js';
import { pageChanges } from './list-pages.js';
import { mergeRows } from './merge-rows.js';
import { forgetShown, noteAdded, noteChanged, noteMoreChanged, outdatedIds, takeNews } from './news-items.js';
import { hasSessionEnded, line, showButton, showNews, showNotice, showSessionEnded } from './news-line.js';
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

function takeIn(news) {
  // The open pane follows its incident by itself, and its row with it.
  const open = openPane()?.dataset.pane;
  news.new.map(String).forEach((id) => noteAdded(id));
  // What the reader did, here or in another tab, is no news; the rows follow it.
  news.mine.map(String).filter((id) => id !== open && rowById(id)).forEach((id) => refreshRow(id));
  for (const id of news.changed.map(String).filter((other) => other !== open)) {
    noteChanged(id);
    const row = rowById(id);
    if (row) markRow(row, CHANGED);
  }
  if (news.more) noteMoreChanged();
  if (news.new.length || news.changed.length || news.more) showNews();
}

// Gives null when a later request overtook this one or the session has ended.
async function fetchNews(request) {
  const address = listAddress('/incidents/updates', { pane: null, after: null, since, visible: rowIds().join() });
  const response = await fetch(address, { credentials: 'same-origin', signal: AbortSignal.timeout(TIMEOUT) });
  if (request !== requests) return null;
  if (isSignedOut(response)) { showSessionEnded(); return null; }
  if (!response.ok) throw new Error('no news');
  const news = await response.json();
  return request === requests ? news : null;
}

// Gives whether there was an answer to this request.
async function update() {
  requests += 1;
  const request = requests;
  try {
    const news = await fetchNews(request);
    if (!news) return false;
    since = news.since;
    interval = INTERVAL;
    takeIn(news);
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

// Brings in the fetched page, and `rest`: outdated rows that are not on it any more.
function bringIn(page, rest, ids) {
  const news = takeNews();
  const all = new Set([...news.added, ...news.changed]);
  const replaced = [...ids].filter((id) => news.changed.has(id) && rowById(id)).length;
  const inserted = mergeRows(page, ids);
  if (rest) updateRows(rest);
  inserted.filter((id) => all.has(id)).forEach((id) => markRow(rowById(id), news.added.has(id) ? 'New' : CHANGED));
  const elsewhere = [...all].filter((id) => !rowById(id)).length;
  const told = [inserted.length && `${inserted.length} added`, replaced && `${replaced} brought up to date`, elsewhere && `${elsewhere} on other pages`];
  showNotice(told.filter(Boolean).join(', ') || 'Up to date');
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
    const rest = moved.length ? await fetchPage(listAddress('/incidents/rows', { only: moved.join() })) : null;
    bringIn(page, rest, ids);
  } catch { showNotice('Watchdesk cannot be reached. Nothing was changed.'); }
  timer = setTimeout(poll, interval);
}

if (line) {
  line.hidden = false;
  showButton.addEventListener('click', show);
  document.addEventListener('watchdesk:rows', (event) => { if (forgetShown(event.detail || {})) showNews(); });
  document.addEventListener('visibilitychange', poll);
  addEventListener('pageshow', (event) => { if (event.persisted) poll(); });
  addEventListener('online', poll);
  timer = setTimeout(poll, interval);
}
