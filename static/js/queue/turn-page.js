// "Next page" and "Previous page" replace the list without a reload, and the pane stays open.

import { explainFailure } from '../shared/fetch-page.js';
import { fetchListPage, pageChanges, pageHref, showListPage } from './list-pages.js';
import { openPane } from './pane.js';
import { cancelRequests } from './pane-navigation.js';
import { list, rows } from './rows.js';

let isTurning = false;

// Shows the "next" or "prev" page. Whether it did.
export async function turnPage(rel) {
  const href = pageHref(rel);
  if (!href || isTurning) return false;
  isTurning = true;
  cancelRequests();
  const url = new URL(href);
  const pane = openPane()?.dataset.pane;
  if (pane) url.searchParams.set('pane', pane);
  const before = pageChanges();
  try {
    const page = await fetchListPage(url);
    if (before !== pageChanges()) return false;
    history.pushState({}, '', url);
    showListPage(page, url);
    return true;
  } catch (error) {
    explainFailure(error, href);
    return false;
  } finally { isTurning = false; }
}

list?.addEventListener('click', async (event) => {
  const link = event.target.closest('nav[aria-label=Pages] a[rel]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!await turnPage(link.rel)) return;
  rows()[0]?.scrollIntoView({ block: 'center' });
  rows()[0]?.querySelector('.col-name a')?.focus({ preventScroll: true });
});
