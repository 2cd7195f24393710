// Shows the form that moves alerts in a dialog. Without this script it is a page.

import { addressOf } from '../shared/base-path.js';
import { explainFailure, fetchPart, isSignedOut, parsePage, postForm, problemOf } from '../shared/fetch-page.js';
import { goTo } from '../shared/go-to.js';
import { SESSION_ENDED, showMessage } from '../shared/message.js';
import { findTargets } from './find-targets.js';

// Inside the dialog, since screen readers ignore what is outside of an open one.
function showProblem(dialog, problem) {
  const place = dialog.querySelector('[data-problem]') || dialog.appendChild(Object.assign(document.createElement('p'), { className: 'problem', role: 'alert' }));
  place.dataset.problem = '';
  place.textContent = problem;
}

// Sends the form. Returns the message for the dialog if that failed, else null.
async function send(dialog, form, submitter) {
  const response = await postForm(form, submitter).catch(() => null);
  if (!response) return 'Watchdesk cannot be reached. Nothing was moved. Try again.';
  if (isSignedOut(response)) return SESSION_ENDED;
  const page = await parsePage(response);
  if (response.ok) { goTo(response.url, page); return null; }
  const refused = page.querySelector('[data-move-form]');
  if (!refused) return problemOf(page);
  // The refused form, with its messages and what was typed, replaces the one in the dialog.
  dialog.replaceChildren(document.adoptNode(refused));
  findTargets(dialog);
  (dialog.querySelector('[aria-invalid="true"]') || dialog.querySelector('[name=target]')).focus();
  return null;
}

async function submit(dialog, event) {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.busy !== undefined) return;
  form.dataset.busy = '';
  const problem = await send(dialog, form, event.submitter);
  if (!problem) return;
  showProblem(dialog, problem);
  delete form.dataset.busy;
}

function showDialog(form) {
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-labelledby', 'move-title');
  dialog.append(form);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => {
    if (event.target.closest('[data-dialog-close]')) { event.preventDefault(); dialog.close(); }
  });
  dialog.addEventListener('submit', (event) => submit(dialog, event));
  document.body.append(dialog);
  findTargets(dialog);
  dialog.showModal();
  dialog.querySelector('[name=target]').focus();
}

async function open(event) {
  const form = event.target;
  const { submitter } = event;
  // Other buttons of the forms lead to pages of their own.
  if (submitter?.dataset.leads !== 'move' && (submitter?.hasAttribute('formaction') || !form.matches('[data-move-select]'))) return;
  // What is on other pages only the server knows.
  if (form.elements.scope?.value === 'filter') return;
  event.preventDefault();
  const fields = new FormData(form);
  const selected = new URLSearchParams(fields.getAll('alerts').map((id) => ['alerts', id]));
  if (!selected.size) { showMessage('Select at least one alert first.'); return; }
  selected.set('return_to', location.pathname + location.search);
  const address = `${addressOf('/alerts/move')}?${selected}`;
  let inner = null;
  try { inner = await fetchPart(address, '[data-move-form]'); } catch (error) { explainFailure(error, address); return; }
  showDialog(inner);
}

// Without <dialog> the form leads to a page.
if (typeof HTMLDialogElement === 'function') document.addEventListener('submit', open);
