// Short facts beside a link to an entity, while a mouse rests on it or the keyboard has come to it. They are fetched
// once for each entity and page. Without this script the link leads to all of them.

import { addressOf } from '../shared/base-path.js';
import { fetchPage } from '../shared/fetch-page.js';

// Milliseconds: a pointer that only passes fetches nothing, and there is time to move from the link to the card.
const BEFORE_OPENING = 300;
const BEFORE_CLOSING = 250;
// Pixels between the link and the card, and around the card.
const GAP = 6;
const MARGIN = 8;

const fetched = new Map();
const card = Object.assign(document.createElement('div'), { className: 'entity-hover', id: 'entity-hover', popover: 'manual' });
card.setAttribute('role', 'tooltip');

// The link whose facts are shown or waited for, whether the keyboard asked for them, and the link at which Escape closed
// them: they stay closed until the pointer or the keyboard comes back to it.
let link = null;
let dismissed = null;
let byKeyboard = false;
let timer;
let titles = [];

const isOpen = () => card.matches(':popover-open');

// The address of the card of a link to an entity by its id or its name; none of the page that is shown.
function cardAddress(anchor) {
  // In a drawing, the address of a link is an object.
  const url = new URL(anchor.href.baseVal ?? anchor.href, location.href);
  const base = addressOf('/entities/');
  if (url.origin !== location.origin || !url.pathname.startsWith(base) || url.pathname === location.pathname) return null;
  const [kind, id, ...rest] = url.pathname.slice(base.length).split('/');
  if (!kind || rest.length) return null;
  if (id) return `${url.pathname}/card`;
  return url.searchParams.has('name') ? `${url.pathname}/card${url.search}` : null;
}

function factsAt(address) {
  if (!fetched.has(address)) {
    fetched.set(address, fetchPage(address).then((page) => page.querySelector('.entity-card')));
    fetched.get(address).catch(() => fetched.delete(address));
  }
  return fetched.get(address);
}

// Below the link or, where there is more room, above it; never over it.
function place() {
  const { top, bottom, left } = link.getBoundingClientRect();
  const [above, below] = [top, innerHeight - bottom].map((room) => room - GAP - MARGIN);
  const isBelow = card.offsetHeight <= below || below >= above;
  card.style.maxBlockSize = `${Math.max(isBelow ? below : above, 0)}px`;
  card.style.left = `${Math.max(MARGIN, Math.min(left, document.documentElement.clientWidth - card.offsetWidth - MARGIN))}px`;
  card.style.top = `${isBelow ? bottom + GAP : top - GAP - card.offsetHeight}px`;
}

function describe(anchor) {
  anchor.setAttribute('aria-describedby', `${anchor.getAttribute('aria-describedby') ?? ''} ${card.id}`.trim());
  // The browser's own tooltip would say a part of it a second time.
  titles = [anchor, ...anchor.querySelectorAll('[title]')].filter((one) => one.title).map((one) => [one, one.title]);
  titles.forEach(([one]) => one.removeAttribute('title'));
}

function close() {
  clearTimeout(timer);
  if (isOpen()) {
    card.hidePopover();
    const others = (link.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id !== card.id).join(' ');
    if (others) link.setAttribute('aria-describedby', others); else link.removeAttribute('aria-describedby');
    titles.forEach(([one, title]) => one.setAttribute('title', title));
  }
  link = null;
}

async function open(anchor) {
  const facts = await factsAt(cardAddress(anchor)).catch(() => null);
  // Meanwhile the pointer may have gone, or the link.
  if (!facts || link !== anchor || !anchor.isConnected || isOpen()) return;
  card.replaceChildren(facts.cloneNode(true));
  card.style.maxBlockSize = '';
  document.body.append(card);
  card.showPopover();
  place();
  describe(anchor);
}

function wait(anchor, keyboard) {
  if (anchor === link && isOpen()) clearTimeout(timer);
  if (anchor === link || anchor === dismissed) return;
  close();
  link = anchor;
  byKeyboard = keyboard;
  timer = setTimeout(() => open(anchor), BEFORE_OPENING);
}

function leave() {
  clearTimeout(timer);
  if (isOpen()) timer = setTimeout(close, BEFORE_CLOSING); else close();
}

const linkAt = (target) => {
  const anchor = target.closest?.('a[href]');
  return anchor && cardAddress(anchor) ? anchor : null;
};

document.addEventListener('pointerover', ({ target, pointerType }) => {
  if (pointerType === 'touch') return;
  const anchor = linkAt(target);
  if (anchor !== dismissed) dismissed = null;
  if (anchor) wait(anchor, false);
  else if (card.contains(target)) clearTimeout(timer);
  else if (link && !byKeyboard) leave();
});
document.documentElement.addEventListener('pointerleave', () => { if (link && !byKeyboard) leave(); });
document.addEventListener('focusin', ({ target }) => {
  dismissed = null;
  const anchor = target.matches(':focus-visible') ? linkAt(target) : null;
  if (anchor) wait(anchor, true);
});
document.addEventListener('focusout', ({ target }) => { if (byKeyboard && target === link) close(); });
// Before the keys of the page: Escape closes nothing else then.
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !isOpen()) return;
  event.stopPropagation();
  dismissed = link;
  close();
}, true);
document.addEventListener('scroll', ({ target }) => { if (link && !card.contains(target)) close(); }, { capture: true, passive: true });
document.addEventListener('pointerdown', ({ target }) => { if (!card.contains(target)) close(); });
addEventListener('pagehide', close);

// What loaded this script came before it.
const hovered = [...document.querySelectorAll('a:hover')].map(linkAt).findLast(Boolean);
if (hovered && matchMedia('(hover: hover)').matches) wait(hovered, false);
else if (document.activeElement?.matches('a:focus-visible') && linkAt(document.activeElement)) wait(document.activeElement, true);
