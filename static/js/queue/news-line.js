// The quiet line above the queue, with its "Show" button.

import { showMessage } from '../shared/message.js';
import { newsText } from './news-items.js';
import { queue } from './rows.js';

const NOTICE_SHOWN_FOR = 8000;

export const line = queue && document.querySelector('[data-news]');
export const showButton = line?.querySelector('[data-news-show]');
const text = line?.querySelector('[data-news-text]');
let noticeTimer = null;
let hasEnded = false;

export const hasSessionEnded = () => hasEnded;

// Written only when it changes: screen readers read each change.
function setText(...parts) { if (parts.join('') !== text.textContent) text.replaceChildren(...parts); }

export function showNews() {
  const words = newsText();
  setText(words);
  showButton.hidden = !words;
}

// Says something for a moment: in the line where there is one, else at the top of the page.
export function showNotice(words) {
  if (!line) { showMessage(words); return; }
  clearTimeout(noticeTimer);
  setText(words);
  if (document.activeElement === showButton) text.focus({ preventScroll: true });
  showButton.hidden = true;
  noticeTimer = setTimeout(() => { if (!hasEnded) showNews(); }, NOTICE_SHOWN_FOR);
}

export function showSessionEnded() {
  hasEnded = true;
  showButton.hidden = true;
  const next = encodeURIComponent(location.pathname + location.search);
  setText('Your session has ended. ', Object.assign(document.createElement('a'), { href: `/login?next=${next}`, textContent: 'Sign in' }));
}
