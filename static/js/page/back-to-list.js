// Makes the link back to the list lead to the list as it was left: with its filters, page and pane.

import { addressOf } from '../shared/base-path.js';
import { readStored, store } from '../shared/tab-storage.js';

const queue = document.querySelector('[data-queue]');
const nameOf = (path) => `list:${path}`;

const LAST = 'list:last';

if (queue) {
  addEventListener('pagehide', () => {
    const here = location.pathname + location.search;
    store(nameOf(queue.dataset.queue), here);
    store(LAST, here);
  });
}

// The list that this page was opened from; for the page of an incident not its own alerts.
export function lastList() {
  const address = readStored(LAST);
  const own = location.pathname.match(/^.*\/incidents\/\d+\b/)?.[0];
  return own && address?.startsWith(`${own}/`) ? null : address;
}

for (const path of [addressOf('/incidents'), addressOf('/alerts')]) {
  const address = readStored(nameOf(path));
  if (address) document.querySelectorAll(`.crumbs a[href="${path}"]`).forEach((link) => { link.href = address; });
}
