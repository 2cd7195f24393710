// Adds an entry of the stream to the top of Comments and history.

import { ownPart } from './own-parts.js';

const HIGHLIGHTED_FOR = 4000;
// The kind of entries that each choice of "Show" includes; '' is every kind.
const KIND_SHOWN = { all: '', comments: 'comment', changes: 'change', alerts: 'alert' };

// An older page of the history is in no choice: new entries do not belong on it.
function isShown(list, entry) {
  const kind = KIND_SHOWN[list.dataset.show];
  return kind !== undefined && (!kind || entry.dataset.kinds.split(' ').includes(kind));
}

// Everybody gets the same entry of the stream, so its forms are without the token of a session.
function addToken(entry) {
  const csrf = document.querySelector('form [name=csrf]');
  if (csrf) entry.querySelectorAll('form').forEach((form) => form.prepend(csrf.cloneNode()));
}

export function addEntry(root, html) {
  const list = ownPart(root, '[data-entries]');
  const made = document.createElement('template');
  made.innerHTML = html;
  const entry = made.content.querySelector('.entry');
  if (!list || !entry || list.querySelector(`[id="${entry.id}"]`) || !isShown(list, entry)) return;
  addToken(entry);
  entry.classList.add('arrived');
  setTimeout(() => entry.classList.remove('arrived'), HIGHLIGHTED_FOR);
  list.prepend(entry);
}
