// A page shown in place: a link with data-panel fetches its page and shows under the link the part
// that the attribute selects. Without this script the link leads to the page itself.

import { explainFailure, fetchPart } from '../shared/fetch-page.js';

let shown = null;
let requests = 0;

function closePanel(focusLink = true) {
  if (!shown) return;
  const { box, link } = shown;
  shown = null;
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

// Opens the panel of a link, at the <details> that `place` selects; a second call without a place closes it.
export async function openPanel(link, place) {
  if (shown) {
    const same = shown.link === link;
    closePanel();
    if (same && !place) return;
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
  shown = { box, link };
  box.dispatchEvent(new Event('watchdesk:panel', { bubbles: true }));
  const wanted = place && box.querySelector(place);
  if (wanted) { wanted.open = true; wanted.scrollIntoView({ block: 'nearest' }); }
  ((wanted || box).querySelector('input:not([type=hidden], [type=radio]), summary') || box.querySelector('h1')).focus();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-panel]');
  if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); openPanel(link); return; }
  if (shown && !shown.box.contains(event.target)) closePanel(false);
});
document.addEventListener('keydown', (event) => {
  if (event.key === ' ' && event.target.matches?.('a[data-panel]')) { event.preventDefault(); openPanel(event.target); }
});
document.querySelectorAll('a[data-panel]').forEach((link) => {
  link.setAttribute('role', 'button');
  link.setAttribute('aria-haspopup', 'dialog');
  link.setAttribute('aria-expanded', 'false');
});
