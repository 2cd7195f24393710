// The bar of views: what each finds, counted once the page stands; and the list's link for others.
(() => {
  const bar = document.querySelector('[data-views]');
  if (bar) {
    const EVERY = 30000;
    let last = 0;
    const count = async () => {
      if (document.hidden || Date.now() - last < EVERY) return;
      last = Date.now();
      const response = await fetch('/incidents/views/counts', { credentials: 'same-origin' }).catch(() => null);
      if (!response || !response.ok || response.redirected) return;
      for (const { key, count: found } of await response.json()) {
        const link = bar.querySelector(`[data-view="${CSS.escape(key)}"]`);
        if (!link) continue;
        const place = link.querySelector('.count') || link.appendChild(Object.assign(document.createElement('span'), { className: 'count' }));
        place.textContent = ` ${found}`;
      }
    };
    const idle = window.requestIdleCallback || setTimeout;
    if (document.readyState === 'complete') idle(count); else addEventListener('load', () => idle(count));
    document.addEventListener('watchdesk:rows', count);
    document.addEventListener('visibilitychange', count);
    bar.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  const button = document.querySelector('[data-copy-link]');
  if (!button) return;
  button.hidden = false;
  // Only pages that came safely may use the clipboard; everywhere else the old way still works.
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* the old way */ }
    const field = Object.assign(document.createElement('textarea'), { value: text, className: 'sr' });
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    button.focus({ preventScroll: true });
    return done;
  };
  button.addEventListener('click', async () => {
    const link = new URL(button.dataset.copyLink, location.href).href;
    window.watchdeskSay(await copy(link) ? 'Link copied: it shows this list.' : `The browser does not let this page copy. The link is ${link}`);
  });
})();
