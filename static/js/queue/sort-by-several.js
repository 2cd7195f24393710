// Shift and a click on a heading adds one more key to the order, or turns the direction of a key
// that is in it already.

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
