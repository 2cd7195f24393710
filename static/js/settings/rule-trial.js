// Shows that a trial of a rule is running, which takes some seconds, and how far it has come.

import { showMessage } from '../shared/message.js';

const EVERY = 500;

let running = null;

// Asks until the page with the result replaces this one.
async function follow(bar) {
  while (running) {
    await new Promise((done) => setTimeout(done, EVERY));
    const told = await fetch('trial').then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
    if (told) { bar.max = told.total; bar.value = told.done; }
  }
  bar.remove();
}

function showProgress() {
  const bar = document.createElement('progress');
  bar.setAttribute('aria-label', 'Test progress');
  document.querySelector('#r-trial')?.after(bar);
  follow(bar);
}


document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (!event.target.matches('[data-rule]') || button?.value !== 'try') return;
  if (running) { event.preventDefault(); return; }
  running = { button, label: button.textContent };
  button.textContent = 'Testing…';
  button.setAttribute('aria-busy', 'true');
  showMessage('Testing the rule on past alerts. This takes up to 30 seconds.');
  showProgress();
});
// Back shows the page as it was left, with the label of a running trial.
addEventListener('pageshow', () => {
  if (!running) return;
  running.button.textContent = running.label;
  running.button.removeAttribute('aria-busy');
  running = null;
});
