// The attack story: an alert that is opened loads its evidence in place, and a change of the incident is told without
// moving what is being read. Without this script the evidence is a link, and the page shows what it did when it came.

import { fetchPart } from '../shared/fetch-page.js';

async function showEvidence(link) {
  if (link.dataset.loading !== undefined) return;
  link.dataset.loading = '';
  // Where it cannot be read, the link stays.
  const part = await fetchPart(link.href, '[data-evidence]').catch(() => null);
  if (part) link.closest('p').replaceWith(part); else delete link.dataset.loading;
}

// A toggle does not bubble.
document.addEventListener('toggle', ({ target }) => {
  const link = target.open && target.matches('[data-opens-evidence]') && target.querySelector('[data-evidence-link]');
  if (link) showEvidence(link);
}, true);

const changed = document.querySelector('[data-story-changed]');
const root = changed?.closest('[data-stream]');
// The page is of this revision. A comment tells nothing that the story would.
const shown = Number(root?.dataset.after);
const isTold = () => [...root.querySelectorAll('.entry.arrived')].some((entry) => entry.dataset.kinds !== 'comment');
root?.addEventListener('watchdesk:state', ({ target, detail }) => {
  if (target === root && Number(detail.revision) > shown && isTold()) changed.hidden = false;
});
