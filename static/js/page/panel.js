// A link with data-panel opens a panel under itself. The panel shows a part of the link's page: the
// element that the attribute selects. Without this script the link leads to that page.

import { explainFailure, fetchPart } from '../shared/fetch-page.js';

// The open panel and its link.
let open = null;
let requests = 0;

function closePanel(focusLink = true) {
  if (!open) return;
  const { box, link } = open;
  open = null;
  box.remove();
  link.setAttribute('aria-expanded', 'false');
  if (focusLink) link.focus({ preventScroll: true });
}

function panelWith(content) {
  const box = document.createElement('div');
  box.className = 'panel';
  box.setAttribute('role', 'dialog');
  box.tabIndex = -1;
  box.setAttribute('aria-labelledby', content.querySelector('h1').id);
  box.append(content);
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); closePanel(); }
  });
  box.addEventListener('click', (event) => {
    if (event.target.closest('[data-panel-close]')) { event.preventDefault(); closePanel(); }
  });
  return box;
}

// Opens the panel of a link and in it the <details> that `place` selects. Without `place`, an open panel
// of the link is closed instead.
export async function openPanel(link, place) {
  if (open) {
    const isSame = open.link === link;
    closePanel();
    if (isSame && !place) return;
  }
  const request = ++requests;
  let content = null;
  try {
    content = await fetchPart(link.href, link.dataset.panel);
  } catch (error) {
    if (request === requests) explainFailure(error, link.href);
    return;
  }
  if (request !== requests) return;
  const box = panelWith(content);
  link.after(box);
  link.setAttribute('aria-expanded', 'true');
  open = { box, link };
  box.dispatchEvent(new Event('watchdesk:panel', { bubbles: true }));
  const details = place && box.querySelector(place);
  if (details) { details.open = true; details.scrollIntoView({ block: 'center' }); }
  ((details || box).querySelector('input:not([type=hidden], [type=radio]), summary') || box.querySelector('h1')).focus();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-panel]');
  if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); openPanel(link); return; }
  if (open && !open.box.contains(event.target)) closePanel(false);
});
document.addEventListener('keydown', (event) => {
  if (event.key === ' ' && event.target.matches?.('a[data-panel]')) { event.preventDefault(); openPanel(event.target); }
});
document.querySelectorAll('a[data-panel]').forEach((link) => {
  link.setAttribute('role', 'button');
  link.setAttribute('aria-haspopup', 'dialog');
  link.setAttribute('aria-expanded', 'false');
});
