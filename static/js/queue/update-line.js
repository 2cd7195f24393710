// The line above the queue that counts updates, with its "Show" button.

import { addressOf } from '../shared/base-path.js';
import { showMessage } from '../shared/message.js';
import { countsText } from './update-counts.js';
import { queue } from './rows.js';

const NOTICE_SHOWN_FOR = 8000;

export const line = queue && document.querySelector('[data-updates]');
export const showButton = line?.querySelector('[data-updates-show]');
const text = line?.querySelector('[data-updates-text]');
let noticeTimer = null;
let hasEnded = false;

export const hasSessionEnded = () => hasEnded;

// Only when it differs: screen readers announce every change.
function setText(...parts) { if (parts.join('') !== text.textContent) text.replaceChildren(...parts); }

export function showCounts() {
  const counts = countsText();
  setText(counts);
  showButton.hidden = !counts;
}

// Shows a message for some seconds: in the line where there is one, else at the top of the page.
export function showNotice(message) {
  if (!line) { showMessage(message); return; }
  clearTimeout(noticeTimer);
  setText(message);
  if (document.activeElement === showButton) text.focus({ preventScroll: true });
  showButton.hidden = true;
  noticeTimer = setTimeout(() => { if (!hasEnded) showCounts(); }, NOTICE_SHOWN_FOR);
}

export function showSessionEnded() {
  hasEnded = true;
  showButton.hidden = true;
  const next = encodeURIComponent(location.pathname + location.search);
  setText('Your session has ended. ', Object.assign(document.createElement('a'), { href: addressOf(`/login?next=${next}`), textContent: 'Sign in' }));
}
