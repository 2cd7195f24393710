// Submits the forms of the pane without leaving the list. Without this script they reload the page.

import { settleDraft } from '../incident/drafts.js';
import { subjectOf } from '../incident/draft-storage.js';
import { noteSavedValues, valuesOf } from '../incident/form-values.js';
import { isSignedOut, parsePage, postForm, problemOf } from '../shared/fetch-page.js';
import { goTo } from '../shared/go-to.js';
import { SESSION_ENDED, showMessage } from '../shared/message.js';
import { openPane, replacePane, showResult } from './pane.js';
import { showPane } from './pane-navigation.js';
import { noun, paneAddressOf, queue } from './rows.js';

const RESOLVE_AND_NEXT = 'resolve-and-next';
const UNREACHABLE = 'Watchdesk cannot be reached. Nothing was saved. Your text is still here.';

// Saved values are removed from the draft. What was typed since, or in the other form, stays in it.
function showSaved(page, pane, savedValues) {
  const id = pane.dataset.pane;
  const focused = document.activeElement;
  const open = openPane();
  const isOpen = open?.dataset.pane === id;
  if (savedValues) {
    const revision = page.querySelector('[data-manage]')?.elements.revision.value;
    settleDraft(subjectOf(pane), savedValues, isOpen && open.querySelector('[data-manage]'), revision);
  }
  if (isOpen) replacePane(page, id, focused?.id || focused?.textContent); else showResult(page, id);
}

function showRefused(page, pane) {
  // Another pane is open now. What was typed stays a draft.
  if (openPane() !== pane) { showMessage(`${noun === 'alert' ? 'Alert' : 'Incident'} ${pane.dataset.pane} was not saved: ${problemOf(page)}`); return; }
  const form = page.querySelector('[data-manage]');
  if (!form) { showMessage(problemOf(page)); return; }
  form.elements.return_to.value = location.pathname + location.search;
  form.dataset.frozen = '';
  pane.querySelector('[data-manage]').replaceWith(document.adoptNode(form));
  form.dispatchEvent(new Event('watchdesk:content', { bubbles: true }));
  form.querySelector('[aria-invalid="true"], .clash')?.scrollIntoView({ block: 'center' });
  form.querySelector('[aria-invalid="true"]')?.focus();
}

// Shows the next incident. What was saved is no draft any more; a typed comment stays one.
async function showNext(page, pane, href, savedValues) {
  noteSavedValues(pane.querySelector('[data-manage]'), savedValues);
  showResult(page, pane.dataset.pane);
  await showPane(href);
}

async function post(form, submitter) {
  const pane = form.closest('[data-pane]');
  if (form.dataset.busy !== undefined) return;
  form.dataset.busy = '';
  const next = submitter?.value === RESOLVE_AND_NEXT ? pane.querySelector('[data-pane-next]').href : '';
  const savedValues = form.matches('[data-manage]') ? valuesOf(form) : null;
  form.elements.return_to.value = paneAddressOf(pane.dataset.pane, location.search);
  // The answer is the pane of this incident; the script then shows the next one.
  if (form.elements.next) form.elements.next.value = form.elements.return_to.value;
  try {
    const response = await postForm(form, submitter);
    if (isSignedOut(response)) { showMessage(SESSION_ENDED); return; }
    const page = await parsePage(response);
    if (!response.ok) showRefused(page, pane);
    else if (next && openPane() === pane) await showNext(page, pane, next, savedValues);
    else if (page.querySelector('[data-pane]')) showSaved(page, pane, savedValues);
    else goTo(response.url, page);
  } catch { showMessage(UNREACHABLE); } finally { delete form.dataset.busy; }
}

if (queue) {
  // The second click of a double click would resolve the next incident.
  document.addEventListener('click', (event) => {
    if (event.detail > 1 && event.target.closest(`button[value=${RESOLVE_AND_NEXT}]`)) event.preventDefault();
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.closest('[data-pane]') && form.matches('[data-manage], [data-pane-form]')) { event.preventDefault(); post(form, event.submitter); }
  });
}
