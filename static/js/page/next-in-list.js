// On the page of an incident or alert: the previous and the next one in the list that it was opened from, as in the
// pane, and "Resolve and next". The list is stored when it is left, by back-to-list.js.

import { addressOf } from '../shared/base-path.js';
import { readStored } from '../shared/tab-storage.js';

const page = document.querySelector('[data-stream]:not([data-pane])');

function arrow(name, href, text, title) {
  const link = Object.assign(document.createElement('a'), { href, textContent: text, title, ariaLabel: title });
  link.dataset[name] = '';
  return link;
}

function addNext(form, next) {
  const button = Object.assign(document.createElement('button'), { name: 'act', value: 'resolve-and-next', textContent: 'Resolve and next' });
  const address = Object.assign(document.createElement('input'), { type: 'hidden', name: 'next', value: next });
  form.querySelector('.buttons .primary').after(button, address);
}

const [, kind, id] = page?.dataset.stream.match(/\/(incident|alert)s\/(\d+)\//) || [];
const ids = (kind && readStored(`rows:${kind}`)?.split(' ')) || [];
const place = ids.indexOf(id);
if (place >= 0) {
  const [previous, next] = [ids[place - 1], ids[place + 1]].map((other) => other && addressOf(`/${kind}s/${other}`));
  const arrows = Object.assign(document.createElement('span'), { className: 'page-arrows' });
  if (previous) arrows.append(arrow('pagePrevious', previous, '\u2191', 'Previous in the list'));
  if (next) arrows.append(arrow('pageNext', next, '\u2193', 'Next in the list'));
  page.querySelector('.crumbs')?.append(arrows);
  const form = next && page.querySelector('[data-manage]:not([data-pane] *)');
  if (form) addNext(form, next);
}
