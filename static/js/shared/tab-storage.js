// What a browser tab keeps for the person whose page this is, such as drafts. It is removed when that person signs
// out, and when somebody else's page is opened in the tab.

import { basePath } from './base-path.js';

const PERSON = document.documentElement.dataset.person || '';
const ALL = 'watchdesk:';
const OWN = `${ALL}${PERSON}:`;
const OPEN_PERSON = `${ALL}person`;

let hasEnded = false;

// Storage may be switched off: then what is typed lasts as long as its page.
const attempt = (act) => { try { return act(); } catch { return null; } };

function removeAll(isRemoved) {
  attempt(() => Object.keys(sessionStorage).filter((key) => key.startsWith(ALL) && isRemoved(key)).forEach((key) => sessionStorage.removeItem(key)));
}

export const readStored = (name) => attempt(() => sessionStorage.getItem(OWN + name));

// Stores a text; an empty one removes what was stored.
export function store(name, text) {
  if (hasEnded) return;
  attempt(() => { if (text) sessionStorage.setItem(OWN + name, text); else sessionStorage.removeItem(OWN + name); });
}

if (PERSON) {
  removeAll((key) => !key.startsWith(OWN));
  attempt(() => sessionStorage.setItem(OPEN_PERSON, PERSON));
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('[data-sign-out]')) return;
    removeAll(() => true);
    hasEnded = true;
  });
  // Going back shows the page as it was left, typed text included: not to somebody else.
  addEventListener('pageshow', (event) => {
    if (event.persisted && attempt(() => sessionStorage.getItem(OPEN_PERSON)) !== PERSON) location.reload();
  });
  // Somebody else has signed in, in another tab.
  const tabs = new BroadcastChannel(`watchdesk:person:${basePath}`);
  tabs.addEventListener('message', (event) => { if (event.data !== PERSON) location.reload(); });
  tabs.postMessage(PERSON);
}
