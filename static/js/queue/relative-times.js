// Updates relative times ("5 min ago") every minute.

const UNITS = [[86400, 'day'], [3600, 'h'], [60, 'min']];
const table = document.querySelector('table.queue');

function update(time) {
  const seconds = (Date.now() - new Date(time.dateTime)) / 1000;
  const [size, unit] = UNITS.find(([length]) => seconds >= length) || [1, ''];
  const count = Math.floor(seconds / size);
  time.textContent = unit ? `${count} ${unit}${unit === 'day' && count > 1 ? 's' : ''} ago` : 'just now';
}

if (table) setInterval(() => { if (!document.hidden) table.querySelectorAll('time[data-relative]').forEach(update); }, 60000);
