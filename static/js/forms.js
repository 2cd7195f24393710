// The forms of the pane answer in the pane. Without this script they post and reload.

import { settleDraft } from './incident/drafts.js';
import { subjectOf } from './incident/draft-storage.js';
import { valuesOf } from './incident/form-values.js';
import { isSignedOut, parsePage, postForm, problemOf } from './shared/fetch-page.js';
import { goTo } from './shared/go-to.js';
import { SESSION_ENDED, showMessage } from './shared/message.js';

const inPane = async (form, submitter) => {
  const pane = form.closest('[data-pane]');
  const id = pane.dataset.pane;
  const sent = form.matches('[data-manage]') ? valuesOf(form) : null;
  form.elements.return_to.value = `/incidents/${id}/pane${location.search}`;
  try {
    const response = await postForm(form, submitter);
    if (isSignedOut(response)) { showMessage(SESSION_ENDED); return; }
    const page = await parsePage(response);
    const open = window.watchdeskPane.open();
    if (response.ok && !page.querySelector('[data-pane]')) { goTo(response.url, page); return; }
    if (response.ok) {
      const focused = document.activeElement;
      // What was saved is no draft; what was typed since, or stands in the pane's other form, still is one.
      const here = open?.dataset.pane === id;
      if (sent) settleDraft(subjectOf(pane), sent, here && open.querySelector('[data-manage]'), page.querySelector('[data-manage]')?.elements.revision.value);
      if (here) window.watchdeskPane.replace(page, id, focused?.id || focused?.textContent); else window.watchdeskPane.done(page, id);
      return;
    }
    // Whoever walked on finds what they typed as a draft when they come back.
    if (open !== pane) { showMessage(`Incident ${id} was not saved: ${problemOf(page)}`); return; }
    const manage = page.querySelector('[data-manage]');
    if (!manage) { showMessage(problemOf(page)); return; }
    manage.elements.return_to.value = location.pathname + location.search;
    manage.dataset.frozen = '';
    pane.querySelector('[data-manage]').replaceWith(document.adoptNode(manage));
    pane.querySelector('[data-manage]').dispatchEvent(new Event('watchdesk:content', { bubbles: true }));
    pane.querySelector('[data-manage] [aria-invalid="true"], [data-manage] .clash')?.scrollIntoView({ block: 'center' });
    pane.querySelector('[data-manage] [aria-invalid="true"]')?.focus();
  } catch { showMessage('Watchdesk cannot be reached. Nothing was saved; what you typed is still here.'); }
};

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.closest('[data-pane]') && form.matches('[data-manage], [data-pane-form]') && window.watchdeskPane) { event.preventDefault(); inPane(form, event.submitter); }
});
