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

function parse(html) {
  const made = document.createElement('template');
  made.innerHTML = html;
  return made.content.querySelector('.entry');
}

const shownEntry = (root, { id }) => ownPart(root, `[id="${id}"]`);

export function addEntry(root, html) {
  const list = ownPart(root, '[data-entries]');
  const entry = parse(html);
  if (!list || !entry || shownEntry(root, entry) || !isShown(list, entry)) return;
  addToken(entry);
  entry.classList.add('arrived');
  setTimeout(() => entry.classList.remove('arrived'), HIGHLIGHTED_FOR);
  list.prepend(entry);
}

// Shows the new text of a comment that was edited. Its author keeps the links.
export function replaceEntry(root, html) {
  const entry = parse(html);
  const shown = shownEntry(root, entry);
  const links = shown?.querySelector('.entry-acts');
  if (links) entry.querySelector('.entry-acts')?.replaceWith(links);
  shown?.replaceWith(entry);
}
