// Tells those who view the same incident or alert while somebody writes here.

import { subjectOf } from './draft-storage.js';
import { ownPart, ownParts } from './own-parts.js';

// Who has not typed for this long is not writing.
const IDLE = 60000;

const told = new WeakMap();
let idle;

const isWriting = (root) => Boolean(ownPart(root, '[data-comment-form] textarea')?.value.trim()) || ownParts(root, '[data-unsaved]').some((place) => !place.hidden);

function tell(root, writes) {
  const csrf = document.querySelector('form [name=csrf]')?.value;
  if (!csrf || writes === (told.get(root) || false)) return;
  told.set(root, writes);
  fetch(`${subjectOf(root)}/editing`, { method: 'POST', body: new URLSearchParams({ csrf, editing: writes ? 'yes' : 'no' }) }).catch(() => told.delete(root));
}

const roots = () => [...document.querySelectorAll('[data-stream]')];

function update() {
  clearTimeout(idle);
  idle = setTimeout(() => roots().forEach((root) => tell(root, false)), IDLE);
  roots().forEach((root) => tell(root, isWriting(root)));
}

['input', 'change', 'watchdesk:state', 'watchdesk:content'].forEach((type) => document.addEventListener(type, update));
// The server forgets who is not there.
document.addEventListener('visibilitychange', () => { if (document.hidden) roots().forEach((root) => told.delete(root)); });
