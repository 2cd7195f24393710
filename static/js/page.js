// What every page gets: the browser's time zone for the server, the theme switch, small conveniences.
(() => {
  document.documentElement.classList.add('js');
  const cookie = (name, value) => { document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`; };
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  const known = document.cookie.split('; ').some((part) => part === `tz=${encodeURIComponent(zone)}`);
  if (!known) {
    cookie('tz', zone);
    // The page was rendered before the server knew: show its times in the viewer's zone now.
    for (const time of document.querySelectorAll('time[datetime]:not([data-relative])')) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      const parts = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
      if (at.getFullYear() !== new Date().getFullYear()) parts.year = 'numeric';
      if (/:\d\d:\d\d/.test(time.textContent)) { parts.second = '2-digit'; parts.year = 'numeric'; }
      time.textContent = new Intl.DateTimeFormat('en-US', parts).format(at).replace(/(\d{4}),/, '$1').replace(/(\d+), (\d\d:)/, '$1, $2');
    }
  }
  const button = document.querySelector('[data-theme-switch]');
  if (button) {
    const root = document.documentElement;
    const dark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
    const label = () => { button.title = dark() ? 'Use the light theme' : 'Use the dark theme'; button.setAttribute('aria-label', dark() ? 'Use the light theme' : 'Use the dark theme'); };
    button.hidden = false;
    label();
    button.addEventListener('click', () => { root.dataset.theme = dark() ? 'light' : 'dark'; cookie('theme', root.dataset.theme); label(); });
  }
  // By keyboard each arrow is a change: then Enter sends.
  let keyed = null;
  document.addEventListener('keydown', (event) => {
    if (!event.target.matches('[data-submit-on-change]')) return;
    keyed = event.target;
    if (event.key === 'Enter') { event.preventDefault(); event.target.form.requestSubmit(); }
  });
  document.addEventListener('pointerdown', () => { keyed = null; });
  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-submit-on-change]') && event.target !== keyed) event.target.form.requestSubmit();
  });
  // On a narrow screen the tab of this page may stand beyond the edge of its row.
  const tab = document.querySelector('.tabs [aria-current=page]');
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 12;
})();

// Says something where screen readers hear it and eyes find it.
window.watchdeskSay = (message, undo) => {
  const place = document.querySelector('[data-flash]');
  if (!place) return;
  place.replaceChildren();
  if (!message) return;
  const line = document.createElement('p');
  line.textContent = message;
  place.append(line);
  // The button that takes it back, as the answer brought it.
  if (!undo) return;
  const form = document.adoptNode(undo);
  form.elements.return_to.value = location.pathname + location.search;
  place.append(form);
};

window.watchdeskAway = () => window.watchdeskSay('Watchdesk cannot be reached. Try again in a moment.');

// Goes to a page whose message, with its Undo button, a script has read already.
window.watchdeskGo = (href, page) => {
  const flash = page.querySelector('[data-flash]');
  const told = { message: flash?.querySelector('p')?.textContent, undo: flash?.querySelector('form')?.getAttribute('action') };
  if (told.message) sessionStorage.setItem('watchdesk:said', JSON.stringify(told));
  location.assign(href);
};
(() => {
  const stored = sessionStorage.getItem('watchdesk:said');
  if (!stored) return;
  sessionStorage.removeItem('watchdesk:said');
  const { message, undo } = JSON.parse(stored);
  const csrf = document.querySelector('form [name=csrf]');
  let form = null;
  if (undo && csrf) {
    form = Object.assign(document.createElement('form'), { method: 'post', className: 'undo' });
    form.setAttribute('action', undo);
    form.dataset.undo = '';
    const back = Object.assign(document.createElement('input'), { type: 'hidden', name: 'return_to' });
    form.append(csrf.cloneNode(), back, Object.assign(document.createElement('button'), { textContent: 'Undo' }));
  }
  window.watchdeskSay(message, form);
})();

// Back to the list as it was left: its filters, place and open pane.
(() => {
  const known = 'watchdesk:queue';
  try {
    if (document.querySelector('[data-queue]')) addEventListener('pagehide', () => sessionStorage.setItem(known, location.pathname + location.search));
    const left = sessionStorage.getItem(known);
    if (left) document.querySelectorAll('.crumbs a[href="/incidents"]').forEach((link) => { link.href = left; });
  } catch { /* without storage the link leads to the plain queue */ }
})();
