// Makes the link back to the list lead to the list as it was left: with its filters, page and pane.

import { addressOf } from '../shared/base-path.js';
import { readStored, store } from '../shared/tab-storage.js';

const queue = document.querySelector('[data-queue]');
const nameOf = (path) => `list:${path}`;

if (queue) {
  addEventListener('pagehide', () => {
    const here = location.pathname + location.search;
    store(nameOf(queue.dataset.queue), here);
    store('last', here);
    // For next-in-list.js.
    store(`rows:${queue.dataset.noun}`, [...queue.querySelectorAll('[data-row]')].map((row) => row.dataset.row).join(' '));
  });
}

for (const path of [addressOf('/incidents'), addressOf('/alerts')]) {
  const address = readStored(nameOf(path));
  if (address) document.querySelectorAll(`.crumbs a[href="${path}"]`).forEach((link) => { link.href = address; });
}
