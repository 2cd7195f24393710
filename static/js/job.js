// A long act: its progress in place, then what it came to. Without this script the page reloads.
(() => {
  const EVERY = 400;
  const job = document.querySelector('[data-job=running]');
  if (!job) return;
  const look = async () => {
    const response = await fetch(location.href, { credentials: 'same-origin' }).catch(() => null);
    const page = response && response.ok && !response.redirected ? new DOMParser().parseFromString(await response.text(), 'text/html') : null;
    const fresh = page?.querySelector('[data-job]');
    if (fresh && fresh.dataset.job !== 'running') {
      job.replaceWith(document.adoptNode(fresh));
      document.title = page.title;
      window.watchdeskSay(fresh.querySelector('h1').textContent);
      return;
    }
    if (fresh) {
      job.querySelector('progress').value = fresh.querySelector('progress').value;
      job.querySelector('[data-job-text]').textContent = fresh.querySelector('[data-job-text]').textContent;
    }
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
})();
