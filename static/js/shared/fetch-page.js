// Fetches pages and parts of pages, and sends forms, without leaving the page.

import { addressOf } from './base-path.js';
import { showUnreachable } from './message.js';

export const parsePage = async (response) => new DOMParser().parseFromString(await response.text(), 'text/html');

// Without a session the server redirects to the sign-in page, which has status 200.
export const isSignedOut = (response) => response.redirected && new URL(response.url).pathname === addressOf('/login');

// The header leaves the message of the last action to the page that the person goes to.
export async function fetchPage(href) {
  const response = await fetch(href, { headers: { 'X-Requested-With': 'fetch' }, redirect: 'manual' });
  if (!response.ok) throw new Error(`no page at ${href}`);
  return parsePage(response);
}

// Fetches a page and returns the element that the selector finds in it, adopted by this document.
export async function fetchPart(href, selector) {
  const part = (await fetchPage(href)).querySelector(selector);
  if (!part) throw new Error(`no ${selector} at ${href}`);
  return document.adoptNode(part);
}

// A TypeError of `fetch` means no connection: stays on the page. Else the page at `href` says what is wrong.
export function explainFailure(error, href) {
  if (error instanceof TypeError) showUnreachable(); else location.assign(href);
}

export const postForm = (form, submitter) => fetch(form.action, {
  method: 'POST',
  body: new URLSearchParams(new FormData(form, submitter)),
});

// The error message of a page that refused a form.
export const problemOf = (page) => page.querySelector('[data-message], .problem:not([hidden])')?.textContent || 'Something went wrong.';
