// The link back to the list leads to the list as it was left: its filters, its page and its open pane.

const STORED = 'watchdesk:queue';

try {
  if (document.querySelector('[data-queue]')) {
    addEventListener('pagehide', () => sessionStorage.setItem(STORED, location.pathname + location.search));
  }
  const left = sessionStorage.getItem(STORED);
  if (left) document.querySelectorAll('.crumbs a[href="/incidents"]').forEach((link) => { link.href = left; });
} catch { /* without storage the link leads to the plain queue */ }
