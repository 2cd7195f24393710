// A click on a row opens its pane without leaving the list. The address names the open pane, so Back
// and Forward work. Without this script a row leads to a page with the list and the pane.

import { explainFailure, fetchPage } from '../shared/fetch-page.js';
import { fetchListPage, isPageShown, showListPage } from './list-pages.js';
import { openPane, paneAddress, putPane, removePane, updateArrows } from './pane.js';
import { listAddress, paneAddressOf, queue, rowById, rowsIn } from './rows.js';

let requests = 0;

// Responses to earlier requests are ignored from now on.
export function cancelRequests() { requests += 1; }

// Opens the pane that `href` names, or on another page of the list its first row (with `fromEnd` its
// last). `focus` selects the element of the pane that gets the focus; true is the pane itself. Returns
// whether the pane is shown.
export async function showPane(href, { push = true, focus = true, fromEnd = false } = {}) {
  requests += 1;
  const request = requests;
  const url = new URL(href, location.href);
  try {
    if (rowById(url.searchParams.get('pane'))) updateArrows(url.searchParams.get('pane'));
    const otherPage = isPageShown(url) ? null : await fetchListPage(url);
    if (!url.searchParams.has('pane')) url.searchParams.set('pane', rowsIn(otherPage || document).filter((row) => row.dataset.folded === undefined).at(fromEnd ? -1 : 0).dataset.row);
    const id = url.searchParams.get('pane');
    const page = await fetchPage(paneAddressOf(id, url.search));
    // Another pane was requested meanwhile: only the last one is shown.
    if (request !== requests) return false;
    if (push && url.href !== location.href) history.pushState({}, '', url);
    if (otherPage) showListPage(otherPage, url);
    if (!putPane(page, id)) throw new Error('no pane');
    const target = typeof focus === 'string' ? openPane().querySelector(`${focus}[href]`) : null;
    if (focus) (target || openPane()).focus({ preventScroll: true });
    return true;
  } catch (error) {
    if (request !== requests) return false;
    updateArrows();
    explainFailure(error, href);
    return false;
  }
}

export function closePane(push = true) {
  cancelRequests();
  const id = removePane();
  if (id === undefined) return;
  if (push) history.pushState({}, '', listAddress('', { pane: null }));
  document.dispatchEvent(new Event('watchdesk:content'));
  const row = rowById(id);
  const links = row ? [row.querySelector('[data-pane-link]'), row.querySelector('.col-name a')] : [];
  const visible = links.find((link) => link?.offsetParent);
  (visible || document.getElementById('main')).focus({ preventScroll: Boolean(row) });
}

function followArrow(event, arrow) {
  if (!arrow.href) return;
  event.preventDefault();
  const isPrevious = arrow.matches('[data-pane-previous]');
  showPane(arrow.href, { fromEnd: isPrevious, focus: isPrevious ? '[data-pane-previous]' : '[data-pane-next]' });
}

function openRow(event, row) {
  if (event.target.closest('input, label, button, summary')) return;
  const link = event.target.closest('a');
  if (link && !link.matches('[data-pane-link]')) return;
  // Selecting text ends with a click, too.
  if (getSelection()?.toString()) return;
  event.preventDefault();
  showPane(paneAddress(row.dataset.row));
}

async function goBack() {
  const id = new URL(location.href).searchParams.get('pane');
  if (id && id === openPane()?.dataset.pane && isPageShown(location.href)) return;
  if (id) { showPane(location.href, { push: false }); return; }
  closePane(false);
  if (isPageShown(location.href)) return;
  requests += 1;
  const request = requests;
  const page = await fetchListPage(location.href).catch(() => null);
  if (request !== requests) return;
  if (page) showListPage(page, location.href); else location.reload();
}

// Escape closes dialogs, menus and panels before the pane, and in a field it leaves the field.
const closesPane = (event) => event.key === 'Escape' && openPane() && !event.defaultPrevented
  && !event.target.matches('input:not([type=checkbox], [type=radio]), textarea, select')
  && !document.querySelector('dialog[open], details[data-menu][open], .panel');

if (queue) {
  queue.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const arrow = event.target.closest('[data-pane-previous], [data-pane-next]');
    const row = event.target.closest('[data-row]');
    if (arrow) followArrow(event, arrow); else if (row) openRow(event, row);
  });
  queue.addEventListener('submit', (event) => {
    if (event.target.matches('[data-pane-close]')) { event.preventDefault(); closePane(); }
  });
  document.addEventListener('keydown', (event) => { if (closesPane(event)) { event.preventDefault(); closePane(); } });
  addEventListener('popstate', goBack);
}
