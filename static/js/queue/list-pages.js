// The pages of the list: which one is shown, and showing another.

import { fetchPage } from '../shared/fetch-page.js';
import { announceRows } from './row-updates.js';
import { checkboxOf, list, queue, rowById, rows, rowsBody, rowsIn, showTotal } from './rows.js';

const LINKS = 'nav[aria-label=Pages]';
let after = new URL(location.href).searchParams.get('after');
let changes = 0;

// How often another page was shown. A response that was requested before the last time is outdated.
export const pageChanges = () => changes;

export const isPageShown = (url) => new URL(url, location.href).searchParams.get('after') === after;

export const fetchListPage = (url) => fetchPage(`${queue.dataset.queue}/rows${new URL(url, location.href).search}`);

// The address of the next or previous page; `rel` is "next" or "prev".
export const pageHref = (rel, place = list) => place.querySelector(`${LINKS} a[rel=${rel}]`)?.href;

// Replaces the links to the pages before and after by those of a fetched page.
export function replacePageLinks(fetched, place = list) {
  const old = place.querySelector(LINKS);
  const fresh = fetched.querySelector(LINKS);
  if (old && fresh) old.replaceWith(fresh);
  else if (fresh) place.append(fresh);
  else old?.remove();
}

// Keeps the checked boxes of a page in a hidden element of the form until their rows are shown again.
function keepChecked() {
  const kept = list.querySelector('[data-kept]') || list.appendChild(Object.assign(document.createElement('div'), { hidden: true }));
  kept.dataset.kept = '';
  rows().map(checkboxOf).filter((box) => box?.checked).forEach((box) => kept.append(box));
  return kept;
}

function restoreChecked(kept) {
  for (const old of kept.querySelectorAll('input')) {
    const row = rowById(old.value);
    if (row && checkboxOf(row)) { checkboxOf(row).checked = old.checked; old.remove(); }
  }
}

// Replaces the page that is shown by another one, fetched from `url`.
export function showListPage(page, url) {
  const kept = keepChecked();
  changes += 1;
  after = new URL(url, location.href).searchParams.get('after');
  rowsBody().replaceChildren(...rowsIn(page));
  restoreChecked(kept);
  showTotal(page);
  replacePageLinks(page);
  announceRows({ page: true });
}
