// Updates the page or pane of an incident or alert from a state of the stream, except its manage form.

import { addressOf } from '../shared/base-path.js';
import { ownPart, ownParts } from './own-parts.js';

function showTexts(root, state) {
  const status = state.fields.find(([field]) => field === 'status')?.[1];
  for (const [name, text] of state.text) {
    ownParts(root, `[data-live="${name}"]`).forEach((place) => {
      place.textContent = text;
      if (name === 'status' && status !== undefined && place.classList.contains('status')) place.className = `status status-${status}`;
    });
  }
}

function showSeverity(root, state) {
  const severity = state.text.find(([name]) => name === 'severity')?.[1];
  if (severity === undefined) return;
  ownParts(root, '[data-live-severity] .severity').forEach((place) => {
    place.className = `severity severity-${severity.toLowerCase()}`;
    place.lastChild.textContent = ` ${severity}`;
  });
}

function showTags(root, tags) {
  ownParts(root, '[data-live-tags]').forEach((place) => {
    place.replaceChildren(...tags.map((name) => Object.assign(document.createElement('span'), { className: 'tag', textContent: name })));
  });
}

// The score in the head of the pane, from the priority with its reasons.
function showScore(root, priority) {
  const place = ownPart(root, '[data-live-score]');
  if (!place) return;
  place.innerHTML = priority;
  place.replaceChildren(place.querySelector('.priority'));
}

// After a move the reasons are new, and what correlation considered no longer applies.
function showReasons(root, reasons) {
  const place = ownPart(root, '[data-live-reasons]');
  if (!place || [...place.querySelectorAll('.chip')].map((chip) => chip.textContent).join() === reasons.join()) return;
  const list = Object.assign(document.createElement('ul'), { className: 'chips reasons', role: 'list', ariaLabel: 'Linked by' });
  list.append(...reasons.map((reason) => Object.assign(document.createElement('li'), { className: 'chip', textContent: reason })));
  place.replaceChildren(list);
  ownPart(root, '[data-considered]')?.remove();
}

// For an incident that was merged: says where its alerts are, and hides the forms, which would be refused.
function showRedirect(root, target) {
  if (!target || root.querySelector('[data-redirected]')) return;
  const notice = document.createElement('p');
  notice.className = 'notice';
  notice.dataset.redirected = '';
  notice.setAttribute('role', 'status');
  const link = Object.assign(document.createElement('a'), { href: addressOf(`/incidents/${target}`), textContent: `incident ${target}` });
  notice.append('This incident was redirected. Its alerts are now in ', link, '.');
  (root.querySelector('.tabs') || root.querySelector('.pane-actions'))?.before(notice);
  ownParts(root, '.manage-box, .pane-foot, form[action$="/assign-to-me"]').forEach((part) => { part.hidden = true; });
}

export function showState(root, state) {
  showTexts(root, state);
  showSeverity(root, state);
  showTags(root, state.tags);
  if (state.priority) showScore(root, state.priority);
  if (state.priority) ownParts(root, '[data-live-priority]').forEach((place) => { place.innerHTML = state.priority; });
  showReasons(root, state.reasons);
  showRedirect(root, state.redirectTo);
}
