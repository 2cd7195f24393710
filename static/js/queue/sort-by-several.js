// A click with Shift on a heading adds its column to the sort keys, or reverses its direction if it
// is one already.

const table = document.querySelector('table.queue');

function addKey(heading) {
  const key = heading.dataset.sorts;
  const keys = table.dataset.sort.split(',').filter(Boolean);
  const place = keys.findIndex((known) => known.replace('-', '') === key);
  if (place >= 0) keys[place] = keys[place].startsWith('-') ? key : `-${key}`;
  else keys.push(new URL(heading.href).searchParams.get('sort') || `-${key}`);
  const url = new URL(location.href);
  url.searchParams.set('sort', keys.join(','));
  url.searchParams.delete('after');
  url.searchParams.delete('pane');
  location.assign(url);
}

table?.addEventListener('click', (event) => {
  const heading = event.target.closest('a[data-sorts]');
  if (!heading || !event.shiftKey) return;
  event.preventDefault();
  addKey(heading);
});
