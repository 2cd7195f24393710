// Makes the link back to the list lead to the list as it was left: with its filters, page and pane.

import { addressOf } from '../shared/base-path.js';
import { readStored, store } from '../shared/tab-storage.js';

const STORED = 'queue';

if (document.querySelector('[data-queue]')) addEventListener('pagehide', () => store(STORED, location.pathname + location.search));
const address = readStored(STORED);
if (address) document.querySelectorAll(`.crumbs a[href="${addressOf('/incidents')}"]`).forEach((link) => { link.href = address; });
