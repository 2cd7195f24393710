// Remembers for the person which sections of the pane are open, and opens the section that a link leads to.

import { addressOf } from '../shared/base-path.js';

function remember(section, isOpen) {
  const csrf = document.querySelector('form [name=csrf]')?.value;
  if (!csrf) return;
  const body = new URLSearchParams({ csrf, act: `${isOpen ? 'open' : 'close'}:${section}` });
  // What the server answers is a page that is not needed.
  fetch(addressOf('/incidents/pane-layout'), { method: 'POST', body, redirect: 'manual' }).catch(() => {});
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-opens]');
  if (link) {
    const target = document.querySelector(link.hash);
    if (!target) return;
    event.preventDefault();
    target.closest('details')?.setAttribute('open', '');
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: 'nearest' });
    return;
  }
  const summary = event.target.closest('[data-section] > summary');
  // The click is handled before the section opens or closes.
  if (summary && !event.target.closest('a')) remember(summary.parentElement.dataset.section, !summary.parentElement.open);
});
