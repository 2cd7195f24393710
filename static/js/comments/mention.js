// Lists the people whose name begins with what is typed after "@" in a comment.

import { addressOf } from '../shared/base-path.js';

// Nobody is told of comments on entities.
const FIELDS = '.comment:not([data-no-mentions]) textarea';
const TYPED = /(?:^|[^\p{L}\p{N}@/])@([^\s,:@]*)$/u;
const MOST = 8;

let people;
let shown = null;

function load() {
  const read = async () => (await fetch(addressOf('/people.json'), { headers: { 'X-Requested-With': 'fetch' } })).json();
  people ??= read().catch(() => { people = undefined; return []; });
  return people;
}

const typedIn = (field) => TYPED.exec(field.value.slice(0, field.selectionStart))?.[1];

function close() {
  if (!shown) return;
  ['aria-controls', 'aria-activedescendant', 'aria-autocomplete'].forEach((name) => shown.field.removeAttribute(name));
  shown.list.remove();
  shown = null;
}

function mark(index) {
  const options = [...shown.list.children];
  shown.index = (index + options.length) % options.length;
  options.forEach((option, at) => option.setAttribute('aria-selected', String(at === shown.index)));
  shown.field.setAttribute('aria-activedescendant', options[shown.index].id);
}

function choose(name) {
  const { field } = shown;
  const end = field.selectionStart;
  field.setRangeText(`${name} `, end - typedIn(field).length, end, 'end');
  close();
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function makeOption({ name, displayName }, index) {
  const option = Object.assign(document.createElement('li'), { id: `mention-${index}`, role: 'option', textContent: `${displayName} (${name})` });
  option.dataset.name = name;
  option.addEventListener('mousedown', (event) => { event.preventDefault(); choose(name); });
  return option;
}

function show(field, found) {
  close();
  const list = Object.assign(document.createElement('ul'), { id: 'mention-list', role: 'listbox', className: 'mention-list' });
  list.setAttribute('aria-label', 'People');
  list.append(...found.map(makeOption));
  field.after(list);
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-controls', list.id);
  shown = { field, list, index: 0 };
  mark(0);
}

async function update(field) {
  if (typedIn(field) === undefined) { close(); return; }
  const all = await load();
  // More may have been typed meanwhile.
  const typed = typedIn(field)?.toLowerCase();
  const fits = ({ name, displayName }) => [name, ...displayName.split(/\s+/)].some((word) => word.toLowerCase().startsWith(typed));
  const found = typed === undefined || document.activeElement !== field ? [] : all.filter(fits).slice(0, MOST);
  // A whole name needs no list.
  if (!found.length || (found.length === 1 && found[0].name.toLowerCase() === typed)) close(); else show(field, found);
}

const KEYS = {
  ArrowDown: () => mark(shown.index + 1),
  ArrowUp: () => mark(shown.index - 1),
  Enter: () => choose(shown.list.children[shown.index].dataset.name),
  Tab: () => choose(shown.list.children[shown.index].dataset.name),
  Escape: close,
};

document.addEventListener('input', ({ target }) => { if (target.matches(FIELDS)) update(target); });
document.addEventListener('focusout', close);
// Before the shortcuts, to which Escape means more.
document.addEventListener('keydown', (event) => {
  if (!shown || event.isComposing || event.ctrlKey || event.metaKey || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
}, true);
