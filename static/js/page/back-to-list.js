// Makes the link back to the list lead to the list as it was left: with its filters, page and pane.

import { addressOf } from '../shared/base-path.js';

const STORED = 'watchdesk:queue';

try {
  if (document.querySelector('[data-queue]')) {
    addEventListener('pagehide', () => sessionStorage.setItem(STORED, location.pathname + location.search));
  }
  const address = sessionStorage.getItem(STORED);
  if (address) document.querySelectorAll(`.crumbs a[href="${addressOf('/incidents')}"]`).forEach((link) => { link.href = address; });
} catch { /* without storage the link leads to the plain queue */ }
