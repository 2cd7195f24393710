// Suggests incidents while somebody types into a field for one (data-suggest).

const DELAY = 120;

async function showSuggestions(field) {
  const response = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(field.value)}`, { credentials: 'same-origin' }).catch(() => null);
  if (!response || !response.ok) return;
  const found = await response.json();
  field.list?.replaceChildren(...found.map(({ id, name }) => Object.assign(document.createElement('option'), { value: `${id} ${name}` })));
}

export function suggestIncidents(root) {
  const field = root.querySelector('[data-suggest]');
  if (!field) return;
  let timer = null;
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => showSuggestions(field), DELAY);
  });
}

suggestIncidents(document);
