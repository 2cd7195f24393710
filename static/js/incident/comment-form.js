// Posts a comment without leaving the page. Without this script the form reloads the page.

import { isSignedOut, parsePage, postForm, problemOf } from '../shared/fetch-page.js';
import { SESSION_ENDED, showMessage } from '../shared/message.js';
import { dropCommentDraft, subjectOf } from './draft-storage.js';

const UNREACHABLE = 'Watchdesk cannot be reached. Your comment is still here. Try again.';

function showProblem(form, subject, problem) {
  const place = form.querySelector('[data-comment-error]');
  place.textContent = problem;
  place.hidden = false;
  // The pane shows another incident now. The comment stays a draft of its own incident.
  if (!form.isConnected) showMessage(`Your comment on ${subject.split('/').slice(-2).join(' ').replace('s ', ' ')} was not posted: ${problem}`);
}

function clear(form, subject, posted) {
  const field = form.elements.body;
  // Something else may have been typed meanwhile.
  if (field.value === posted) field.value = '';
  dropCommentDraft(subject, form.isConnected ? undefined : posted);
  // The next comment is another, also with the same words.
  form.elements.once.value = crypto.getRandomValues(new Uint32Array(4)).join('-');
  form.querySelector('[data-comment-error]').hidden = true;
  field.removeAttribute('aria-invalid');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

async function post(form) {
  const field = form.elements.body;
  const text = field.value;
  const subject = subjectOf(form.closest('[data-stream]'));
  if (form.dataset.busy !== undefined) return;
  form.dataset.busy = '';
  try {
    const response = await postForm(form);
    if (isSignedOut(response)) { showProblem(form, subject, SESSION_ENDED); return; }
    // The message about an earlier act is over.
    if (response.ok) { clear(form, subject, text); showMessage(''); return; }
    const page = await parsePage(response);
    showProblem(form, subject, page.querySelector('[data-comment-error]:not([hidden])')?.textContent || problemOf(page));
    field.setAttribute('aria-invalid', 'true');
  } catch {
    showProblem(form, subject, UNREACHABLE);
  } finally { delete form.dataset.busy; }
}

document.addEventListener('submit', (event) => {
  if (event.target.matches('[data-comment-form]') && !event.submitter?.hasAttribute('formaction')) { event.preventDefault(); post(event.target); }
});
