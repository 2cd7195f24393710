// The actions on selected rows, without leaving the list: their form opens in the pane's place, and the rows are
// updated afterwards. Without this script the form is a page of its own.

import { isSignedOut, parsePage, postForm, problemOf } from '../shared/fetch-page.js';
import { goTo } from '../shared/go-to.js';
import { SESSION_ENDED, showMessage, showUnreachable } from '../shared/message.js';
import { closePane } from './pane-navigation.js';
import { hideSide, openPane, showSide } from './pane.js';
import { refreshRow } from './row-updates.js';
import { checkboxOf, list, noun, queue, rowById, rows } from './rows.js';
import { keepPlace } from './scroll-place.js';
import { countViews } from './view-counts.js';

const bulk = document.getElementById('bulk');
const openForm = () => queue.querySelector('[data-bulk-pane]');

export function closeBulkPane() {
  const pane = openForm();
  if (!pane) return false;
  keepPlace(() => { pane.remove(); queue.classList.toggle('has-pane', Boolean(openPane())); showSide(); });
  bulk.querySelector('button[value=manage]').focus({ preventScroll: true });
  return true;
}

function clearSelection() {
  // Of rows on other pages, too.
  list.querySelectorAll('[data-kept] input').forEach((box) => box.remove());
  rows().map(checkboxOf).forEach((box) => { if (box) box.checked = false; });
  document.dispatchEvent(new CustomEvent('watchdesk:rows', { detail: { selecting: true } }));
}

function showForm(content) {
  if (openPane()) closePane();
  hideSide();
  openForm()?.remove();
  const pane = document.createElement('aside');
  pane.className = 'pane bulk-pane';
  pane.setAttribute('aria-label', `Manage ${noun}s`);
  pane.dataset.bulkPane = '';
  pane.tabIndex = -1;
  pane.append(document.adoptNode(content));
  const selected = rows().find((row) => checkboxOf(row)?.checked);
  keepPlace(() => { queue.append(pane); queue.classList.add('has-pane'); }, selected);
  selected?.scrollIntoView({ block: 'nearest' });
  (pane.querySelector('[aria-invalid=true], select') || pane).focus({ preventScroll: true });
}

// Shows in the list what was done.
function showDone(page, ids) {
  keepPlace(() => { openForm()?.remove(); queue.classList.toggle('has-pane', Boolean(openPane())); showSide(); });
  clearSelection();
  showMessage(page.querySelector('[data-flash] p')?.textContent, page.querySelector('[data-flash] form'));
  ids.filter(rowById).forEach(refreshRow);
  countViews();
}

async function post(form, submitter) {
  if (form.dataset.busy !== undefined) return;
  form.dataset.busy = '';
  form.elements.return_to.value = location.pathname + location.search;
  const ids = new FormData(form).getAll(bulk.dataset.bulk);
  try {
    const response = await postForm(form, submitter);
    if (isSignedOut(response)) { showMessage(SESSION_ENDED); return; }
    const page = await parsePage(response);
    const content = page.querySelector('[data-bulk-form]');
    if (content) showForm(content);
    else if (!response.ok) showMessage(problemOf(page));
    else if (page.querySelector('[data-queue]')) showDone(page, ids.length ? ids : rows().map((row) => row.dataset.row));
    else goTo(response.url, page);
  } catch { showUnreachable(); } finally { delete form.dataset.busy; }
}

// In a field it only leaves the field; dialogs, menus and panels close before the form.
function pressEscape(event) {
  const pane = openForm();
  if (!pane || event.defaultPrevented || document.querySelector('dialog[open], details[data-menu][open], .panel')) return;
  if (event.target.matches('input:not([type=checkbox], [type=radio]), textarea, select')) {
    if (pane.contains(event.target)) { event.preventDefault(); pane.focus({ preventScroll: true }); }
    return;
  }
  event.preventDefault();
  closeBulkPane();
}

if (queue && bulk) {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form !== bulk && !form.closest('[data-bulk-pane], [data-opens-bulk]')) return;
    // Merging, moving and tuning have pages or dialogs of their own.
    if (event.submitter?.matches('[formaction], [data-leads]')) return;
    event.preventDefault();
    post(form, event.submitter);
  });
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-clear-selection]')) clearSelection();
    const close = event.target.closest('[data-bulk-close]');
    if (close && openForm()) { event.preventDefault(); closeBulkPane(); }
  });
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') pressEscape(event); });
  const clear = bulk.querySelector('[data-clear-selection]');
  if (clear) clear.hidden = false;
}
