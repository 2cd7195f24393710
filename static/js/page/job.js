// Updates the page of a long operation: its progress, then its result. Without this script the page
// reloads itself.

import { fetchPage } from '../shared/fetch-page.js';
import { showMessage } from '../shared/message.js';

const INTERVAL = 400;
const job = document.querySelector('[data-job=running]');

async function update() {
  const page = await fetchPage(location.href).catch(() => null);
  const fresh = page?.querySelector('[data-job]');
  if (fresh && fresh.dataset.job !== 'running') {
    job.replaceWith(document.adoptNode(fresh));
    document.title = page.title;
    showMessage(fresh.querySelector('h1').textContent);
    return;
  }
  if (fresh) {
    job.querySelector('progress').value = fresh.querySelector('progress').value;
    job.querySelector('[data-job-text]').textContent = fresh.querySelector('[data-job-text]').textContent;
  }
  setTimeout(update, INTERVAL);
}

if (job) setTimeout(update, INTERVAL);
