// The queue's table: rows that expand to their alerts, orders by several keys, times that stay true.
(() => {
  const table = document.querySelector('table.queue');
  if (!table) return;
  const alertsOf = (row) => (row.nextElementSibling?.matches('.alerts-line') ? row.nextElementSibling : null);
  // Without this script the expander is a link to the Alerts tab.
  const dress = () => {
    table.querySelectorAll('[data-row]').forEach((row) => {
      const expander = row.querySelector('a.expand');
      if (!expander) return;
      const button = Object.assign(document.createElement('button'), { type: 'button', className: 'expand' });
      button.setAttribute('aria-label', expander.getAttribute('aria-label'));
      button.setAttribute('aria-expanded', String(Boolean(alertsOf(row))));
      expander.replaceWith(button);
    });
  };
  const toggle = async (button) => {
    const row = button.closest('[data-row]');
    const id = row.dataset.row;
    const open = alertsOf(row);
    if (open) { open.remove(); button.setAttribute('aria-expanded', 'false'); return; }
    button.setAttribute('aria-expanded', 'true');
    const response = await fetch(`/incidents/${id}/inline-alerts`, { credentials: 'same-origin' }).catch(() => null);
    if (!response) { button.setAttribute('aria-expanded', 'false'); window.watchdeskAway(); return; }
    const page = response && response.ok && !response.redirected ? new DOMParser().parseFromString(await response.text(), 'text/html') : null;
    const inner = page?.querySelector('[data-inline-alerts]');
    if (!inner) { location.assign(`/incidents/${id}/alerts`); return; }
    // The row may have been brought up to date meanwhile, with a button of its own.
    const now = document.getElementById(row.id);
    if (!now || alertsOf(now) || button.getAttribute('aria-expanded') !== 'true') return;
    now.querySelector('button.expand')?.setAttribute('aria-expanded', 'true');
    const line = document.createElement('tr');
    line.className = 'alerts-line';
    line.dataset.expands = id;
    const cell = document.createElement('td');
    cell.colSpan = now.cells.length;
    cell.append(document.adoptNode(inner));
    line.append(cell);
    now.after(line);
  };
  table.addEventListener('click', (event) => {
    const button = event.target.closest('button.expand');
    if (button) { toggle(button); return; }
    const heading = event.target.closest('a[data-sorts]');
    if (!heading || !event.shiftKey) return;
    // One more key, or the other direction of one that orders already.
    event.preventDefault();
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
  });
  document.addEventListener('watchdesk:rows', dress);
  dress();

  const UNITS = [[86400, 'day'], [3600, 'h'], [60, 'min']];
  setInterval(() => {
    if (document.hidden) return;
    table.querySelectorAll('time[data-relative]').forEach((time) => {
      const past = (Date.now() - new Date(time.dateTime)) / 1000;
      const [size, unit] = UNITS.find(([length]) => past >= length) || [1, ''];
      const count = Math.floor(past / size);
      time.textContent = unit ? `${count} ${unit}${unit === 'day' && count > 1 ? 's' : ''} ago` : 'just now';
    });
  }, 60000);
})();
