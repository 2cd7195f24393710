// Shows how many rows each saved view finds. Requested after the page has loaded, to not delay it.

const INTERVAL = 30000;
const bar = document.querySelector('[data-views]');
let counted = 0;

async function count() {
  if (!bar || document.hidden || Date.now() - counted < INTERVAL) return;
  counted = Date.now();
  const response = await fetch(bar.dataset.views).catch(() => null);
  if (!response || !response.ok || response.redirected) return;
  for (const { key, count: found } of await response.json()) {
    const link = bar.querySelector(`[data-view="${CSS.escape(key)}"]`);
    if (!link) continue;
    const place = link.querySelector('.count') || link.appendChild(Object.assign(document.createElement('span'), { className: 'count' }));
    place.textContent = ` ${found}`;
  }
}

// Counts at once, after an own act.
export function countViews() {
  counted = 0;
  count();
}

// Safari has no requestIdleCallback.
const countWhenIdle = () => (globalThis.requestIdleCallback || setTimeout)(count);

if (bar) {
  if (document.readyState === 'complete') countWhenIdle(); else addEventListener('load', countWhenIdle);
  document.addEventListener('watchdesk:rows', count);
  document.addEventListener('visibilitychange', count);
  // Not scrollIntoView: the first Tab would then go on from there.
  bar.scrollLeft = bar.querySelector('[aria-current]')?.offsetLeft - bar.offsetLeft;
}
