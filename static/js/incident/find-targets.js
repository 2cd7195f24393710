// Lists the incidents that fit what is typed into a field for one (data-find-targets). The chosen one fills the field.

import { fetchPart } from '../shared/fetch-page.js';

const DELAY = 150;

let requests = 0;

async function list(form, field) {
  requests += 1;
  const request = requests;
  const sent = new FormData(form);
  const query = new URLSearchParams({ q: field.value });
  const add = (name, ids) => ids.slice(0, 20).forEach((id) => query.append(name, id));
  add('from', [...new Set([...sent.getAll('from'), ...sent.getAll('ids')])]);
  add('alerts', sent.getAll('alerts'));
  const found = await fetchPart(`${field.dataset.findTargets}?${query}`, '[data-targets]').catch(() => null);
  if (found && request === requests) form.querySelector('[data-targets]')?.replaceWith(found);
}

export function findTargets(root) {
  const field = root.querySelector('[data-find-targets]');
  const form = field?.form;
  if (!form) return;
  let timer = null;
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => list(form, field), DELAY);
    // What is typed replaces "New incident", which is not in the list.
    const chosen = form.querySelector('[name=related]:checked');
    if (chosen) chosen.checked = false;
  });
  form.addEventListener('change', ({ target }) => {
    if (target.name === 'related') field.value = target.value === 'new' ? '' : target.value;
  });
}

findTargets(document);
