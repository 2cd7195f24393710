// The queue's chart: fetched when it is opened, and kept open or closed in this browser.
(() => {
  const box = document.querySelector('[data-chart]');
  if (!box) return;
  const KEY = 'watchdesk:chart';
  let asked = false;
  const load = async () => {
    if (asked) return;
    asked = true;
    try {
      const answer = await fetch('/incidents/chart?part=1');
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const made = document.createElement('template');
      made.innerHTML = await answer.text();
      box.querySelector('[data-chart-place]').replaceChildren(made.content);
    } catch { asked = false; } // The link to the page stays.
  };
  box.addEventListener('toggle', () => {
    try { localStorage.setItem(KEY, box.open ? 'open' : 'closed'); } catch { /* Storage may be off. */ }
    if (box.open) load();
  });
  try { box.open = localStorage.getItem(KEY) === 'open'; } catch { /* Likewise. */ }
})();
