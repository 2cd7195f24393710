// Shows that a trial of a rule is running, which takes some seconds.

import { showMessage } from '../shared/message.js';

let running = null;

document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (!event.target.matches('[data-rule]') || button?.value !== 'try') return;
  if (running) { event.preventDefault(); return; }
  running = { button, label: button.textContent };
  button.textContent = 'Trying …';
  button.setAttribute('aria-busy', 'true');
  showMessage('Trying the rule on the past; this takes up to 30 seconds.');
});
// Back shows the page as it was left, with the label of a running trial.
addEventListener('pageshow', () => {
  if (!running) return;
  running.button.textContent = running.label;
  running.button.removeAttribute('aria-busy');
  running = null;
});
